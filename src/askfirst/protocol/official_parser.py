"""The published rules for reading a reply (arXiv:2603.19466v2 and its released package, 0.1.1).

The rules are kept as they are, odd corners included, because the published scores depend on
them. Two of them are worth knowing. The first line of a reply is cut up to its last
``<capital>.``, and so are the option texts; a text such as "Vitamin C." becomes the empty string
and is then equal to the reply "B." or to an empty reply. And labels go on past ``Z`` with the next
code points, compared in lower case, so that the 33rd option shares its label with the first; in
one block the earlier one is taken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from askfirst.protocol.labels import codepoint_labels
from askfirst.protocol.reading import Reading, ReadingStatus
from askfirst.scenarios.option import Option, OptionKind

OFFICIAL_PARSER = "official"

# Neither multi-line nor dot-all: `^` is the start of the reply and `.` ends at a line break.
_UP_TO_LAST_LABEL = re.compile(r"^.*[A-Z]\.\s*")


class Evaluation(StrEnum):
    """How a reply fares against one block of options."""

    CORRECT = "correct"
    WRONG = "wrong"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class OfficialReading(Reading):
    """A reading together with the two judgements that the published environments act on.

    Attributes:
        action_evaluation: the reply against the actions and abstain options.
        category_evaluation: the reply against the categories.
    """

    action_evaluation: Evaluation
    category_evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class _Match:
    """What one block makes of a reply; the other fields are ``None`` at a mismatch."""

    evaluation: Evaluation
    index: int | None = None
    how: str | None = None


def judge(reply: str, options: Sequence[Option]) -> OfficialReading:
    """Read a reply by the published rules.

    Actions and abstain options are judged apart from the categories. A correct category is the
    selected option, else a correct action, else a wrong category, else a wrong action.

    Args:
        reply: the whole text that the model returned.
        options: all the options of the prompt in their stored order; ``valid`` says which of them
            are accepted in the present state.
    """
    labels = codepoint_labels(len(options))
    lettered = list(zip(range(len(options)), labels, options, strict=True))
    action = _judge_block(reply, [x for x in lettered if x[2].kind is not OptionKind.CATEGORY])
    category = _judge_block(reply, [x for x in lettered if x[2].kind is OptionKind.CATEGORY])
    # `sorted` is stable: of two judgements alike, the category comes first.
    rank = {Evaluation.CORRECT: 0, Evaluation.WRONG: 1, Evaluation.MISMATCH: 2}
    selected = sorted((category, action), key=lambda match: rank[match.evaluation])[0]
    status = ReadingStatus.EMPTY if not reply.strip() else ReadingStatus.NONE
    return OfficialReading(
        parser=OFFICIAL_PARSER,
        status=status if selected.index is None else ReadingStatus.OK,
        index=selected.index,
        kind=None if selected.index is None else options[selected.index].kind,
        how=selected.how,
        span=_span(reply, selected.how),
        action_evaluation=action.evaluation,
        category_evaluation=category.evaluation,
    )


def _judge_block(reply: str, block: Sequence[tuple[int, str, Option]]) -> _Match:
    wanted = _normalised(reply)
    accepted_first = sorted(block, key=lambda entry: not entry[2].valid)
    for index, _, option in accepted_first:
        if _normalised(option.text) == wanted:
            return _Match(_evaluation(option), index, "text")
    letter = reply.split(".", 1)[0].lower().strip()
    if len(letter) == 1:
        for index, label, option in block:
            if label.lower() == letter:
                return _Match(_evaluation(option), index, "letter")
    return _Match(Evaluation.MISMATCH)


def _evaluation(option: Option) -> Evaluation:
    return Evaluation.CORRECT if option.valid else Evaluation.WRONG


def _normalised(text: str) -> str:
    return _UP_TO_LAST_LABEL.sub("", text, count=1).lower().strip().replace(" ", "")


def _span(reply: str, how: str | None) -> tuple[int, int] | None:
    if how is None:
        return None
    if how == "letter":
        part, offset = reply.split(".", 1)[0], 0
    else:
        cut = _UP_TO_LAST_LABEL.match(reply)
        offset = cut.end() if cut else 0
        part = reply[offset:]
    start = offset + len(part) - len(part.lstrip())
    return start, max(start, offset + len(part.rstrip()))
