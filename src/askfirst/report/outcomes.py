"""How the page names and colours the nine outcomes."""

from dataclasses import dataclass

from askfirst.metrics.outcome_measures import TITLES
from askfirst.protocol.episode import EpisodeOutcome


@dataclass(frozen=True, slots=True)
class OutcomeStyle:
    """One outcome on the page.

    Attributes:
        name: As in `episodes.jsonl`.
        title: For people.
        colour: Fill of its piece of a bar. Blues are right, reds are wrong, the rest between.
        dark: Whether text on it must be white.
    """

    name: str
    title: str
    colour: str
    dark: bool


COLOURS: tuple[tuple[EpisodeOutcome, str, bool], ...] = (
    (EpisodeOutcome.CORRECT_NOW, "#1f5fa8", True),
    (EpisodeOutcome.CORRECT_AFTER_ASKING, "#6fb1e8", False),
    (EpisodeOutcome.ABSTAINED, "#7a6cb5", True),
    (EpisodeOutcome.EXHAUSTED, "#cbb9ea", False),
    (EpisodeOutcome.INVALID_ACTION, "#e3bd4f", False),
    (EpisodeOutcome.UNPARSED, "#a7b0b7", False),
    (EpisodeOutcome.ERROR, "#59636b", True),
    (EpisodeOutcome.WRONG_AFTER_ASKING, "#f2a48a", False),
    (EpisodeOutcome.WRONG_NOW, "#c8433f", True),
)
"""Outcome, colour, and whether text on it is white, in the order in which bars are stacked."""

OUTCOME_STYLES: tuple[OutcomeStyle, ...] = tuple(
    OutcomeStyle(outcome.value, TITLES[outcome], colour, dark) for outcome, colour, dark in COLOURS
)
"""The nine outcomes in the order in which bars are stacked."""
