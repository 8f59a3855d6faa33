"""ROD pictures: an object behind a block at 14 places, and the share of it that each shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.studio.render import stage
from tools.studio.render.models import model_file
from tools.studio.render.table_room import table_room
from tools.studio.rod_scene import COLOURS, HIDDEN, PLACES, RodScene

SCENE = RodScene
QUALITY = stage.Quality(288, 216, samples=2, bounces=1)
LONGEST = 0.5
DEPTH, FRONT = 0.12, -0.2  # the block's thickness and its middle's distance before the object


def film(scene: RodScene, assets: Path, out: Path) -> dict[str, Any]:
    """Renders 0.png … 13.png into `out`; returns evidence and the object's pixels in the clear."""
    stage.empty_scene(QUALITY)
    table_room(scene.table, scene.wall, scene.light)
    file = model_file(assets / "packs", scene.model)
    model = stage.load_model(file, longest=LONGEST, at=(0, 0.2, 0), turn=scene.turn)
    stage.camera((0, -1.5, 0.62), (0, 0.1, 0.22), lens=50)
    paint = stage.plain(COLOURS[scene.colour], 0.45)
    block = stage.box((1, DEPTH, 1), (0, FRONT, 0.5), paint, bevel=0.012)
    with stage.masking([model.parts]) as masks:
        clear, needed, height = _fit(block, masks)
        places = _places(scene, needed)
        block.scale = (needed * (1 + scene.spare), 1, height)
        shares = [_share(block, x, masks) / clear for x in places]
    if shares[HIDDEN] > 0:
        raise ValueError(f"{scene.name}: the block does not hide the object ({shares[HIDDEN]:.3f})")
    for i, x in enumerate(places):
        frame = out / f"{i}.png"
        if not frame.exists():
            block.location.x = x
            stage.render(frame)
    return {"evidence": [round(share, 4) for share in shares], "object_pixels": clear}


def _fit(block: Any, masks: stage.Masks) -> tuple[int, float, float]:
    """The object's pixels in the clear; width and height of the narrowest block that hides it."""
    stage.hide([block])
    clear = int((masks.look() == 1).sum())
    stage.hide([block], False)

    def hidden(width: float, height: float) -> bool:
        block.scale = (width, 1, height)
        return not _share(block, 0.0, masks)

    height = _smallest(lambda height: hidden(4.0, height)) * 1.04
    return clear, _smallest(lambda width: hidden(width, height)), height


def _smallest(enough: Callable[[float], bool]) -> float:
    """The smallest length up to 1.28 m that is enough, to a centimetre, by halving."""
    low, high = 0.0, 1.28
    for _ in range(7):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _share(block: Any, x: float, masks: stage.Masks) -> int:
    block.location = (x, FRONT, block.scale[2] / 2)
    return int((masks.look() == 1).sum())


def _places(scene: RodScene, needed: float) -> list[float]:
    middle = scene.shift * scene.spare * needed / 2
    return [middle + (i - HIDDEN) * scene.stride * needed for i in range(PLACES)]
