"""Whether a picture is nearly another one, whatever it is called: collections copy each other."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.studio.strokes import Stroke, picture

SAME_DRAWING = 0.85  # cosine from which on two line drawings count as one
SAME_OBJECT = 0.93  # the same for catalogue pictures of furniture
SIDE = 32  # pixels to which pictures are shrunk for the comparison

Vector = NDArray[np.float64]


def of_drawing(strokes: Sequence[Stroke]) -> Vector:
    """A drawing as a vector of length 1."""
    small = picture(strokes).convert("L").resize((SIDE, SIDE))
    return _unit(1 - np.asarray(small, dtype=float) / 255)


def of_cut_out(pixels: NDArray[np.uint8]) -> Vector:
    """An RGBA picture as a vector of length 1: colours where it is opaque, and its outline."""
    image = Image.fromarray(pixels).convert("RGBA").resize((SIDE, SIDE))
    levels = np.asarray(image, dtype=float) / 255
    colours, alpha = levels[..., :3], levels[..., 3:]
    return _unit(np.concatenate([(colours - 0.5) * alpha, alpha - 0.5], axis=-1))


def nearly_one_of(vector: Vector, others: Iterable[Vector], limit: float) -> bool:
    """Whether one of some vectors points nearly the same way."""
    return any(float(vector @ other) >= limit for other in others)


def _unit(levels: NDArray[np.float64]) -> Vector:
    flat: Vector = levels.ravel()
    return flat / np.linalg.norm(flat)
