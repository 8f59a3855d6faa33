"""COCO: crops of rendered rooms that miss the object, in nine directions, with its exact box."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tools.studio.draft import SPLITS, PictureDraft, SampleDraft, Workshop
from tools.studio.rooms.rendered import rendered_rooms
from tools.studio.rooms.scenes import SCENES
from tools.studio.rooms.things import things
from tools.studio.rooms.truth import Box, Room, wrong_things
from tools.studio.wordings import ABSTENTIONS, pick

FIRST_ID = {"test": 61001, "train": 65001}
QUESTIONS = (
    "What object is this?",
    "Which object does the picture show?",
    "What is the object that the camera was meant to show?",
    "Name the object in this picture.",
    "Which of these objects is in the picture?",
    "What can be seen here?",
    "Which thing is partly in the picture?",
    "What is the camera pointed at?",
    "Which of the following is shown?",
    "What kind of object is it?",
    "Can you name this object?",
    "What is the thing in this view?",
)
SUFFICIENT_AT = 0.7  # share of the box from which on the things could be named (checked by eye)
SUFFICIENT_ZOOM = 0.8  # the same for zoom, where the middle alone tells less than one side
AT_MOST = 2  # samples of a split that have the same answer
FIRST_SHARE = (0.02, 0.25)  # share of the box that the first crop shows
SHORTEST, LONG_ENOUGH = 24, 64  # pixels that an object's short and long side must have
DIRECTIONS = (
    "left",
    "right",
    "up",
    "down",
    "up_left",
    "up_right",
    "down_left",
    "down_right",
    "zoom",
)
ACTIONS = {
    "left": "Move the camera to the left.",
    "right": "Move the camera to the right.",
    "up": "Move the camera up.",
    "down": "Move the camera down.",
    "zoom": "Move farther from the object.",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """One side of a crop that moves.

    Attributes:
        start: Where it stands before the first step, in whole pixels.
        step: Pixels that each step adds.
        fixed: Where the opposite side stands.
    """

    start: int
    step: float
    fixed: int


def moving_edge(
    low: int, high: int, length: int, steps: int, share: float, rng: np.random.Generator
) -> Edge | None:
    """A side that moves to lower coordinates until it has passed an object.

    Args:
        low, high: The object's extent on this axis, pixels.
        length: Length of the picture's axis.
        steps: How often the side moves; the first state has moved once.
        share: Share of the object that the first state shows.

    Returns:
        The side, or None where the picture leaves no room beyond the object.
    """
    size = high - low
    last = max(0, low - round(size * rng.uniform(0.08, 0.25)))
    first = high - share * size
    start = round(first + (first - last) / (steps - 1))
    step = np.floor((start - last) / steps * 1000) / 1000
    beyond = round(max(0.5 * size, 70) * rng.uniform(0.8, 1.5))
    fixed = min(length, max(high, start) + beyond)
    if fixed - start < 30:
        return None
    return Edge(start, float(step), fixed)


def still_edges(low: int, high: int, length: int, rng: np.random.Generator) -> tuple[int, int]:
    """The two sides of an axis on which nothing moves: they enclose the object with a border."""
    border = max(14, (high - low) * 0.15)
    return (
        max(0, round(low - border * rng.uniform(0.5, 2))),
        min(length, round(high + border * rng.uniform(0.5, 2))),
    )


def zoom_out(
    box: Box, size: tuple[int, int], steps: int, share: float, rng: np.random.Generator
) -> dict[str, object] | None:
    """A crop within the object that grows on all sides; None where the picture is too small."""
    grown = []
    for low, high, length in ((box[0], box[2], size[0]), (box[1], box[3], size[1])):
        extent = high - low
        middle = (low + high) / 2 + extent * rng.uniform(-0.08, 0.08)
        final = min(extent * rng.uniform(0.56, 0.68), middle, length - middle)
        half = max(extent * share**0.5 / 2, 12.0)
        step = (final - half) / steps
        if half - step < 3 or step < 2:
            return None
        start = round(middle - half + step)
        grown.append((start, round(2 * (half - step)), float(np.floor(step * 1000) / 1000)))
    (left, width, across), (top, height, along) = grown
    return {
        "horizontal_step": across,
        "vertical_step": along,
        "crop": {"top": top, "left": left, "height": height, "width": width},
    }


def crop_towards(
    box: Box, size: tuple[int, int], direction: str, rng: np.random.Generator
) -> dict[str, object] | None:
    """The geometry fields of a sample whose object lies in a direction (protocol, "COCO").

    Args:
        box: The object's left, top, right and bottom edge, pixels.
        size: Width and height of the picture.
        direction: One of `DIRECTIONS`.

    Returns:
        granularity, horizontal_step, vertical_step and crop; None where they do not fit.
    """
    steps = int(rng.integers(3, 6))
    share = float(rng.uniform(*FIRST_SHARE))
    if direction == "zoom":
        zoomed = zoom_out(box, size, steps, share, rng)
        return zoomed and {"granularity": steps, **zoomed}
    ways = direction.split("_")
    share = share ** (1 / len(ways))
    left, right, across = _axis(box[0], box[2], size[0], ways, ("left", "right"), steps, share, rng)
    top, bottom, along = _axis(box[1], box[3], size[1], ways, ("up", "down"), steps, share, rng)
    if across is None or along is None:
        return None
    return {
        "granularity": steps,
        "horizontal_step": across,
        "vertical_step": along,
        "crop": {"top": top, "left": left, "height": bottom, "width": right},
    }


def _axis(
    low: int,
    high: int,
    length: int,
    ways: Sequence[str],
    names: tuple[str, str],
    steps: int,
    share: float,
    rng: np.random.Generator,
) -> tuple[int, int, float | None]:
    """Both sides of one axis and the step of the one that moves; the step is None if none fits."""
    back, forth = names
    if back not in ways and forth not in ways:
        return *still_edges(low, high, length, rng), 0.0
    if back in ways:
        edge = moving_edge(low, high, length, steps, share, rng)
        return (edge.start, edge.fixed, edge.step) if edge else (0, 0, None)
    edge = moving_edge(length - high, length - low, length, steps, share, rng)
    return (length - edge.fixed, length - edge.start, edge.step) if edge else (0, 0, None)


def crop_after(record: dict, moves: int) -> tuple[float, float, float, float]:
    """The crop of a record when each of its axes has moved `moves` times after the first state."""
    crop, ways = record["crop"], record["direction"].split("_")
    across = record["horizontal_step"] * (moves + 1)
    along = record["vertical_step"] * (moves + 1)
    zoom = "zoom" in ways
    return (
        crop["left"] - across * (zoom or "left" in ways),
        crop["top"] - along * (zoom or "up" in ways),
        crop["width"] + across * (zoom or "right" in ways) + crop["left"] * zoom,
        crop["height"] + along * (zoom or "down" in ways) + crop["top"] * zoom,
    )


def share_of(box: Sequence[float], crop: Sequence[float]) -> float:
    """Share of a box's area that a crop shows."""
    width = min(box[2], crop[2]) - max(box[0], crop[0])
    height = min(box[3], crop[3]) - max(box[1], crop[1])
    return max(0.0, width) * max(0.0, height) / ((box[2] - box[0]) * (box[3] - box[1]))


