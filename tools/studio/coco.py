"""COCO: crops of photographs that miss the animal, in the four directions and too close."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

from tools.studio.coco_rooms import ACTIONS, crop_towards, sound
from tools.studio.draft import PictureDraft, SampleDraft, Workshop, shuffled_options
from tools.studio.in_c import fitted
from tools.studio.photographs import Photograph, load, mistakable, photographs
from tools.studio.wordings import ABSTENTIONS, pick

LONG_SIDE = 640  # pixels of a whole picture
SUFFICIENT_AT = 0.6  # share of the box from which on the thing could be named (by eye)
FIRST_ID = 60001
PER_PHOTOGRAPH = 3
TRIES = 12  # crops drawn for one direction before it is given up
DIRECTIONS = ("left", "right", "up", "down", "zoom")
TELLING = frozenset(
    (
        *(("kingfisher", "down"), ("duck", "down"), ("moose", "zoom"), ("hedgehog", "zoom")),
        *(("cow", "zoom"), ("scarlet_macaw", "zoom"), ("eiffel_tower", "zoom")),
        *(("crocodile", "zoom"), ("chameleon", "zoom")),
    )
)
"""Photographs and directions whose first crop shows a part that gives the thing away (by eye)."""

QUESTIONS = (
    "What is in front of the camera?",
    "What does the camera show?",
    "Which of these is in the picture?",
    "What is the main thing in this view?",
    "What has been photographed here?",
    "Can you name what stands in the picture?",
    "Which name fits what the camera looks at?",
    "What can be seen in this shot?",
    "What was the camera pointed at?",
    "Please name the main subject of this shot.",
)


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """All drafts of the scenario; there are none for training."""
    photos = [photo for photo in photographs("test") if photo.box]
    pictures = load(photos, workshop.cache)
    made, wanted = 0, workshop.counts["test"]
    for photo in photos:
        picture = shrunk(pictures[photo.name])
        rng = workshop.generator("COCO", photo.name)
        for geometry in geometries(photo, pictures[photo.name].width, picture.size, rng):
            if made == wanted:
                return
            path = f"coco/{photo.name}.webp"
            yield SampleDraft(
                "test",
                record(photo, geometry, path, FIRST_ID + made, rng),
                {path: PictureDraft(picture.copy)},
            )
            made += 1


def shrunk(picture: Image.Image) -> Image.Image:
    """A picture whose long side is at most `LONG_SIDE` pixels."""
    long_side = min(LONG_SIDE, max(picture.size))
    return picture.resize(fitted(picture.size, long_side), Image.Resampling.LANCZOS)


def geometries(
    photo: Photograph, full_width: int, size: tuple[int, int], rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    """Up to `PER_PHOTOGRAPH` sound crops of a photograph, each towards another direction.

    Args:
        full_width: Width of the photograph in which the box was measured, pixels.
        size: Width and height of the picture that is shipped.
    """
    assert photo.box
    scale = size[0] / full_width
    left, top, right, bottom = (round(edge * scale) for edge in photo.box)
    box = (left, top, right, bottom)
    made = 0
    ways = [way for way in DIRECTIONS if (photo.name, way) not in TELLING]
    for way in rng.permutation(ways):
        for _ in range(TRIES):
            geometry = crop_towards(box, size, str(way), rng)
            fields = {"direction": str(way), **(geometry or {}), "box": list(box)}
            if geometry and sound(fields, size):
                yield {**fields, "sufficient_at": SUFFICIENT_AT}
                made += 1
                break
        if made == PER_PHOTOGRAPH:
            return


def record(
    photo: Photograph, geometry: dict[str, Any], path: str, number: int, rng: np.random.Generator
) -> dict[str, Any]:
    """The sample record."""
    wrong = [f"{label}." for label in rng.choice(mistakable(photo), 3, replace=False)]
    suggestions = [ACTIONS[geometry["direction"]], pick(rng, ABSTENTIONS)]
    return {
        "id": number,
        "image_template": path,
        "first_image": 0,
        "num_images": 1,
        "reference_image": 0,
        "prompt": pick(rng, QUESTIONS),
        **shuffled_options(rng, suggestions, f"{photo.label}.", wrong),
        **geometry,
        "cluster": photo.name,
    }
