"""What the renderer knows about a picture: what shows where, what could be mistaken."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.studio.rooms.layout import Layout
from tools.studio.rooms.things import Thing, things

Box = tuple[int, int, int, int]

BACKDROP = frozenset({"bush", "hedge", "tree"})
"""Families that are not asked for: every yard has a hedge behind it."""

DISCARDED: dict[tuple[str, str], str] = {
    ("bathroom-1", "shower"): "its panes read as a door",
    ("garage-1", "broom"): "the handle alone shows",
    ("garden-1", "hose_reel"): "small and pale at the edge of the picture",
    ("kitchen-1", "dustbin"): "pale before a pale wall",
    ("kitchen-1", "range_hood"): "pale before a pale wall",
    ("kitchen-2", "range_hood"): "pale before a pale wall",
    ("kitchen-2", "cloth_table"): "only its cloth shows",
    ("bath_shelf-2", "keys"): "small and pale",
    ("living_room-1", "slippers"): "half a sole shows",
    ("tool_bench-1", "keys"): "small and pale",
    ("wardrobe_shelf-1", "keys"): "small and pale",
    ("street-1", "kick_scooter"): "seen end-on behind a post",
    ("street-1", "lamp_post"): "the pole alone shows",
    ("street-1", "mailbox"): "dark, seen from behind",
}
"""Things of the shipped suite (seed 0), by scene, that were thrown out by eye, and why."""

AKIN: tuple[frozenset[str], ...] = tuple(
    frozenset(families.split(", "))
    for families in (
        "table, desk, workbench, dressing table, changing table, bedside table, tv stand",
        "cabinet, dresser, bedside table, tv stand, filing cabinet, vanity, wardrobe, sink",
        "bin, basket, box, basin, barrel",
        "shelves, wardrobe, dresser",
        "oven, microwave, wood stove, fryer",
        "fireplace, wood stove",
        "sink, washbasin, vanity, basin",
        "speaker, stereo, radio",
        "bush, hedge, plant, bonsai, flowers, cactus, tree, christmas tree",
        "chair, stool, lounger, beanbag, sofa, bench",
        "lamp, lamp post, flashlight, candle, stone lantern",
        "towel, radiator, laundry",
        "potty, toilet, bidet, urinal",
        "fries, fryer",
        "rocking horse, horse",
        "teapot, kettle, jug, coffee maker, moka pot, french press, pot",
        "knife block, utensils",
        "bike, stroller, scooter, motor scooter, wheelchair",
        "pens, screwdriver",
        "medicine, soap, bottle, spray bottle, baby bottle, milk",
        "bathtub, pool, shower, basin",
        "towel, brush",
        "doll, wooden figure",
        "fridge, freezer, washing machine, dryer, locker, safe",
        "lawn mower, wheelbarrow",
        "shed, dog house, doll house, tent",
        "mailbox, bin",
        "ball, goal",
    )
)
"""Families that somebody may call by each other's names: never offered beside each other."""


@dataclass(frozen=True, slots=True)
class Room:
    """A rendered room.

    Attributes:
        layout: What stands where.
        mask: Height×width array: 1-based index of the placed thing at each pixel, 0 for none.
    """

    layout: Layout
    mask: NDArray[np.uint8]

    def thing(self, index: int) -> Thing:
        """The thing with a 1-based index."""
        return things()[self.layout.placed[index - 1].thing]

    def box(self, index: int) -> Box | None:
        """Left, top, right and bottom edge in pixels of what shows of a thing; None if nothing."""
        rows, columns = np.nonzero(self.mask == index)
        if not len(rows):
            return None
        return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1

    def indices(self) -> range:
        """The 1-based indices of all placed things."""
        return range(1, len(self.layout.placed) + 1)

    def nameable(self, index: int) -> bool:
        """Whether a person can name a thing where it stands (by eye, see `DISCARDED`)."""
        thing = self.thing(index)
        discarded = (self.layout.name, thing.key) in DISCARDED
        return not discarded and thing.family not in BACKDROP

    def families(self) -> set[str]:
        """The families of things that stand in the room."""
        return {self.thing(index).family for index in self.indices()}

    def unique(self) -> list[int]:
        """Indices of things that are the only one of their family."""
        count = Counter(self.thing(index).family for index in self.indices())
        return [index for index in self.indices() if count[self.thing(index).family] == 1]


def wrong_things(
    answer: Thing,
    absent: set[str],
    candidates: Sequence[Thing],
    rng: np.random.Generator,
    likely: Container[str] = (),
) -> tuple[str, ...]:
    """Labels of three things that do not stand in the room but well could.

    Things of about the answer's size come first, among them the likely ones, among them those of
    the answer's group. Akin families are never offered together, so that no two options can both
    be right.

    Args:
        answer: The thing asked for.
        absent: Families that must not be offered: those that stand in the room.
        candidates: The things to draw from.
        likely: Keys of things that the place makes likely.

    Raises:
        ValueError: There are fewer than three.
    """
    order = [candidates[i] for i in rng.permutation(len(candidates))]
    order.sort(key=lambda thing: _unlike(thing, answer, likely))  # stable: drawn order among equals
    taken = akin_to(absent | {answer.family})
    labels = [answer.label]
    for thing in order:
        if thing.family not in taken and thing.label not in labels:
            taken |= akin_to({thing.family})
            labels.append(thing.label)
        if len(labels) == 4:
            return tuple(labels[1:])
    raise ValueError(f"fewer than three wrong answers for {answer.label!r}")


def akin_to(families: set[str]) -> set[str]:
    """These families and all that may be taken for one of them."""
    return families.union(*(akin for akin in AKIN if akin & families))


def _unlike(thing: Thing, answer: Thing, likely: Container[str]) -> tuple[bool, ...]:
    ratio = max(thing.size) / max(answer.size)
    odd_size, odd_group = not 1 / 3 < ratio < 3, thing.group != answer.group
    return odd_size, thing.key not in likely, odd_group, not 0.6 < ratio < 1.7
