"""Cut-outs of table-top objects: each in several views, everything around it transparent."""

import math
from pathlib import Path
from typing import Any

from tools.studio.cutouts import TURNS, Cutout
from tools.studio.render import stage
from tools.studio.render.models import model_file

SCENE = Cutout
QUALITY = stage.Quality(192, 192, samples=3, bounces=1, exposure=0.0)


def film(scene: Cutout, assets: Path, out: Path) -> dict[str, Any]:
    """Renders 0.png … 3.png (RGBA) into `out`; the object fits the frame."""
    settings = stage.empty_scene(QUALITY).render
    settings.film_transparent = True
    settings.image_settings.color_mode = "RGBA"
    stage.area_light((-2.2, -1.6, 2.8), (0, 0, 0.2), 1.5, 150, (1, 0.95, 0.88))
    stage.area_light((2.5, -1, 2), (0, 0, 0.2), 2.0, 60, (0.85, 0.92, 1))
    model = stage.load_model(model_file(assets / "packs", scene.model), longest=0.5)
    stage.camera((0, -1.9, 0.6), (0, 0, model.size[2] / 2), lens=85)
    for i, turn in enumerate(TURNS):
        frame = out / f"{i}.png"
        if not frame.exists():
            model.root.rotation_euler[2] = math.radians(scene.turn + turn)
            stage.render(frame)
    return {}
