"""Claims: what independent recognisers find in a reply about the chosen option."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from askfirst.protocol.statements import (
    Passage,
    Run,
    Statement,
    fills_line,
    is_label,
    run_at,
    text_statement,
)


class Strength(IntEnum):
    """How plainly a place of a reply says which option is chosen."""

    MENTIONED = 1  # named somewhere in a sentence
    STATED = 2  # the reply begins with it, or a line holds nothing else
    DECLARED = 3  # announced as the answer


@dataclass(frozen=True, slots=True)
class Claim:
    """A place of the reply that names an option as the chosen one.

    Attributes:
        indices: the options named; several where the place itself is not clear.
        conflict: a label and its text contradict each other.
        strength: how plainly it is said.
        how: the way of writing.
        start, end: the place in the uniform text.
    """

    indices: frozenset[int]
    conflict: bool
    strength: Strength
    how: str
    start: int
    end: int


_NOUN = (
    r"(?:ans|answer|option|choice|selection|response|pick|solution|category|action|label|letter|"
    r"suggestion|prediction|guess|decision|conclusion|verdict)"
)
_BE = r"(?:is|was|would\s+be|should\s+be|must\s+be|will\s+be|could\s+be|might\s+be|may\s+be)"
_NOUN_CUE = (
    rf"\b{_NOUN}\b(?:(?:,?\s++[\w']++){{0,8}}?,?\s++{_BE}\b|[\"'`*_)\]]*\s*(?::|=+>?|-+>|→))"
)
_VERB_CUE = (
    r"\b(?:choose|chose|choosing|select|selected|selecting|pick|picked|picking|"
    r"(?:go|going|went)\s+(?:for|with)|opt\s+for|opting\s+for|vote\s+for)\b:?"
)
_HENCE_CUE = r"\b(?:therefore|thus|hence)\s*[,:]"
_CUE = re.compile(
    rf"(?:{_NOUN_CUE}|{_VERB_CUE}|{_HENCE_CUE})[\s:\"'`*_]*"
    r"(?:(?:most\s+likely|clearly|that)\s+)?",
    re.IGNORECASE,
)
_IS_RIGHT = re.compile(
    r"[)\]*_\"'`]*\s+(?:is|would\s+be|seems)\s+(?:the\s+)?"
    r"(?:(?:most\s+\w+|best|correct|right|only)\s+)?(?:correct|answer|option|choice|best)\b",
    re.IGNORECASE,
)
_LABEL_MENTION = re.compile(
    r"\b(?:(?P<noun>option|choice|answer|letter)|it\s+is|it's|i'd\s+say|i\s+say|i\s+think)\s+"
    r"[(\[*\"'`]*",
    re.IGNORECASE,
)

_LINE = re.compile(r"[^\n]+")

# A clause ends where another subject or a correction begins.
_CLAUSE_END = re.compile(
    r"[.!?;\n]|\b(?:but|however|because|since|although|though|while|which|so)\b|"
    r",\s*(?=(?:it|this|that|i|rather|instead|not|likely)\b)|"
    rf"(?:,|\band\b)\s*(?=(?:therefore|thus|hence|(?:the|my)\s+(?:\w+\s+)?{_NOUN})\b)",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|neither|nor|none|cannot|without|unlike|except|whether|if|unless|suppose|"
    r"assuming|wrong|incorrect|hardly|exclude|excluded|excluding|rule\s+out|ruled\s+out|"
    r"rather\s+than|instead\s+of|other\s+than|unable|refuse)\b|n't\b",
    re.IGNORECASE,
)
_OTHERS = r"(?:(?:\s*,\s*|\s+)(?:(?:and|or)\s+)?(?!(?:it|this|that|i)\b)[\w-]++){0,5}?"
_IS_DENIED = (
    r"\s*+,?\s*+(?:(?:is|are|was|were|does|do|did|can|could|would|will|has|have|seems|looks)\s*"
    r"(?:not\b|n't\b|\s+(?:\w+\s+)?(?:wrong|incorrect|unlikely|impossible|excluded|ruled\s+out|"
    r"hidden|invisible|out)\b)|cannot\b)"
)
_DENIED_AFTER = re.compile(rf"[\"'`*_)\]]*{_IS_DENIED}", re.IGNORECASE)
# A category may be one of several things of which something is denied.
_DENIED_AFTER_CATEGORY = re.compile(rf"[\"'`*_)\]]*{_OTHERS}{_IS_DENIED}", re.IGNORECASE)


class Clauses:
    """Where the clauses of a reply end and where they deny something."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [match.end() for match in _CLAUSE_END.finditer(text)]
        self._denials = [match.start() for match in _DENIAL.finditer(text)]

    def deny(self, start: int, end: int, *, category: bool = False) -> bool:
        """Tell whether the name at ``text[start:end]`` is denied, doubted or only supposed."""
        before = bisect_right(self._ends, start)
        clause_start = self._ends[before - 1] if before else 0
        denial = bisect_left(self._denials, clause_start)
        if denial < len(self._denials) and self._denials[denial] < start:
            return True
        after = _DENIED_AFTER_CATEGORY if category else _DENIED_AFTER
        return after.match(self._text, end) is not None


