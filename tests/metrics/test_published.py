"""acc, psr and the shares of outcomes, by hand."""

from dataclasses import replace

import pytest

from askfirst.metrics.published import acc, macro_average, outcome_shares, psr, summarise
from askfirst.protocol.episode import Episode, EpisodeOutcome
from tests.engine.test_journal import played

BASE = played("QD", "Boat.")
TURN = BASE.turns[0]


def episode(outcome: str, turns: int) -> Episode:
    return replace(BASE, outcome=EpisodeOutcome(outcome), turns=(TURN,) * turns)


GROUP = [
    episode("correct_now", 1),
    episode("correct_after_asking", 3),
    episode("exhausted", 5),
    episode("wrong_now", 1),
    episode("error", 2),
]


def test_errors_count_neither_for_nor_against() -> None:
    assert acc(GROUP) == 50
    assert psr(GROUP) == pytest.approx((0 + 2 + 4 + 0) / 4)


def test_shares_are_of_all_episodes_errors_included() -> None:
    shares = outcome_shares(GROUP)
    assert {name: share for name, share in shares.items() if share} == {
        "correct_now": 0.2,
        "correct_after_asking": 0.2,
        "exhausted": 0.2,
        "wrong_now": 0.2,
        "error": 0.2,
    }


def test_the_average_weighs_scenarios_alike() -> None:
    summary = summarise({"QD": GROUP, "ROD": [episode("correct_now", 1)]})
    average = summary["average"]
    assert (average["n"], average["errors"]) == (6, 1)
    assert average["acc"] == 75
    assert average["psr"] == pytest.approx(0.75)


def test_there_is_no_average_without_all_its_parts() -> None:
    assert macro_average([50, None]) is None
    assert macro_average([]) is None
