"""How replies were read, and what the choice of the parser does to accuracy.

- Parse rate = 100 · turns whose reply names an option / turns, by the parser that moved the
  episode.
- Parser disagreement = 100 · turns for which the parsers choose differently / turns read by both.
- Accuracy under the other parser: an episode on which both always agree has the same end. Else its
  end under the other parser is known from the first turn on which they differ, unless the other
  reading is a suggestion that would have been accepted: what followed was never played. Such
  episodes count as not correct, and their share is a measure of its own, so that the accuracy lies
  between the first and the sum of both (bounds of Manski, "Nonparametric bounds on treatment
  effects", American Economic Review 80, 1990).
- Parser shift = accuracy under the other parser − acc, in points, with the same lower bound.
"""

from askfirst.metrics.definition import Measure, ratio, share
from askfirst.metrics.table import Array, EpisodeTable
from askfirst.metrics.tally import Sums


def parsing_columns(table: EpisodeTable) -> dict[str, Array]:
    """What the measures of this file count, one array of shape (episodes,) each."""
    read_twice = table.main & (table.turns_twice_read == table.turns)
    columns = {
        "turns": table.played * table.turns,
        "turns_read": table.played * table.turns_read,
        "turns_twice": table.played * table.turns_twice_read,
        "turns_disagreed": table.played * table.turns_disagreed,
        "other": read_twice,
        "other_correct": read_twice & table.other_correct,
        "other_unknown": read_twice & table.other_unknown,
        "this_correct": read_twice & table.correct,
    }
    return {name: column.astype(float) for name, column in columns.items()}


def parser_shift(sums: Sums) -> Array:
    """100 · (#correct under the other parser − #correct) / #episodes read by both."""
    return 100 * ratio(sums["other_correct"] - sums["this_correct"], sums["other"])


PARSING_MEASURES: tuple[Measure, ...] = (
    share(
        "parse_rate",
        "replies read",
        "turns_read",
        "turns",
        "Turns whose reply names an option.",
        "higher",
    ),
    share(
        "parser_disagreement",
        "parsers differ",
        "turns_disagreed",
        "turns_twice",
        "Turns that the two parsers read differently.",
        "lower",
    ),
    share(
        "acc_other_parser",
        "accuracy, other parser",
        "other_correct",
        "other",
        "Least accuracy under the parser that did not move the episode.",
        "higher",
    ),
    share(
        "other_parser_unknown",
        "unknown under the other parser",
        "other_unknown",
        "other",
        "Episodes that the other parser would have led where they were not played.",
        "lower",
    ),
    Measure(
        key="parser_shift",
        title="shift by the other parser",
        unit="%",
        better="",
        explains="Least accuracy under the other parser minus accuracy, in points.",
        value=parser_shift,
        of=("other",),
        applies="other",
        span=(-100.0, 100.0),
    ),
)
"""Measures of how replies were read."""
