"""Where finished episodes go."""

from collections.abc import Callable
from dataclasses import dataclass

from askfirst.engine.journal import Journal, Key
from askfirst.protocol.episode import Episode

Recorder = Callable[[Episode], None]


@dataclass(frozen=True)
class EpisodeStore:
    """Where finished episodes go, and where those lie that need not be played again.

    One object of a class of its own because inspect_ai knows a run's log again by its solver's
    arguments: it spells out a dictionary and counts the name of a function, but only names an
    object.

    Attributes:
        journal: The run's memory, if it has one.
        recorded: Called with every episode that is played here.
    """

    journal: Journal | None = None
    recorded: Recorder | None = None

    def finished(self, key: Key) -> Episode | None:
        """The episode of a key that need not be played again."""
        return self.journal.finished(key) if self.journal else None

    def keep(self, episode: Episode) -> None:
        """Write an episode down, then tell who watches."""
        if self.journal:
            self.journal.append(episode)
        if self.recorded:
            self.recorded(episode)


NO_STORE = EpisodeStore()
"""Nothing is known, nothing is kept."""
