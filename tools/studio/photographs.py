"""Photographs of things that a person can name, from GCompris.

`photographs.json` says which, with label, author and licence. Author and licence are those that
the README beside each picture inside the resource file gives, not those of the Debian package's
`copyright` file: that one still lists earlier pictures of the same names. Labels and boxes are
made by eye.
"""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tools.studio.draft import Split
from tools.studio.qt_resources import read_resources
from tools.studio.sources import fetch

PACKAGE = "gcompris-qt-data"
RESOURCES = Path("usr/share/gcompris-qt/rcc")  # inside the package
TABLE = Path(__file__).with_name("photographs.json")
ALSO_TRUE = {"Castle": frozenset({"Tower"})}  # labels that would not be wrong
LICENSES = ("public domain", "CC0-1.0", "CC-BY-2.0", "CC-BY-3.0")


@dataclass(frozen=True, slots=True)
class Photograph:
    """One photograph and what is known about it.

    Attributes:
        name: Short name, unique.
        label: What a person calls the thing that it shows.
        group: Things of one group are mistaken for one another: "tool", "animal", …
        split: The part of the suite that may show it.
        resource: Absolute path inside the resource file of its activity.
        author, license, source: For NOTICE.
        box: The thing's left, top, right and bottom edge, pixels; None where it was not measured.
        imagenet: ImageNet classes that name the thing.
    """

    name: str
    label: str
    group: str
    split: Split
    resource: str
    author: str
    license: str
    source: str
    box: tuple[int, int, int, int] | None = None
    imagenet: tuple[str, ...] = ()


def photographs(split: Split | None = None) -> tuple[Photograph, ...]:
    """The photographs of a split, or all of them, in the table's order."""
    rows = json.loads(TABLE.read_text("utf-8"))["photographs"]
    made = (
        Photograph(
            **{
                **row,
                "box": tuple(row["box"]) if "box" in row else None,
                "imagenet": tuple(row.get("imagenet", ())),
            }
        )
        for row in rows
    )
    return tuple(photo for photo in made if split in (None, photo.split))


def load(photos: Iterable[Photograph], cache: Path) -> dict[str, Image.Image]:
    """The RGB pictures of photographs, by name.

    Raises:
        SourceError: The package cannot be had.
        KeyError: The package does not hold a photograph.
    """
    folder = fetch(PACKAGE, cache) / RESOURCES
    by_file: dict[str, list[Photograph]] = {}
    for photo in photos:
        activity = photo.resource.split("/activities/")[1].split("/")[0]
        by_file.setdefault(f"{activity}.rcc", []).append(photo)
    pictures = {}
    for file, members in by_file.items():
        contents = read_resources(folder / file, {photo.resource for photo in members})
        for photo in members:
            with Image.open(io.BytesIO(contents[photo.resource])) as image:
                pictures[photo.name] = image.convert("RGB")
    return pictures


def mistakable(photo: Photograph) -> list[str]:
    """Wrong labels for a photograph: the other things of its group that its split shows."""
    labels = {other.label for other in photographs(photo.split) if other.group == photo.group}
    return sorted(labels - {photo.label} - ALSO_TRUE.get(photo.label, frozenset()))
