"""Where things stand in a room: drawn from a seed, free of collisions, hardly hiding each other."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from tools.studio.rooms.kinds import Kind, Slot, Stage
from tools.studio.rooms.things import Thing, things

TRIES = 120  # positions drawn for a thing before it is left out
GAP = 0.04  # free space between two things, as a share of the stage's width
HIDDEN = 0.12  # share of a thing's outline that things in front of it may cover
MARGIN = 0.015  # free border of the picture, as a share of its sides


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing at its place.

    Attributes:
        thing: Key in the table of things.
        at: Centre of the underside in metres (x to the right, y away from the camera, z up).
        turn: Degrees around the vertical axis; at 0 the front faces the camera.
        support: Index of the placed thing that it stands on, None for floor, wall and ceiling.
    """

    thing: str
    at: tuple[float, float, float]
    turn: float
    support: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A furnished room.

    Attributes:
        name: Unique name, also the stem of its pictures.
        kind: Name of the kind of room.
        place: What a person calls the place.
        wall, floor: Indices into the kind's palettes.
        placed: The things, in the order of their index in the mask.
    """

    name: str
    kind: str
    place: str
    wall: int
    floor: int
    placed: tuple[Placed, ...]


Rect = tuple[float, float, float, float]


@cache
def corners(placed: Placed) -> np.ndarray:
    """The eight corners (8×3, metres) of the turned bounding box of a placed thing."""
    width, depth, height = things()[placed.thing].size
    x, y, z = np.meshgrid([-width / 2, width / 2], [-depth / 2, depth / 2], [0, height])
    angle = math.radians(placed.turn)
    turned = (
        x * math.cos(angle) - y * math.sin(angle),
        x * math.sin(angle) + y * math.cos(angle),
        z,
    )
    return np.stack([axis.ravel() for axis in turned], axis=1) + np.array(placed.at)


@cache
def bounds(placed: Placed) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Lowest and highest x, y, z of a placed thing in metres."""
    points = corners(placed)
    return tuple(points.min(axis=0).tolist()), tuple(points.max(axis=0).tolist())


def project(stage: Stage, points: np.ndarray) -> np.ndarray:
    """Picture coordinates (n×2, 0…1 from the top left) of points (n×3, metres), pinhole camera."""
    eye, target = np.array(stage.eye), np.array(stage.target)
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, [0, 0, 1])
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    ray = points - eye
    depth = np.maximum(ray @ forward, 1e-6)
    half = 18 / stage.lens  # tangent of half the horizontal view of a 36 mm sensor
    return np.stack(
        [0.5 + ray @ right / depth / half / 2, 0.5 - ray @ up / depth / half / 2 * 4 / 3], axis=1
    )


@cache
def outline(stage: Stage, placed: Placed) -> Rect:
    """Left, top, right and bottom edge (0…1) of a placed thing's box in the picture."""
    points = project(stage, corners(placed))
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def covered(back: Rect, front: Rect) -> float:
    """Share of the rectangle `back` that lies under `front`."""
    width = min(back[2], front[2]) - max(back[0], front[0])
    height = min(back[3], front[3]) - max(back[1], front[1])
    area = (back[2] - back[0]) * (back[3] - back[1])
    return max(0.0, width) * max(0.0, height) / area


def furnish(kind: Kind, name: str, rng: np.random.Generator) -> Layout:
    """Fill the slots of a kind of room one after the other; what finds no place is left out."""
    placed: list[Placed] = []
    used: set[str] = set()
    for slot in kind.slots:
        choices = [key for key in slot.things if key not in used]
        if not choices:
            continue
        key = str(rng.choice(choices))
        count = int(rng.integers(slot.least, slot.most + 1))
        added = 0
        for _ in range(count):
            spot = _find_spot(kind.stage, things()[key], slot, placed, rng)
            if spot is not None:
                placed.append(spot)
                added += 1
        if added:
            used.add(key)
    return Layout(
        name=name,
        kind=kind.name,
        place=kind.place,
        wall=int(rng.integers(len(kind.walls))),
        floor=int(rng.integers(len(kind.floors))),
        placed=tuple(placed),
    )


