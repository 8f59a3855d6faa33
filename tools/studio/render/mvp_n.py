"""MVP-N pictures: a package from eight sides, with the share of its front that each view shows."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from tools.studio import mvp_n_art as art
from tools.studio.mvp_n_scene import Package
from tools.studio.render import stage
from tools.studio.render.table_room import table_room

SCENE = Package
QUALITY = stage.Quality(256, 256, samples=3, bounces=1)
DOTS = 900  # texture pixels a metre
FRONT = 55.0  # half the angle that the front of a round package takes


def film(package: Package, assets: Path, out: Path) -> dict[str, Any]:
    """Renders 0000.png … 0007.png into `out`; returns the evidence of each view."""
    stage.empty_scene(QUALITY)
    table_room(package.table, package.wall, package.light)
    root = stage.empty()
    emoji = assets / "emoji" / "assets" / package.emoji
    with tempfile.TemporaryDirectory() as folder:
        build = _carton if package.form == "carton" else _round
        front = build(package, emoji, root, Path(folder))
        stage.camera((0, -1.25, 0.52), (0, 0, 0.24), lens=62)
        for i, angle in enumerate(package.angles):
            frame = out / f"{i:04d}.png"
            if not frame.exists():
                root.rotation_euler[2] = math.radians(angle)
                stage.render(frame)
        with stage.masking([[front]]) as masks:
            straight = _seen(root, 0.0, masks)
            evidence = [_seen(root, angle, masks) / straight for angle in package.angles]
    return {"evidence": [round(share, 4) for share in evidence], "front_pixels": straight}


def _seen(root: Any, angle: float, masks: stage.Masks) -> int:
    root.rotation_euler[2] = math.radians(angle)
    return int((masks.look() == 1).sum())


def _carton(package: Package, emoji: Path, root: Any, folder: Path) -> Any:
    width, depth, height = 0.34, 0.13, 0.48
    paint = stage.plain(_linear(package.ground), 0.4)
    core = stage.box((width, depth, height), (0, 0, height / 2), paint)
    shown = {
        0: (art.front(package, emoji, _dots(width, height)), width, depth),
        90: (art.side(package, _dots(depth, height)), depth, width),
        180: (art.back(package, _dots(width, height)), width, depth),
        270: (art.side(package, _dots(depth, height)), depth, width),
    }
    panels = {
        angle: stage.panel(
            across, height, apart / 2 + 0.0005, angle, _printed(picture, folder / f"{angle}.png")
        )
        for angle, (picture, across, apart) in shown.items()
    }
    stage.attach(root, [core, *panels.values()])
    return panels[0]


def _round(package: Package, emoji: Path, root: Any, folder: Path) -> Any:
    can = package.form == "can"
    radius, height = (0.15, 0.4) if can else (0.12, 0.3)
    around = 2 * math.pi * radius
    front = art.front(package, emoji, _dots(around * FRONT / 180, height))
    rest = art.wrap(package, _dots(around * (180 - FRONT) / 180, height))
    label = stage.arc(radius, height, 0.02, -FRONT, FRONT, _printed(front, folder / "front.png"))
    cover = stage.arc(radius, height, 0.02, FRONT, 360 - FRONT, _printed(rest, folder / "rest.png"))
    metal = stage.plain((0.6, 0.6, 0.62), 0.25, metallic=0.9)
    paint = metal if can else stage.plain(_linear(package.ground), 0.25)
    parts = [
        label,
        cover,
        stage.cylinder(radius * 0.97, 0.02, (0, 0, 0.01), paint),
        stage.cylinder(radius * 0.99, height, (0, 0, 0.02 + height / 2), paint),
    ]
    top = height + 0.02
    if can:
        parts.append(stage.cylinder(radius, 0.02, (0, 0, top + 0.01), metal, radius * 0.92))
    else:
        lid = stage.plain(_linear(package.paper), 0.35)
        parts += [
            stage.cylinder(radius, 0.08, (0, 0, top + 0.04), paint, 0.045),
            stage.cylinder(0.045, 0.06, (0, 0, top + 0.11), paint),
            stage.cylinder(0.055, 0.05, (0, 0, top + 0.145), lid),
        ]
    stage.attach(root, parts)
    return label


def _printed(picture: Image.Image, path: Path) -> Any:
    picture.save(path)
    return stage.pictured(path)


def _dots(width: float, height: float) -> tuple[int, int]:
    return round(width * DOTS), round(height * DOTS)


def _linear(colour: tuple[int, int, int]) -> stage.Colour:
    """Colour in sRGB 0…255 as linear 0…1, near enough (gamma 2.2)."""
    red, green, blue = ((level / 255) ** 2.2 for level in colour)
    return red, green, blue
