"""Options: what a model may choose in one state."""

from dataclasses import dataclass
from enum import StrEnum


class OptionKind(StrEnum):
    """What choosing an option means."""

    ACTION = "action"
    ABSTAIN = "abstain"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the multiple choice.

    Attributes:
        text: The wording shown to the model.
        kind: A suggestion to the user, an abstention, or an answer.
        valid: Whether choosing it now is accepted: a suggestion that moves the state, or the
            correct category where categories count. Never shown to the model.
    """

    text: str
    kind: OptionKind
    valid: bool = True
