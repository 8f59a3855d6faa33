"""QD: drawings that grow by a stroke a frame, made of stroke icons by an unsteady hand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import Any

from tools.studio.draft import PictureDraft, SampleDraft, Split, Workshop, shuffled_options
from tools.studio.sources import fetch
from tools.studio.strokes import (
    Stroke,
    draw_by_hand,
    frames_of,
    in_drawing_order,
    parts_of,
    picture,
    read_icon,
    shares,
)
from tools.studio.wordings import ABSTENTIONS, pick

MOST_FRAMES = 10
SUFFICIENT_AT = 0.85  # share of the strokes from which on a drawing could be named (by eye)
COUNTS: dict[Split, int] = {"test": 120, "train": 72}
FIRST_ID: dict[Split, int] = {"test": 40001, "train": 45001}
FOLDERS = {"lucide-static": "icons", "@tabler/icons": "icons/outline"}

QUESTIONS = (
    "What is being drawn here?",
    "What will these strokes become?",
    "Which of these does the picture show?",
    "What did someone draw here?",
    "Can you name what this drawing shows?",
    "Which name fits this drawing?",
    "What do these lines depict?",
    "What is the subject of this sketch?",
    "What is this a drawing of?",
    "Please name what has been drawn.",
    "What do you see in this line drawing?",
    "Which thing did the person draw?",
)

SUGGESTIONS = (
    "Add more details.",
    "Draw a few more details.",
    "Go on with the drawing.",
    "Please continue the drawing.",
    "Add another stroke to the drawing.",
    "Complete more of the drawing.",
    "Add more lines to the sketch.",
    "Keep on with the sketch.",
    "Show me a later state of the sketch.",
    "Make the drawing more complete.",
    "Extend the quickdraw by a stroke.",
    "Give the quickdraw more lines.",
)
"""Each holds a keyword by which the environment knows the suggestion."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An icon that serves as a drawing.

    Attributes:
        name: What it shows.
        group: Things that are plausible wrong answers to each other.
        package: The npm package that it comes from.
        icon: Its name there.
        split: The only part of the suite in which it is drawn.
    """

    name: str
    group: str
    package: str
    icon: str
    split: Split

    @property
    def slug(self) -> str:
        """The name as part of a path."""
        return "".join(c if c.isalnum() else "_" for c in self.name.lower().replace("'", ""))


@cache
def _table() -> dict[str, Any]:
    text = resources.files("tools.studio").joinpath("drawings.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@cache
def drawings() -> tuple[Drawing, ...]:
    """All drawings that a person can name."""
    return tuple(Drawing(**row) for row in _table()["drawings"])


def wrong_names(drawing: Drawing) -> list[str]:
    """Names of the drawings of a group, less those that might pass for right."""
    alike = {name for names in _table()["alike"] if drawing.name in names for name in names}
    return [
        other.name
        for other in drawings()
        if other.group == drawing.group and other.name not in alike | {drawing.name}
    ]


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """All drafts of the scenario; where more are wanted than there are icons, other hands draw."""
    for split, standard in COUNTS.items():
        wanted = workshop.counts[split]
        shelf = [drawing for drawing in drawings() if drawing.split == split]
        order = workshop.generator("QD", split).permutation(len(shelf))
        for index in range(standard if wanted is None else wanted):
            hand, place = divmod(index, len(shelf))
            yield draft(shelf[order[place]], hand, FIRST_ID[split] + index, workshop)


def draft(drawing: Drawing, hand: int, number: int, workshop: Workshop) -> SampleDraft:
    """One sample: a drawing by one hand, with all its frames."""
    rng = workshop.generator("QD", drawing.name, hand)
    root = fetch(drawing.package, workshop.cache) / "package" / FOLDERS[drawing.package]
    strokes = draw_by_hand(read_icon((root / f"{drawing.icon}.svg").read_text("utf-8")), rng)
    frames = frames_of(in_drawing_order(parts_of(strokes)), MOST_FRAMES)
    evidence = shares(frames)
    others = wrong_names(drawing)
    wrong = [others[i] for i in rng.choice(len(others), 3, replace=False)]
    folder = f"qd/{drawing.slug}-{hand + 1}"
    record = {
        "id": number,
        "image_template": f"{folder}/{{image}}.webp",
        "first_image": 0,
        "num_images": len(frames),
        "reference_image": len(frames) - 1,
        "prompt": pick(rng, QUESTIONS),
        **shuffled_options(
            rng,
            [pick(rng, SUGGESTIONS), pick(rng, ABSTENTIONS)],
            f"{drawing.name}.",
            [f"{name}." for name in wrong],
        ),
        "evidence": evidence,
        "sufficient": [share >= SUFFICIENT_AT for share in evidence],
        "cluster": drawing.name,
    }
    drawn: list[Stroke] = []
    pictures = {}
    for frame, added in enumerate(frames):
        drawn = [*drawn, *added]
        pictures[f"{folder}/{frame:04d}.webp"] = PictureDraft(
            partial(picture, drawn), lossless=True
        )
    return SampleDraft(drawing.split, record, pictures)
