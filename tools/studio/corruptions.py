"""Corruptions of photographs: the kinds and severities of ImageNet-C, with an explicit generator.

Kinds, parameters and effects: Hendrycks and Dietterich, "Benchmarking Neural Network Robustness to
Common Corruptions and Perturbations", ICLR 2019, and the package that came with it. The parameters
are meant for pictures of about 224 pixels and are lengths in pixels; they are not scaled. Frost is
left out because it needs photographs of frost, spatter because it needs an edge detector.
"""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage, signal

Pixels = NDArray[np.uint8]
Unit = NDArray[np.floating[Any]]
"""Colours as height × width × 3 numbers in [0, 1]."""

WHOLE = 1e-6  # keeps a whole level whole where arithmetic lands just below it
LUMA = (0.299, 0.587, 0.114)  # weights of red, green and blue in brightness (ITU-R BT.601)


def corrupt(image: Pixels, kind: str, severity: int, rng: np.random.Generator) -> Pixels:
    """A corrupted copy of a picture.

    Args:
        image: height × width × 3 levels, uint8.
        kind: One of `CORRUPTIONS`.
        severity: From 1 (slight) to 5 (severe).
        rng: Where all randomness comes from; deterministic kinds do not touch it.

    Returns:
        Array of the same shape, uint8.

    Raises:
        ValueError: Unknown kind, severity out of range, or something else than an RGB picture.
    """
    if kind not in _KINDS:
        raise ValueError(f"unknown corruption {kind!r}: choose from {', '.join(CORRUPTIONS)}")
    apply, severities = _KINDS[kind]
    if severity not in range(1, len(severities) + 1):
        raise ValueError(f"severity must be 1 to {len(severities)}, not {severity!r}")
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"expected height × width × 3 uint8, not {image.shape} {image.dtype}")
    corrupted = apply(image / 255, severities[severity - 1], rng)
    return _levels(corrupted)


def _levels(unit: Unit) -> Pixels:
    """Levels 0…255, cut off below the point as the published pictures are."""
    return (np.clip(unit, 0, 1) * 255 + WHOLE).astype(np.uint8)


# Noise


def _gaussian_noise(unit: Unit, scale: float, rng: np.random.Generator) -> Unit:
    return unit + rng.normal(scale=scale, size=unit.shape)


def _shot_noise(unit: Unit, photons: float, rng: np.random.Generator) -> Unit:
    return rng.poisson(unit * photons) / photons


def _impulse_noise(unit: Unit, share: float, rng: np.random.Generator) -> Unit:
    hit = rng.random(unit.shape) <= share
    white = rng.random(unit.shape) <= 0.5
    return np.where(hit, white.astype(float), unit)


def _speckle_noise(unit: Unit, scale: float, rng: np.random.Generator) -> Unit:
    return unit * (1 + rng.normal(scale=scale, size=unit.shape))


# Blur


def _gaussian_blur(unit: Unit, sigma: float, rng: np.random.Generator) -> Unit:
    return _smooth(unit, sigma)


def _smooth(unit: Unit, sigma: float) -> Unit:
    return ndimage.gaussian_filter(unit, (sigma, sigma, 0), mode="nearest")


def _glass_blur(unit: Unit, how: tuple[float, int, int], rng: np.random.Generator) -> Unit:
    """Smooth, swap each pixel with one nearby, again and again, and smooth."""
    sigma, reach, rounds = how
    height, width = unit.shape[:2]
    flat = _levels(_smooth(unit, sigma)).reshape(-1, 3)
    source = list(range(height * width))
    for _ in range(rounds):
        shifts = rng.integers(-reach, reach, size=(height, width, 2)).tolist()
        for row in range(height - reach, reach, -1):
            for column in range(width - reach, reach, -1):
                down, across = shifts[row][column]
                here, there = row * width + column, (row + down) * width + column + across
                source[here], source[there] = source[there], source[here]
    return _smooth(flat[source].reshape(unit.shape) / 255, sigma)


def _defocus_blur(unit: Unit, how: tuple[int, float], rng: np.random.Generator) -> Unit:
    """Spread each pixel over a disk whose edge is softened."""
    radius, softness = how
    reach = max(radius, 8)
    steps = np.arange(-reach, reach + 1)
    disk = (steps[:, None] ** 2 + steps**2 <= radius**2).astype(float)
    edge = 1 if radius <= 8 else 2
    disk = ndimage.gaussian_filter(disk / disk.sum(), softness, mode="mirror", radius=edge)
    return _convolve(unit, disk)


def _convolve(unit: Unit, kernel: NDArray[np.float64]) -> Unit:
    """Same-size convolution with a kernel of odd sides; the picture is mirrored at its borders."""
    down, across = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(unit, ((down, down), (across, across), (0, 0)), mode="reflect")
    return signal.oaconvolve(padded, kernel[..., None], mode="valid", axes=(0, 1))


