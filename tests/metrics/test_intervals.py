"""Intervals against statsmodels and scipy, and where each of them is used."""

import numpy as np
import pytest
from scipy.stats import bootstrap, t
from statsmodels.stats.proportion import proportion_confint

from askfirst.metrics.estimation import BOOTSTRAP, CLOPPER_PEARSON, MOVER, NO_INTERVAL, WILSON
from askfirst.metrics.group import group_of, pooled
from askfirst.metrics.intervals import (
    bootstrap_interval,
    clopper_pearson,
    mean_of_intervals,
    satterthwaite,
    wilson,
    within,
)
from askfirst.metrics.measures import measure
from askfirst.metrics.resample import resample, weights
from askfirst.metrics.run_measures import model_measures
from askfirst.protocol.episode import Episode
from tests.metrics.played import episode

PROPORTIONS = [(0, 5), (1, 7), (21, 42), (41, 42), (42, 42)]


@pytest.mark.parametrize(("successes", "n"), PROPORTIONS)
def test_proportions_as_in_statsmodels(successes: int, n: int) -> None:
    assert wilson(successes, n) == pytest.approx(proportion_confint(successes, n, method="wilson"))
    exact = proportion_confint(successes, n, method="beta")
    assert clopper_pearson(successes, n) == pytest.approx(exact)


def group(rights: list[list[bool]]) -> list[Episode]:
    """One list a cluster, one flag an episode: right at once or wrong."""
    return [
        episode("right" if right else "wrong", sample=100 * c + i, cluster=str(c))
        for c, cluster in enumerate(rights)
        for i, right in enumerate(cluster)
    ]


def test_one_episode_a_cluster_makes_a_wilson_interval() -> None:
    found = measure(group([[True]] * 3 + [[False]] * 4), resamples=20)["acc"]
    low, high = wilson(3, 7)
    assert (found.method, found.clusters, found.n) == (WILSON, 7, 7)
    assert (found.low, found.high) == pytest.approx((100 * low, 100 * high))


def test_where_all_went_alike_clusters_count_instead_of_episodes() -> None:
    found = measure(group([[True] * 10] * 4), resamples=20)["acc"]
    assert found.method == CLOPPER_PEARSON
    assert (found.low, found.high) == pytest.approx((100 * clopper_pearson(4, 4)[0], 100))


def test_alike_episodes_of_a_scene_widen_the_interval() -> None:
    apart = measure(group([[True, False]] * 20), resamples=2_000)["acc"]
    alike = measure(group([[True, True], [False, False]] * 10), resamples=2_000)["acc"]
    assert apart.method == NO_INTERVAL  # every scene has one right and one wrong
    assert alike.method == BOOTSTRAP
    assert alike.low is not None
    assert alike.high is not None
    # About as wide as 20 independent episodes make it, not 40.
    assert alike.high - alike.low == pytest.approx(2 * 2.09 * 100 * 0.5 / np.sqrt(19), rel=0.1)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    episodes = group([[True, False, True], [False, False], [True]] * 4)
    first, same, other = (measure(episodes, resamples=200, seed=seed)["acc"] for seed in (1, 1, 2))
    assert first == same
    assert (first.low, first.high) != (other.low, other.high)


def test_resamples_draw_whole_clusters_with_the_right_mean_and_variance() -> None:
    drawn = weights(20_000, 8, np.random.default_rng(0))
    values = np.arange(8.0)
    totals = drawn @ values
    assert np.allclose(drawn.sum(axis=1), 8)
    assert totals.mean() == pytest.approx(values.sum(), rel=0.01)
    assert totals.var() == pytest.approx(8 * values.var(ddof=1), rel=0.03)  # unbiased: Rao and Wu


def test_resampled_sums_are_weighted_sums_of_clusters() -> None:
    sums = group_of(group([[True], [False, False], [True, False]]), 10, 0).clusters
    drawn = resample(sums, 50, np.random.default_rng(3))
    expected = weights(50, 3, np.random.default_rng(3)) @ sums.values
    assert np.allclose(drawn.values, expected)


def test_the_bootstrap_interval_reaches_as_far_as_bca_and_as_students_t() -> None:
    rng = np.random.default_rng(0)
    data = rng.exponential(size=400)
    value = float(data.mean())
    draws = data[rng.integers(400, size=(20_000, 400))].mean(axis=1)
    found = bootstrap_interval(value, draws, value - (data.sum() - data) / 399, 399)
    bca = bootstrap((data,), np.mean, n_resamples=20_000, method="BCa", rng=rng)
    bca_ends = bca.confidence_interval
    reach = float(t.ppf(0.975, 399)) * float(draws.std())
    assert found is not None
    assert found[0] == pytest.approx(min(bca_ends.low, value - reach), abs=0.005)
    assert found[1] == pytest.approx(max(bca_ends.high, value + reach), abs=0.005)


def test_there_is_no_bootstrap_interval_without_variation_or_with_undefined_resamples() -> None:
    assert bootstrap_interval(1.0, np.ones(100), np.zeros(4), 3) is None
    broken = np.where(np.arange(100) < 10, np.nan, np.arange(100.0))
    assert bootstrap_interval(50.0, broken, np.zeros(4), 3) is None
    assert bootstrap_interval(50.0, np.arange(100.0), np.zeros(1), 0) is None


def test_an_interval_is_cut_to_what_is_possible() -> None:
    assert within((-3.0, 40.0), (0.0, 100.0)) == (0.0, 40.0)


def test_a_mean_of_symmetric_intervals_adds_variances() -> None:
    assert mean_of_intervals([0, 10], [(-3, 3), (6, 14)]) == pytest.approx((2.5, 7.5))


def test_satterthwaite_of_equal_variances_adds_degrees_of_freedom() -> None:
    assert satterthwaite([2.0, 2.0], [10, 10]) == pytest.approx(20)
    assert satterthwaite([2.0, 0.0], [10, 10]) == pytest.approx(10)


def test_a_macro_average_keeps_the_uncertainty_of_a_scenario_that_went_all_alike() -> None:
    mixed, alike = group([[True, False], [True, True], [False]] * 5), group([[True, True]] * 5)
    found = model_measures({"QD": mixed, "ROD": alike}, resamples=500)
    own = [found.scenarios[key]["acc"] for key in ("QD", "ROD")]
    assert [part.method for part in own] == [BOOTSTRAP, CLOPPER_PEARSON]
    macro = found.macro["acc"]
    assert macro.method == MOVER
    down = np.hypot(*[(part.value or 0) - (part.low or 0) for part in own]) / 2
    assert macro.low == pytest.approx((macro.value or 0) - down)


def test_pooling_adds_sums_and_resamples() -> None:
    first, second = (group_of(group(g), 30, 0) for g in ([[True], [False]], [[True, True]]))
    both = pooled([first, second])
    assert both.clusters.total["correct"] == 3
    assert np.allclose(
        both.resamples["correct"], first.resamples["correct"] + second.resamples["correct"]
    )
