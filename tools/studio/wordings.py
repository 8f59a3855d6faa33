"""Wordings that scenarios share; each scenario's own pools stand in its maker."""

import numpy as np

ABSTENTIONS = (
    "I cannot tell from this image.",
    "I do not know the answer.",
    "This question cannot be answered.",
)
"""Three ways to abstain; the environments know them by "cannot" and "do not"."""


def pick(rng: np.random.Generator, pool: tuple[str, ...]) -> str:
    """One wording of a pool."""
    return pool[int(rng.integers(len(pool)))]
