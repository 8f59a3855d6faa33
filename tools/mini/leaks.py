"""What belongs to the test split, so that nothing of it can teach."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from askfirst.suites import load_suite
from tools.studio.cit_scene import plots
from tools.studio.draft import Split
from tools.studio.mvp_n_scene import LINES
from tools.studio.photographs import photographs
from tools.studio.qd import drawings
from tools.studio.rod_scene import table_objects
from tools.studio.rooms.scenes import SCENES, layout_of
from tools.studio.rooms.things import things

SUITE_SEED = 0  # with which the shipped suites were made
TEST_EMOJI = Path(__file__).with_name("test_emoji.json")


@cache
def objects_of(split: Split) -> frozenset[str]:
    """Furniture models, "pack/folder" in lower case, that ROD shows in a split."""
    return frozenset(o.model.lower() for o in table_objects() if o.split == split)


@cache
def rooms_models(split: Split) -> frozenset[str]:
    """Furniture models, "pack/folder" in lower case, that stand in the rooms of a split."""
    table = things()
    return frozenset(
        f"{table[key].pack}/{Path(table[key].model).parent.name}".lower()
        for name in SCENES[split]
        for key in {placed.thing for placed in layout_of(SUITE_SEED, name).placed}
    )


@cache
def test_models() -> frozenset[str]:
    """Furniture models, "pack/folder" in lower case, that stand in a picture of the test split."""
    films = [plot.model for plot in plots() if plot.split == "test" and plot.model]
    films_models = frozenset(model.lower() for model in films)
    return objects_of("test") | films_models | rooms_models("test")


@cache
def emoji_of_test() -> dict[str, str]:
    """Emoji on packages and cards of the test split, with their names in icon collections."""
    table: dict[str, str] = json.loads(TEST_EMOJI.read_text("utf-8"))
    shown = {emoji for line in LINES if line.split == "test" for _, emoji in line.kinds}
    if missing := shown - set(table):
        raise ValueError(f"{TEST_EMOJI.name} lacks {' '.join(sorted(missing))}")
    return table


@cache
def drawings_of_test() -> frozenset[tuple[str, str]]:
    """Icons that are drawings of the test split: collection and name."""
    collections = {"lucide-static": "lucide", "@tabler/icons": "tabler"}
    return frozenset(
        (collections[drawing.package], drawing.icon)
        for drawing in drawings()
        if drawing.split == "test"
    )


class LeakError(Exception):
    """A training picture that belongs to the test split."""


def of_test(collection: str, icon: str) -> bool:
    """Whether an icon is a drawing of the test split, or a Fluent emoji that it shows."""
    short = collection.rpartition("/")[2]
    fluent = short.startswith("fluent") and icon in emoji_of_test().values()
    return fluent or (short, icon) in drawings_of_test()


def check(sources: Iterable[tuple[str, str]]) -> None:
    """Refuses training pictures that the test split shows.

    Args:
        sources: Kind and source of each thing on the shelf.

    Raises:
        LeakError: One of them is of the test split, or a picture file is in both splits.
    """
    photos = {photo.name for photo in photographs("test")}
    for kind, source in sources:
        package, _, icon = source.rpartition("/")
        found = (
            (kind == "object" and source in test_models())
            or (kind == "photo" and source in photos)
            or of_test(package, icon)
        )
        if found:
            raise LeakError(f"{kind} {source} is of the test split")
    test, train = (
        {entry.sha256 for entry in load_suite(name).manifest.pictures.values()}
        for name in ("studio", "studio-train")
    )
    if shared := test & train:
        raise LeakError(f"{len(shared)} pictures are in both splits")
