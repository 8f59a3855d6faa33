"""Cut-outs of people with alpha, who walk to the right."""

from pathlib import Path
from typing import Any

import bpy  # isort: skip  # bmesh can be imported only after it
import bmesh  # isort: skip

from tools.studio.render import stage
from tools.studio.render.models import model_file
from tools.studio.rooms.people import PersonScene

SCENE = PersonScene
QUALITY = stage.Quality(420, 760, samples=4, exposure=0.0)


def film(scene: PersonScene, assets: Path, out: Path) -> dict[str, Any]:
    """Renders picture.png into `out`: the person fills its height, the rest is transparent."""
    settings = stage.empty_scene(QUALITY).render
    settings.film_transparent = True
    settings.image_settings.color_mode = "RGBA"
    stage.area_light((-2, -2, 3), (0, 0, 1), 2, 200)
    stage.area_light((2, -2, 1), (0, 0, 1), 2, 80)
    file = model_file(assets / "packs", f"Reallusion/{scene.model}")
    mend_normals(stage.load_model(file, height=1.75, turn=scene.turn))
    stage.camera((0, -4.2, 1.0), (0, 0, 0.88), 78)
    stage.render(out / "picture.png")
    return {}


def mend_normals(model: stage.Model) -> None:
    """Let all faces look outwards: the pack's people have many that do not and render black."""
    for part in model.parts:
        bpy.context.view_layer.objects.active = part
        bpy.ops.mesh.customdata_custom_splitnormals_clear()
        mesh = bmesh.new()
        mesh.from_mesh(part.data)
        bmesh.ops.recalc_face_normals(mesh, faces=mesh.faces)
        mesh.to_mesh(part.data)
        mesh.free()
