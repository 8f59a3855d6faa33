"""ROD: which objects stand behind which block; no Blender here.

A scene is one object on a table behind a block that can stand at 14 places in a row. Place 7 hides
the object whole, place 0 is far to the left, place 13 far to the right, so that the step from 13 to
0 takes the block round behind the camera.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PLACES = 14
HIDDEN = 7
TABLE = Path(__file__).with_name("rod_objects.tsv")
COLOURS = {  # linear RGB
    "red": (0.5, 0.06, 0.05),
    "blue": (0.05, 0.2, 0.45),
    "green": (0.08, 0.3, 0.12),
    "yellow": (0.6, 0.42, 0.05),
    "orange": (0.65, 0.2, 0.03),
    "purple": (0.22, 0.07, 0.35),
    "white": (0.75, 0.75, 0.73),
    "black": (0.03, 0.03, 0.035),
}


@dataclass(frozen=True, slots=True)
class TableObject:
    """A model that suits a table top: pack and folder, its name, the turn that shows it well."""

    split: str
    model: str
    label: str
    turn: float
    kind: str


@dataclass(frozen=True, slots=True)
class RodScene:
    """All that the renderer needs to know.

    `stride` is the way from place to place and `spare` what the block is wider than needed, both
    as shares of the narrowest block that hides the object; `shift` in [−1, 1] moves the block
    within what it has to spare.
    """

    name: str
    split: str
    model: str
    label: str
    kind: str
    turn: float
    colour: str
    table: int
    wall: int
    light: int
    stride: float
    spare: float
    shift: float


def table_objects() -> tuple[TableObject, ...]:
    """The objects of `rod_objects.tsv`, in the file's order."""
    with TABLE.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return tuple(TableObject(**{**row, "turn": float(row["turn"])}) for row in rows)


def rod_scenes(seed: int) -> tuple[RodScene, ...]:
    """One scene an object; every choice comes from `seed` and the object's place in the table."""
    return tuple(
        _scene(thing, np.random.default_rng([seed, i])) for i, thing in enumerate(table_objects())
    )


def _scene(thing: TableObject, rng: np.random.Generator) -> RodScene:
    return RodScene(
        name=f"{thing.split}_{thing.model.split('/')[1].lower()}",
        split=thing.split,
        model=thing.model,
        label=thing.label,
        kind=thing.kind,
        turn=thing.turn + float(rng.uniform(-12, 12)),
        colour=str(rng.choice(sorted(COLOURS))),
        table=int(rng.integers(4)),
        wall=int(rng.integers(5)),
        light=int(rng.choice([-1, 1])),
        stride=float(rng.uniform(0.2, 0.26)),
        spare=float(rng.uniform(0.05, 0.2)),
        shift=float(rng.uniform(-0.8, 0.8)),
    )
