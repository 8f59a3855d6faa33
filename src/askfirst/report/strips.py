"""Episodes as the page reads them: short, with every text, option list and picture stored once.

What a model wrote is in `texts` and nowhere else; the page shows it as text, never as HTML.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from askfirst.protocol.episode import Episode, Turn
from askfirst.protocol.reading import Reading
from askfirst.report.pictures import Pictures
from askfirst.report.runs import Run

LONGEST_TEXT = 6_000
"""Characters of a reply that the page shows; the middle of a longer one is left out."""


class Store:
    """Values in the order they were first met, each once.

    Attributes:
        values: The values; a position in it stands for its value.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Hashable, int] = {}

    def place(self, key: Hashable, value: Any) -> int:
        """The position of a value, which is added if its key is new."""
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


def shorten(text: str, longest: int = LONGEST_TEXT) -> tuple[str, int, int]:
    """A text without its middle if it is long.

    Returns:
        The text; the number of characters at its start that are as they were; and the number of
        characters by which those after the gap have moved to the front.
    """
    if len(text) <= longest:
        return text, len(text), 0
    half = longest // 2
    left_out = len(text) - 2 * half
    gap = f"\n[… {left_out:,} characters are left out here; episodes.jsonl has them …]\n"
    return text[:half] + gap + text[-half:], half, left_out - len(gap)


def strips(run: Run, pictures: Pictures) -> dict[str, Any]:
    """The film strips of a run: `texts`, `options`, `pictures`, and `episodes` that point to them.

    Positions in a text count Unicode code points.
    """
    texts, options, images = Store(), Store(), Store()
    episodes = [
        _episode(episode, run, pictures, texts, options, images) for episode in run.episodes
    ]
    return {
        "texts": texts.values,
        "options": options.values,
        "pictures": images.values,
        "episodes": episodes,
    }


def _episode(
    episode: Episode, run: Run, pictures: Pictures, texts: Store, options: Store, images: Store
) -> dict[str, Any]:
    return {
        "model": run.models.index(episode.model),
        "scenario": run.scenarios.index(episode.scenario),
        "sample": episode.sample,
        "twin": episode.twin_of,
        "answer": episode.answer,
        "shortest": episode.shortest,
        "horizon": episode.horizon,
        "outcome": episode.outcome.value,
        "error": episode.error,
        "turns": [_turn(turn, pictures, texts, options, images) for turn in episode.turns],
    }


def _turn(
    turn: Turn, pictures: Pictures, texts: Store, options: Store, images: Store
) -> dict[str, Any]:
    reply, kept, moved = shorten(turn.reply)
    source = pictures.sources.get(turn.image_sha256 or "")
    listed = [[option.text, option.kind.value, int(option.valid)] for option in turn.options]
    return {
        "picture": None if source is None else images.place(turn.image_sha256, source),
        "prompt": texts.place(turn.prompt, turn.prompt),
        "options": options.place(turn.options, listed),
        "evidence": turn.evidence,
        "sufficient": turn.sufficient,
        "reply": texts.place(reply, reply),
        "readings": _readings(turn.readings, kept, moved, len(turn.reply)),
        "choice": turn.choice,
        "move": turn.move.value,
    }


def _readings(
    readings: Mapping[str, Reading], kept: int, moved: int, length: int
) -> list[Sequence[Any]]:
    """Name, status, index, manner and place of each reading."""
    return [
        [name, r.status.value, r.index, r.how, _place(r.span, kept, moved, length)]
        for name, r in readings.items()
    ]


def _place(
    span: tuple[int, int] | None, kept: int, moved: int, length: int
) -> tuple[int, int] | None:
    """Where a span of a reply is in the shortened reply; None if it is in what was left out."""
    if span is None or span[1] <= kept:
        return span
    return (span[0] - moved, span[1] - moved) if span[0] >= length - kept else None
