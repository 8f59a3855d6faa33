"""Corruptions: what holds for all of them, and that they are the published ones."""

import numpy as np
import pytest

from tools.studio.corruptions import CORRUPTIONS, corrupt

SEVERITIES = range(1, 6)


def photograph(height: int = 96, width: int = 128) -> np.ndarray:
    """Smooth colours with a bright disk, a black corner and a grey one."""
    rows, columns = np.mgrid[:height, :width]
    red, green = columns / width, rows / height
    blue = ((rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (height / 3) ** 2) * 0.7 + 0.1
    picture = (np.stack([red, green, blue], axis=2) * 255).astype(np.uint8)
    picture[:10, :10] = 0
    picture[-10:, -10:] = 128
    return picture


def generator() -> np.random.Generator:
    return np.random.default_rng(7)


def distance(picture: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(picture.astype(float) - other).mean())


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_shape_and_type_stay_and_the_picture_given_is_not_changed(kind: str) -> None:
    clean = photograph(61, 83)
    before = clean.copy()
    for severity in SEVERITIES:
        corrupted = corrupt(clean, kind, severity, generator())
        assert (corrupted.shape, corrupted.dtype) == ((61, 83, 3), np.uint8)
        assert (corrupted != clean).any()
    assert (clean == before).all()


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_the_same_generator_state_gives_the_same_pixels(kind: str) -> None:
    once, twice = (corrupt(photograph(), kind, 3, generator()) for _ in range(2))
    assert (once == twice).all()


RANDOM = (
    "gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "glass_blur", "motion_blur",
    "fog", "snow", "elastic_transform",
)  # fmt: skip


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_only_random_kinds_draw_from_the_generator(kind: str) -> None:
    rng = generator()
    corrupt(photograph(), kind, 3, rng)
    assert (rng.bit_generator.state != generator().bit_generator.state) == (kind in RANDOM)


# The saturation falls, then rises: severity 3 doubles it, which is nearer to the clean picture.
@pytest.mark.parametrize("kind", [kind for kind in CORRUPTIONS if kind != "saturate"])
def test_severity_takes_a_picture_farther_from_the_clean_one(kind: str) -> None:
    clean = photograph(160, 200)
    slight, severe = (
        np.mean([distance(corrupt(clean, kind, severity, generator()), clean) for severity in pair])
        for pair in ((1, 2), (4, 5))
    )
    assert severe > slight


@pytest.mark.parametrize(
    ("kind", "severity", "complaint"),
    [
        ("gaussian_noise", 0, "severity must be 1 to 5, not 0"),
        ("gaussian_noise", 6, "severity must be 1 to 5, not 6"),
        ("frost", 3, "unknown corruption 'frost': choose from gaussian_noise"),
    ],
)
def test_what_does_not_exist_is_a_clear_error(kind: str, severity: int, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        corrupt(photograph(), kind, severity, generator())


@pytest.mark.parametrize("wrong", [photograph() / 255, photograph()[..., 0]])
def test_only_colour_pictures_of_bytes_are_taken(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="height × width × 3 uint8"):
        corrupt(wrong, "contrast", 3, generator())


def test_hand_computed_levels() -> None:
    half = np.zeros((2, 2, 3), np.uint8)
    half[:, 1] = 200
    flat = np.full((4, 4, 3), (100, 50, 0), np.uint8)
    # mean 100, a twentieth of the distance kept
    assert corrupt(half, "contrast", 5, generator())[0].tolist() == [[95] * 3, [105] * 3]
    # value 100 + 0.2 · 255 = 151, and the other channels in proportion
    assert corrupt(flat, "brightness", 2, generator())[0, 0].tolist() == [151, 75, 0]
    # a tenth of the saturation kept: 100 − 0.1 · (0, 50, 100)
    assert corrupt(flat, "saturate", 2, generator())[0, 0].tolist() == [100, 95, 90]
    # 4 × 4 pixels reduced to 1 by a mean
    coarse = corrupt(half.repeat(2, axis=0).repeat(2, axis=1), "pixelate", 5, generator())
    assert (coarse == 100).all()


# Against the package of reference (Apache-2.0), which draws from numpy's old global generator.

TO_THE_BIT = ("shot_noise", "speckle_noise", "contrast", "pixelate", "jpeg_compression")
WITHIN_ONE_LEVEL = (
    "gaussian_noise", "gaussian_blur", "defocus_blur", "motion_blur", "zoom_blur", "fog",
    "brightness", "saturate", "elastic_transform",
)  # fmt: skip


def published(picture: np.ndarray, kind: str, severity: int, seed: int = 3) -> np.ndarray:
    reference = pytest.importorskip("imagecorruptions")
    np.random.seed(seed)
    return np.uint8(reference.corrupt(picture, corruption_name=kind, severity=severity))


def with_published_draws(picture: np.ndarray, kind: str, severity: int) -> np.ndarray:
    return corrupt(picture, kind, severity, np.random.RandomState(3))  # type: ignore[arg-type]


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("kind", TO_THE_BIT)
def test_equals_the_published_corruption(kind: str, severity: int) -> None:
    clean = photograph(150, 224)
    expected = published(clean, kind, severity)
    assert (with_published_draws(clean, kind, severity) == expected).all()


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("kind", WITHIN_ONE_LEVEL)
def test_is_within_one_level_of_the_published_corruption(kind: str, severity: int) -> None:
    clean = photograph(150, 224)
    expected = published(clean, kind, severity)
    ours = with_published_draws(clean, kind, severity)
    assert np.abs(ours.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("severity", SEVERITIES)
def test_snow_is_the_published_one_but_for_trails_that_come_in_from_outside(severity: int) -> None:
    clean = photograph(150, 224)
    expected = published(clean, "snow", severity)
    off = np.abs(with_published_draws(clean, "snow", severity).astype(int) - expected)
    assert (off <= 1).mean() > 0.98


# These draw in another order, and where glass blur swaps two pixels the reference, by an oversight,
# copies one over the other, which pulls its mean: they are compared by what is typical of them.
@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize(("kind", "levels"), [("impulse_noise", 1.5), ("glass_blur", 5.0)])
def test_has_the_statistics_of_the_published_corruption(
    kind: str, levels: float, severity: int
) -> None:
    clean = photograph(150, 224)
    ours, theirs = corrupt(clean, kind, severity, generator()), published(clean, kind, severity)
    assert ours.mean(axis=(0, 1)) == pytest.approx(theirs.mean(axis=(0, 1)), abs=levels)
    assert ours.std(axis=(0, 1)) == pytest.approx(theirs.std(axis=(0, 1)), abs=levels)
    assert distance(ours, clean) == pytest.approx(distance(theirs, clean), abs=levels)
