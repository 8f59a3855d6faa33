"""QD: what holds for the drawings on the shelf and for the samples that ship."""

from collections import Counter

import pytest

pytest.importorskip("svgelements")

from askfirst.scenarios.move import Move, move_of
from askfirst.scenarios.sample import is_abstention
from askfirst.suites.suite import load_suite
from tools.studio.qd import (
    MOST_FRAMES,
    QUESTIONS,
    SUFFICIENT_AT,
    SUGGESTIONS,
    drawings,
    wrong_names,
)
from tools.studio.wordings import ABSTENTIONS

SUITES = {"test": "studio", "train": "studio-train"}


def shipped(split: str) -> list:
    return list(load_suite(SUITES[split]).samples["QD"])


def test_names_and_icons_are_unique_and_every_one_has_wrong_answers() -> None:
    shelf = drawings()
    assert len({drawing.name for drawing in shelf}) == len({d.slug for d in shelf}) == len(shelf)
    assert len({(d.package, d.icon) for d in shelf}) == len(shelf)
    assert min(len(wrong_names(drawing)) for drawing in shelf) >= 3


def test_no_name_is_offered_beside_one_that_it_could_pass_for() -> None:
    names = {drawing.name: wrong_names(drawing) for drawing in drawings()}
    assert "Circus tent" not in names["Tent"]
    assert "Tent" not in names["Circus tent"]
    assert all(name not in wrong for name, wrong in names.items())


def test_suggestions_are_known_by_their_words_and_abstentions_are_none() -> None:
    assert len(set(SUGGESTIONS)) >= 10 and len(set(QUESTIONS)) >= 10
    for text in SUGGESTIONS:
        assert move_of(text, (Move.DETAILS,)) is Move.DETAILS
        assert not is_abstention(text) and text.endswith(".")
    assert all(is_abstention(text) and text.endswith(".") for text in ABSTENTIONS)


@pytest.mark.parametrize(("split", "least"), [("test", 100), ("train", 60)])
def test_the_shipped_samples_keep_the_rules(split: str, least: int) -> None:
    samples = shipped(split)
    assert len({sample.answer for sample in samples}) >= least
    for sample in samples:
        truth = sample.truth
        assert 3 <= sample.num_images == len(truth.evidence) <= MOST_FRAMES
        assert list(truth.evidence) == sorted(set(truth.evidence))
        assert truth.evidence[0] <= 0.25 and truth.evidence[-1] == 1
        assert truth.sufficient == tuple(share >= SUFFICIENT_AT for share in truth.evidence)
        assert sample.reference_image == sample.num_images - 1
        assert sorted(map(is_abstention, sample.options)) == [False, True]
        assert len(set(sample.categories)) == 4


def test_no_drawing_is_in_both_splits() -> None:
    clusters = {split: {sample.cluster for sample in shipped(split)} for split in SUITES}
    assert not clusters["test"] & clusters["train"]


def test_the_right_answer_is_at_no_favoured_place() -> None:
    places = Counter(sample.categories.index(sample.answer) for sample in shipped("test"))
    assert set(places) == {0, 1, 2, 3} and max(places.values()) < 0.4 * places.total()
