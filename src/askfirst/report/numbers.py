"""Numbers as people read them."""

from askfirst.metrics.estimate import Estimate

NO_VALUE = "–"
DIGITS = {"%": 1}
"""Digits after the point by unit; two for any other."""


def value_text(estimate: Estimate, unit: str) -> str:
    """The value of an estimate, with the digits of its unit."""
    return NO_VALUE if estimate.value is None else _digits(estimate.value, unit)


def interval_text(estimate: Estimate, unit: str) -> str:
    """Its interval as `low to high`; "" where there is none."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return ""
    return f"{_digits(estimate.low, unit)} to {_digits(estimate.high, unit)}"


def full_text(estimate: Estimate, unit: str) -> str:
    """Value and interval: `71.4 [62.1 to 79.8]`."""
    interval = interval_text(estimate, unit)
    return f"{value_text(estimate, unit)} [{interval}]" if interval else value_text(estimate, unit)


def _digits(number: float, unit: str) -> str:
    text = f"{number:.{DIGITS.get(unit, 2)}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text  # no minus before zero
