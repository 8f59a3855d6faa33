"""Room pictures: a furnished room or yard and the mask of its things."""

from pathlib import Path
from typing import Any

import bpy
from PIL import Image

from tools.studio.render import stage
from tools.studio.rooms.kinds import Kind
from tools.studio.rooms.layout import Layout, Placed
from tools.studio.rooms.scenes import RoomScene, kind_of, layout_of
from tools.studio.rooms.things import things

SCENE = RoomScene
QUALITY = stage.Quality(1280, 960, samples=6, exposure=0.0)
WARM, COOL = (1, 0.94, 0.86), (0.86, 0.93, 1)


def add_thing(packs: Path, placed: Placed) -> stage.Model:
    """Import a thing and set it at its place."""
    thing = things()[placed.thing]
    return stage.load_model(
        packs / thing.pack / thing.model,
        longest=max(thing.size),
        at=placed.at,
        turn=placed.turn,
        axes=thing.rotation,
    )


def build_room(kind: Kind, layout: Layout) -> None:
    """Floor, wall, ceiling and lamps of a room."""
    wall = kind.stage.wall
    light, dark = kind.floors[layout.floor]
    stage.box((14, 14, 0.1), (0, 0, -0.05), stage.mottled(light, dark, 6, (1, 9, 1)))
    stage.box((14, 0.1, 6), (0, wall + 0.05, 2.4), stage.plain(kind.walls[layout.wall], 0.9))
    stage.box((14, 0.03, 0.12), (0, wall - 0.015, 0.06), stage.plain((0.85, 0.85, 0.83)))
    ceiling = stage.plain((0.9, 0.9, 0.88), 0.9)
    stage.box((14, 2, 0.1), (0, 1.3, kind.stage.ceiling + 0.05), ceiling)
    stage.area_light((-2.5, -2.5, 2.9), (0, 0.5, 0.5), 2, 190, WARM)
    stage.area_light((2.8, -2, 2.6), (0, 0.5, 0.6), 2, 110, COOL)


def build_table(kind: Kind, layout: Layout) -> None:
    """The top of a table before a wall."""
    light, dark = kind.floors[layout.floor]
    stage.box((3.5, 3.5, 0.1), (0, 0, -0.05), stage.mottled(light, dark, 12, (1, 9, 1)))
    plaster = stage.plain(kind.walls[layout.wall], 0.9)
    stage.box((14, 0.1, 3), (0, kind.stage.wall + 0.3, 0.5), plaster)
    stage.area_light((-1.2, -0.9, 1.5), (0, 0.1, 0.05), 1, 28, WARM)
    stage.area_light((1.4, -0.7, 1.2), (0, 0.1, 0.05), 1, 14, COOL)


def build_yard(packs: Path, kind: Kind, layout: Layout) -> None:
    """Ground, sky, sun and a hedge at the far end."""
    light, dark = kind.floors[layout.floor]
    scale = 12.0 if kind.stage.across[1] < 2 else 3.0
    stage.box((80, 80, 0.1), (0, 20, -0.05), stage.mottled(light, dark, scale, roughness=0.9))
    for i in range(-6, 7):
        add_thing(packs, Placed("hedge", (i * 1.5, kind.stage.wall + 2.2, 0), 0))
    stage.sun_light(48, -20, 3.5)
    blue_sky()


def blue_sky() -> None:
    """A sky that darkens from the horizon up."""
    tree = bpy.context.scene.world.node_tree
    where, split = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("ShaderNodeSeparateXYZ")
    ramp, background = tree.nodes.new("ShaderNodeValToRGB"), tree.nodes["Background"]
    low, high = ramp.color_ramp.elements
    low.color, high.color, high.position = (0.62, 0.78, 0.95, 1), (0.16, 0.36, 0.8, 1), 0.5
    background.inputs["Strength"].default_value = 0.9
    tree.links.new(where.outputs["Generated"], split.inputs["Vector"])
    tree.links.new(split.outputs["Z"], ramp.inputs["Fac"])
    tree.links.new(ramp.outputs["Color"], background.inputs["Color"])


def film(scene: RoomScene, assets: Path, out: Path) -> dict[str, Any]:
    """Renders picture.png and mask.png into `out`.

    The grey value of a mask's pixel is the 1-based index of the placed thing that shows there,
    0 for wall, floor and sky.
    """
    kind, layout = kind_of(scene.room), layout_of(scene.seed, scene.room)
    stage.empty_scene(QUALITY)
    if kind.stage.outdoor:
        build_yard(assets / "packs", kind, layout)
    elif kind.stage.across[1] < 2:
        build_table(kind, layout)
    else:
        build_room(kind, layout)
    models = [add_thing(assets / "packs", placed) for placed in layout.placed]
    stage.camera(kind.stage.eye, kind.stage.target, kind.stage.lens)
    stage.render(out / "picture.png")
    with stage.masking([model.parts for model in models]) as masks:
        Image.fromarray(masks.look()).save(out / "mask.png")
    return {"things": [placed.thing for placed in layout.placed]}
