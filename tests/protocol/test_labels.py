"""Labels of the options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.protocol.labels import codepoint_labels, unique_labels


@pytest.mark.parametrize("labels", [codepoint_labels, unique_labels])
def test_up_to_26_options_have_the_letters_of_the_alphabet(labels):
    assert "".join(labels(26)) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert labels(0) == ()


@pytest.mark.parametrize(("i", "label"), [(26, "["), (27, "\\"), (31, "`"), (32, "a")])
def test_published_labels_go_on_with_the_next_code_points(i, label):
    assert codepoint_labels(40)[i] == label


@pytest.mark.parametrize(
    ("i", "label"), [(26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_unique_labels_go_on_with_two_letters(i, label):
    assert unique_labels(703)[i] == label


@given(st.integers(0, 2000))
def test_unique_labels_differ_whatever_their_case(n):
    assert len({label.lower() for label in unique_labels(n)}) == n


@pytest.mark.parametrize("labels", [codepoint_labels, unique_labels])
def test_a_negative_number_is_refused(labels):
    with pytest.raises(ValueError, match="negative"):
        labels(-1)
