"""The published measures, and how the episodes of the benchmark itself went.

With E the main episodes (played samples that are no twins):

- acc = 100 · #correct / #E; psr = Σ (turns − 1) / #E (arXiv:2603.19466, section on metrics).
- asks = Σ suggestions / #E. Unlike psr it counts one that was made on the last turn.
- Outcome shares: 100 · #outcome / #(main samples), episodes that an error ended among them, so
  that the nine shares sum to 100.
- Chance-corrected accuracy = Σ (correct − g) / Σ (1 − g), with g the probability that a player who
  chooses among all options alike is right, given that the episode ends in the state in which it
  ended: accepted categories / options that end the episode. A uniform player has 0 in expectation,
  a perfect one 1. It is the correction for guessing of formula scoring (Diamond and Evans, "The
  correction for guessing", Review of Educational Research 43, 1973) with each state's own g.
"""

import math

from askfirst.metrics.definition import Measure, ratio, share
from askfirst.metrics.table import OUTCOMES, Array, EpisodeTable
from askfirst.metrics.tally import Sums
from askfirst.protocol.episode import EpisodeOutcome

TITLES: dict[EpisodeOutcome, str] = {
    EpisodeOutcome.CORRECT_NOW: "right at once",
    EpisodeOutcome.CORRECT_AFTER_ASKING: "right after asking",
    EpisodeOutcome.WRONG_NOW: "wrong at once",
    EpisodeOutcome.WRONG_AFTER_ASKING: "wrong after asking",
    EpisodeOutcome.ABSTAINED: "abstained",
    EpisodeOutcome.INVALID_ACTION: "suggestion not accepted",
    EpisodeOutcome.EXHAUSTED: "asked until the limit",
    EpisodeOutcome.UNPARSED: "reply not readable",
    EpisodeOutcome.ERROR: "ended by an error",
}


def outcome_columns(table: EpisodeTable) -> dict[str, Array]:
    """What the measures of this file count, one array of shape (episodes,) each."""
    main = table.main
    columns = {
        "main": main,
        "samples": ~table.twin,
        "correct": main & table.correct,
        "interventions": main * (table.turns - 1),
        "asks": main * table.asks,
        "chance": main * table.chance,
    }
    for outcome in OUTCOMES:
        columns[f"outcome.{outcome}"] = ~table.twin & table.ended(outcome)
    return {name: column.astype(float) for name, column in columns.items()}


def psr(sums: Sums) -> Array:
    """Σ (turns − 1) / #E, as published."""
    return ratio(sums["interventions"], sums["main"])


def asks(sums: Sums) -> Array:
    """Σ suggestions / #E."""
    return ratio(sums["asks"], sums["main"])


def chance_corrected(sums: Sums) -> Array:
    """Σ (correct − g) / Σ (1 − g); see the head of this file."""
    return ratio(sums["correct"] - sums["chance"], sums["main"] - sums["chance"])


OUTCOME_MEASURES: tuple[Measure, ...] = (
    share(
        "acc",
        "accuracy",
        "correct",
        "main",
        "Episodes that end in the correct category, as published.",
        "higher",
    ),
    Measure(
        key="psr",
        title="interventions (psr)",
        unit="asks",
        better="",
        explains="Mean number of turns before the last one, as published.",
        value=psr,
        of=("main",),
        applies="main",
        span=(0.0, math.inf),
    ),
    Measure(
        key="asks",
        title="asks",
        unit="asks",
        better="",
        explains="Mean number of suggestions in an episode, one on the last turn included.",
        value=asks,
        of=("main",),
        applies="main",
        span=(0.0, math.inf),
    ),
    Measure(
        key="chance_corrected",
        title="accuracy above chance",
        unit="",
        better="higher",
        explains="Accuracy on a scale where choosing any option alike has 0 and perfection 1.",
        value=chance_corrected,
        of=("main",),
        applies="main",
        span=(-math.inf, 1.0),
    ),
    *(
        share(
            f"outcome.{outcome}",
            TITLES[outcome],
            f"outcome.{outcome}",
            "samples",
            f"Share of episodes that ended so: {TITLES[outcome]}.",
            {"correct": "higher", "wrong": "lower"}.get(outcome.split("_")[0], ""),
        )
        for outcome in OUTCOMES
    ),
)
"""acc, psr, asks, accuracy above chance and the nine outcomes."""
