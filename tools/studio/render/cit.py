"""CIT pictures: films of a change, frame by frame.

Every change is a function that builds its scene and returns `pose`: given how far the change has
come (0 before it begins, 1 when it is over) it puts everything where it then is.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from tools.studio.cit_scene import FRAMES, CitScene, evidence, phase
from tools.studio.mvp_n_scene import emoji_file
from tools.studio.render import stage
from tools.studio.render.models import model_file
from tools.studio.render.table_room import table_room

SCENE = CitScene
QUALITY = stage.Quality(288, 216, samples=3, bounces=1)
Pose = Callable[[float], None]
WAX, DARK, WHITE, STEEL = (0.85, 0.8, 0.68), (0.05, 0.04, 0.03), (0.8, 0.8, 0.78), (0.5, 0.5, 0.52)
CARD = {"frog": "🐸", "butterfly": "🦋", "whale": "🐳", "snail": "🐌", "duck": "🦆"}
DRINKS = {
    "milk": (0.9, 0.88, 0.82),
    "orange": (0.9, 0.33, 0.02),
    "cola": (0.03, 0.012, 0.008),
    "tomato": (0.45, 0.03, 0.01),
}


def film(scene: CitScene, assets: Path, out: Path) -> dict[str, Any]:
    """Renders 0.png … 9.png into `out`; returns the evidence of each frame."""
    stage.empty_scene(QUALITY)
    table_room(scene.table, scene.wall, scene.light, 0.3 if scene.change in DIM else 1.0)
    pose = CHANGES[scene.change](scene, assets)
    camera = stage.camera((0, -1.5, 0.6), (0, 0, 0.2), 48 if scene.change in WIDE else 60)
    for i in range(FRAMES):
        frame = out / f"{i}.png"
        if not frame.exists():
            stage.look_at(camera, (0, -1.5 + 0.012 * i, 0.6), (0, 0, 0.2))  # a slow push in
            pose(max(0.0, phase(i, scene.event)))
            stage.render(frame)
    return {"evidence": list(evidence(scene.event))}


def candle(scene: CitScene, _: Path) -> Pose:
    """A candle on a plate is lit, falls, is covered by a glass or lifted."""
    stage.cylinder(0.13, 0.02, (0, 0, 0.01), stage.plain(STEEL, 0.25))
    root = stage.empty()
    stage.attach(
        root,
        [
            stage.cylinder(0.05, 0.26, (0, 0, 0.15), stage.plain(WAX, 0.4)),
            stage.cylinder(0.006, 0.04, (0, 0, 0.3), stage.plain(DARK, 0.9)),
        ],
    )
    flame = stage.ball(0.016, (0, 0, 0.335), stage.glowing((1, 0.5, 0.1), 14), (1, 1, 2.1))
    stick = stage.box((0.26, 0.009, 0.009), (0.16, 0, 0.36), stage.plain((0.7, 0.5, 0.3), 0.8))
    glow = stage.point_light((0, -0.06, 0.38), 0.0, (1, 0.6, 0.25))
    glass = stage.cylinder(0.09, 0.4, (0, 0, 0.22), stage.see_through(), 0.09)

    def pose(done: float) -> None:
        lit = scene.outcome == "lit" and done > 0
        stage.hide([flame], not lit)
        stage.hide([stick], not (lit and done < 0.6))
        stick.location = (0.16 + 0.5 * done, 0, 0.35 + 0.1 * done)
        glow.data.energy = 7.0 if lit else 0.0
        stage.hide([glass], not (scene.outcome == "covered" and done > 0))
        glass.location.z = 0.22 + 0.3 * (1 - done)
        if scene.outcome == "fallen":
            _topple(root, done, 0.05)
        if scene.outcome == "taken":
            root.location.z = 0.25 * _at_once(done)

    return pose


def _topple(root: Any, done: float, radius: float) -> None:
    """Tips a thing over to the right until it lies on the table."""
    share = min(1.0, 0.25 + done) if done else 0.0
    root.rotation_euler[1] = math.radians(90 * share)
    root.location.z = radius * share


def glass(scene: CitScene, _: Path) -> Pose:
    """Something is poured into an empty glass."""
    stage.cylinder(0.08, 0.27, (0, 0, 0.135), stage.see_through(opacity=0.1), 0.095)
    drink = stage.plain(DRINKS[scene.outcome], 0.25)
    filling = stage.cylinder(0.076, 1.0, (0, 0, 0.5), drink, 0.088)
    stream = stage.cylinder(0.011, 1.0, (0, 0, 0.5), drink)

    def pose(done: float) -> None:
        height = 0.03 + 0.19 * done
        stage.hide([filling], done == 0)
        stage.hide([stream], not 0 < done < 1)
        filling.scale.z, filling.location.z = height, 0.012 + height / 2
        stream.location.z = height + 0.5

    return pose


def box(scene: CitScene, assets: Path) -> Pose:
    """A box is lifted off a thing."""
    _model(scene, assets, 0.4)
    lid = stage.box((0.52, 0.44, 0.46), (0, 0, 0.23), stage.plain((0.5, 0.32, 0.17), 0.8), 0.006)

    def pose(done: float) -> None:
        lid.location.z = 0.23 + 0.85 * math.sqrt(done)

    return pose


def tower(scene: CitScene, _: Path) -> Pose:
    """A tower of three blocks falls, grows or loses its top."""
    side = 0.12
    colours = [(0.5, 0.06, 0.05), (0.6, 0.42, 0.05), (0.05, 0.2, 0.45), (0.08, 0.3, 0.12)]
    blocks = [
        stage.box((side,) * 3, (0, 0, side * (k + 0.5)), stage.plain(colour, 0.45), 0.008)
        for k, colour in enumerate(colours)
    ]

    def pose(done: float) -> None:
        stage.hide(blocks[3:], not (scene.outcome == "added" and done > 0))
        blocks[3].location.z = side * (3.5 + 0.9 * (1 - done))
        if scene.outcome == "taken":
            blocks[2].location.z = side * 2.5 + 0.22 * _at_once(done)
        if scene.outcome == "falls":
            for k in (1, 2):
                share = min(1.0, 0.2 + done) if done else 0.0
                blocks[k].location.x = 0.2 * k * share
                blocks[k].location.z = side * (0.5 + k * (1 - share**2))
                blocks[k].rotation_euler[1] = math.radians(90 * k * share)

    return pose


def balloon(scene: CitScene, _: Path) -> Pose:
    """A balloon is blown up, floats away or loses its air."""
    skin = stage.plain(scene.colour, 0.2)
    root = stage.empty()
    stage.attach(
        root,
        [
            stage.ball(0.09, (0, 0, 0.1), skin, (1, 1, 1.05)),
            stage.cylinder(0.02, 0.03, (0, 0, 0.008), skin, 0.004),
        ],
    )

    def pose(done: float) -> None:
        shown = _at_once(done)
        size = {"blown": 1 + 1.2 * shown, "shrinks": 1 - 0.4 * shown}.get(scene.outcome, 1.0)
        flat = 1 - 0.85 * shown if scene.outcome == "shrinks" else 1.0
        root.scale = (size, size, size * flat)
        if scene.outcome == "flies":
            root.location = (0.15 * shown, 0, 0.36 * shown)

    return pose


def _at_once(done: float) -> float:
    """A change that begins with a jump, so that its first frame shows by itself what happens."""
    return 0.45 + 0.55 * done if done else 0.0


def lamp(scene: CitScene, assets: Path) -> Pose:
    """A lamp is switched on, falls or is lifted."""
    model = _model(scene, assets, 0.42)
    glow = stage.point_light((0, -0.13, 0.27), 0.0, (1, 0.75, 0.4), 0.06)
    shaders = [
        slot.material.node_tree.nodes["Principled BSDF"]
        for part in model.parts
        for slot in part.material_slots
    ]

    def pose(done: float) -> None:
        on = scene.outcome == "on" and done > 0
        glow.data.energy = 14.0 if on else 0.0
        for shader in shaders:
            shader.inputs["Emission Color"].default_value = (1, 0.75, 0.4, 1)
            shader.inputs["Emission Strength"].default_value = 0.9 if on else 0.0
        if scene.outcome == "fallen":
            _topple(model.root, done, 0.1)
        if scene.outcome == "taken":
            model.root.location.z = 0.2 * _at_once(done)

    return pose


def ball(scene: CitScene, _: Path) -> Pose:
    """A ball rolls off, jumps or is covered."""
    thing = stage.ball(0.09, (0, 0, 0.09), stage.plain(scene.colour, 0.35))
    cover = stage.box((0.3, 0.3, 0.26), (0, 0, 0.13), stage.plain((0.5, 0.32, 0.17), 0.8), 0.006)
    away = {"left": -0.6, "right": 0.6}.get(scene.outcome, 0.0)

    def pose(done: float) -> None:
        thing.location.x = away * _at_once(done)
        if scene.outcome == "up":
            thing.location.z = 0.09 + 0.34 * math.sin(math.pi * min(1.0, done * 0.8))
        stage.hide([cover], not (scene.outcome == "covered" and done > 0))
        cover.location.z = 0.13 + 0.3 * (1 - done)

    return pose


def pot(scene: CitScene, assets: Path) -> Pose:
    """A plant grows out of a pot of soil."""
    clay = stage.plain((0.42, 0.14, 0.07), 0.8)
    stage.cylinder(0.11, 0.2, (0, 0, 0.1), clay, 0.15)
    stage.cylinder(0.165, 0.04, (0, 0, 0.185), clay)
    stage.cylinder(0.15, 0.01, (0, 0, 0.204), stage.plain(DARK, 0.95))
    model = stage.load_model(model_file(assets / "packs", scene.model), height=0.5)
    full = model.root.scale.x

    def pose(done: float) -> None:
        grown = 0.6 + 0.4 * done
        stage.hide(model.parts, done == 0)
        model.root.scale = (full * grown,) * 3
        model.root.location.z = 0.21 - 0.33 * 0.5 * grown

    return pose


def ice(scene: CitScene, _: Path) -> Pose:
    """An ice cube melts, slides or breaks."""
    frost = stage.see_through((0.65, 0.85, 1.0), 0.45, 0.05)
    water = stage.see_through((0.7, 0.85, 1.0), 0.45, 0.02)
    halves = [stage.box((0.1, 0.2, 0.2), (x, 0, 0.1), frost, 0.004) for x in (-0.05, 0.05)]
    puddle = stage.cylinder(1.0, 0.006, (0, 0, 0.003), water)

    def pose(done: float) -> None:
        melts = scene.outcome == "melts" and done > 0
        stage.hide([puddle], not melts)
        puddle.scale = (0.17 + 0.08 * done, 0.14 + 0.06 * done, 1)
        for side, half in zip((-1, 1), halves, strict=True):
            half.location.x = side * 0.05
            if scene.outcome == "slides":
                half.location.x += 0.35 * _at_once(done)
            if scene.outcome == "breaks":
                half.location.x += side * 0.16 * math.sqrt(done)
                half.rotation_euler[1] = side * 0.35 * math.sqrt(done)
            if melts:
                left = 1 - 0.9 * _at_once(done)
                half.scale = (left, left, left)
                half.location.x, half.location.z = side * 0.05 * left, 0.1 * left

    return pose


def cake(scene: CitScene, _: Path) -> Pose:
    """A cake loses a slice, gets a cherry or a cover."""
    dough, icing = stage.plain((0.55, 0.33, 0.15), 0.8), stage.plain(scene.colour, 0.35)
    stage.cylinder(0.28, 0.02, (0, 0, 0.01), stage.plain(WHITE, 0.25))
    rest = [
        stage.wedge(0.22, h, z, 25, 335, m)
        for h, z, m in ((0.13, 0.02, dough), (0.025, 0.15, icing))
    ]
    piece = [
        stage.wedge(0.22, h, z, -25, 25, m)
        for h, z, m in ((0.13, 0.02, dough), (0.025, 0.15, icing))
    ]
    root, slice_ = stage.empty(), stage.empty()
    stage.attach(root, rest)
    stage.attach(slice_, piece)
    cherry = stage.ball(0.04, (0, 0, 0.21), stage.plain((0.5, 0.01, 0.02), 0.15))
    cover = stage.ball(0.27, (0, 0, 0.02), stage.plain(STEEL, 0.2, 0.8))

    def pose(done: float) -> None:
        if scene.outcome == "slice":
            slice_.location = (0.3 * math.sqrt(done), -0.22 * math.sqrt(done), 0)
        stage.hide([cherry], not (scene.outcome == "cherry" and done > 0))
        cherry.location.z = 0.21 + 0.25 * (1 - done)
        stage.hide([cover], not (scene.outcome == "cover" and done > 0))
        cover.location.z = 0.02 + 0.4 * (1 - done)

    return pose


def cups(scene: CitScene, _: Path) -> Pose:
    """Three cups are lifted; a ball lies under one of them, or none."""
    places = {"left": -0.32, "middle": 0.0, "right": 0.32}
    paint = stage.plain(scene.colour, 0.4)
    things = [stage.cylinder(0.11, 0.2, (x, 0, 0.1), paint, 0.08) for x in places.values()]
    if scene.outcome in places:
        stage.ball(0.06, (places[scene.outcome], 0, 0.06), stage.plain((0.8, 0.75, 0.1), 0.4))

    def pose(done: float) -> None:
        for thing in things:
            thing.location.z = 0.1 + 0.24 * math.sqrt(done)

    return pose


def card(scene: CitScene, assets: Path) -> Pose:
    """A card is turned round and shows its picture."""
    root = stage.empty()
    emoji = assets / "emoji" / "assets" / emoji_file(CARD[scene.outcome])
    core = stage.box((0.36, 0.012, 0.46), (0, 0, 0.23), stage.plain(WHITE, 0.5), 0.003)
    cover = stage.panel(0.34, 0.44, 0.007, 0, stage.plain(scene.colour, 0.5))
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder, "card.png")
        _on_white(emoji).save(picture)
        shown = stage.panel(0.34, 0.44, 0.007, 180, stage.pictured(picture))
    for thing in (cover, shown):
        thing.location.z = 0.01
    stage.attach(root, [core, cover, shown])

    def pose(done: float) -> None:
        root.rotation_euler[2] = math.radians(135 + 45 * done if done else 0.0)

    return pose


def _on_white(emoji: Path) -> Image.Image:
    """An emoji in the middle of a white card, 340×440."""
    card_ = Image.new("RGB", (340, 440), (235, 235, 232))
    with Image.open(emoji) as file:
        art = file.convert("RGBA").resize((280, 280), Image.Resampling.LANCZOS)
    card_.paste(art, (30, 80), art)
    return card_


def drive(scene: CitScene, assets: Path) -> Pose:
    """Something comes onto an empty table from the left."""
    model = _model(scene, assets, 0.5, turn=60.0)

    def pose(done: float) -> None:
        model.root.location.x = -0.65 + 0.6 * math.sqrt(done)
        stage.hide(model.parts, done == 0)

    return pose


def dark(scene: CitScene, assets: Path) -> Pose:
    """The light is switched on in a dark room."""
    _model(scene, assets, 0.45, turn=15.0)
    lamps = stage.lamps()
    full = [lamp.data.energy for lamp in lamps]

    def pose(done: float) -> None:
        share = 1.0 if done else 0.006
        stage.sky((0.75, 0.8, 0.9), 0.45 * share)
        for lamp_, energy in zip(lamps, full, strict=True):
            lamp_.data.energy = energy * share

    return pose


def _model(scene: CitScene, assets: Path, longest: float, turn: float = 20.0) -> stage.Model:
    return stage.load_model(model_file(assets / "packs", scene.model), longest=longest, turn=turn)


DIM = ("candle", "lamp")
WIDE = ("ball", "box", "cups", "drive", "tower")
CHANGES: dict[str, Callable[[CitScene, Path], Pose]] = {
    "candle": candle,
    "glass": glass,
    "box": box,
    "tower": tower,
    "balloon": balloon,
    "lamp": lamp,
    "ball": ball,
    "pot": pot,
    "ice": ice,
    "cake": cake,
    "cups": cups,
    "card": card,
    "drive": drive,
    "dark": dark,
}
