"""VSOD: a panning shot of a rendered room while someone crosses in front of the lens."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tools.studio.draft import SPLITS, PictureDraft, SampleDraft, Split, Workshop
from tools.studio.rooms.kinds import KINDS
from tools.studio.rooms.people import PEOPLE
from tools.studio.rooms.rendered import rendered_person, rendered_rooms
from tools.studio.rooms.scenes import SCENES, kind_of
from tools.studio.rooms.things import things
from tools.studio.rooms.truth import Box, Room, wrong_things
from tools.studio.wordings import ABSTENTIONS, pick

FIRST_ID = {"test": 70001, "train": 75001}
SHOTS = {"test": 2, "train": 1}  # shots of a room
ASKED = {"test": 3, "train": 4}  # questions about a shot
ASKING = {
    "place": (
        "What place is this?",
        "Where was this video taken?",
        "What kind of place does the video show?",
    ),
    "count": (
        "How many {} are there?",
        "How many {} can be counted here?",
        "What is the number of {} in this place?",
    ),
    "on": (
        "What stands on the {}?",
        "Which object is on top of the {}?",
        "What has been put on the {}?",
    ),
    "beside": (
        "Which object is the nearest one to {}?",
        "What can be seen directly to {}?",
        "Which object stands directly to {}?",
    ),
    "colour": (
        "What colour is the {}?",
        "Which colour does the {} have?",
        "What is the main colour of the {}?",
    ),
    "present": (
        "Which of these objects is in this place?",
        "Which of these things can be seen behind the person?",
        "Which one of the listed objects is here?",
    ),
}
WAITING = (
    "Wait for the person to pass.",
    "Wait for the person to leave the picture.",
    "Wait for the person to move on.",
    "Wait for the view to be clear again.",
    "Wait for the person in front of the camera to walk by.",
    "Wait for the occlusion to end.",
    "Wait for the passer-by to be gone.",
    "Wait for the person to step aside.",
    "Wait for the lens to be free again.",
    "Wait for the moment at which nobody is in the way.",
)

FRAME = (320, 240)
FRAMES = 22
SUFFICIENT_AT = 0.6  # evidence from which on the questions could be answered (checked by eye)
OCCLUDED_BELOW = 0.25  # evidence that the first frame of a sample must stay under
SHORTEST, LONG_ENOUGH = 10, 26  # pixels of a frame that an asked thing's sides must have
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven")
PLURALS = {
    "Boots": "pairs of boots",
    "Slippers": "pairs of slippers",
    "Flower box": "flower boxes",
    "Cardboard box": "cardboard boxes",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """How the camera pans and how the person walks; frame pixels unless said otherwise.

    Attributes:
        window: Left and top edge of the first and of the last window, and the window's width and
            height, in pixels of the room's picture.
        person: Height of the person.
        top: Where the top of the head is, negative above the frame.
        enter, leave: Frames (fractions allowed) at which the person enters and has left.
        rightward: Whether the person walks to the right.
        shake: FRAMES×2 offsets of the window, pixels of the room's picture.
    """

    window: tuple[float, float, float, float, int, int]
    person: int
    top: int
    enter: float
    leave: float
    rightward: bool
    shake: tuple[tuple[float, float], ...]


def draw_shot(size: tuple[int, int], rng: np.random.Generator) -> Shot:
    """Draw a shot over a room's picture of a given width and height."""
    width = round(size[0] * rng.uniform(0.58, 0.7))
    height = width * 3 // 4
    spare_x, spare_y = size[0] - width, size[1] - height
    margin = 6
    start, end = rng.uniform(margin, 0.25 * spare_x), rng.uniform(0.75 * spare_x, spare_x - margin)
    if rng.random() < 0.5:
        start, end = end, start
    # The lower part of a picture holds most things; the sky and the ceiling do not matter.
    top = rng.uniform(0.45, 0.95, size=2) * (spare_y - 2 * margin) + margin
    close = rng.random() < 0.4  # so close to the lens that the body fills the frame
    person = round(FRAME[1] * (rng.uniform(6.5, 8) if close else rng.uniform(4, 5.6)))
    middle, length = rng.uniform(0.38, 0.62) * FRAMES, rng.uniform(11, 14)
    shake = np.cumsum(rng.normal(0, 1.2, size=(FRAMES, 2)), axis=0)
    shake = np.clip(shake - shake.mean(axis=0), -margin, margin)
    return Shot(
        window=(float(start), float(top[0]), float(end), float(top[1]), width, height),
        person=person,
        top=round(-person * (rng.uniform(0.19, 0.23) if close else rng.uniform(0.09, 0.13))),
        enter=float(middle - length / 2),
        leave=float(middle + length / 2),
        rightward=bool(rng.random() < 0.5),
        shake=tuple((float(x), float(y)) for x, y in shake),
    )


