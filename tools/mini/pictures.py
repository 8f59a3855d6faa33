"""The shelf: pictures of single things by name, none of them of the test split.

Painted things are RGBA cut-outs; line drawings are strokes.
"""

import io
import json
import pickle
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from resvg_py import svg_to_bytes

from tools.mini import likeness
from tools.mini.leaks import check, emoji_of_test, of_test, test_models
from tools.mini.names import bare, plain, sought, thing_names
from tools.mini.sources import ARCHIVES, Archive, fetch, icons
from tools.studio import sources as studio
from tools.studio.photographs import load, photographs
from tools.studio.qd import FOLDERS, Drawing, drawings
from tools.studio.strokes import Stroke, fit, read_icon, simplify

SIDE = 128  # longer side of a painted thing, pixels
MOST_STROKES = 30  # icons of more strokes are no line drawings
FLUENT = "@lobehub/fluent-emoji-3d"
FURNITURE = {
    "biplane": "airplane",
    "tv": "television",
    "speaker": "loudspeaker",
    "fridge": "refrigerator",
    "mixer": "stand mixer",
    "desk lamp": "table lamp",
    "football table": "foosball table",
    "table fan": "electric fan",
    "extinguisher": "fire extinguisher",
    "armchair": "leather armchair",
    "bath": "bathtub",
    "bike": "bicycle",
    "bank": "bench",
    "wood bank": "bench",
    "little bank": "bench",
    "corner sofa": "sofa",
    "sofa 2 seats": "sofa",
    "sofa 3 seats": "sofa",
    "futon couch": "sofa",
    "clear sofa": "sofa",
    "burlap sofa": "sofa",
    "classic lamppost": "lamp post",
    "street lamp": "lamp post",
    "little lamp": "table lamp",
    "pendant lamp": "hanging lamp",
    "hanging light": "hanging lamp",
    "coffee mug": "mug",
    "calendar": "desk calendar",
    "apple ibook": "laptop",
    "apple iphone": "cell phone",
    "mobile phone": "cell phone",
    "wireless phone": "telephone",
    "teck chair": "wooden chair",
    "oak chair": "wooden chair",
    "cafe chair": "chair",
    "plastic chair": "chair",
    "upright piano": "piano",
    "pool lounge": "deck chair",
    "wire coathanger": "clothes hanger",
    "white board": "whiteboard",
    "little plant": "potted plant",
    "indoor plant": "potted plant",
    "plant": "potted plant",
    "toilets unit": "toilet",
    "baby bed": "cradle",
    "crate": "wooden crate",
    "drawers cabinet": "chest of drawers",
    "television cabinet": "tv stand",
    "park trashcan": "litter bin",
    "residential trashcan": "dustbin",
    "bullet trash can": "dustbin",
    "recycling bin": "wheelie bin",
    "concept sedan 01": "car",
    "concept sedan 02": "car",
    "concept sedan 02 sport": "car",
    "seat leon": "car",
    "vw new beetle": "car",
    "car model": "toy car",
    "pottery": "vase",
    "old jar": "vase",
    "tool": "",
    "milk": "milk carton",
    "plastic cup": "plastic cup",
    "umbrella": "parasol",
    "table with tablecloth": "table with a tablecloth",
    "wood table": "table",
    "black table": "table",
    "glass table": "table",
    "folding table": "table",
    "bread": "loaf of bread",
    "towel rack": "",
    "box": "",
    "puzzle": "jigsaw piece",
    "utensils pot": "utensil pot",
    "table tennis": "table tennis table",
    "bulldog": "dog",
    "hood": "range hood",
    "large stove": "stove",
    "double oven": "oven",
    "shower head and faucet": "shower",
    "kitchen sink": "sink",
    "bar stool": "stool",
}
"""Names in the furniture catalogues that we call otherwise; "" leaves a model out."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One picture of one thing.

    Attributes:
        name: What it is called.
        kind: "emoji", "object" (a rendered cut-out), "photo" or "drawing".
        source: Package and file that it comes from.
        pixels: height × width × 4, or × 3 for a photograph; None for a drawing.
        strokes: The strokes of a drawing on a grid 0…255.
    """

    name: str
    kind: str
    source: str
    pixels: NDArray[np.uint8] | None = None
    strokes: tuple[Stroke, ...] = ()


def shelf(cache: Path, cutouts: Path) -> list[Thing]:
    """All things, collected and checked for leaks once and then read from the cache."""
    kept = cache / "shelf.pickle"
    if not kept.exists():
        things = [*_icons(cache), *_fluent(cache), *_furniture(cache)]
        things += [*_cutouts(cutouts), *_photographs(cache)]
        check((thing.kind, thing.source) for thing in things)
        part = kept.with_suffix(".part")
        part.write_bytes(pickle.dumps(things))
        part.replace(kept)
    found: list[Thing] = pickle.loads(kept.read_bytes())
    return found


def names(cache: Path) -> tuple[str, ...]:
    """All names of things."""
    emoji = next(archive for archive in ARCHIVES if archive.name.endswith("fluent-emoji-flat"))
    return thing_names(icons(emoji, cache))


def _icons(cache: Path) -> Iterator[Thing]:
    tested = [
        likeness.of_drawing(_strokes(_studio_icon(drawing, cache)))
        for drawing in drawings()
        if drawing.split == "test"
    ]
    by_icon: dict[str, list[str]] = {}
    for name in names(cache):
        for icon in sought(name):
            by_icon.setdefault(icon, []).append(name)
    for archive in ARCHIVES:
        if archive.use == "weights":
            continue
        for icon, svg in icons(archive, cache).items():
            wanted = by_icon.get(icon, []) + by_icon.get(plain(icon), [])
            if not wanted or of_test(archive.name, icon):
                continue
            source = f"{archive.name}/{icon}"
            for thing in _drawn(archive, svg):
                if thing.strokes and likeness.nearly_one_of(
                    likeness.of_drawing(thing.strokes), tested, likeness.SAME_DRAWING
                ):
                    continue  # a drawing of the test split by another name
                for name in dict.fromkeys(wanted):
                    yield Thing(name, thing.kind, source, thing.pixels, thing.strokes)