def sound(record: dict, size: tuple[int, int]) -> bool:
    """Whether a record's crops stay in the picture, start insufficient and end sufficient."""
    last = record["granularity"] - (record["direction"] != "zoom")
    final, first = crop_after(record, last), crop_after(record, 0)
    inside = final[0] >= 0 and final[1] >= 0 and final[2] <= size[0] and final[3] <= size[1]
    return (
        inside
        and min(first[2] - first[0], first[3] - first[1]) >= 24
        and share_of(record["box"], first) < 0.35
        and share_of(record["box"], final) >= 0.85
    )


def askable(room: Room) -> list[tuple[int, Box]]:
    """Things that are the only one of their family in the room and large enough to be named."""
    found = []
    for index in room.unique():
        box = room.box(index)
        if box is None:
            continue
        sides = sorted((box[2] - box[0], box[3] - box[1]))
        if sides[0] >= SHORTEST and sides[1] >= LONG_ENOUGH:
            found.append((index, box))
    return found


def crops_of(
    room: Room, per_thing: int, rng: np.random.Generator
) -> Iterator[tuple[int, dict[str, object]]]:
    """For each thing that can be asked for, its index and geometry in up to `per_thing` directions.

    Directions are dealt in turn from a shuffled deck, so that all nine come up equally often.
    """
    size = (room.mask.shape[1], room.mask.shape[0])
    deck: list[str] = []
    for index, box in askable(room):
        made = 0
        for _ in range(4 * len(DIRECTIONS)):
            if made == per_thing:
                break
            if not deck:
                deck = [DIRECTIONS[i] for i in rng.permutation(len(DIRECTIONS))]
            direction = deck.pop()
            geometry = crop_towards(box, size, direction, rng)
            if geometry is None:
                continue
            fields = {"direction": direction, **geometry, "box": list(box)}
            if sound(fields, size):
                made += 1
                enough = SUFFICIENT_ZOOM if direction == "zoom" else SUFFICIENT_AT
                yield index, {**fields, "sufficient_at": enough}


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """The drafts of all crops of all rooms, split by room."""
    for split in SPLITS:
        number, most = FIRST_ID[split], workshop.counts[split]
        answers: Counter[str] = Counter()
        for room, image in rendered_rooms(workshop, SCENES[split]):
            name = room.layout.name
            path = f"coco/{name}.webp"
            picture = PictureDraft(image.copy)
            for index, geometry in crops_of(room, 1, workshop.generator("COCO", name)):
                if most is not None and number - FIRST_ID[split] >= most:
                    break
                label = room.thing(index).label
                if answers[label] >= AT_MOST or not room.nameable(index):
                    continue
                answers[label] += 1
                rng = workshop.generator("COCO", name, index)
                wording = pick(rng, QUESTIONS), pick(rng, ABSTENTIONS)
                row = record(room, index, geometry, wording, number, path, rng)
                yield SampleDraft(split, row, {path: picture})
                number += 1


def record(
    room: Room,
    index: int,
    geometry: dict[str, object],
    wording: tuple[str, str],
    number: int,
    picture: str,
    rng: np.random.Generator,
) -> dict[str, object]:
    """One sample record (protocol, "Sample record").

    Args:
        index: 1-based index of the thing asked for.
        geometry: What `crops_of` gave for it.
        wording: The question and the abstention.
        number: The sample's id.
        picture: Path of the room's picture below the suite's folder.
    """
    question, abstention = wording
    answer = room.thing(index)
    wrong = wrong_things(answer, room.families(), list(things().values()), rng)
    options = [ACTIONS[way] for way in str(geometry["direction"]).split("_")] + [abstention]
    categories = [f"{label}." for label in (answer.label, *wrong)]
    return {
        "id": number,
        "image_template": picture,
        "first_image": 0,
        "num_images": 1,
        "reference_image": 0,
        "prompt": question,
        "options": [options[i] for i in rng.permutation(len(options))],
        "categories": [categories[i] for i in rng.permutation(len(categories))],
        "answer": categories[0],
        **geometry,
        "cluster": room.layout.name,
    }
