"""What a measure is: a name, and a function of sums over episodes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from askfirst.metrics.table import Array
from askfirst.metrics.tally import Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a measure is called, what it says and how it follows from sums.

    Attributes:
        key: Its name in files.
        title: Its name for people.
        unit: "%" for values from 0 to 100, "asks" or "turn" for counts, "" for plain numbers.
        better: "higher" or "lower"; "" where neither is better in itself.
        explains: What it says, in one sentence.
        value: From sums of shape (…, columns) to values of shape (…), nan where undefined.
        of: Columns that count what the value rests on; all of them must be above zero for it to be
            defined.
        applies: Column that counts the episodes to which the measure could apply, whatever the
            model does. Where there are none, a macro average leaves the scenario out.
        span: Lowest and highest value that is possible.
        share: Column of the numerator where the measure is a plain proportion of `of`; else None.
    """

    key: str
    title: str
    unit: str
    better: str
    explains: str
    value: Callable[[Sums], Array]
    of: tuple[str, ...]
    applies: str
    span: tuple[float, float] = (-math.inf, math.inf)
    share: str | None = None


def ratio(numerator: Array, denominator: Array) -> Array:
    """Quotient of two arrays, nan where the denominator is not above zero."""
    defined = denominator > 0
    return np.where(defined, numerator / np.where(defined, denominator, 1.0), np.nan)


def share(
    key: str, title: str, numerator: str, of: str, explains: str, better: str, applies: str = ""
) -> Measure:
    """The measure 100 · Σ numerator / Σ of, in percent; both count the same things."""
    return Measure(
        key=key,
        title=title,
        unit="%",
        better=better,
        explains=explains,
        value=lambda sums: 100 * ratio(sums[numerator], sums[of]),
        of=(of,),
        applies=applies or of,
        span=(0.0, 100.0),
        share=numerator,
    )
