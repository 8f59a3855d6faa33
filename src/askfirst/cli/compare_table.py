"""The table of a comparison for the terminal."""

from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from askfirst.metrics.compare import Comparison
from askfirst.metrics.difference import Difference
from askfirst.metrics.measures import MEASURE_BY_KEY


def comparison_table(comparison: Comparison, names: tuple[str, str]) -> Table:
    """A block a measure with a row a scenario and their unweighted mean, differences B − A."""
    # Names come from files and command lines: shown as they are, never read as markup.
    table = Table(
        title=Text(f"A: {names[0]}\nB: {names[1]}\n{_samples(comparison)}"),
        caption=Text(
            "95 % intervals by clusters. q: p over the scenarios of a measure, false discoveries "
            "held down.\n80 % power: the smallest difference that would likely have been found."
        ),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("", no_wrap=True)
    for title in ("A", "B", "B − A", "95 %\ninterval", "p", "q", "80 %\npower", "clusters"):
        table.add_column(title, justify="right", no_wrap=True)
    for key, rows in groupby(comparison.rows, key=lambda row: row.key):
        measure = MEASURE_BY_KEY[key]
        unit = f", {measure.unit}" if measure.unit else ""
        table.add_row(Text(f"{measure.title}{unit}", style="bold"))
        for row in rows:
            table.add_row(*_cells(row), style="bold" if row.certain else None)
        table.add_section()
    return table


def _samples(comparison: Comparison) -> str:
    left = f", {comparison.left_out} left out" if comparison.left_out else ""
    return f"{comparison.paired} samples that both played{left}"


def _cells(row: Difference) -> list[Text]:
    digits = 1 if MEASURE_BY_KEY[row.key].unit == "%" else 2
    found = row.difference
    interval = (
        "–"
        if found.low is None or found.high is None
        else f"{found.low:+.{digits}f} … {found.high:+.{digits}f}"
    )
    return [
        Text(f"  {row.scenario}"),
        _number(row.a, digits),
        _number(row.b, digits),
        Text("–" if found.value is None else f"{found.value:+.{digits}f}"),
        Text(interval),
        _probability(row.p),
        _probability(row.q),
        _number(row.detectable, digits),
        Text(str(found.clusters)),
    ]


def _number(value: float | None, digits: int) -> Text:
    return Text("–" if value is None else f"{value:.{digits}f}")


def _probability(value: float | None) -> Text:
    if value is None:
        return Text("–")
    return Text("<.001" if value < 0.001 else f"{value:.3f}")
