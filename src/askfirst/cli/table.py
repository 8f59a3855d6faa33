"""Tables for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

OUTCOME_TITLES = {
    "correct_now": "right\nnow",
    "correct_after_asking": "right\nafter",
    "wrong_now": "wrong\nnow",
    "wrong_after_asking": "wrong\nafter",
    "abstained": "ab-\nstain",
    "invalid_action": "bad\nask",
    "exhausted": "ask\nlimit",
    "unparsed": "un-\nread",
    "error": "error",
}
"""Column titles of the nine outcomes; "after" is after asking."""


def summary_table(summary: Mapping[str, Any]) -> Table:
    """A block a model with a row a scenario and their unweighted mean; shares in percent.

    The last column is the accuracy on answerable twins, where they were played: the same items,
    begun in a picture that suffices.

    Outcomes that no model had are named below instead of taking a column.
    """
    seen = [outcome for outcome in OUTCOME_TITLES if any(_shares(summary, outcome))]
    unseen = [outcome for outcome in OUTCOME_TITLES if outcome not in seen]
    # Names come from files and command lines: shown as they are, never read as markup.
    table = Table(
        title=Text(f"suite {summary['suite']}, protocol {summary['protocol']}; shares in %"),
        caption=Text(f"Never: {', '.join(unseen)}." if unseen else ""),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("", no_wrap=True, min_width=max(map(len, summary["models"])))
    titles = ["n", "acc\n%", "psr", *(OUTCOME_TITLES[outcome] for outcome in seen)]
    paired = any("twins" in model["average"] for model in summary["models"].values())
    for title in titles + ["twin\nacc %"] * paired:
        table.add_column(title, justify="right", no_wrap=True)
    for name, model in summary["models"].items():
        table.add_row(Text(name, style="bold"))
        for key, row in {**model["scenarios"], "average": model["average"]}.items():
            table.add_row(*_cells(key, row, seen), *_twin_cells(row) * paired)
        table.add_section()
    return table


def _shares(summary: Mapping[str, Any], outcome: str) -> Iterator[float]:
    for model in summary["models"].values():
        for row in model["scenarios"].values():
            yield row["outcomes"][outcome]


def _cells(label: str, row: Mapping[str, Any], outcomes: list[str]) -> list[Text]:
    shares = (row["outcomes"][outcome] for outcome in outcomes)
    numbers = [
        str(row["n"]),
        _number(row["acc"], 1),
        _number(row["psr"], 2),
        *(f"{100 * share:.0f}" if share else "·" for share in shares),
    ]
    return [Text(f"  {label}"), *(Text(number) for number in numbers)]


def _twin_cells(row: Mapping[str, Any]) -> list[Text]:
    return [Text(_number(row["twins"]["acc"], 1) if "twins" in row else "–")]


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
