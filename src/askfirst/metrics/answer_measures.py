"""What asking does for the answers.

y = 1: the first state is insufficient; y = 0: it is sufficient (twins are such).

- Accuracy with no help: of the episodes with y = 1 whose first choice is a category, the share
  whose category is correct. The model chose when to answer, so that this is the accuracy of a
  model that may pass; that of one forced to answer needs runs without suggestions. Undefined for a
  model that never answers at once.
- Accuracy with full information: share of episodes with y = 0 that end in the correct category.
  Undefined without twins.
- Accuracy when allowed to ask: share of episodes with y = 1 that end in the correct category.
- Gap closed = (allowed − no help) / (full − no help). Undefined where full information does not
  help. It is above 1 where asking leads to more right answers than the twins have.
- Efficiency = mean of S · l / max(p, l) over episodes with y = 1 whose fewest asks l ≥ 1 are known,
  with S success and p asks made: success weighted by path length (Anderson et al., "On evaluation
  of embodied navigation agents", arXiv:1807.06757), with asks for length.
- Over-confidence: share of those same episodes that end in a wrong category of a state that was
  still insufficient, where asking on would have sufficed.
- Under-confidence: of the episodes that showed a sufficient state in which a suggestion was on
  offer, the share in which the model asked in one.
"""

import numpy as np

from askfirst.metrics.definition import Measure, ratio, share
from askfirst.metrics.table import Array, EpisodeTable
from askfirst.metrics.tally import Sums


def answer_columns(table: EpisodeTable) -> dict[str, Array]:
    """What the measures of this file count, one array of shape (episodes,) each."""
    needy = table.played & table.insufficient
    full = table.played & table.sufficient
    helped = needy & (table.shortest >= 1)
    shortest = np.where(helped, table.shortest, 1.0)
    path = shortest / np.maximum(table.asks, shortest)
    saw = table.played & table.saw_sufficient
    columns = {
        "needy": needy,
        "needy_correct": needy & table.correct,
        "unaided": needy & table.answered,
        "unaided_correct": needy & table.answered & table.correct,
        "full": full,
        "full_correct": full & table.correct,
        "helped": helped,
        "helped_path": helped * table.correct * path,
        "helped_wrong": helped & table.wrong & table.ended_insufficient,
        "saw": saw,
        "saw_asked": saw & table.asked_sufficient,
    }
    return {name: column.astype(float) for name, column in columns.items()}


def gap_closed(sums: Sums) -> Array:
    """(allowed − no help) / (full − no help); nan where full information does not help."""
    alone = ratio(sums["unaided_correct"], sums["unaided"])
    full = ratio(sums["full_correct"], sums["full"])
    return ratio(ratio(sums["needy_correct"], sums["needy"]) - alone, full - alone)


def efficiency(sums: Sums) -> Array:
    """Mean of S · l / max(p, l), from 0 to 1."""
    return ratio(sums["helped_path"], sums["helped"])


ANSWER_MEASURES: tuple[Measure, ...] = (
    share(
        "accuracy_no_help",
        "accuracy with no help",
        "unaided_correct",
        "unaided",
        "How often it is right when it answers an insufficient picture at once.",
        "higher",
        applies="needy",
    ),
    share(
        "accuracy_full",
        "accuracy with full information",
        "full_correct",
        "full",
        "How often it is right when the first picture suffices.",
        "higher",
    ),
    share(
        "accuracy_asking",
        "accuracy when allowed to ask",
        "needy_correct",
        "needy",
        "How often it ends up right when the first picture is insufficient.",
        "higher",
    ),
    Measure(
        key="gap_closed",
        title="gap closed by asking",
        unit="",
        better="higher",
        explains="Share of the way from no help to full information that asking covers.",
        value=gap_closed,
        of=("unaided", "full", "needy"),
        applies="needy",
    ),
    Measure(
        key="efficiency",
        title="efficiency",
        unit="",
        better="higher",
        explains="Fewest asks that suffice over asks made, 0 where it fails.",
        value=efficiency,
        of=("helped",),
        applies="helped",
        span=(0.0, 1.0),
    ),
    share(
        "over_confidence",
        "over-confidence",
        "helped_wrong",
        "helped",
        "How often it answers wrongly where asking would have sufficed.",
        "lower",
    ),
    share(
        "under_confidence",
        "under-confidence",
        "saw_asked",
        "saw",
        "How often it asks where it could have answered.",
        "lower",
        applies="known",
    ),
)
"""Measures of answers with and without help."""
