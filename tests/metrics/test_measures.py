"""Every measure by hand on a small case, and what its value means for the baselines."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
)

from askfirst.metrics.measures import MEASURE_BY_KEY, MEASURES, measure
from askfirst.metrics.run_measures import model_measures
from askfirst.protocol.episode import Episode, EpisodeOutcome
from tests.metrics.played import CHOICES, OPTIONS, baseline_episodes, episode

NO, YES = False, True
# Three insufficient samples with their twins, one more without, and one that an error ended.
SMALL = [
    # Asks once, as needed, and is right; right at once on the twin.
    episode("ask", "right", sufficient=[NO, YES], sample=1, shortest=1),
    episode("right", sufficient=[YES], sample=11, twin_of=1, shortest=0),
    # Wrong at once where asking would have sufficed; asks on the twin, in vain, and is right.
    episode("wrong", sufficient=[NO], sample=2, shortest=2),
    episode("ask", "right", sufficient=[YES, YES], sample=12, twin_of=2, shortest=0),
    # Asks thrice where one suffices, so twice too often, then abstains; right on the twin.
    episode("ask", "ask", "ask", "abstain", sufficient=[NO, YES, YES, YES], sample=3, shortest=1),
    episode("right", sufficient=[YES], sample=13, twin_of=3, shortest=0),
    # Asks four times where two suffice, and is right.
    episode(
        "ask",
        "ask",
        "ask",
        "ask",
        "right",
        sufficient=[NO, NO, YES, YES, YES],
        sample=4,
        shortest=2,
    ),
    # A lucky guess.
    episode("right", sufficient=[NO], sample=5, shortest=1),
    # Suggests what does not help.
    episode("bad-ask", sufficient=[NO], sample=6, shortest=1),
    episode("error", sample=7),
]
BY_HAND = {
    "acc": 100 * 3 / 6,
    "psr": (1 + 0 + 3 + 4 + 0 + 0) / 6,
    "asks": (1 + 0 + 3 + 4 + 0 + 1) / 6,
    # Four of the five options end the episode, one of them right.
    "chance_corrected": (3 - 6 * 1 / 4) / (6 - 6 * 1 / 4),
    "outcome.correct_now": 100 * 1 / 7,
    "outcome.correct_after_asking": 100 * 2 / 7,
    "outcome.wrong_now": 100 * 1 / 7,
    "outcome.wrong_after_asking": 0,
    "outcome.abstained": 100 * 1 / 7,
    "outcome.invalid_action": 100 * 1 / 7,
    "outcome.exhausted": 0,
    "outcome.unparsed": 0,
    "outcome.error": 100 * 1 / 7,
    "ask_rate": 100 * 4 / 6,
    "ask_recall": 100 * 4 / 6,
    "false_ask_rate": 100 * 1 / 3,
    "ask_precision": 100 * 4 / 5,
    "ask_f1": 100 * 2 * 4 / (2 * 4 + 1 + 2),
    "informedness": 4 / 6 - 1 / 3,
    "pair_consistency": 100 * 2 / 3,
    "action_relevance": 3 / 6 - 1 / 6,
    "persistence": 100 * 2 / 3,
    "repetition_turn": (2 + 3) / 2,
    "accuracy_no_help": 100 * 1 / 2,
    "accuracy_full": 100 * 3 / 3,
    "accuracy_asking": 100 * 3 / 6,
    "gap_closed": (3 / 6 - 1 / 2) / (1 - 1 / 2),
    "efficiency": (1 + 0 + 0 + 2 / 4 + 1 + 0) / 6,
    "over_confidence": 100 * 1 / 6,
    "under_confidence": 100 * 3 / 6,
    "utility": (6 - 0.1 * (9 + 1) - 1) / 9,
    # 1 − 0.1·shortest less the utility, on all nine.
    "regret_oracle": ((9 - 0.1 * 8) - (6 - 0.1 * 10 - 1)) / 9,
    "regret_own_stop": None,  # has a test of its own
    "parse_rate": 100,
    "parser_disagreement": 0,
    "acc_other_parser": 100 * 3 / 6,
    "other_parser_unknown": 0,
    "parser_shift": 0,
}


def values(episodes: Sequence[Episode]) -> dict[str, float | None]:
    return {key: found.value for key, found in measure(episodes, resamples=20).items()}


@pytest.mark.parametrize("key", [key for key, value in BY_HAND.items() if value is not None])
def test_a_small_case_by_hand(key: str) -> None:
    assert values(SMALL)[key] == pytest.approx(BY_HAND[key])


def test_the_small_case_names_every_measure() -> None:
    assert set(BY_HAND) == set(MEASURE_BY_KEY)
    assert len(MEASURES) == len(MEASURE_BY_KEY)


def test_the_best_own_stop_is_the_best_of_all_limits_by_brute_force() -> None:
    played = [e for e in SMALL if not e.failed]

    def worth(limit: int) -> float:
        total = 0.0
        for e in played:
            asks = sum(turn.asked for turn in e.turns)
            wrong = e.outcome in (EpisodeOutcome.WRONG_NOW, EpisodeOutcome.WRONG_AFTER_ASKING)
            total += e.correct - wrong - 0.1 * asks if asks <= limit else -0.1 * limit
        return total / len(played)

    expected = max(map(worth, range(10))) - worth(10)
    assert values(SMALL)["regret_own_stop"] == pytest.approx(expected)


def test_asking_in_vain_is_regretted_to_the_last_ask() -> None:
    asker = [episode("ask", "ask", "abstain", sample=n) for n in (1, 2)]
    assert values(asker)["regret_own_stop"] == pytest.approx(0.2)


def test_without_ground_truth_what_needs_it_is_undefined() -> None:
    found = values([episode("ask", "right", sample=1), episode("wrong", sample=2)])
    needing = {
        "ask_recall", "false_ask_rate", "ask_precision", "ask_f1", "informedness",
        "pair_consistency", "persistence", "repetition_turn", "accuracy_no_help", "accuracy_full",
        "accuracy_asking", "gap_closed", "efficiency", "over_confidence", "under_confidence",
        "regret_oracle",
    }  # fmt: skip
    assert {key for key, value in found.items() if value is None} == needing


def test_no_episode_no_value() -> None:
    assert set(values([]).values()) == {None}
    assert values([episode("error")])["acc"] is None


few = settings(deadline=None, max_examples=25)

CLASSIFIED = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=4, max_size=30)


@few
@given(CLASSIFIED)
def test_asking_is_scored_as_sklearn_scores_a_classifier(cases: list[tuple[bool, bool]]) -> None:
    cases = [*cases, (True, True), (True, False), (False, True), (False, False)]
    episodes = [
        episode("ask" if asked else "wrong", sufficient=[not y], sample=n)
        for n, (y, asked) in enumerate(cases)
    ]
    y, a = zip(*cases, strict=True)
    found = values(episodes)
    assert found["ask_recall"] == pytest.approx(100 * recall_score(y, a))
    assert found["ask_precision"] == pytest.approx(100 * precision_score(y, a))
    assert found["ask_f1"] == pytest.approx(100 * f1_score(y, a))
    assert found["informedness"] == pytest.approx(balanced_accuracy_score(y, a, adjusted=True))


ANY_EPISODE = st.builds(
    lambda asks, last, known, sample: episode(
        *["ask"] * asks,
        last,
        sufficient=[i >= known for i in range(asks + 1)],
        sample=sample,
        cluster=str(sample % 5),
        shortest=known,
    ),
    st.integers(0, 4),
    st.sampled_from([choice for choice in CHOICES if choice != "ask"]),
    st.integers(0, 3),
    st.integers(0, 10_000),
)


@few
@given(st.lists(ANY_EPISODE, min_size=1, max_size=25, unique_by=lambda e: e.sample))
def test_the_nine_outcomes_are_all_there_is(episodes: list[Episode]) -> None:
    found = values(episodes)
    shares = [found[f"outcome.{outcome}"] for outcome in EpisodeOutcome]
    assert sum(share for share in shares if share is not None) == pytest.approx(100)


@few
@given(st.lists(ANY_EPISODE, min_size=1, max_size=25, unique_by=lambda e: e.sample))
def test_every_value_is_possible_and_lies_in_its_interval(episodes: list[Episode]) -> None:
    for key, found in measure(episodes, resamples=50).items():
        if found.value is None:
            assert found.low is found.high is None
            continue
        lowest, highest = MEASURE_BY_KEY[key].span
        slack = 1e-9 * max(1.0, abs(found.value))
        assert lowest - slack <= found.value <= highest + slack
        if found.low is not None and found.high is not None:
            assert lowest <= found.low <= found.value + slack
            assert found.value - slack <= found.high <= highest


def test_what_the_other_parser_would_have_made_of_it() -> None:
    episodes = [
        episode("ask", "right", other=["ask", "unread"], sample=1),  # the other cannot read it
        episode("wrong", other=["right"], sample=2),  # the other reads the right answer
        episode("unread", other=["ask"], sample=3),  # the other would have gone on
        episode("right", sample=4),
    ]
    found = values(episodes)
    assert found["parse_rate"] == pytest.approx(100 * 4 / 5)
    assert found["parser_disagreement"] == pytest.approx(100 * 3 / 5)
    assert found["acc"] == 50
    assert found["acc_other_parser"] == 50
    assert found["other_parser_unknown"] == 25
    assert found["parser_shift"] == 0


def test_on_the_last_turn_the_other_parser_cannot_go_on() -> None:
    found = values([episode("right", other=["ask"], horizon=1)])
    assert (found["acc_other_parser"], found["other_parser_unknown"]) == (0, 0)


@pytest.fixture(scope="module")
def played() -> dict[str, dict[str, list[Episode]]]:
    names = ("always-ask", "never-ask", "oracle", "blind", "uniform")
    return {name: baseline_episodes(name) for name in names}


EXPECTED = {
    "always-ask": {
        "acc": 0, "ask_recall": 100, "false_ask_rate": 100, "informedness": 0,
        "pair_consistency": 0, "efficiency": 0, "over_confidence": 0, "under_confidence": 100,
        "accuracy_full": 0, "parse_rate": 100,
    },
    "never-ask": {
        "psr": 0, "asks": 0, "ask_rate": 0, "ask_recall": 0, "false_ask_rate": 0, "ask_f1": 0,
        "informedness": 0, "pair_consistency": 0, "under_confidence": 0,     },
    "oracle": {
        "acc": 100, "chance_corrected": 1, "ask_recall": 100, "false_ask_rate": 0,
        "ask_precision": 100, "ask_f1": 100, "informedness": 1, "pair_consistency": 100,
        "accuracy_full": 100, "accuracy_asking": 100, "efficiency": 1, "over_confidence": 0,
        "under_confidence": 0, "regret_oracle": 0, "regret_own_stop": 0,
        "parse_rate": 100, "parser_disagreement": 0,
    },
    "blind": {"informedness": 0, "ask_recall": 0, "accuracy_no_help": 0, "over_confidence": 100},
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_baselines_make_sense_in_every_scenario(
    name: str, played: dict[str, dict[str, list[Episode]]]
) -> None:
    for key, episodes in played[name].items():
        found = values(episodes)
        for measure_key, expected in EXPECTED[name].items():
            if expected is not None:
                assert found[measure_key] == pytest.approx(expected), (key, measure_key)


@pytest.mark.parametrize(("name", "expected"), [("always-ask", 100), ("oracle", 0)])
def test_who_asks_on_where_the_picture_has_become_sufficient(
    name: str, expected: float, played: dict[str, dict[str, list[Episode]]]
) -> None:
    found = [values(episodes)["persistence"] for episodes in played[name].values()]
    # None where the baseline never gets to such a picture, or can ask no more when it does.
    assert {value for value in found if value is not None} == {expected}


def test_where_no_suggestion_is_on_offer_not_asking_is_no_merit() -> None:
    plain = episode("right", sufficient=[True])
    turn = replace(plain.turns[0], options=OPTIONS[3:], choice=0, readings={})
    found = values([replace(plain, turns=(turn,))])
    assert (found["false_ask_rate"], found["under_confidence"]) == (None, None)
    assert found["accuracy_full"] == 100


def test_who_always_asks_loses_the_price_of_every_ask(
    played: dict[str, dict[str, list[Episode]]],
) -> None:
    for episodes in played["always-ask"].values():
        asks = [sum(turn.asked for turn in e.turns) for e in episodes]
        found = values(episodes)
        assert found["utility"] == pytest.approx(-0.1 * sum(asks) / len(asks))
        assert found["regret_own_stop"] == pytest.approx(0.1 * sum(asks) / len(asks))


def test_a_player_who_picks_anything_is_at_chance() -> None:
    episodes = baseline_episodes("uniform", ("IN-C",), copies=150)["IN-C"]
    found = measure(episodes, resamples=500)["chance_corrected"]
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high
    assert abs(found.value or 0) < 0.1


def test_macro_is_the_mean_of_scenarios_and_micro_the_pool() -> None:
    few = [episode("right", sample=n) for n in range(2)]
    many = [episode("right" if n < 2 else "wrong", sample=n) for n in range(8)]
    found = model_measures({"QD": few, "ROD": many}, resamples=200)
    assert found.macro["acc"].value == pytest.approx((100 + 25) / 2)
    assert found.micro["acc"].value == pytest.approx(100 * 4 / 10)
    assert (found.macro["acc"].n, found.micro["acc"].n) == (10, 10)


def test_a_scenario_is_measured_alike_alone_and_in_a_run() -> None:
    groups = baseline_episodes("uniform", ("QD", "IN-C"))
    run = model_measures(groups, resamples=100, seed=3)
    assert measure(groups["IN-C"], resamples=100, seed=3) == run.scenarios["IN-C"]


def test_macro_leaves_out_scenarios_to_which_a_measure_cannot_apply() -> None:
    found = model_measures(baseline_episodes("oracle", ("QD", "IN-C")), resamples=50)
    assert found.scenarios["QD"]["action_relevance"].value is None
    assert found.macro["action_relevance"].value == 1


def test_macro_is_undefined_where_the_model_left_a_scenario_without_a_value() -> None:
    groups = baseline_episodes("oracle", ("QD",)) | baseline_episodes("blind", ("IN-C",))
    assert model_measures(groups, resamples=50).macro["ask_precision"].value is None


def test_errors_are_counted_apart() -> None:
    found = model_measures({"QD": SMALL}, resamples=50)
    assert found.errors == {"QD": 1}
    assert found.micro["acc"].n == 6


def test_every_measure_says_what_it_is() -> None:
    for entry in MEASURES:
        assert entry.title
        assert entry.explains.endswith(".")
        assert entry.better in ("higher", "lower", "")
        assert not math.isnan(entry.span[0])
