"""Paired comparisons: by hand, against scipy and statsmodels, and what may be concluded."""

import numpy as np
import pytest
from scipy.stats import ttest_rel
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

from askfirst.errors import AskFirstError
from askfirst.metrics.compare import Comparison, compare
from askfirst.metrics.difference import MACRO, Difference
from askfirst.protocol.episode import Episode
from tests.metrics.played import baseline_episodes, episode

RNG = np.random.default_rng(11)


def rights(flags: np.ndarray) -> list[Episode]:
    return [
        episode("right" if flag else "wrong", sample=n, cluster=str(n))
        for n, flag in enumerate(flags)
    ]


def row(comparison: Comparison, key: str, scenario: str) -> Difference:
    return next(r for r in comparison.rows if (r.key, r.scenario) == (key, scenario))


def test_a_difference_of_single_episodes_is_the_paired_t_test() -> None:
    first = RNG.uniform(size=60) < 0.4
    second = first ^ (RNG.uniform(size=60) < 0.3)
    found = row(
        compare({"QD": rights(first)}, {"QD": rights(second)}, resamples=40_000), "acc", "QD"
    )
    test = ttest_rel(100.0 * second, 100.0 * first)
    ends = test.confidence_interval()
    assert found.difference.value == pytest.approx(100 * (second.mean() - first.mean()))
    assert (found.difference.low, found.difference.high) == pytest.approx(
        (ends.low, ends.high), abs=0.3
    )
    assert found.p == pytest.approx(test.pvalue, abs=0.01)
    assert found.difference.clusters == 60


def test_the_detectable_difference_would_be_found_four_times_in_five() -> None:
    first, second = (RNG.uniform(size=80) < 0.5 for _ in range(2))
    found = row(
        compare({"QD": rights(first)}, {"QD": rights(second)}, resamples=20_000), "acc", "QD"
    )
    spread = float(np.std(100.0 * second - 100.0 * first, ddof=1))
    power = TTestPower().power((found.detectable or 0) / spread, nobs=80, alpha=0.05)
    assert power == pytest.approx(0.8, abs=0.02)


def test_q_values_are_those_of_benjamini_and_hochberg_over_the_scenarios() -> None:
    flags = {key: RNG.uniform(size=(2, 40)) < [[0.4], [high]] for key, high in
             (("QD", 0.5), ("ROD", 0.7), ("CIT", 0.9))}  # fmt: skip
    made = compare(
        {key: rights(pair[0]) for key, pair in flags.items()},
        {key: rights(pair[1]) for key, pair in flags.items()},
        keys=("acc",),
        resamples=500,
    )
    single = [r for r in made.rows if r.scenario != MACRO]
    expected = multipletests([r.p for r in single], method="fdr_bh")[1]
    assert [r.q for r in single] == pytest.approx(list(expected))
    assert made.rows[-1].scenario == MACRO
    assert made.rows[-1].q is None
    assert made.rows[-1].difference.value == pytest.approx(
        np.mean([r.difference.value for r in single])
    )


def test_pairing_takes_out_what_makes_samples_hard_for_both() -> None:
    hard = RNG.uniform(size=100) < 0.5
    second = hard.copy()
    second[:6] = True
    shuffled = RNG.permutation(second)
    paired, strangers = (
        row(compare({"QD": rights(hard)}, {"QD": rights(other)}, resamples=2_000), "acc", "QD")
        for other in (second, shuffled)
    )
    assert (paired.detectable or 0) < (strangers.detectable or 0) / 2


def test_swapping_the_models_turns_every_sign() -> None:
    first, second = (baseline_episodes(name, ("QD", "IN-C")) for name in ("uniform", "oracle"))
    one = compare(first, second, resamples=200)
    other = compare(second, first, resamples=200)
    for there, back in zip(one.rows, other.rows, strict=True):
        assert (there.p, there.q, there.detectable) == (back.p, back.q, back.detectable)
        if there.difference.value is not None:
            assert there.difference.value == pytest.approx(-(back.difference.value or 0))


def test_errors_and_samples_of_one_run_only_are_left_out() -> None:
    first = [*rights(np.array([True, False, True])), episode("error", sample=9)]
    second = [*rights(np.array([True, True])), episode("right", sample=9)]
    made = compare({"QD": first}, {"QD": second}, resamples=50)
    assert (made.paired, made.left_out) == (2, 2)
    assert row(made, "acc", "QD").a == 50


def test_runs_without_a_common_sample_cannot_be_compared() -> None:
    with pytest.raises(AskFirstError, match="nothing to compare"):
        compare({"QD": [episode("right", sample=1)]}, {"QD": [episode("right", sample=2)]})


def test_samples_that_are_not_the_same_are_not_paired() -> None:
    with pytest.raises(AskFirstError, match="sample 1 is not the same"):
        compare({"QD": [episode("right")]}, {"QD": [episode("right", cluster="elsewhere")]})


def test_what_is_alike_in_every_cluster_has_the_p_value_of_a_sign_flip_test() -> None:
    made = compare({"QD": rights(np.zeros(6))}, {"QD": rights(np.ones(6))}, resamples=50)
    found = row(made, "acc", "QD")
    assert found.difference.value == 100
    assert found.difference.low is None
    assert found.p == pytest.approx(2 / 2**6)


def test_the_sentence_says_who_is_ahead_where_that_is_certain() -> None:
    first, second = np.arange(100) < 30, np.arange(100) < 60
    made = compare({"QD": rights(first)}, {"QD": rights(second)}, names=("small", "large"),
                   resamples=500)  # fmt: skip
    assert "large has more accuracy than small: 30.0 points" in made.sentence
    assert "(1 of 1): QD" in made.sentence


def test_the_sentence_says_what_would_have_been_missed_where_nothing_is_certain() -> None:
    first, second = np.arange(40) % 2 == 0, np.arange(40) % 3 == 0
    made = compare({"QD": rights(first)}, {"QD": rights(second)}, names=("a", "b"), resamples=500)
    found = row(made, "acc", MACRO)
    assert "it cannot be concluded that a and b differ in accuracy" in made.sentence
    assert f"a difference below {found.detectable:.1f} points" in made.sentence
    assert "No single scenario" in made.sentence


def test_a_comparison_as_json_holds_every_row() -> None:
    made = compare({"QD": rights(np.ones(3))}, {"QD": rights(np.zeros(3))}, resamples=50)
    content = made.to_json()
    assert len(content["differences"]) == len(made.rows)
    assert content["differences"][0]["difference"]["value"] == -100
