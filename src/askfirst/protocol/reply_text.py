"""Text of a reply made uniform, with the way back to the positions in the original."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Longest run of combining marks kept together: the limit of Unicode's stream-safe text (UAX #15).
_MAX_MARKS = 30

# Signs that stand for whole phrases are kept as they are, so that a reply cannot swell.
_MAX_GROWTH = 3

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´ʼ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("【〔「『《〈", "["),
        **dict.fromkeys("】〕」』》〉", "]"),
        **dict.fromkeys("•●▪◦‣", "*"),
        **dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"),
        "。": ".",
        "、": ",",
    }
)

# Letters and digits with inner apostrophes, or one sign that is no punctuation ("+" in "C++").
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\s\w.,;:!?'\"()\[\]{}*`<>|~\\-]")

_TAG = r"(?:seed:)?(?:think|thinking|thoughts?|reasoning)"
_REASONING_STARTS = re.compile(rf"[<\[◁]{_TAG}[>\]▷]|<\|begin_of_thought\|>", re.IGNORECASE)
_REASONING_ENDS = re.compile(rf"[<\[◁]/{_TAG}[>\]▷]|<\|end_of_thought\|>", re.IGNORECASE)
_CHANNEL = "<|channel|>"
_FINAL_CHANNEL = "<|channel|>final<|message|>"


@dataclass(frozen=True, slots=True)
class UniformText:
    """A text in one style of writing.

    Attributes:
        text: NFKC form with plain quotes, dashes, brackets and line breaks; no control
            or format characters, no lone surrogates.
        offsets: ``offsets[i]`` is the position in the original of character ``i`` of ``text``;
            one more entry holds the length of the original.
    """

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the positions in the original of ``text[start:end]``."""
        return self.offsets[start], self.offsets[end]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: comparison keys and where each starts and ends."""

    keys: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def first_from(self, position: int) -> int:
        """Return the number of the first word that starts at or after a position."""
        return bisect_left(self.starts, position)


def uniform(original: str) -> UniformText:
    """Rewrite a text in one style of writing; any string is allowed."""
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(original):
        end = start + 1
        while (
            end < len(original)
            and end - start <= _MAX_MARKS
            and unicodedata.combining(original[end])
        ):
            end += 1
        piece = _uniform_piece(original[start:end])
        pieces.append(piece)
        offsets.extend([start] * len(piece))
        start = end
    offsets.append(len(original))
    return UniformText("".join(pieces), offsets)


@lru_cache(maxsize=4096)
def _uniform_piece(piece: str) -> str:
    composed = unicodedata.normalize("NFKC", piece.translate(_ALIKE)).translate(_ALIKE)
    if len(composed) > len(piece) + _MAX_GROWTH:
        composed = piece
    return "".join(_without_control(character) for character in composed)


def _without_control(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    # Format characters (zero-width, direction mark, soft hyphen) stand inside words.
    return {"Cf": "", "Cc": " ", "Cs": " "}.get(category, character)


def words_of(text: str) -> Words:
    """Split a uniform text into words, whose keys ignore case, accents and apostrophes."""
    found = list(_WORD.finditer(text))
    return Words(
        tuple(_key(match.group()) for match in found),
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
    )


def _key(word: str) -> str:
    if word.isascii():
        return word.lower().replace("'", "")
    # No combining run in a uniform text is longer than _MAX_MARKS by much, so this stays cheap.
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in parts if c != "'" and not unicodedata.combining(c))


def answer_start(text: str) -> int | None:
    """Return where the answer starts after the reasoning, or ``None`` if it was never reached.

    Everything up to the last closing tag is reasoning. An opening tag with no closing tag after
    it means that the reply was cut off before its answer.
    """
    if _CHANNEL in text:
        final = text.rfind(_FINAL_CHANNEL)
        if final < 0 or text.find(_CHANNEL, final + 1) >= 0:
            return None
        return final + len(_FINAL_CHANNEL)
    start = max((match.end() for match in _REASONING_ENDS.finditer(text)), default=0)
    return None if _REASONING_STARTS.search(text, start) else start
