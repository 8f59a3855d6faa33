"""IN-C: photographs under fourteen corruptions, from severity 5 down to the clean picture.

A corruption is applied to a small copy of the photograph, which is then enlarged: the severities
are lengths in pixels, so a small copy suffers more, and severity 5 hides what the picture shows.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from typing import Any

import numpy as np
from PIL import Image

from tools.studio.corruptions import corrupt
from tools.studio.draft import PictureDraft, SampleDraft, Split, Workshop, shuffled_options
from tools.studio.photographs import Photograph, load, mistakable, photographs
from tools.studio.wordings import ABSTENTIONS, pick

LONG_SIDE = 224  # pixels of a frame
WORST = 5  # severity of the first frame
COUNTS: dict[Split, int] = {"test": 90, "train": 44}
FIRST_ID: dict[Split, int] = {"test": 30001, "train": 35001}

QUESTIONS = (
    "What does this photograph show?",
    "What can be seen in this picture?",
    "Which of these is the subject of the photograph?",
    "What is the main thing in this image?",
    "What was photographed here?",
    "Can you name what this picture shows?",
    "Which name fits what is shown here?",
    "What are we looking at in this photograph?",
    "What is depicted here?",
    "Please name the main subject of this image.",
    "What did the photographer take a picture of?",
    "Which of these appears in the photograph?",
)

ENHANCEMENTS: dict[str, tuple[str, ...]] = {
    "brightness": ("Increase the brightness of the image.", "Raise the brightness of the picture."),
    "contrast": ("Enhance the contrast of the image.", "Raise the contrast of the picture."),
    "saturation": ("Raise the colour saturation.", "Increase the saturation of the image."),
    "deblur": ("Deblur the image.", "Sharpen and deblur the picture."),
    "denoise": ("Denoise the image.", "Clean up and denoise the picture."),
    "compression": (
        "Reduce the compression of the image.",
        "Send the picture with less compression.",
    ),
    "resolution": ("Increase the resolution of the image.", "Provide a higher resolution."),
    "artifacts": ("Remove the artifacts from the image.", "Repair the artifacts in the picture."),
}
"""Two wordings of each enhancement, by the keyword that the environment knows it by."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one corruption is used.

    Attributes:
        copy: Long side in pixels of the copy that is corrupted.
        sufficient: Highest severity at which a person could still name the thing (by eye).
        remedy: The enhancement that fits.
        others: Enhancements that clearly do not; three of them are offered beside it.
        only: Photographs (by name) that severity 5 hides, where it does not hide all.
    """

    copy: int
    sufficient: int
    remedy: str
    others: tuple[str, ...]
    only: frozenset[str] | None = None


# An enlarged copy is blurred as well, so that "deblur" and "resolution" are never wrong choices
# for it; likewise one remedy that could pass for another is not offered beside it.
_COLOURS = ("brightness", "contrast", "saturation")
_BESIDE_NOISE = (*_COLOURS, "compression")
_BESIDE_BLUR = (*_COLOURS, "denoise", "compression")
_BESIDE_BLOCKS = (*_COLOURS, "denoise")

HIDDEN_BY_FOG = frozenset(
    (
        *("statue_of_liberty", "cup_and_saucer", "chair", "gibbon", "pig", "crocodile"),
        *("moose", "polar_bear", "kitten"),
        *("dam3", "red_pyramid", "kangaroo", "lemur", "jaguar", "schwerin", "wrench"),
    )
)
HIDDEN_BY_SNOW = frozenset(
    (
        *(
            "wrench1",
            "cup_and_saucer",
            "chair",
            "neuschwanstein",
            "crocodile",
            "polar_bear",
            "dam2",
        ),
        *("tape_measure4", "wrench", "red_pyramid", "dam3", "lemur", "jaguar", "kangaroo"),
    )
)

KINDS: dict[str, Kind] = {
    "fog": Kind(40, 2, "contrast", ("denoise", "compression", "artifacts"), HIDDEN_BY_FOG),
    "snow": Kind(32, 1, "artifacts", ("brightness", "saturation", "compression"), HIDDEN_BY_SNOW),
    "gaussian_noise": Kind(40, 1, "denoise", _BESIDE_NOISE),
    "shot_noise": Kind(40, 1, "denoise", _BESIDE_NOISE),
    "impulse_noise": Kind(36, 2, "denoise", _BESIDE_NOISE),
    "speckle_noise": Kind(32, 1, "denoise", _BESIDE_NOISE),
    "gaussian_blur": Kind(72, 1, "deblur", _BESIDE_BLUR),
    "glass_blur": Kind(72, 1, "deblur", _BESIDE_BLUR),
    "defocus_blur": Kind(72, 1, "deblur", _BESIDE_BLUR),
    "motion_blur": Kind(64, 1, "deblur", _BESIDE_BLUR),
    "contrast": Kind(
        LONG_SIDE, 3, "contrast", ("denoise", "deblur", "compression", "resolution", "artifacts")
    ),
    "pixelate": Kind(56, 1, "resolution", _BESIDE_BLOCKS),
    "jpeg_compression": Kind(48, 1, "compression", _BESIDE_BLOCKS),
    "elastic_transform": Kind(64, 0, "artifacts", (*_COLOURS, "compression")),
}

PLAIN = frozenset(
    (
        "spray",
        "duck",
        "eiffel_tower",
        "volleyball",
        "plate",
        "light_bulb",
        "nail_clipper",
        "pliers3",
    )
)
"""Left out because a person names them in spite of most corruptions at severity 5."""
FAINT = frozenset(("bee", "chameleon"))
"""Left out because they are lost already at severity 1: small, or of the colour of the leaves."""


def make(workshop: Workshop) -> Iterator[SampleDraft]:
    """All drafts of the scenario."""
    for split, standard in COUNTS.items():
        wanted = workshop.counts[split]
        photos = [photo for photo in photographs(split) if photo.name not in PLAIN | FAINT]
        pictures = load(photos, workshop.cache)
        number = standard if wanted is None else wanted
        pairs = pairs_of(photos, number, workshop.generator("IN-C", split))
        for index, (photo, kind) in enumerate(pairs):
            yield draft(workshop, photo, pictures[photo.name], kind, FIRST_ID[split] + index)


def pairs_of(
    photos: list[Photograph], number: int, rng: np.random.Generator
) -> list[tuple[Photograph, str]]:
    """Distinct pairs of photograph and kind, spread evenly over both.

    Fewer than `number` only where there are no more pairs.
    """
    shuffled = [photos[i] for i in rng.permutation(len(photos))]
    uses: Counter[str] = Counter()
    pairs: list[tuple[Photograph, str]] = []
    taken: set[tuple[str, str]] = set()
    for name in islice(cycle(KINDS), len(KINDS) * len(photos)):
        if len(pairs) == number:
            break
        only = KINDS[name].only
        free = [
            photo
            for photo in shuffled
            if (only is None or photo.name in only) and (photo.name, name) not in taken
        ]
        if free:
            photo = min(free, key=lambda photo: uses[photo.name])
            uses[photo.name] += 1
            taken.add((photo.name, name))
            pairs.append((photo, name))
    return pairs


def draft(
    workshop: Workshop, photo: Photograph, picture: Image.Image, name: str, number: int
) -> SampleDraft:
    """One sample: the frames of a photograph under one kind of corruption."""
    folder = f"in_c/{photo.name}-{name}"
    frames = {
        f"{folder}/{level}.webp": PictureDraft(
            partial(
                frame, picture, name, level, workshop.generator("IN-C", photo.name, name, level)
            )
        )
        for level in range(WORST + 1)
    }
    rng = workshop.generator("IN-C", photo.name, name)
    return SampleDraft(photo.split, record(photo, name, folder, number, rng), frames)


def record(
    photo: Photograph, name: str, folder: str, number: int, rng: np.random.Generator
) -> dict[str, Any]:
    """The sample record; evidence and sufficiency are those of severity 0, 1, … 5."""
    kind = KINDS[name]
    remedy = pick(rng, ENHANCEMENTS[kind.remedy])
    others = [
        pick(rng, ENHANCEMENTS[str(other)]) for other in rng.choice(kind.others, 3, replace=False)
    ]
    wrong = [f"{label}." for label in rng.choice(mistakable(photo), 3, replace=False)]
    levels = range(WORST + 1)
    return {
        "id": number,
        "image_template": f"{folder}/{{level}}.webp",
        "first_image": WORST,
        "num_images": WORST + 1,
        "reference_image": 0,
        "prompt": pick(rng, QUESTIONS),
        **shuffled_options(
            rng, [remedy, *others, pick(rng, ABSTENTIONS)], f"{photo.label}.", wrong
        ),
        "quality_answer": remedy,
        "cluster": photo.name,
        "evidence": [round(1 - level / WORST, 3) for level in levels],
        "sufficient": [level <= kind.sufficient for level in levels],
    }


def frame(picture: Image.Image, name: str, level: int, rng: np.random.Generator) -> Image.Image:
    """A photograph at one severity; severity 0 is the clean picture."""
    size = fitted(picture.size, LONG_SIDE)
    if level == 0:
        return picture.resize(size, Image.Resampling.LANCZOS)
    small = picture.resize(fitted(picture.size, KINDS[name].copy), Image.Resampling.LANCZOS)
    corrupted = Image.fromarray(corrupt(np.asarray(small), name, level, rng))
    blocks = name == "pixelate"
    return corrupted.resize(size, Image.Resampling.NEAREST if blocks else Image.Resampling.BICUBIC)


def fitted(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """Width and height with the same proportions and a given long side, pixels."""
    scale = long_side / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