def _motion_blur(unit: Unit, how: tuple[int, float], rng: np.random.Generator) -> Unit:
    return _trail(unit, how[0], how[1], rng.uniform(-45, 45))


def _trail(unit: Unit, radius: int, sigma: float, angle: float) -> Unit:
    """Mean of shifted copies, weighted by half a bell curve.

    Args:
        unit: height × width × channels.
        radius: Half the longest shift, in pixels.
        sigma: Width of the bell curve, in pixels.
        angle: Direction in degrees; 0 is horizontal.
    """
    count = 2 * radius + 1
    weights = np.exp(-(np.arange(count) ** 2) / (2 * sigma**2))
    weights /= weights.sum()
    heading = np.deg2rad(angle)
    height, width = unit.shape[:2]
    blurred = np.zeros_like(unit)
    for step, weight in enumerate(weights):
        down = np.ceil(step * np.sin(heading) - 0.5)
        across = np.ceil(step * np.cos(heading) - 0.5)
        if abs(down) >= height or abs(across) >= width:
            break
        rows = np.clip(np.arange(height) + int(down), 0, height - 1)
        columns = np.clip(np.arange(width) + int(across), 0, width - 1)
        blurred += weight * unit[rows[:, None], columns]
    return blurred


def _zoom_blur(unit: Unit, how: tuple[float, float], rng: np.random.Generator) -> Unit:
    """Mean of the picture and of enlarged copies of its middle, up to a largest enlargement."""
    factors = np.arange(1, *how)
    total = unit + sum(_enlarge(unit, factor) for factor in factors)
    return total / (len(factors) + 1)


def _enlarge(unit: Unit, factor: float) -> Unit:
    """The middle of a picture, enlarged to the picture's size."""
    height, width = unit.shape[:2]
    kept = [int(np.ceil(length / factor)) for length in (height, width)]
    top, left = (height - kept[0]) // 2, (width - kept[1]) // 2
    middle = unit[top : top + kept[0], left : left + kept[1]]
    return ndimage.zoom(middle, (factor, factor, 1), order=1)[:height, :width]


# Weather


def _fog(unit: Unit, how: tuple[float, float], rng: np.random.Generator) -> Unit:
    density, decay = how
    height, width = unit.shape[:2]
    haze = _clouds(1 << (max(height, width) - 1).bit_length(), decay, rng)
    brightest = unit.max()
    fogged = unit + density * haze[:height, :width, None]
    return fogged * brightest / (brightest + density)


