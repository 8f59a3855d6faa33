"""The published rules for reading a reply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.protocol.official_parser import Evaluation, judge
from askfirst.protocol.reading import ReadingStatus
from askfirst.scenarios.option import Option, OptionKind

ACTION, ABSTAIN, CATEGORY = OptionKind.ACTION, OptionKind.ABSTAIN, OptionKind.CATEGORY
CORRECT, WRONG, MISMATCH = Evaluation.CORRECT, Evaluation.WRONG, Evaluation.MISMATCH

OPTIONS = [
    Option("Rewind the video.", ACTION),
    Option("I cannot tell.", ABSTAIN, valid=False),
    Option("Deblur the image.", ACTION, valid=False),
    Option("Banana.", CATEGORY),
    Option("U.S. flag.", CATEGORY, valid=False),
    Option("3.", CATEGORY, valid=False),
]


@pytest.mark.parametrize(
    ("reply", "action", "category", "index"),
    [
        ("A", CORRECT, MISMATCH, 0),
        ("a", CORRECT, MISMATCH, 0),
        ("A\n", CORRECT, MISMATCH, 0),
        ("A. whatever it is", CORRECT, MISMATCH, 0),
        ("B", WRONG, MISMATCH, 1),
        ("C.", WRONG, MISMATCH, 2),
        ("D", MISMATCH, CORRECT, 3),
        ("E.", MISMATCH, WRONG, 4),
        ("Rewind the video.", CORRECT, MISMATCH, 0),
        ("  REWIND the  video. ", CORRECT, MISMATCH, 0),
        ("B. Rewind the video.", CORRECT, MISMATCH, 0),  # the text goes before the letter
        ("A.Banana.", CORRECT, CORRECT, 3),  # a letter for one block, a text for the other
        ("Answer: A. Banana.", MISMATCH, CORRECT, 3),
        ("u.s. flag.", MISMATCH, MISMATCH, None),  # the option's own prefix is cut, this is not
        ("U.S. flag.", MISMATCH, WRONG, 4),
        ("3.", MISMATCH, WRONG, 5),
        ("Banana", MISMATCH, MISMATCH, None),  # the period is part of the text
        ("I think.\nD. Banana.", MISMATCH, MISMATCH, None),  # only the first line is cut
        ("D.\nBanana.", MISMATCH, CORRECT, 3),
        ("(A)", MISMATCH, MISMATCH, None),
        ("The answer is A", MISMATCH, MISMATCH, None),
        ("Rewind\tthe video.", MISMATCH, MISMATCH, None),  # only spaces are dropped
        ("Z", MISMATCH, MISMATCH, None),
    ],
)
def test_each_block_is_judged_by_text_then_by_letter(reply, action, category, index):
    reading = judge(reply, OPTIONS)
    assert (reading.action_evaluation, reading.category_evaluation) == (action, category)
    assert reading.index == index
    assert reading.status is (ReadingStatus.NONE if index is None else ReadingStatus.OK)
    assert reading.kind == (None if index is None else OPTIONS[index].kind)


@pytest.mark.parametrize("reply", ["", " \n\t"])
def test_a_blank_reply_is_empty(reply):
    reading = judge(reply, OPTIONS)
    assert reading.status is ReadingStatus.EMPTY
    assert reading.index is None


def test_an_accepted_option_goes_before_an_equal_one_that_is_not():
    options = [Option("Wait.", ACTION, valid=False), Option("wait.", ACTION)]
    reading = judge("wait.", options)
    assert (reading.index, reading.action_evaluation) == (1, CORRECT)


def test_a_correct_action_goes_before_a_wrong_category():
    options = [Option("Wait.", ACTION), Option("Cup.", CATEGORY, valid=False)]
    reading = judge("A.Cup.", options)
    assert (reading.action_evaluation, reading.category_evaluation) == (CORRECT, WRONG)
    assert reading.index == 0


def test_a_wrong_category_goes_before_a_wrong_action():
    options = [Option("Wait.", ACTION, valid=False), Option("Cup.", CATEGORY, valid=False)]
    assert judge("A.Cup.", options).index == 1


def test_the_33rd_label_is_hidden_by_the_first_in_its_block_only():
    actions = [Option(f"Action {i} please.", ACTION) for i in range(33)]
    assert judge("a", actions).index == 0
    mixed = [*actions[:32], Option("Cup.", CATEGORY)]
    reading = judge("a", mixed)
    assert (reading.action_evaluation, reading.category_evaluation) == (CORRECT, CORRECT)
    assert reading.index == 32


def test_a_text_that_is_cut_to_nothing_equals_a_bare_label():
    options = [Option("Cup.", CATEGORY, valid=False), Option("Vitamin C.", CATEGORY)]
    assert judge("A.", options).index == 1


@pytest.mark.parametrize(
    ("reply", "span", "how"),
    [
        (" D ", (1, 2), "letter"),
        ("D. because", (0, 1), "letter"),
        ("D.  Banana. ", (4, 11), "text"),
    ],
)
def test_the_span_covers_the_words_that_decide(reply, span, how):
    reading = judge(reply, OPTIONS)
    assert (reading.span, reading.how) == (span, how)


@given(st.text(), st.lists(st.tuples(st.text(), st.sampled_from(OptionKind), st.booleans())))
def test_any_text_can_be_judged(reply, entries):
    options = [Option(*entry) for entry in entries]
    reading = judge(reply, options)
    mismatch = reading.action_evaluation is MISMATCH and reading.category_evaluation is MISMATCH
    assert (reading.index is None) == mismatch
    assert (reading.index is None) == (reading.status is not ReadingStatus.OK)
    if reading.index is not None:
        assert reading.kind is options[reading.index].kind
        start, end = reading.span
        assert 0 <= start <= end <= len(reply)