def _drawn(archive: Archive, svg: str) -> Iterator[Thing]:
    if archive.use == "pictures":
        try:
            png = svg_to_bytes(svg_string=svg, width=SIDE, height=SIDE)
        except ValueError:
            return  # a document that the renderer does not understand
        yield Thing("", "emoji", "", _trimmed(Image.open(io.BytesIO(bytes(png)))))
        return
    try:
        strokes = [stroke for stroke in read_icon(svg) if np.isfinite(stroke).all()]
    except (ValueError, ZeroDivisionError, IndexError, TypeError):
        return  # a path that the reader does not understand
    if 0 < len(strokes) <= MOST_STROKES and np.ptp(np.vstack(strokes), axis=0).max() >= 1:
        yield Thing(
            "", "drawing", "", strokes=tuple(simplify(stroke, 1.0) for stroke in fit(strokes))
        )


def _fitted(strokes: list[Stroke]) -> tuple[Stroke, ...]:
    return tuple(simplify(stroke, 1.0) for stroke in fit(strokes))


def _strokes(svg: str) -> tuple[Stroke, ...]:
    return _fitted(read_icon(svg))


def _studio_icon(drawing: Drawing, cache: Path) -> str:
    folder = studio.fetch(drawing.package, cache) / "package" / FOLDERS[drawing.package]
    return (folder / f"{drawing.icon}.svg").read_text("utf-8")


def _trimmed(image: Image.Image) -> NDArray[np.uint8]:
    image = image.convert("RGBA")
    box = image.getchannel("A").getbbox()
    image = image.crop(box) if box else image
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _fluent(cache: Path) -> Iterator[Thing]:
    """Fluent emoji in relief, less those of the test split."""
    folder = studio.fetch(FLUENT, cache) / "package" / "assets"
    emoji = next(archive for archive in ARCHIVES if archive.name.endswith("fluent-emoji-flat"))
    points = _code_points(cache, emoji)
    by_icon: dict[str, list[str]] = {}
    for name in names(cache):
        for icon in sought(name):
            by_icon.setdefault(icon, []).append(name)
    for icon, point in sorted(points.items()):
        file = folder / f"{point}.webp"
        if icon in by_icon and icon not in emoji_of_test().values() and file.exists():
            with Image.open(file) as image:
                pixels = _trimmed(image)
            for name in by_icon[icon]:
                yield Thing(name, "emoji", f"{FLUENT}/{file.name}", pixels)


def _code_points(cache: Path, archive: Archive) -> dict[str, str]:
    """Code points, as in file names, of the emoji of a collection by their names."""
    path = fetch(archive, cache) / "package" / "chars.json"
    table: dict[str, str] = json.loads(path.read_text("utf-8"))
    return {name: point for point, name in table.items()}


def _furniture(cache: Path) -> Iterator[Thing]:
    """Catalogue pictures of the furniture packs, without models that the test split shows.

    Models that look nearly like one of those are left out as well.
    """
    folder = studio.fetch("sweethome3d-furniture", cache) / "usr/share/sweethome3d/furniture"
    shown, others = [], []
    for archive in sorted(folder.glob("*.sh3f")):
        with zipfile.ZipFile(archive) as pack:
            for entry in _catalogue(pack):
                model = f"{archive.stem}/{Path(entry['model']).parent.name}".lower()
                image = Image.open(io.BytesIO(pack.read(entry["icon"].lstrip("/"))))
                thing = Thing(_called(entry["name"]), "object", model, _trimmed(image))
                (shown if model in test_models() else others).append(thing)
    tested = [likeness.of_cut_out(thing.pixels) for thing in shown if thing.pixels is not None]
    for thing in others:
        assert thing.pixels is not None
        vector = likeness.of_cut_out(thing.pixels)
        if not likeness.nearly_one_of(vector, tested, likeness.SAME_OBJECT) and thing.name:
            yield thing


def _called(name: str) -> str:
    """What we call a model of the catalogue, "" if it is left out."""
    ours = FURNITURE.get(name.lower(), name.lower())
    return ours if re.fullmatch(r"[a-z' ]+", ours) else ""


def _catalogue(pack: zipfile.ZipFile) -> Iterator[dict[str, str]]:
    text = pack.read("PluginFurnitureCatalog.properties").decode("latin-1")
    entries: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        field, hash_sign, number = key.strip().partition("#")
        if equals and hash_sign and number.isdigit():
            entries.setdefault(number, {})[field] = value.strip()
    for entry in entries.values():
        if {"name", "icon", "model"} <= set(entry):
            yield entry


def _cutouts(folder: Path) -> Iterator[Thing]:
    """Rendered objects of the train split, four views each."""
    for line in (folder / "cutouts.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "train":
            if row["model"].lower() in test_models():
                continue  # it stands in a room of the test split
            with Image.open(folder / row["file"]) as image:
                yield Thing(bare(row["label"]), "object", row["model"].lower(), _trimmed(image))


def _photographs(cache: Path) -> Iterator[Thing]:
    chosen = photographs("train")
    for name, image in load(chosen, cache).items():
        label = next(photo.label for photo in chosen if photo.name == name)
        image.thumbnail((320, 320))
        yield Thing(bare(label), "photo", name, np.asarray(image))
