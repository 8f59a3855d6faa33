"""Statements: the places of a reply where options are named one after the other.

A statement is a label, an option text, or a label together with a text ("B", "Banana", "B. Banana",
"Banana (B)"); a run is a list of them ("A or B", "B. B.").
"""

import re
from dataclasses import dataclass

from askfirst.protocol.option_names import OptionNames, TextMatch
from askfirst.protocol.reply_text import Words

_OPENERS = re.compile(r"[ \t\"'`*_~(\[{<>#$\\]*")
_PREFIX = re.compile(
    r"(?:option|choice|letter|answer|ans|category|action|assistant)\b[\s:#\"'`*_(\[{]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+")
_BULLET = re.compile(r"(?:[-+*•]\s+)+")
_ARTICLE = re.compile(r"(?:an?|the)\s+[\"'`*_(]*", re.IGNORECASE)
_EITHER = re.compile(r"(?:either|both|maybe|probably|likely|definitely)\s+", re.IGNORECASE)

_CLOSERS = r"[\"'`*_~)\]}>$]*"
_REASON = r",?\s*\b(?:because|since|as|due|so)\b"
# After a label: marks that make it a label whatever follows …
_HARD_STOP = re.compile(
    rf"\s*(?:$|\n|[)\]}}:=])|[\"'`*_~$>]|{_CLOSERS}\.(?=$|[\s\"'`*_)\]}}<$.]|[^\W\d_a-z](?!\.)|\d)"
)
# … and marks that do so for a letter that is no word itself.
_SOFT_STOP = re.compile(rf"\s*[,;!/&|(]|\s+-+\s|\s+(?:or|and|but)\b|{_REASON}", re.IGNORECASE)
_TO_TEXT = re.compile(r"[\s.):\]*_\"'`,;=(}>$~-]*")
# After a text: the end of a statement …
_TEXT_STOP = re.compile(
    rf"{_CLOSERS}\s*(?:$|\n|[.;!]|[)\]}}(\[<]|{_REASON})|[\"'`*_]+\s", re.IGNORECASE
)
# … or the next entry of a list.
_LIST_MARK = re.compile(rf"{_CLOSERS}\s*(?:[,/&|;+]|\b(?:or|and|vs)\b)", re.IGNORECASE)
_CONNECTOR = re.compile(
    rf"{_CLOSERS}[ \t.!;\"'`*_)\]}}]*(?P<mark>[,/&|;+]?[ \t]*(?:\b(?:or|and|vs)\b\.?)?)[ \t]*",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"\b(?:or|vs)\b|[/|]", re.IGNORECASE)
_LABEL_IN_BRACKETS = re.compile(r"[\"'`*_.,]*\s*-*\s*[(\[]\s*(?:option\s+)?", re.IGNORECASE)
_BRACKET_END = re.compile(r"\.?\s*[)\]]")
_REST_OF_LINE = re.compile(r"[\s.!,;\"'`*_~)\]}>$\\]*")

# More statements than this in one run are never needed to see that they differ.
_LONGEST_RUN = 64


