"""Nothing of the test split may teach."""

import numpy as np
import pytest

from askfirst.suites import load_suite
from tools.mini import likeness
from tools.mini.leaks import LeakError, check, drawings_of_test, emoji_of_test, of_test, test_models
from tools.studio.mvp_n_scene import LINES
from tools.studio.photographs import photographs
from tools.studio.rod_scene import table_objects
from tools.studio.strokes import Stroke

shown_models = test_models
"""Under a name that pytest does not take for a test."""
del test_models


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("object", "blendswap-cc-0/cactus"),
        ("object", "scopia/cone"),
        ("photo", photographs("test")[0].name),
        ("emoji", "@iconify-json/fluent-emoji/banana"),
        ("emoji", "@iconify-json/fluent-emoji-flat/banana"),
        ("drawing", "@iconify-json/{}/{}".format(*sorted(drawings_of_test())[0])),
    ],
)
def test_pictures_of_the_test_split_are_refused(kind: str, source: str) -> None:
    with pytest.raises(LeakError):
        check([(kind, source)])


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("object", "blendswap-cc-by/beer_bottle"),
        ("photo", photographs("train")[0].name),
        ("emoji", "@iconify-json/noto/banana"),
        ("emoji", "@iconify-json/fluent-emoji-flat/abacus"),
        ("drawing", "@iconify-json/hugeicons/acorn"),
    ],
)
def test_pictures_of_other_makers_are_not(kind: str, source: str) -> None:
    check([(kind, source)])


def drawing(split: str) -> tuple[Stroke, ...]:
    """A drawing whose kinks depend on a word."""
    rng = np.random.default_rng(len(split))
    return (rng.uniform(0, 255, (7, 2)),)


def test_a_drawing_is_known_by_another_name_and_another_is_not() -> None:
    first, other = drawing("test"), drawing("train")
    nudged = tuple(stroke + 1.0 for stroke in first)
    known = [likeness.of_drawing(first)]
    same, unlike = likeness.of_drawing(nudged), likeness.of_drawing(other)
    assert likeness.nearly_one_of(same, known, likeness.SAME_DRAWING)
    assert not likeness.nearly_one_of(unlike, known, likeness.SAME_DRAWING)


def test_a_catalogue_picture_is_known_by_its_looks() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (64, 64, 4), dtype=np.uint8)
    known = [likeness.of_cut_out(pixels)]
    assert likeness.nearly_one_of(likeness.of_cut_out(pixels), known, likeness.SAME_OBJECT)
    turned = likeness.of_cut_out(pixels[::-1, ::-1])
    assert not likeness.nearly_one_of(turned, known, likeness.SAME_OBJECT)


def test_every_object_of_the_test_split_is_known() -> None:
    objects = {o.model.lower() for o in table_objects() if o.split == "test"}
    assert objects <= shown_models()


def test_every_emoji_on_a_test_package_is_known() -> None:
    emoji = {sign for line in LINES if line.split == "test" for _, sign in line.kinds}
    assert emoji <= set(emoji_of_test())
    assert all(of_test("@iconify-json/fluent-emoji", name) for name in emoji_of_test().values())


def test_the_splits_share_no_picture_file() -> None:
    test, train = (
        {entry.sha256 for entry in load_suite(name).manifest.pictures.values()}
        for name in ("studio", "studio-train")
    )
    assert test and train and not test & train
