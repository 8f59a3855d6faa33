"""Dealing: everything once, twins together, evenly mixed, ever smaller shares."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.engine.journal import Key
from askfirst.engine.run import plan_run
from askfirst.engine.shares import Deck, Share, Unit, units_to_play
from askfirst.providers.gpus import worker_gpus


def units(*sizes: int) -> list[Unit]:
    """Units of as many models as there are sizes, each a sample with its twin."""
    return [
        ((f"m{model}", "QD", sample), (f"m{model}", "QD", sample + 1_000_000))
        for model, size in enumerate(sizes)
        for sample in range(size)
    ]


def dealt(deck: Deck) -> list[Share]:
    shares = []
    while share := deck.deal():
        shares.append(share)
    return shares


@given(st.lists(st.integers(0, 80), min_size=1, max_size=3), st.integers(1, 9), st.integers(1, 20))
def test_every_unit_is_dealt_once_and_no_share_has_two_models(
    sizes: list[int], workers: int, smallest: int
) -> None:
    deck = Deck(units(*sizes), workers, smallest)
    shares = dealt(deck)
    assert [unit for share in shares for unit in share.units] == units(*sizes)
    assert all(len({model for model, _, _ in share.keys}) == 1 for share in shares)
    assert len(deck) == 0


def test_shares_shrink_towards_the_end_but_not_below_the_smallest() -> None:
    sizes = [len(share.units) for share in dealt(Deck(units(200), workers=2, smallest=16))]
    assert sizes == [50, 38, 28, 21, 16, 16, 16, 15]


def test_a_short_run_has_a_share_for_everybody() -> None:
    assert [len(s.units) for s in dealt(Deck(units(6), workers=3, smallest=16))] == [2, 2, 2]


@given(st.data(), st.integers(1, 5))
def test_what_is_put_back_is_dealt_again_and_last(data: st.DataObject, workers: int) -> None:
    deck = Deck(units(40), workers, smallest=4)
    share = deck.deal()
    assert share is not None
    unplayed = data.draw(st.sets(st.sampled_from(sorted(share.keys))))
    before = len(deck)
    deck.put_back(share, unplayed)
    assert len(deck) == before + len(unplayed)
    rest: list[Key] = [key for s in dealt(deck) for unit in s.units for key in unit]
    assert set(rest[before:]) == unplayed


def test_scenarios_are_mixed_evenly_and_twins_stay_beside_their_samples() -> None:
    spec = plan_run(["baseline/oracle"], limit=20)
    found = units_to_play(spec, frozenset())
    assert sum(map(len, found)) == spec.size
    half = Counter(unit[0][1] for unit in found[: len(found) // 2])
    assert set(half.values()) == {10}
    for first, *twins in found:
        assert [twin[:2] for twin in twins] == [first[:2]] * len(twins)
        assert [twin[2] - first[2] for twin in twins] == [1_000_000] * len(twins)


def test_what_is_finished_is_not_dealt(tiny_suite: Path) -> None:
    spec = replace(
        plan_run(["baseline/oracle", "baseline/blind"], str(tiny_suite), ["QD"], limit=1),
        models=("a", "b"),
    )
    (sample, twin) = spec.selection["QD"]
    finished = {("a", "QD", sample.id), ("a", "QD", twin.id), ("b", "QD", sample.id)}
    assert units_to_play(spec, finished) == [(("b", "QD", twin.id),)]


@pytest.mark.parametrize(
    ("per_worker", "gpus", "seen"),
    [
        (1, [], [[], [], []]),
        (1, ["0"], [["0"], ["0"], ["0"]]),
        (1, ["0", "1"], [["0"], ["1"], ["0"]]),
        (2, ["0", "1", "2", "3"], [["0", "1"], ["2", "3"], ["0", "1"]]),
        (0.5, ["4", "7"], [["4"], ["4"], ["7"]]),
        (0, ["0", "1"], [["0", "1"]] * 3),
        (4, ["0", "1"], [["0", "1"]] * 3),
    ],
)
def test_gpus_are_dealt_in_a_circle(
    per_worker: float, gpus: list[str], seen: list[list[str]]
) -> None:
    assert [worker_gpus(worker, per_worker, gpus) for worker in range(3)] == seen