def _find_spot(
    stage: Stage, thing: Thing, slot: Slot, placed: Sequence[Placed], rng: np.random.Generator
) -> Placed | None:
    for spot in _spots(stage, thing, slot, placed, rng):
        if _fits(stage, spot, placed):
            return spot
    return None


def _spots(
    stage: Stage, thing: Thing, slot: Slot, placed: Sequence[Placed], rng: np.random.Generator
) -> Iterator[Placed]:
    """Positions drawn for a thing within its zone."""
    left, right = stage.across
    supports = [i for i, p in enumerate(placed) if things()[p.thing].family == slot.support]
    if slot.zone == "on" and not supports:
        return
    width, depth, height = thing.size
    for _ in range(TRIES):
        turn = float(rng.uniform(-slot.turn, slot.turn))
        x = float(rng.uniform(left + width / 2, right - width / 2)) if width < right - left else 0.0
        if slot.zone == "wall":
            yield Placed(thing.key, (x, stage.wall - depth / 2 - 0.005, 0.0), 0.0)
        elif slot.zone == "floor":
            near, far = stage.along
            yield Placed(thing.key, (x, float(rng.uniform(near, far)), 0.0), turn)
        elif slot.zone == "hung":
            z = float(rng.uniform(*stage.hung)) - height / 2
            yield Placed(thing.key, (x, stage.wall - depth / 2 - 0.005, z), 0.0)
        elif slot.zone == "ceiling":
            y = float(rng.uniform(stage.wall - 1.4, stage.wall - 0.6))
            yield Placed(thing.key, (x, y, stage.ceiling - height), 0.0)
        else:
            yield _on_top(thing, int(rng.choice(supports)), placed, turn, rng)


def _on_top(
    thing: Thing, index: int, placed: Sequence[Placed], turn: float, rng: np.random.Generator
) -> Placed:
    """A spot on the upper side of a placed thing, in its own turned frame."""
    base = placed[index]
    room = [
        (side - 0.06 - own) / 2
        for side, own in zip(things()[base.thing].size[:2], thing.size[:2], strict=True)
    ]
    dx, dy = (float(rng.uniform(-side, side)) if side > 0 else 0.0 for side in room)
    angle = math.radians(base.turn)
    return Placed(
        thing.key,
        (
            base.at[0] + dx * math.cos(angle) - dy * math.sin(angle),
            base.at[1] + dx * math.sin(angle) + dy * math.cos(angle),
            base.at[2] + things()[base.thing].size[2],
        ),
        base.turn + turn,
        index,
    )


def _fits(stage: Stage, spot: Placed, placed: Sequence[Placed]) -> bool:
    """Whether a spot lies in the picture, collides with nothing and hides hardly anything."""
    own = outline(stage, spot)
    if min(own[:2]) < MARGIN or max(own[2:]) > 1 - MARGIN:
        return False
    for index, other in enumerate(placed):
        if index == spot.support:
            continue
        if _collide(spot, other, GAP * (stage.across[1] - stage.across[0]) / 2):
            return False
        rect = outline(stage, other)
        near_first = _distance(stage, spot) < _distance(stage, other)
        front, back = (own, rect) if near_first else (rect, own)
        if covered(back, front) > HIDDEN:
            return False
    return True


def _distance(stage: Stage, placed: Placed) -> float:
    return math.hypot(placed.at[0] - stage.eye[0], placed.at[1] - stage.eye[1])


def _collide(one: Placed, other: Placed, gap: float) -> bool:
    """Whether the axis-parallel boxes around two things come closer than a gap."""
    (low, high), (other_low, other_high) = bounds(one), bounds(other)
    apart = [max(a - d, c - b) for a, b, c, d in zip(low, high, other_low, other_high, strict=True)]
    return apart[0] < gap and apart[1] < gap and apart[2] < 0