def strongest(claims: list[Claim]) -> list[Claim]:
    """Return the claims that decide: those of the greatest strength.

    One plain statement of another option than the declared one is kept as a contradiction. Several
    are a list of the options that was gone through before the answer.
    """
    by_strength = {
        strength: [claim for claim in claims if claim.strength is strength] for strength in Strength
    }
    declared, stated = by_strength[Strength.DECLARED], by_strength[Strength.STATED]
    if declared and len(frozenset[int]().union(*(claim.indices for claim in stated))) == 1:
        return declared + stated
    return declared or stated or by_strength[Strength.MENTIONED]


def find_claims(passage: Passage, clauses: Clauses) -> list[Claim]:
    """Gather the claims of all recognisers in a passage; ``clauses`` are those of its text."""
    exact = list(_verbatim(passage))
    if exact:
        return exact
    return [
        *_announced(passage, clauses),
        *_said_to_be_right(passage, clauses),
        *_lines(passage),
        *_mentioned_texts(passage, clauses),
        *_mentioned_labels(passage, clauses),
    ]


def _claim(statement: Statement, strength: Strength, how: str) -> Claim:
    return Claim(
        statement.indices, statement.conflict, strength, how, statement.start, statement.end
    )


def _verbatim(passage: Passage) -> Iterator[Claim]:
    """Claim an option whose line, text or label is the whole passage, character by character."""
    written = passage.text[passage.start : passage.end].strip()
    if not written:
        return
    start = passage.text.index(written, passage.start)
    end = start + len(written)
    for index, (label, text) in enumerate(
        zip(passage.names.labels, passage.names.texts, strict=True)
    ):
        forms = {label: "label", f"{label}.": "label", f"{label}. {text}": "label and text"}
        how = "text" if written == text else forms.get(written)
        if how is not None:
            yield Claim(frozenset({index}), False, Strength.DECLARED, how, start, end)


def _announced(passage: Passage, clauses: Clauses) -> Iterator[Claim]:
    """Claim what follows words such as "the answer is" or "I choose"."""
    done = passage.start
    for cue in _CUE.finditer(passage.text, passage.start, passage.end):
        if cue.start() >= done and not clauses.deny(cue.end(), cue.end()):
            run = run_at(passage, cue.end())
            done = run.end
            for statement in run.statements:
                yield _claim(statement, Strength.DECLARED, "announced")


def _said_to_be_right(passage: Passage, clauses: Clauses) -> Iterator[Claim]:
    """Claim a label of which the reply says that it is right ("B is the best answer")."""
    for match, index in _capital_labels(passage):
        if passage.at(_IS_RIGHT, match.end()) and not clauses.deny(match.start(), match.end()):
            yield Claim(frozenset({index}), False, Strength.DECLARED, "announced", *match.span())


