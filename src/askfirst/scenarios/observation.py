"""What a player sees (Observation) and how an episode ends (Ending)."""

from dataclasses import dataclass
from enum import StrEnum

from askfirst.scenarios.option import Option
from askfirst.scenarios.picture import Picture


@dataclass(frozen=True, slots=True)
class Mode:
    """The two switches that every environment has (protocol, "Two modes exist everywhere").

    Attributes:
        reference: Show only the reference image, with the four categories as the only options.
        resize: Scale pictures to a short edge of 224 px (not in COCO, whose states are crops).
    """

    reference: bool = False
    resize: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One state as shown to a player, with what the suite knows about it.

    Attributes:
        picture: The image, by reference.
        question: The question, without prefix or hint.
        context: A sentence that precedes the question ("" when there is none).
        hint: The sentence that a hinting protocol adds after the question.
        options: Suggestions and abstentions in stored order, then the categories.
        turn: 0-based number of the turn.
        horizon: Number of turns after which the episode ends whatever is said.
        evidence: Share in [0, 1] of what matters that the picture shows; None if unknown.
        sufficient: Whether a person could answer from this picture; None if unknown.
    """

    picture: Picture
    question: str
    context: str
    hint: str
    options: tuple[Option, ...]
    turn: int
    horizon: int
    evidence: float | None = None
    sufficient: bool | None = None


class Ending(StrEnum):
    """Why an episode ended."""

    CORRECT = "correct"
    WRONG_CATEGORY = "wrong_category"
    ABSTAINED = "abstained"
    INVALID_ACTION = "invalid_action"
    EXHAUSTED = "exhausted"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an episode.

    Attributes:
        ending: Why it ended.
        num_turns: Number of turns played, the last one included (at least 1).
        reached_max_steps: Whether the last turn was also the last one allowed.
    """

    ending: Ending
    num_turns: int
    reached_max_steps: bool

    @property
    def correct(self) -> bool:
        """Whether the correct category was chosen."""
        return self.ending is Ending.CORRECT