@dataclass(frozen=True, slots=True)
class Statement:
    """One naming of an option.

    Attributes:
        indices: the options that are named; more than one where a text stands twice in the list.
        conflict: a label and the text attached to it name different options.
        how: ``label``, ``text`` or ``label and text``.
        start, end: the place of the name in the uniform text.
    """

    indices: frozenset[int]
    conflict: bool
    how: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """Statements in a row, and where they stop."""

    statements: tuple[Statement, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A part ``text[start:end]`` of a uniform reply, with its words and the option names."""

    text: str
    words: Words
    names: OptionNames
    start: int
    end: int

    def part(self, start: int, end: int) -> "Passage":
        """Return a smaller part of the same reply."""
        return Passage(self.text, self.words, self.names, start, end)

    def skip(self, pattern: re.Pattern[str], position: int) -> int:
        """Return the end of ``pattern`` at a position, or the position without a match."""
        match = pattern.match(self.text, position, self.end)
        return match.end() if match else position

    def at(self, pattern: re.Pattern[str], position: int) -> bool:
        """Tell whether ``pattern`` matches at a position."""
        return pattern.match(self.text, position, self.end) is not None


def run_at(passage: Passage, position: int) -> Run:
    """Read the statements that follow one another from a position on.

    A list that goes on with something else ("Banana, apple and …", "A or …") is no statement.
    """
    statements: list[Statement] = []
    position = passage.skip(_EITHER, _skip_opening(passage, position))
    end, mark = position, ""
    while len(statements) < _LONGEST_RUN:
        # A list stays on its line; only the text of a label may stand on the next one.
        statement = statement_at(passage, position, in_list=bool(mark) or not statements)
        if statement is None:
            break
        statements.append(statement)
        end = statement.end
        connector = _CONNECTOR.match(passage.text, end, passage.end)
        mark = connector["mark"].strip() if connector else ""
        position = connector.end() if connector else end
    else:
        mark = ""
    if statements and mark:
        is_text = statements[-1].how == "text" and not passage.at(_TEXT_STOP, end)
        if is_text or _OPEN_END.search(mark):
            return Run((), end)
    return Run(tuple(statements), end)


def fills_line(passage: Passage, run: Run) -> bool:
    """Tell whether nothing but punctuation follows a run."""
    return passage.skip(_REST_OF_LINE, run.end) == passage.end


def _skip_opening(passage: Passage, position: int) -> int:
    position = passage.skip(_BULLET, passage.skip(_OPENERS, position))
    number = _NUMBER.match(passage.text, position, passage.end)
    if number and not passage.names.is_name(number[1]):
        position = number.end()
    return passage.skip(_OPENERS, position)


def statement_at(passage: Passage, position: int, *, in_list: bool) -> Statement | None:
    """Read one statement at a position.

    Args:
        passage: the part of the reply to stay in.
        position: where the statement has to start, apart from quotes, brackets and the like.
        in_list: whether a text may be followed by a comma or "or" instead of ending a clause.
    """
    position = passage.skip(_OPENERS, position)
    position = passage.skip(_PREFIX, position)
    text = _text_at(passage, position)
    if text and not (passage.at(_TEXT_STOP, text.end) or (in_list and _lists(passage, text))):
        text = None
    labelled = _label_statement(passage, position)
    if text is None:
        return labelled
    alone = text_statement(passage, text)
    # A text of several words that begins like a label ("U.S. flag.") is the text.
    if labelled and (text.words == 1 or labelled.how == "label and text"):
        return _both_ways(labelled, alone)
    return alone


def _lists(passage: Passage, text: TextMatch) -> bool:
    return passage.at(_LIST_MARK, text.end)


def _both_ways(label: Statement, text: Statement) -> Statement:
    return Statement(
        label.indices | text.indices,
        label.conflict or text.conflict,
        label.how,
        label.start,
        max(label.end, text.end),
    )


def _text_at(passage: Passage, position: int) -> TextMatch | None:
    for start in (position, passage.skip(_ARTICLE, position)):
        number = passage.words.first_from(start)
        match = passage.names.text_at(passage.words, number, passage.end)
        if match and match.start == passage.skip(_OPENERS, start):
            return match
    return None


def text_statement(passage: Passage, text: TextMatch) -> Statement:
    """Make a statement of a text and of the label in brackets that may follow it."""
    opened = _LABEL_IN_BRACKETS.match(passage.text, text.end, passage.end)
    label = opened and passage.names.label_at(passage.text, opened.end(), passage.end)
    if label and passage.at(_BRACKET_END, label.end()):
        index = passage.names.labelled(label.group())
        if index is not None:
            return _attached(index, text, text.start, label.end())
    return Statement(text.indices, False, "text", text.start, text.end)


def _attached(index: int, text: TextMatch, start: int, end: int) -> Statement:
    if index in text.indices:
        return Statement(frozenset({index}), False, "label and text", start, end)
    return Statement(text.indices | {index}, True, "label and text", start, end)


def _label_statement(passage: Passage, position: int) -> Statement | None:
    match = passage.names.label_at(passage.text, position, passage.end)
    index = passage.names.labelled(match.group()) if match else None
    if match is None or index is None:
        return None
    stopped = is_label(passage, match)
    text = _text_at(passage, passage.skip(_TO_TEXT, match.end()))
    if text is not None:
        gap = passage.text[match.end() : text.start].strip(" \t\"'`*_")
        article = not gap and match.group() in ("A", "a")
        if index in text.indices:
            return _attached(index, text, match.start(), text.end)
        if article and passage.names.are_categories(text.indices):
            return None
        # A rationale may begin with the text of another option; a statement ends after it.
        if (stopped or not gap) and passage.at(_TEXT_STOP, text.end):
            return _attached(index, text, match.start(), text.end)
    if not stopped:
        return None
    return Statement(frozenset({index}), False, "label", match.start(), match.end())


def is_label(passage: Passage, match: re.Match[str]) -> bool:
    """Tell from what follows whether a match is a label and not a word of a sentence."""
    written = match.group()
    if passage.at(_HARD_STOP, match.end()):
        return True
    # "a", "I" and labels such as "as" or "be" are words as well.
    is_word = written in ("a", "i", "I") or (len(written) > 1 and not written.isupper())
    return not is_word and passage.at(_SOFT_STOP, match.end())