def _capital_labels(passage: Passage) -> Iterator[tuple[re.Match[str], int]]:
    pattern = re.compile(passage.names.label_pattern)
    for match in pattern.finditer(passage.text, passage.start, passage.end):
        index = passage.names.labelled(match.group())
        if index is not None:
            yield match, index


def _lines(passage: Passage) -> Iterator[Claim]:
    """Claim what the reply begins with and what fills a line."""
    lead: Run | None = None
    partial: list[Run] = []
    done = passage.start
    seen: set[str] = set()
    for line in _LINE.finditer(passage.text, passage.start, passage.end):
        # A line that comes again says nothing new.
        if line.start() < done or line.group() in seen or not line.group().strip():
            continue
        seen.add(line.group())
        run = run_at(passage, line.start())
        done = max(done, run.end)
        line_end = passage.text.find("\n", run.end, passage.end)
        whole = fills_line(passage.part(run.end, line_end if line_end >= 0 else passage.end), run)
        if not whole:
            partial.append(run)
        if whole or lead is None:
            for statement in run.statements:
                if not _continues_text(passage, statement):
                    yield _claim(statement, Strength.STATED, statement.how)
        lead = lead or run
    if lead and lead.statements and (lead in partial or lead.statements[0].how == "label and text"):
        yield from _further_entries(passage, lead, partial)


def _continues_text(passage: Passage, statement: Statement) -> bool:
    """Tell whether a statement is the end of a longer option text that began before it."""
    first = passage.words.first_from(statement.start)
    earliest = max(first - passage.names.most_words + 1, passage.words.first_from(passage.start))
    longer = (
        passage.names.text_at(passage.words, number, passage.end)
        for number in range(earliest, first)
    )
    return any(match is not None and match.end >= statement.end for match in longer)


def _further_entries(passage: Passage, lead: Run, partial: list[Run]) -> Iterator[Claim]:
    """Claim the later entries of a list of options whose first entry begins the reply."""
    for run in partial:
        for statement in run.statements:
            yield _claim(statement, Strength.STATED, statement.how)
    entry = re.compile(
        rf"(?:[.;,!?]\s+|\n)[\s*#>-]*(?P<label>{passage.names.label_pattern})[.):]\s"
    )
    for match in entry.finditer(passage.text, max(lead.end - 1, 0), passage.end):
        index = passage.names.labelled(match["label"])
        if index is not None:
            place = match.span("label")
            yield Claim(frozenset({index}), False, Strength.STATED, "label", *place)


def _mentioned_texts(passage: Passage, clauses: Clauses) -> Iterator[Claim]:
    """Claim the option texts that sentences contain as whole words, unless denied there."""
    reached = -1
    words = passage.words
    for number in range(words.first_from(passage.start), words.first_from(passage.end)):
        match = passage.names.text_at(words, number, passage.end)
        # A text within the longer text of another option is no mention of its own.
        if match is None or match.end <= reached:
            continue
        reached = match.end
        if passage.names.is_telling(words, number, match):
            statement = text_statement(passage, match)
            category = passage.names.are_categories(match.indices)
            if not clauses.deny(match.start, statement.end, category=category):
                yield _claim(statement, Strength.MENTIONED, "contained text")


def _mentioned_labels(passage: Passage, clauses: Clauses) -> Iterator[Claim]:
    """Claim the labels that sentences name as such ("option B"), unless denied there."""
    label = re.compile(passage.names.label_pattern)
    for cue in _LABEL_MENTION.finditer(passage.text, passage.start, passage.end):
        match = label.match(passage.text, cue.end(), passage.end)
        index = passage.names.labelled(match.group()) if match else None
        if match is None or index is None or not (cue["noun"] or is_label(passage, match)):
            continue
        if not clauses.deny(match.start(), match.end()):
            yield Claim(
                frozenset({index}), False, Strength.MENTIONED, "contained label", *match.span()
            )
