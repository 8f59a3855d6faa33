"""The table of furniture models: names, sizes, and what may be mistaken for what."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("objects.tsv")


@dataclass(frozen=True, slots=True)
class Thing:
    """A model of the furniture packs.

    Attributes:
        key: Name within the table.
        pack: Folder of the furniture pack.
        model: Path of the OBJ file below the pack.
        label: What a person calls it.
        family: Things of one family are never offered as answers to one question.
        group: Things of one group make plausible wrong answers for each other.
        size: Width, depth and height in metres.
        rotation: Rotation of the file's axes (3×3, row by row, y up); empty for none.
    """

    key: str
    pack: str
    model: str
    label: str
    family: str
    group: str
    size: tuple[float, float, float]
    rotation: tuple[float, ...]


@cache
def things() -> dict[str, Thing]:
    """All things of the table, by key."""
    with TABLE.open(encoding="utf8", newline="") as lines:
        return {row["key"]: _thing(row) for row in csv.DictReader(lines, delimiter="\t")}


def _thing(row: dict[str, str]) -> Thing:
    rotation = () if row["rotation"] == "-" else tuple(map(float, row["rotation"].split(",")))
    return Thing(
        key=row["key"],
        pack=row["pack"],
        model=row["model"],
        label=row["label"],
        family=row["family"],
        group=row["group"],
        size=(float(row["width"]), float(row["depth"]), float(row["height"])),
        rotation=rotation,
    )