def _clouds(size: int, decay: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A size × size height map in [0, 1] by the diamond-square method; it tiles.

    Args:
        size: A power of two, at least 2.
        decay: By how much the roughness shrinks from one scale to the next finer.
    """
    field = np.zeros((size, size))
    step, rough = size, 100.0
    while step >= 2:
        half = step // 2
        corners = field[::step, ::step]

        def jitter(total: NDArray[np.float64], rough: float = rough) -> NDArray[np.float64]:
            return total / 4 + rough * rng.uniform(-rough, rough, total.shape)

        pairs = corners + np.roll(corners, -1, axis=0)
        field[half::step, half::step] = centres = jitter(pairs + np.roll(pairs, -1, axis=1))
        above = centres + np.roll(centres, 1, axis=0) + corners + np.roll(corners, -1, axis=1)
        field[::step, half::step] = jitter(above)
        beside = centres + np.roll(centres, 1, axis=1) + corners + np.roll(corners, -1, axis=0)
        field[half::step, ::step] = jitter(beside)
        step, rough = half, rough / decay
    field -= field.min()
    return field / field.max()


def _snow(unit: Unit, how: tuple[float, ...], rng: np.random.Generator) -> Unit:
    """Flakes with trails over a picture that is drained of colour and brightened."""
    mean, spread, size, least, radius, sigma, kept = how
    flakes = rng.normal(mean, spread, (*unit.shape[:2], 1))
    flakes = _enlarge(flakes, size)
    flakes = np.clip(np.where(flakes < least, 0, flakes), 0, 1)
    flakes = _trail(flakes, int(radius), sigma, rng.uniform(-135, -45))
    grey = (unit @ LUMA)[..., None]
    pale = kept * unit + (1 - kept) * np.maximum(unit, grey * 1.5 + 0.5)
    return pale + flakes + np.rot90(flakes, 2)


def _brightness(unit: Unit, more: float, rng: np.random.Generator) -> Unit:
    """Raise the value (of hue, saturation, value); black becomes grey."""
    value = unit.max(axis=2, keepdims=True)
    raised = np.clip(value + more, 0, 1)
    return np.where(value > 0, unit * raised / np.where(value > 0, value, 1), raised)


# Digital


def _contrast(unit: Unit, kept: float, rng: np.random.Generator) -> Unit:
    mean = unit.mean(axis=(0, 1))
    return (unit - mean) * kept + mean


def _saturate(unit: Unit, how: tuple[float, float], rng: np.random.Generator) -> Unit:
    """Change the saturation (of hue, saturation, value); grey counts as red, as published."""
    factor, more = how
    value = unit.max(axis=2, keepdims=True)
    lack = value - unit
    span = lack.max(axis=2, keepdims=True)
    saturation = span / np.where(value > 0, value, 1)
    changed = np.clip(saturation * factor + more, 0, 1)
    red = value * np.array([0.0, 1.0, 1.0])
    return value - np.where(span > 0, lack * value / np.where(span > 0, span, 1), red) * changed


def _pixelate(unit: Unit, factor: float, rng: np.random.Generator) -> Unit:
    picture = Image.fromarray(_levels(unit))
    small = [max(1, int(length * factor)) for length in picture.size]
    coarse = picture.resize((small[0], small[1]), Image.Resampling.BOX)
    return np.asarray(coarse.resize(picture.size, Image.Resampling.NEAREST)) / 255


def _jpeg_compression(unit: Unit, quality: int, rng: np.random.Generator) -> Unit:
    buffer = io.BytesIO()
    Image.fromarray(_levels(unit)).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as picture:
        return np.asarray(picture) / 255


def _elastic_transform(unit: Unit, strength: float, rng: np.random.Generator) -> Unit:
    """Pull the picture about by a smooth random field."""
    height, width, channels = unit.shape
    most = height * 0.005
    sigma = (height * 0.01, width * 0.01)
    across, down = (
        ndimage.gaussian_filter(rng.uniform(-most, most, (height, width)), sigma, truncate=3)
        for _ in range(2)
    )
    rows, columns = np.mgrid[:height, :width]
    places = (rows + strength * down, columns + strength * across)
    pulled = [
        ndimage.map_coordinates(unit[..., channel], places, order=1, mode="reflect")
        for channel in range(channels)
    ]
    return np.stack(pulled, axis=2)


_KINDS: dict[str, tuple[Callable[[Unit, Any, np.random.Generator], Unit], tuple[Any, ...]]] = {
    # standard deviation
    "gaussian_noise": (_gaussian_noise, (0.08, 0.12, 0.18, 0.26, 0.38)),
    # photons that make white
    "shot_noise": (_shot_noise, (60, 25, 12, 5, 3)),
    # share of levels replaced
    "impulse_noise": (_impulse_noise, (0.03, 0.06, 0.09, 0.17, 0.27)),
    # standard deviation in shares of the level
    "speckle_noise": (_speckle_noise, (0.15, 0.2, 0.35, 0.45, 0.6)),
    # standard deviation
    "gaussian_blur": (_gaussian_blur, (1, 2, 3, 4, 6)),
    # standard deviation, longest swap, rounds
    "glass_blur": (_glass_blur, ((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2))),
    # radius, softness of the edge
    "defocus_blur": (_defocus_blur, ((3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5))),
    # half of the longest shift, standard deviation
    "motion_blur": (_motion_blur, ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15))),
    # enlargements from 1 up to (not including), step
    "zoom_blur": (
        _zoom_blur,
        ((1.11, 0.01), (1.16, 0.01), (1.21, 0.02), (1.26, 0.02), (1.31, 0.03)),
    ),
    # density, decay of the roughness
    "fog": (_fog, ((1.5, 2), (2.0, 2), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4))),
    # mean, deviation, size and least value of flakes; shift and deviation of trails; colour kept
    "snow": (
        _snow,
        (
            (0.1, 0.3, 3, 0.5, 10, 4, 0.8),
            (0.2, 0.3, 2, 0.5, 12, 4, 0.7),
            (0.55, 0.3, 4, 0.9, 12, 8, 0.7),
            (0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
            (0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
        ),
    ),
    # added to the value
    "brightness": (_brightness, (0.1, 0.2, 0.3, 0.4, 0.5)),
    # share kept of the distance from the mean
    "contrast": (_contrast, (0.4, 0.3, 0.2, 0.1, 0.05)),
    # factor of and addition to the saturation
    "saturate": (_saturate, ((0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2))),
    # share of the resolution kept
    "pixelate": (_pixelate, (0.6, 0.5, 0.4, 0.3, 0.25)),
    # quality
    "jpeg_compression": (_jpeg_compression, (25, 18, 15, 10, 7)),
    # pixels by which the field pulls, relative to 1/200 of the height
    "elastic_transform": (_elastic_transform, (12.5, 16.25, 21.25, 25.0, 30.0)),
}
"""How each kind works, and its parameter at severity 1 … 5."""

CORRUPTIONS: tuple[str, ...] = tuple(_KINDS)
"""The kinds, in no order of meaning."""
