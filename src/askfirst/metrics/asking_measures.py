"""Whether the model asks when it should, and only then.

y = 1: the first state shown is insufficient; y = 0: it is sufficient; a = 1: the first choice is a
suggestion. All played episodes whose y is known count, twins among them, if their first state
offers a suggestion.

- Recall P(a = 1 | y = 1), false-ask rate P(a = 1 | y = 0), precision P(y = 1 | a = 1),
  F1 = 2·TP / (2·TP + FP + FN), informedness J = recall − false-ask rate (Youden, "Index for rating
  diagnostic tests", Cancer 3, 1950; Powers, "Evaluation: from precision, recall and F-measure to
  ROC, informedness, markedness & correlation", 2011). Precision and F1 move with the share of
  insufficient samples; recall, false-ask rate and J do not. J is 0 for whoever asks regardless of
  what is shown.
- Pair consistency: share of (insufficient sample, answerable twin) pairs in which the model asks on
  the first and names the correct category of the second at once (in the manner of contrast sets,
  Gardner et al., EMNLP Findings 2020).
- Action relevance: P(accepted suggestion) − P(other suggestion) as first choice, over main episodes
  whose first state offers both kinds (after the random-options experiment of arXiv:2603.19466).
- Persistence: P(asks again | its asks have made the state sufficient), judged in the first such
  state that still offers a suggestion; and the mean turn, counted from 1, of the first ask in such
  a state.
"""

import math

import numpy as np

from askfirst.metrics.definition import Measure, ratio, share
from askfirst.metrics.table import OUTCOMES, Array, EpisodeTable
from askfirst.metrics.tally import Sums
from askfirst.protocol.episode import EpisodeOutcome


def asking_columns(table: EpisodeTable) -> dict[str, Array]:
    """What the measures of this file count, one array of shape (episodes,) each."""
    asking = table.played & table.may_ask
    insufficient, sufficient = asking & table.insufficient, asking & table.sufficient
    paired = table.played & (table.original >= 0) & table.played[table.original]
    right_now = table.outcome == OUTCOMES.index(EpisodeOutcome.CORRECT_NOW)
    relevant = table.main & table.relevance_known
    became = table.main & table.became_sufficient
    repeats = became & np.isfinite(table.repetition_turn)
    columns = {
        "first": table.main,
        "first_asked": table.main & table.asked,
        "known": insufficient | sufficient,
        "known_asked": (insufficient | sufficient) & table.asked,
        "insufficient": insufficient,
        "insufficient_asked": insufficient & table.asked,
        "sufficient": sufficient,
        "sufficient_asked": sufficient & table.asked,
        "pairs": paired,
        "pairs_consistent": paired & table.asked[table.original] & right_now,
        "relevant": relevant,
        "relevant_valid": relevant & table.asked & table.asked_valid,
        "relevant_invalid": relevant & table.asked & ~table.asked_valid,
        "main_insufficient": table.main & table.insufficient,
        "became": became,
        "became_asked_again": became & table.asked_again,
        "repeats": repeats,
        "repeats_turn": np.where(repeats, table.repetition_turn, 0.0),
    }
    return {name: column.astype(float) for name, column in columns.items()}


def f1(sums: Sums) -> Array:
    """100 · 2·TP / (2·TP + FP + FN) = 200 · Σ a·y / (Σ a + Σ y)."""
    return 200 * ratio(sums["insufficient_asked"], sums["known_asked"] + sums["insufficient"])


def informedness(sums: Sums) -> Array:
    """J = P(a = 1 | y = 1) − P(a = 1 | y = 0), from −1 to 1."""
    recall = ratio(sums["insufficient_asked"], sums["insufficient"])
    return recall - ratio(sums["sufficient_asked"], sums["sufficient"])


def action_relevance(sums: Sums) -> Array:
    """P(accepted suggestion) − P(other suggestion), from −1 to 1."""
    return ratio(sums["relevant_valid"] - sums["relevant_invalid"], sums["relevant"])


def repetition_turn(sums: Sums) -> Array:
    """Mean turn, from 1, of the first ask in a state that asks had made sufficient."""
    return ratio(sums["repeats_turn"], sums["repeats"])


ASKING_MEASURES: tuple[Measure, ...] = (
    share(
        "ask_rate",
        "asks first",
        "first_asked",
        "first",
        "Episodes of the benchmark whose first choice is a suggestion.",
        "",
    ),
    share(
        "ask_recall",
        "ask recall",
        "insufficient_asked",
        "insufficient",
        "How often it asks when the picture is insufficient.",
        "higher",
    ),
    share(
        "false_ask_rate",
        "false-ask rate",
        "sufficient_asked",
        "sufficient",
        "How often it asks although the picture suffices.",
        "lower",
    ),
    share(
        "ask_precision",
        "ask precision",
        "insufficient_asked",
        "known_asked",
        "How many of its first asks were needed.",
        "higher",
        applies="known",
    ),
    Measure(
        key="ask_f1",
        title="ask F1",
        unit="%",
        better="higher",
        explains="Harmonic mean of the precision and the recall of asking.",
        value=f1,
        of=("known",),
        applies="insufficient",
        span=(0.0, 100.0),
    ),
    Measure(
        key="informedness",
        title="informedness J",
        unit="",
        better="higher",
        explains="Recall minus false-ask rate: 0 for asking regardless of the picture, 1 for "
        "asking exactly when needed.",
        value=informedness,
        of=("insufficient", "sufficient"),
        applies="known",
        span=(-1.0, 1.0),
    ),
    share(
        "pair_consistency",
        "pair consistency",
        "pairs_consistent",
        "pairs",
        "Pairs in which it asks on the insufficient picture and answers its twin right at once.",
        "higher",
    ),
    Measure(
        key="action_relevance",
        title="action relevance",
        unit="",
        better="higher",
        explains="How much more often it first suggests what helps than what does not.",
        value=action_relevance,
        of=("relevant",),
        applies="relevant",
        span=(-1.0, 1.0),
    ),
    share(
        "persistence",
        "asks on",
        "became_asked_again",
        "became",
        "How often it asks again once its asks have made the picture sufficient.",
        "lower",
        applies="main_insufficient",
    ),
    Measure(
        key="repetition_turn",
        title="repeats from turn",
        unit="turn",
        better="",
        explains="Mean turn at which it first asks for more than it needs.",
        value=repetition_turn,
        of=("repeats",),
        applies="main_insufficient",
        span=(1.0, math.inf),
    ),
)
"""Measures of the first choice, of pairs and of asking on."""
