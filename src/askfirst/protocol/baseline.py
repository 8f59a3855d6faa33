"""Players without eyes, against which every model is to be read."""

import random
from collections.abc import Callable, Sequence

from askfirst.scenarios.option import Option, OptionKind

Policy = Callable[[Sequence[Option], int, random.Random], int]
"""From the options, the option that a player who knows everything would choose, and a generator, to
the index that the baseline chooses."""


def _of_kind(options: Sequence[Option], kind: OptionKind) -> list[int]:
    return [index for index, option in enumerate(options) if option.kind is kind]


def never_ask(options: Sequence[Option], advice: int, rng: random.Random) -> int:
    """A category at random."""
    return rng.choice(_of_kind(options, OptionKind.CATEGORY))


def always_ask(options: Sequence[Option], advice: int, rng: random.Random) -> int:
    """The first suggestion that is accepted, else the first one, else an abstention.

    A state may offer no suggestion: a camera that has gone as far as it may.
    """
    actions = _of_kind(options, OptionKind.ACTION)
    accepted = [index for index in actions if options[index].valid]
    return (accepted or actions or _of_kind(options, OptionKind.ABSTAIN) or [0])[0]


def uniform(options: Sequence[Option], advice: int, rng: random.Random) -> int:
    """Any option, all alike."""
    return rng.randrange(len(options))


def oracle(options: Sequence[Option], advice: int, rng: random.Random) -> int:
    """Asks on the shortest way to a picture that suffices, then answers right."""
    return advice


def blind(options: Sequence[Option], advice: int, rng: random.Random) -> int:
    """Always the first category."""
    return _of_kind(options, OptionKind.CATEGORY)[0]


POLICIES: dict[str, Policy] = {
    "never-ask": never_ask,
    "always-ask": always_ask,
    "uniform": uniform,
    "oracle": oracle,
    "blind": blind,
}
"""The baselines by name."""
