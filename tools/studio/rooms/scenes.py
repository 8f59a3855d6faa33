"""The scenes of a suite: which kinds of room, in which split, each furnished from the seed."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tools.studio.rooms.kinds import KINDS, Kind
from tools.studio.rooms.layout import Layout, furnish

DRAWS = 6  # layouts drawn for a scene; the one with most kinds of things is kept

SCENES: dict[str, tuple[str, ...]] = {
    "test": (
        "living_room-1",
        "kitchen-1",
        "bedroom-1",
        "bathroom-1",
        "office-1",
        "garage-1",
        "gym-1",
        "playground-1",
        "garden-1",
        "street-1",
        "kitchen_counter-1",
        "dining_table-1",
        "desk_top-1",
        "tool_bench-1",
        "wardrobe_shelf-1",
    ),
    "train": (
        "living_room-2",
        "kitchen-2",
        "playroom-2",
        "games_room-2",
        "laundry_room-2",
        "terrace-2",
        "campsite-2",
        "farmyard-2",
        "toy_table-2",
        "bath_shelf-2",
        "picnic-2",
    ),
}
"""Names of the scenes by split: a kind of room, a hyphen and a number that varies the draw."""


@dataclass(frozen=True, slots=True)
class RoomScene:
    """What the renderer is told: the name of its folder, of the scene, and the suite's seed."""

    name: str
    room: str
    seed: int


def kind_of(name: str) -> Kind:
    """The kind of room of a scene."""
    wanted = name.rpartition("-")[0]
    return next(kind for kind in KINDS if kind.name == wanted)


@cache
def layout_of(seed: int, name: str) -> Layout:
    """The furnished room of a scene."""
    kind = kind_of(name)
    digits = [ord(letter) for letter in name]
    drawn = [
        furnish(kind, name, np.random.default_rng([seed, draw, *digits])) for draw in range(DRAWS)
    ]
    return max(drawn, key=lambda layout: len({placed.thing for placed in layout.placed}))
