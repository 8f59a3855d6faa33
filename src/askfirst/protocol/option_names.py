"""The names by which a reply can refer to the options: labels and texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askfirst.protocol.reply_text import Words, uniform, words_of
from askfirst.scenarios.option import Option, OptionKind

# Texts of one such word ("No.", "Can.") are too common inside sentences to count as mentions.
_COMMON_WORDS = frozenset(
    """
    a all am an and any are as at be both but by can cannot could do does for from had has have he
    her here his how i if in into is it its just like look may me might more most must my need no
    none not nothing now object of off ok okay on one only or other our out picture right same see
    shall she should so some something than that the them then there these they this those to too
    unknown up us very was we well were what when where which who will with would yes you your
    image photo left down still thing answer option
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class TextMatch:
    """An option text found in a reply: the options that have it, and its place."""

    indices: frozenset[int]
    words: int
    start: int
    end: int


class OptionNames:
    """Looks up labels and option texts at a place of a reply."""

    def __init__(self, options: Sequence[Option], labels: Sequence[str]) -> None:
        """Prepare the names of ``options``, which carry ``labels`` in the same order.

        Raises:
            ValueError: if the numbers differ or a label is empty or stands twice.
        """
        if len(labels) != len(options) or len(set(labels)) != len(labels) or "" in labels:
            raise ValueError("every option needs one label of its own")
        self.labels = tuple(labels)
        self.texts = tuple(uniform(option.text).text.strip() for option in options)
        self._categories = frozenset(
            i for i, option in enumerate(options) if option.kind is OptionKind.CATEGORY
        )
        self._by_lower: dict[str, list[int]] = {}
        for i, label in enumerate(labels):
            self._by_lower.setdefault(label.lower(), []).append(i)
        self._by_first: dict[str, dict[tuple[str, ...], list[int]]] = {}
        for i, text in enumerate(self.texts):
            self._add_text(i, text)
        self._by_first = {
            first: dict(sorted(named.items(), key=lambda entry: -len(entry[0])))
            for first, named in self._by_first.items()
        }
        self.most_words = max(
            (len(keys) for named in self._by_first.values() for keys in named), default=0
        )
        longest_first = sorted(labels, key=len, reverse=True)
        # Not part of a word, and not the start of a contraction such as "I'm".
        self.label_pattern = (
            rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})"
            r"(?![A-Za-z0-9]|'[A-Za-z])"
        )
        self._label = re.compile(self.label_pattern, re.IGNORECASE)

    def _add_text(self, index: int, text: str) -> None:
        words = words_of(text)
        if words.keys:
            same_first = self._by_first.setdefault(words.keys[0], {})
            same_first.setdefault(words.keys, []).append(index)

    def label_at(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Match a label, in either case, at a position."""
        return self._label.match(text, start, end)

    def labelled(self, written: str) -> int | None:
        """Return the option whose label is written so; the exact case goes first."""
        if written in self.labels:
            return self.labels.index(written)
        alike = self._by_lower.get(written.lower(), [])
        return alike[0] if len(alike) == 1 else None

    def text_at(self, words: Words, number: int, end: int) -> TextMatch | None:
        """Find the longest option text that starts with word ``number`` and ends by ``end``."""
        if number >= len(words.keys):
            return None
        same_first = self._by_first.get(words.keys[number], {})
        for keys, named in same_first.items():  # longest first
            last = number + len(keys)
            if words.keys[number:last] == keys and words.ends[last - 1] <= end:
                start, stop = words.starts[number], words.ends[last - 1]
                return TextMatch(frozenset(named), len(keys), start, stop)
        return None

    def are_categories(self, indices: frozenset[int]) -> bool:
        """Tell whether all these options are categories."""
        return indices <= self._categories

    def is_telling(self, words: Words, number: int, match: TextMatch) -> bool:
        """Tell whether a text is distinctive enough to be found within a sentence."""
        keys = words.keys[number : number + match.words]
        return len(keys) > 1 or not (
            len(keys[0]) == 1 or keys[0].isdigit() or keys[0] in _COMMON_WORDS
        )

    def is_name(self, written: str) -> bool:
        """Tell whether a word is a label or the whole text of an option."""
        key = words_of(written).keys
        return self.labelled(written) is not None or (
            len(key) == 1 and key in self._by_first.get(key[0], {})
        )
