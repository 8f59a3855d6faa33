"""References to pictures: texts that another process can open."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.errors import SuiteError
from askfirst.scenarios.picture import Crop, Picture, Resize
from askfirst.suites.pixels import open_picture
from askfirst.suites.reference import (
    PictureReference,
    from_uri,
    open_reference,
    refer,
    to_uri,
)
from askfirst.suites.suite import load_suite

corners = st.floats(0, 5000, allow_nan=False)
views = st.one_of(
    st.none(),
    st.builds(Resize, st.integers(1, 5000)),
    st.builds(Crop, corners, corners, corners, corners),
)


@given(st.text(min_size=1), views)
def test_a_reference_survives_its_uri(path: str, view: Crop | Resize | None) -> None:
    reference = PictureReference(Path("/suite"), path, "ab" * 32, view)
    assert from_uri(to_uri(reference)) == reference


@pytest.mark.parametrize("view", [None, Crop(2, 3, 20, 21), Resize(40)])
def test_a_reference_opens_the_same_pixels(tiny_suite: Path, view: Crop | Resize | None) -> None:
    suite = load_suite(str(tiny_suite))
    picture = Picture("rod/7.webp", view)
    opened = open_reference(from_uri(to_uri(refer(suite, picture))))
    assert opened.tobytes() == open_picture(suite, picture).tobytes()


def test_a_picture_that_is_not_of_the_suite_cannot_be_referred_to(tiny_suite: Path) -> None:
    with pytest.raises(SuiteError, match="not in the manifest"):
        refer(load_suite(str(tiny_suite)), Picture("rod/99.webp"))


@pytest.mark.parametrize("path", ["../secret.webp", "rod/99.webp"])
def test_a_reference_leads_to_no_other_file(tiny_suite: Path, path: str) -> None:
    with pytest.raises(SuiteError):
        open_reference(PictureReference(tiny_suite, path, "ab" * 32))


@pytest.mark.parametrize("uri", ["", "askfirst-picture:", "askfirst-picture:[]", "data:,"])
def test_what_is_no_reference_is_refused(uri: str) -> None:
    with pytest.raises(SuiteError, match="not a reference"):
        from_uri(uri)
