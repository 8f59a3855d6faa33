"""Curves against statsmodels, and what they say of the baselines."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import t

from askfirst.metrics.curves import accuracy_curve, ask_curve, utility_curve
from askfirst.metrics.logistic import fit_logistic
from askfirst.metrics.measures import measure
from tests.metrics.played import baseline_episodes, episode

RNG = np.random.default_rng(7)
CLUSTER = np.repeat(np.arange(30), 8)
SHIFT = RNG.normal(0, 0.8, 30)[CLUSTER]
EVIDENCE = RNG.uniform(0, 1, 240)
ASKED = RNG.uniform(size=240) < 1 / (1 + np.exp(-(3 - 6 * EVIDENCE + SHIFT)))


def test_the_logistic_fit_is_that_of_statsmodels_with_clustered_errors() -> None:
    fit = fit_logistic(EVIDENCE, ASKED, CLUSTER)
    model = sm.Logit(ASKED.astype(float), sm.add_constant(EVIDENCE))
    other = model.fit(disp=0, cov_type="cluster", cov_kwds={"groups": CLUSTER})
    assert fit is not None
    assert fit.coefficients == pytest.approx(other.params, rel=1e-5)
    assert fit.covariance == pytest.approx(other.cov_params(), rel=1e-3)
    low, high = fit.slope_interval
    reach = t.ppf(0.975, 29) * other.bse[1]
    assert (low, high) == pytest.approx(
        (other.params[1] - reach, other.params[1] + reach), rel=1e-3
    )


def test_the_ends_of_fiellers_interval_are_where_the_band_crosses_one_half() -> None:
    fit = fit_logistic(EVIDENCE, ASKED, CLUSTER)
    assert fit is not None
    ends = fit.threshold_interval
    assert ends is not None
    assert ends[0] < fit.threshold < ends[1]
    low, high = fit.band(np.array(ends))
    assert (low[1], high[0]) == pytest.approx((0.5, 0.5)) or (
        (low[0], high[1]) == pytest.approx((0.5, 0.5))
    )


def curve_of(pairs: list[tuple[str, float]], clusters: int = 20) -> list:
    return [
        episode(choice, evidence=[evidence], sample=n, cluster=str(n % clusters))
        for n, (choice, evidence) in enumerate(pairs)
    ]


def test_the_ask_curve_finds_threshold_and_slope() -> None:
    pairs = [("ask" if a else "wrong", e) for a, e in zip(ASKED, EVIDENCE, strict=True)]
    found = ask_curve(curve_of(pairs))
    fit = fit_logistic(EVIDENCE, ASKED, np.arange(240) % 20)
    assert fit is not None
    assert found.threshold.value == pytest.approx(fit.threshold)
    assert found.slope.value == pytest.approx(fit.coefficients[1])
    assert (found.n, found.clusters) == (240, 20)
    assert sum(point.n for point in found.points) == 240
    middle = found.fitted[len(found.fitted) // 2]
    assert middle.low is not None
    assert middle.low < 1 / (1 + np.exp(-(fit.coefficients @ [1, 0.5]))) < (middle.high or 0)


def test_points_are_observed_shares() -> None:
    found = ask_curve(curve_of([("ask", 0.0), ("wrong", 0.04), ("wrong", 1.0)]), bins=10)
    assert [(p.evidence, p.share, p.n) for p in found.points] == [(0.02, 0.5, 2), (1.0, 0.0, 1)]


def test_every_turn_with_known_evidence_counts() -> None:
    played = [episode("ask", "ask", "right", evidence=[0.1, None, 0.9], sample=n) for n in (1, 2)]
    assert ask_curve(played).n == 4
    assert accuracy_curve(played).n == 2


def test_a_player_with_a_sharp_threshold_has_one_but_no_finite_slope() -> None:
    found = ask_curve(curve_of([("ask", 0.2), ("ask", 0.4), ("right", 0.6), ("right", 1.0)]))
    assert found.threshold.value == pytest.approx(0.5)
    assert found.slope.value is None
    assert "separates" in found.note


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([], "no such turn"),
        ([("ask", 0.1), ("ask", 0.9)], "alike"),
        ([("ask", 0.5), ("wrong", 0.5)], "same evidence"),
    ],
)
def test_without_a_fit_the_curve_says_why(pairs: list[tuple[str, float]], reason: str) -> None:
    found = ask_curve(curve_of(pairs))
    assert found.fitted == ()
    assert found.threshold.value is None
    assert reason in found.note


def test_the_oracle_asks_below_what_suffices_and_not_above() -> None:
    found = ask_curve(baseline_episodes("oracle", ("QD",))["QD"])
    assert found.threshold.value == pytest.approx((0.5 + 1) / 2)


def test_utility_falls_with_the_price_of_asking_by_the_number_of_asks() -> None:
    episodes = baseline_episodes("always-ask", ("QD",))["QD"]
    found = utility_curve(episodes, costs=(0.0, 0.1, 0.2), resamples=50)
    asks = sum(turn.asked for e in episodes for turn in e.turns) / len(episodes)
    assert [u.value for u in found.utility] == pytest.approx([0, -0.1 * asks, -0.2 * asks])
    assert [r.value for r in found.regret_own_stop] == pytest.approx([0, 0.1 * asks, 0.2 * asks])
    assert found.oracle == pytest.approx((1, 1 - 0.1 * 1, 1 - 0.2 * 1))  # two asks, none on twins


def test_the_curve_goes_through_the_measures() -> None:
    episodes = baseline_episodes("uniform", ("IN-C",))["IN-C"]
    found = utility_curve(episodes, costs=(0.1,), resamples=100)
    measured = measure(episodes, resamples=100)
    assert found.utility[0] == measured["utility"]
    assert found.regret_oracle[0] == measured["regret_oracle"]
    assert found.regret_own_stop[0] == measured["regret_own_stop"]


def test_where_no_picture_is_known_to_suffice_there_is_no_oracle() -> None:
    assert utility_curve([episode("right")], resamples=20).oracle[0] is None
