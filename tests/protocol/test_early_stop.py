"""When a reply that is being written may end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.protocol.early_stop import settled
from askfirst.protocol.labels import codepoint_labels, unique_labels

LABELS = ("A", "B", "C")
TEXTS = ("Move the block to the left.", "Move the block to the right.", "Banana.")


@pytest.mark.parametrize(
    ("reply", "whole"),
    [
        ("C. Ba", "C. Banana."),
        (" C.\nBanana", "C. Banana."),
        ("C.Banana.", "C. Banana."),
        ("A. Move the block to the l", "A. Move the block to the left."),
        # Not yet, or not at all:
        ("", None),
        ("C", None),
        ("C.", None),
        ("C. ", None),
        ("C. or B.", None),
        ("C, Ba", None),
        ("Banana", None),
        ("The answer is C. Ba", None),
        ("D. Ba", None),
        ("A. Ba", None),
        ("A. Move the block to the", None),
        ("C. Banana. or Move", None),
        ("C. It is", None),
    ],
)
def test_a_label_and_the_beginning_of_its_text_settle_a_reply(
    reply: str, whole: str | None
) -> None:
    assert settled(reply, LABELS, TEXTS) == whole


option_texts = st.lists(
    st.text("abAB .,-", min_size=1, max_size=12).map(str.strip).filter(bool),
    min_size=1,
    max_size=40,
)


@given(option_texts, st.data(), st.sampled_from([codepoint_labels, unique_labels]))
def test_a_reply_that_is_cut_becomes_the_reply_that_was_begun(
    texts: list[str], data: st.DataObject, style: object
) -> None:
    """So both parsers read the same, and a later turn is shown the same."""
    assert callable(style)
    labels = style(len(texts))
    chosen = data.draw(st.integers(0, len(texts) - 1))
    full = f"{labels[chosen]}. {texts[chosen]}"
    cut = full[: data.draw(st.integers(0, len(full)))]
    assert settled(cut, labels, texts) in (None, full)


@given(option_texts, st.data())
def test_every_reply_of_different_texts_settles_by_its_end(
    texts: list[str], data: st.DataObject
) -> None:
    labels = unique_labels(len(texts))
    chosen = data.draw(st.integers(0, len(texts) - 1))
    others = texts[:chosen] + texts[chosen + 1 :]
    settles = not any(other.startswith(texts[chosen]) for other in others)
    assert (settled(f"{labels[chosen]}. {texts[chosen]}", labels, texts) is not None) == settles
