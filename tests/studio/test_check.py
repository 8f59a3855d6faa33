import numpy as np
import pytest
from PIL import Image

from tools.studio.check import accepted_classes, network_input, quartile


@pytest.mark.parametrize(
    ("evidence", "quarter"), [(0, 0), (0.25, 0), (0.26, 1), (0.5, 1), (0.75, 2), (0.76, 3), (1, 3)]
)
def test_quartiles_hold_their_upper_end(evidence, quarter) -> None:
    assert quartile(evidence) == quarter


def test_every_accepted_class_is_one_of_imagenet() -> None:
    assert all(min(c) >= 0 and max(c) < 1000 for c in accepted_classes().values())
    assert accepted_classes()["dog"] == frozenset(range(151, 269))
    assert accepted_classes()["teapot"] == frozenset({849})


def test_a_picture_is_fitted_whole_into_the_classifiers_square() -> None:
    pixels = network_input(Image.new("RGB", (520, 130), (255, 255, 255)))
    assert pixels.shape == (3, 260, 260)
    assert pixels[:, 130, 0] == pytest.approx(np.ones(3))  # the full width is used
    assert pixels[:, 0, 130] == pytest.approx(np.zeros(3))  # grey above
