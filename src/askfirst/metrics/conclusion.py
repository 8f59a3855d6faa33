"""What can and what cannot be concluded from a comparison, in one sentence."""

from collections.abc import Sequence

from askfirst.metrics.difference import MACRO, Difference
from askfirst.metrics.measures import MEASURE_BY_KEY

DECIDING = ("informedness", "acc")
"""Measures by which models are told apart, the first that both models have counting most."""

FALSE_DISCOVERIES = 0.05
"""Share of false discoveries among scenarios that are said to differ."""


def conclusion(rows: Sequence[Difference], names: tuple[str, str]) -> str:
    """One plain sentence on the macro averages, then how many scenarios differ.

    Args:
        rows: All differences, second model minus first.
        names: The names of the first and the second model.
    """
    said = [_clause(row, names) for key in DECIDING for row in rows if _is(row, key, MACRO)]
    if not said:
        return "Nothing can be concluded: no measure is defined for both models in every scenario."
    return f"{'; '.join(said)}. {_scenarios(rows)}".strip()


def _is(row: Difference, key: str, scenario: str) -> bool:
    return row.key == key and row.scenario == scenario and row.difference.value is not None


def _clause(row: Difference, names: tuple[str, str]) -> str:
    """What the macro average of one measure says."""
    title, unit = MEASURE_BY_KEY[row.key].title, " points" * (MEASURE_BY_KEY[row.key].unit == "%")
    value, low, high = row.difference.value, row.difference.low, row.difference.high
    assert value is not None
    first, second = names
    ahead, behind = (second, first) if value > 0 else (first, second)
    if low is None or high is None:
        if value == 0:
            return f"{first} and {second} do not differ in {title} on any cluster of these samples"
        return (
            f"{ahead} has {_say(abs(value))}{unit} more {title} than {behind} on these samples, "
            f"alike in every cluster, so that no interval can be given"
        )
    if row.certain:
        near, far = sorted((abs(low), abs(high)))
        return (
            f"{ahead} has more {title} than {behind}: {_say(abs(value))}{unit} "
            f"(95 % interval {_say(near)} to {_say(far)})"
        )
    assert row.detectable is not None
    return (
        f"it cannot be concluded that {first} and {second} differ in {title}: {_say(value)}{unit} "
        f"(95 % interval {_say(low)} to {_say(high)}), and a difference below "
        f"{_say(row.detectable)}{unit} would likely have been missed"
    )


def _scenarios(rows: Sequence[Difference]) -> str:
    """In how many scenarios the deciding measure differs, false discoveries held at 5 %."""
    for key in DECIDING:
        tested = [row for row in rows if row.key == key and row.q is not None]
        if tested:
            found = [row.scenario for row in tested if (row.q or 0.0) <= FALSE_DISCOVERIES]
            title = MEASURE_BY_KEY[key].title
            if not found:
                return f"No single scenario shows a difference in {title}."
            return (
                f"Single scenarios that differ in {title} ({len(found)} of {len(tested)}): "
                f"{', '.join(found)}."
            )
    return ""


def _say(number: float) -> str:
    return f"{number:.2f}" if abs(number) < 2 else f"{number:.1f}"
