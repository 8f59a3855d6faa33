"""The journal of a run: `episodes.jsonl`, one line an episode, written the moment it is finished.

The file is the run's memory. A process that is killed leaves every finished episode behind, at
worst with a torn last line, which is cut off; the next process plays what is missing. When a run is
complete the lines are put in order, one for each sample.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from askfirst.errors import RunError
from askfirst.protocol.episode import Episode, from_json, to_json

Key = tuple[str, str, int]


def to_line(episode: Episode) -> str:
    """An episode as a line of the file, without its end."""
    return json.dumps(to_json(episode), separators=(",", ":"))


def read_episodes(file: Path) -> list[Episode]:
    """Read finished lines of an episode file, in file order; a torn last line is left out.

    Raises:
        RunError: A finished line is not an episode of this version.
    """
    return [episode for episode, _ in _read(file)]


def _read(file: Path) -> list[tuple[Episode, str]]:
    content = file.read_bytes()
    finished = content[: content.rfind(b"\n") + 1].decode("utf-8")
    entries = []
    for number, line in enumerate(finished.split("\n")[:-1], start=1):
        try:
            entries.append((from_json(json.loads(line)), line))
        except (ValueError, AttributeError) as error:
            raise RunError(f"{file} line {number} is no episode: {error}") from error
    return entries


def merge(episodes: Iterable[Episode]) -> dict[Key, Episode]:
    """One episode a (model, scenario, sample): the last, but never an error over a result."""
    merged: dict[Key, Episode] = {}
    for episode in episodes:
        known = merged.get(episode.key)
        if known is None or known.failed or not episode.failed:
            merged[episode.key] = episode
    return merged


class Journal:
    """An open episode file.

    Attributes:
        file: Where it lies.
        episodes: What it holds, by (model, scenario, sample).
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        entries = _read(file) if file.exists() else []
        self.episodes = merge(episode for episode, _ in entries)
        self._lines = {
            episode.key: line for episode, line in entries if self.episodes[episode.key] is episode
        }
        if file.exists():
            _cut_torn_line(file)
        self._descriptor: int | None = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def finished(self, key: Key) -> Episode | None:
        """The episode of a key that need not be played again."""
        episode = self.episodes.get(key)
        return None if episode is None or episode.failed else episode

    def append(self, episode: Episode) -> None:
        """Write a finished episode; it survives the process from here on.

        Raises:
            OSError: It cannot be written; the file is as it was.
        """
        assert self._descriptor is not None
        line = to_line(episode)
        _write_whole(self._descriptor, f"{line}\n".encode())
        self.episodes[episode.key] = episode
        self._lines[episode.key] = line

    def put_in_order(self, keys: Iterable[Key]) -> None:
        """Replace the file in one step by the episodes of these keys, in this order.

        Nothing can be appended afterwards.
        """
        self.close()
        draft = self.file.with_suffix(".jsonl.part")
        with draft.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{self._lines[key]}\n" for key in keys)
        draft.replace(self.file)

    def close(self) -> None:
        """Close the file; once is enough."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _write_whole(descriptor: int, content: bytes) -> None:
    """Append all or nothing: a disk that is nearly full takes a part before it refuses the rest."""
    begun = os.fstat(descriptor).st_size
    try:
        while content:
            content = content[os.write(descriptor, content) :]
    except OSError:
        os.ftruncate(descriptor, begun)
        raise


def _cut_torn_line(file: Path) -> None:
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(file, whole)
