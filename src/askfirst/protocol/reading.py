"""What a parser made of one reply."""

from dataclasses import dataclass
from enum import StrEnum

from askfirst.scenarios.option import OptionKind


class ReadingStatus(StrEnum):
    """How a reply could be read; only ``OK`` comes with an option."""

    OK = "ok"
    EMPTY = "empty"
    NONE = "none"
    AMBIGUOUS = "ambiguous"
    CONFLICT = "conflict"
    TRUNCATED = "truncated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reading:
    """The option that a reply chooses, as one parser reads it.

    Attributes:
        parser: name and version of the parser, such as ``robust-v1``.
        status: how the reply could be read.
        index: position of the chosen option in the list; ``None`` unless the status is ``OK``.
        kind: kind of the option at ``index``; ``None`` with it.
        how: the way of writing in which the option was found; ``None`` without an option.
        span: start and end of the words that name the option, as character positions in the
            reply (end exclusive); ``None`` without an option.
    """

    parser: str
    status: ReadingStatus
    index: int | None
    kind: OptionKind | None
    how: str | None
    span: tuple[int, int] | None
