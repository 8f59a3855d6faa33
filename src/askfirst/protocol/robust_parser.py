"""The parser ``robust-v1``: reads what models write and never guesses.

Independent recognisers gather every claim about the chosen option; the claims made most plainly
decide. If they name one option it is the answer; if they name several, the reply is ambiguous, or a
conflict where a label stands with the text of another option.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from askfirst.protocol.claims import Claim, Clauses, Strength, find_claims, strongest
from askfirst.protocol.containers import CONTAINER_KINDS, Container, containers, without_layout
from askfirst.protocol.labels import unique_labels
from askfirst.protocol.option_names import OptionNames
from askfirst.protocol.reading import Reading, ReadingStatus
from askfirst.protocol.reply_text import answer_start, uniform, words_of
from askfirst.protocol.statements import Passage
from askfirst.scenarios.option import Option

ROBUST_PARSER = "robust-v1"

_REFUSAL = re.compile(
    r"\b(?:can(?:no|')?t|can\s+not|unable\s+to|not\s+able\s+to|won't|will\s+not|not\s+allowed\s+to|"
    r"must\s+decline\s+to|decline\s+to|refuse\s+to)\s+(?:\w+\s+)?(?:assist|help|comply|fulfil+|"
    r"provide|answer|respond|identify|process|engage|do\s+that|continue|support)\b|"
    r"\bi(?:'m|\s+am)\s+sorry\b|\bi\s+(?:apologi[sz]e|must\s+decline)\b|\bas\s+an\s+ai\b",
    re.IGNORECASE,
)


def read(reply: str, options: Sequence[Option], labels: Sequence[str] | None = None) -> Reading:
    """Read which option a reply chooses.

    Args:
        reply: the whole text that the model returned; any string.
        options: all the options of the prompt in their stored order; ``valid`` plays no part.
        labels: the labels shown in the prompt, ``unique_labels`` unless given.

    Raises:
        ValueError: if the labels do not fit the options or are not unique.
    """
    shown = unique_labels(len(options)) if labels is None else labels
    names = _names(tuple(options), tuple(shown))
    reply_text = uniform(reply)
    start = answer_start(reply_text.text)
    if start is None:
        return _without_option(ReadingStatus.TRUNCATED)
    if not reply_text.text[start:].strip():
        return _without_option(ReadingStatus.EMPTY)
    claims = strongest(_claims(reply_text.text, start, names))
    status = _status(claims, reply_text.text[start:])
    if status is not ReadingStatus.OK:
        return _without_option(status)
    first = min(claims, key=_rank)
    (index,) = first.indices
    span = reply_text.span(first.start, first.end)
    return Reading(ROBUST_PARSER, status, index, options[index].kind, first.how, span)


# The options of an episode hardly change from turn to turn, nor those of a sample between models.
_names = lru_cache(maxsize=512)(OptionNames)


def _rank(claim: Claim) -> tuple[int, bool, int, int, str]:
    """Order the claims of one option by how well they document it."""
    return -claim.strength, claim.how not in CONTAINER_KINDS, claim.start, claim.end, claim.how


def _without_option(status: ReadingStatus) -> Reading:
    return Reading(ROBUST_PARSER, status, None, None, None, None)


def _status(claims: Sequence[Claim], answer: str) -> ReadingStatus:
    if not claims:
        return ReadingStatus.REFUSED if _REFUSAL.search(answer) else ReadingStatus.NONE
    if any(claim.conflict for claim in claims):
        return ReadingStatus.CONFLICT
    named = frozenset[int]().union(*(claim.indices for claim in claims))
    return ReadingStatus.OK if len(named) == 1 else ReadingStatus.AMBIGUOUS


def _claims(text: str, start: int, names: OptionNames) -> list[Claim]:
    """Gather the claims of the answer; a container that cannot be read leaves none."""
    plain = without_layout(text)
    answer = Passage(plain, words_of(plain), names, start, len(plain))
    clauses = Clauses(plain)
    # A container that comes again says nothing new.
    boxes = {text[box.start : box.end]: box for box in reversed(containers(text, start))}.values()
    contained = [claim for box in boxes for claim in _claims_in(box, answer, clauses)]
    if boxes and not contained:
        return []
    return contained + find_claims(answer, clauses)


def _claims_in(box: Container, answer: Passage, clauses: Clauses) -> list[Claim]:
    """Read a container as a reply of its own; what it says is declared."""
    if box.decoded is None:
        content = answer.part(box.start, box.end)
    else:
        text = uniform(box.decoded).text
        content = Passage(text, words_of(text), answer.names, 0, len(text))
        clauses = Clauses(text)
    return [
        Claim(claim.indices, claim.conflict, Strength.DECLARED, box.how, box.start, box.end)
        for claim in strongest(find_claims(content, clauses))
    ]