def window_at(shot: Shot, frame: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom edge of the window in pixels of the room's picture."""
    x0, y0, x1, y1, width, height = shot.window
    way = frame / (FRAMES - 1)
    left = round(x0 + (x1 - x0) * way + shot.shake[frame][0])
    top = round(y0 + (y1 - y0) * way + shot.shake[frame][1])
    return left, top, left + width, top + height


def person_layer(person: Image.Image, shot: Shot, frame: int) -> NDArray[np.float32]:
    """The blurred person of a frame: height×width×4, colours premultiplied by alpha, in [0, 1].

    Args:
        person: RGBA cut-out of someone who walks to the right.
    """
    body = person.crop(person.getchannel("A").getbbox())
    width = round(body.width * shot.person / body.height)
    body = body.resize((width, shot.person), Image.Resampling.BILINEAR)
    if not shot.rightward:
        body = body.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    travel = (FRAME[0] + width) / (shot.leave - shot.enter)  # pixels a frame
    walked = (frame - shot.enter) * travel
    left = round(walked - width if shot.rightward else FRAME[0] - walked)
    layer = Image.new(
        "RGBa", FRAME
    )  # premultiplied: a blur must not mix in the empty pixels' black
    layer.paste(body.convert("RGBa"), (left, shot.top))
    soft = layer.filter(ImageFilter.GaussianBlur(2.5))
    return _smeared(np.asarray(soft, dtype=np.float32) / 255, max(1, round(travel / 2)))


def _smeared(pixels: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Mean of each row's pixels over `reach` neighbours, as an open shutter does."""
    before = reach // 2
    padded = np.pad(pixels, ((0, 0), (before + 1, reach - before - 1), (0, 0)), mode="edge")
    sums = padded.cumsum(axis=1)
    return ((sums[:, reach:] - sums[:, :-reach]) / reach).clip(0, 1)


def frame_of(
    picture: Image.Image, layer: NDArray[np.float32], shot: Shot, frame: int
) -> Image.Image:
    """One frame: the window of the room's picture with the person before it."""
    view = picture.crop(window_at(shot, frame)).resize(FRAME, Image.Resampling.LANCZOS)
    behind = np.asarray(view, dtype=np.float32) / 255
    mixed = behind * (1 - layer[..., 3:]) + layer[..., :3]
    return Image.fromarray((mixed * 255).round().clip(0, 255).astype(np.uint8))


def visible_shares(room: Room, shot: Shot, layers: Sequence[NDArray[np.float32]]) -> NDArray:
    """FRAMES×things array: share in [0, 1] of each thing's pixels that a frame shows.

    A thing's pixels are those that show in the room's whole picture; a pixel behind the person
    counts by what the person's alpha lets through.
    """
    shares = np.zeros((FRAMES, len(room.layout.placed)))
    totals = [max(1, int((room.mask == index).sum())) for index in room.indices()]
    for frame, layer in enumerate(layers):
        left, top, right, bottom = window_at(shot, frame)
        through = Image.fromarray(1 - layer[..., 3])
        open_ = np.asarray(through.resize((right - left, bottom - top), Image.Resampling.BILINEAR))
        seen = np.bincount(
            room.mask[top:bottom, left:right].ravel(), open_.ravel(), minlength=len(totals) + 1
        )
        shares[frame] = seen[1 : len(totals) + 1] / totals
    return shares.clip(0, 1)


SORTS = ("place", "count", "on", "beside", "colour", "present")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a room.

    Attributes:
        sort: One of `SORTS`.
        blank: What fills the blank of the wording (an anchor, a plural, …), empty for none.
        answer: The right option, without its period.
        wrong: Three wrong ones.
        asked: Indices (1-based) of the things that must be seen.
        all_needed: Whether all of them must be seen, or any one suffices.
    """

    sort: str
    blank: str
    answer: str
    wrong: tuple[str, ...]
    asked: tuple[int, ...]
    all_needed: bool = True


def evidence_of(question: Question, shares: NDArray) -> NDArray:
    """Evidence in [0, 1] of each frame: the least, or greatest, visible share of what is asked."""
    asked = shares[:, [index - 1 for index in question.asked]]
    return asked.min(axis=1) if question.all_needed else asked.max(axis=1)


def questions(room: Room, picture: Image.Image, rng: np.random.Generator) -> Iterator[Question]:
    """All questions that a room allows."""
    yield from _place(room, rng)
    yield from _count(room, rng)
    yield from _on(room, rng)
    yield from _beside(room, rng)
    yield from _colour(room, picture, rng)
    yield from _present(room, rng)


def _place(room: Room, rng: np.random.Generator) -> Iterator[Question]:
    kind = kind_of(room.layout.name)
    telling = tuple(i for i in room.indices() if room.thing(i).family in kind.telling)
    if telling:
        others = [
            other.place
            for other in KINDS
            if other.telling
            and other.stage.outdoor == kind.stage.outdoor
            and other is not kind
            and not set(other.telling) & room.families()
        ]
        wrong = tuple(str(place) for place in rng.choice(others, 3, replace=False))
        yield Question("place", "", kind.place, wrong, telling, all_needed=False)


def _count(room: Room, rng: np.random.Generator) -> Iterator[Question]:
    labels = Counter(room.thing(index).family for index in room.indices())
    for family, number in labels.items():
        alike = tuple(i for i in room.indices() if room.thing(i).family == family)
        if number < 2 or len({room.thing(i).label for i in alike}) > 1 or not _large(room, alike):
            continue
        low = number - int(rng.integers(0, min(4, number)))
        options = [NUMBERS[n - 1].capitalize() for n in range(low, low + 4)]
        answer = NUMBERS[number - 1].capitalize()
        wrong = tuple(option for option in options if option != answer)
        yield Question("count", plural(room.thing(alike[0]).label), answer, wrong, alike)


def plural(label: str) -> str:
    """The plural of a thing's name, in lower case."""
    return PLURALS.get(label, f"{label.lower()}s")


def _on(room: Room, rng: np.random.Generator) -> Iterator[Question]:
    carried = Counter(placed.support for placed in room.layout.placed)
    for index, placed in enumerate(room.layout.placed, start=1):
        if placed.support is None or carried[placed.support] > 1 or not _large(room, (index,)):
            continue
        base = placed.support + 1
        if base in room.unique() and room.thing(base).family != "tv stand":  # gives it away
            wrong = _wrong(room, index, rng, "on")
            name = room.thing(base).label.lower()
            yield Question("on", name, room.thing(index).label, wrong, (index,))


def _beside(room: Room, rng: np.random.Generator) -> Iterator[Question]:
    """For things that stand on the floor: what is next to them, where it is plain."""
    standing = {
        index: box
        for index in room.indices()
        if room.layout.placed[index - 1].at[2] == 0 and (box := room.box(index))
    }
    unique = set(room.unique())
    for anchor in sorted(unique & set(standing)):
        for side, sign in (("left", -1), ("right", 1)):
            asked = _neighbour(standing, anchor, sign)
            if asked in unique and _large(room, (asked, anchor)):
                name = f"the {side} of the {room.thing(anchor).label.lower()}"
                wrong = _wrong(room, asked, rng)
                yield Question("beside", name, room.thing(asked).label, wrong, (asked, anchor))


def _neighbour(boxes: dict[int, Box], anchor: int, sign: int) -> int | None:
    """The next box to the right (sign 1) or left (-1) at about the same height of the picture.

    None where there is none, where it is far away, or where another one is nearly as close.
    """
    own = boxes[anchor]
    ways = sorted(
        (sign * (box[0] + box[2] - own[0] - own[2]) / 2, index)
        for index, box in boxes.items()
        if index != anchor and _level(own, box) and sign * (box[0] + box[2] - own[0] - own[2]) > 0
    )
    if not ways or (len(ways) > 1 and ways[1][0] < 1.5 * ways[0][0]):
        return None
    box = boxes[ways[0][1]]
    gap = box[0] - own[2] if sign > 0 else own[0] - box[2]
    return ways[0][1] if -30 < gap < 280 else None


def _level(one: Box, other: Box) -> bool:
    """Whether two boxes overlap by a third of the lower one's height."""
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > min(one[3] - one[1], other[3] - other[1]) / 3


COLOURS = ("Red", "Orange", "Yellow", "Green", "Blue", "Purple", "Black", "White")
OF_ONE_COLOUR = (
    "chair",
    "sofa",
    "stool",
    "bed",
    "box",
    "backpack",
    "handbag",
    "suitcase",
    "hat",
    "helmet",
    "shoes",
    "teapot",
    "toy car",
    "jug",
    "kettle",
    "bike",
    "tricycle",
    "tent",
    "swing",
    "slide",
    "radio",
    "beanbag",
    "basin",
    "lounger",
    "potty",
    "toaster",
    "sleeping bag",
    "drill",
    "fridge",
    "bin",
    "scooter",
    "gift",
    "laundry",
    "basket",
    "table",
    "scissors",
    "lamp",
    "motor scooter",
    "camera",
    "spray bottle",
)


def _colour(room: Room, picture: Image.Image, rng: np.random.Generator) -> Iterator[Question]:
    for index in room.unique():
        thing = room.thing(index)
        if thing.family not in OF_ONE_COLOUR or not _large(room, (index,)):
            continue
        named = main_colour(np.asarray(picture)[room.mask == index])
        if named:
            others = [colour for colour in COLOURS if colour != named]
            wrong = tuple(str(colour) for colour in rng.choice(others, 3, replace=False))
            yield Question("colour", thing.label.lower(), named, wrong, (index,))


def main_colour(pixels: NDArray[np.uint8]) -> str | None:
    """The name of the colour that at least 70 % of a thing's pixels (n×3) have; None if mixed."""
    rgb = pixels.astype(float) / 255
    high, low = rgb.max(axis=1), rgb.min(axis=1)
    chroma = high - low
    red, green, blue = rgb.T
    safe = np.maximum(chroma, 1e-6)
    hue = (
        np.select(
            [high == red, high == green],
            [(green - blue) / safe % 6, (blue - red) / safe + 2],
            (red - green) / safe + 4,
        )
        * 60
    )
    vivid = (chroma > 0.2) & (chroma > 0.4 * high)
    names = {
        "Red": vivid & ((hue < 14) | (hue > 340)),
        "Orange": vivid & (hue >= 18) & (hue < 36) & (high > 0.7),
        "Yellow": vivid & (hue >= 42) & (hue < 66) & (high > 0.5),
        "Green": vivid & (hue >= 80) & (hue < 165),
        "Blue": vivid & (hue >= 190) & (hue < 250),
        "Purple": vivid & (hue >= 258) & (hue < 325),
        "Black": high < 0.28,
        "White": (low > 0.62) & (chroma < 0.14),
    }
    name = max(names, key=lambda key: names[key].mean())
    return name if names[name].mean() >= 0.7 else None


def _present(room: Room, rng: np.random.Generator) -> Iterator[Question]:
    for index in room.unique():
        if _large(room, (index,)):
            wrong = _wrong(room, index, rng)
            yield Question("present", "", room.thing(index).label, wrong, (index,))


def _wrong(
    room: Room, index: int, rng: np.random.Generator, zone: str | None = None
) -> tuple[str, ...]:
    """Things that could stand in such a place, so that the place does not give the answer away."""
    own = kind_of(room.layout.name)
    alike = [  # what stands on a table in a room could stand on one in a garden
        kind
        for kind in KINDS
        if bool(kind.telling) == bool(own.telling)
        and (zone == "on" or kind.stage.outdoor == own.stage.outdoor)
    ]
    slots = [slot for kind in alike for slot in kind.slots if zone in (None, slot.zone)]
    keys = sorted({key for slot in slots for key in slot.things})
    candidates = [things()[key] for key in keys]
    likely = {key for slot in own.slots for key in slot.things}
    return wrong_things(room.thing(index), room.families(), candidates, rng, likely)


def _large(room: Room, indices: Sequence[int]) -> bool:
    """Whether things are large enough in a frame to be recognised."""
    for index in indices:
        box = room.box(index)
        if box is None:
            return False
        scale = FRAME[0] / (0.64 * room.mask.shape[1])
        sides = sorted(((box[2] - box[0]) * scale, (box[3] - box[1]) * scale))
        if sides[0] < SHORTEST or sides[1] < LONG_ENOUGH:
            return False
    return True


def first_frame(evidence: NDArray, clear: NDArray, shot: Shot) -> int | None:
    """The frame nearest the middle of the crossing in which the person hides what is asked.

    Args:
        evidence: Evidence of each frame.
        clear: The same without the person: what is asked must be in the window.

    Returns:
        The frame; None if nobody ever hides it, or no frame of the shot suffices.
    """
    middle = (shot.enter + shot.leave) / 2
    hidden = [
        frame
        for frame in range(FRAMES)
        if evidence[frame] < OCCLUDED_BELOW and clear[frame] >= SUFFICIENT_AT
    ]
    if not hidden or not (evidence >= SUFFICIENT_AT).any():
        return None
    return min(hidden, key=lambda frame: abs(frame - middle))


def choose(candidates: Sequence[Question], wanted: int, used: Counter[str]) -> list[Question]:
    """Up to `wanted` questions: the rarest sort first, then the rarest answer.

    No answer is asked for twice in a shot.

    Args:
        used: How often each sort and each answer has come up so far; updated.
    """
    left, chosen = list(candidates), []
    while left and len(chosen) < wanted:
        question = min(left, key=lambda q: (used[q.sort], used[q.answer]))
        chosen.append(question)
        used.update((question.sort, question.answer))
        left = [q for q in left if q.answer != question.answer]
    return chosen


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """The drafts of all questions about all shots, split by room."""
    for split in SPLITS:
        number, most = FIRST_ID[split], workshop.counts[split]
        used: Counter[str] = Counter()
        for room, picture in rendered_rooms(workshop, SCENES[split]):
            asked: set[tuple[str, str, str]] = set()
            for take in range(SHOTS[split]):
                for draft in _shoot(workshop, split, room, picture, take, number, used, asked):
                    if most is not None and number - FIRST_ID[split] >= most:
                        break
                    yield draft
                    number += 1


def _shoot(
    workshop: Workshop,
    split: Split,
    room: Room,
    picture: Image.Image,
    take: int,
    number: int,
    used: Counter[str],
    asked: set[tuple[str, str, str]],
) -> Iterator[SampleDraft]:
    """The drafts of one shot, numbered from `number`; `asked` keeps a room's questions apart."""
    name = room.layout.name
    rng = workshop.generator("VSOD", name, take)
    shot = draw_shot(picture.size, rng)
    person = rendered_person(workshop, PEOPLE[int(rng.integers(len(PEOPLE)))])
    layers = [person_layer(person, shot, frame) for frame in range(FRAMES)]
    shares = visible_shares(room, shot, layers)
    clear = visible_shares(room, shot, [np.zeros_like(layer) for layer in layers])
    folder = f"vsod/{name}-{take}"
    pictures = {
        f"{folder}/{frame:04d}.webp": PictureDraft(partial(frame_of, picture, layer, shot, frame))
        for frame, layer in enumerate(layers)
    }
    found = {
        question: first
        for question in questions(room, picture, rng)
        if (question.sort, question.blank, question.answer) not in asked
        and (question.sort == "place" or all(map(room.nameable, question.asked)))
        and (
            first := first_frame(evidence_of(question, shares), evidence_of(question, clear), shot)
        )
        is not None
    }
    for question in choose(list(found), ASKED[split], used):
        asked.add((question.sort, question.blank, question.answer))
        asking = pick(rng, ASKING[question.sort]).format(question.blank)
        wording = asking, pick(rng, WAITING), pick(rng, ABSTENTIONS)
        row = record(
            question,
            evidence_of(question, shares),
            found[question],
            wording,
            number,
            folder,
            name,
            rng,
        )
        yield SampleDraft(split, row, pictures)
        number += 1


def record(
    question: Question,
    evidence: NDArray,
    first: int,
    wording: tuple[str, str, str],
    number: int,
    folder: str,
    cluster: str,
    rng: np.random.Generator,
) -> dict[str, object]:
    """One sample record (protocol, "Sample record").

    Args:
        evidence: Evidence of every frame.
        first: Index of the first frame.
        wording: The question with its blank filled, the waiting and the abstaining option.
        folder: Folder of the shot's frames below the suite's folder.
    """
    asking, waiting, abstention = wording
    options = ["Rewind the video.", waiting, abstention]
    categories = [f"{text}." for text in (question.answer, *question.wrong)]
    return {
        "id": number,
        "image_template": f"{folder}/{{image}}.webp",
        "first_image": first,
        "num_images": FRAMES,
        "reference_image": int(evidence.argmax()),
        "prompt": asking,
        "options": [options[i] for i in rng.permutation(3)],
        "categories": [categories[i] for i in rng.permutation(4)],
        "answer": categories[0],
        "strong_occlusions": True,
        "evidence": [round(float(share), 3) for share in evidence],
        "sufficient": [bool(round(float(share), 3) >= SUFFICIENT_AT) for share in evidence],
        "cluster": cluster,
    }
