"""How long work tells of itself: a function of the stage's name, what is done and what there is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
