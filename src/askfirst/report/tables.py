"""The leaderboard in other formats: Markdown, LaTeX, CSV and JSON."""

import csv
import html
import io
import json
from dataclasses import asdict

from tabulate import tabulate

from askfirst.report.leaderboard import MAIN, Table, leaderboards
from askfirst.report.numbers import full_text
from askfirst.report.summary import Summary, described

CSV_COLUMNS = (
    "scope",
    "model",
    "measure",
    "unit",
    "value",
    "low",
    "high",
    "n",
    "clusters",
    "method",
)


def to_markdown(summary: Summary) -> str:
    """The main measures with their intervals, one Markdown table a scope."""
    parts = [f"# {_subject(summary)}\n"]
    for table in leaderboards(summary):
        head, body = _grid(table)
        # Names come from files and command lines: neither a bar nor a tag may leave its cell.
        safe = [[html.escape(cell).replace("|", "\\|") for cell in row] for row in body]
        parts.append(f"## {html.escape(table.title)}\n\n{_table(head, safe, 'pipe')}\n")
    return "\n".join(parts)


def to_latex(summary: Summary) -> str:
    """The same as `tabular` environments with booktabs rules, one a scope."""
    parts = [f"% {_subject(summary)}; needs \\usepackage{{booktabs}}"]
    for table in leaderboards(summary):
        head, body = _grid(table)
        parts.append(f"% {table.title}\n{_table(head, body, 'latex_booktabs')}")
    return "\n\n".join(parts) + "\n"


def to_csv(summary: Summary) -> str:
    """Every measure of every model over every scope, one number a line."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for table in leaderboards(summary):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                names = {"scope": table.scope, "model": row.model}
                measure = {"measure": column.key, "unit": column.unit}
                writer.writerow(names | measure | asdict(cell.estimate))
    return lines.getvalue()


def to_json(summary: Summary) -> str:
    """The same as JSON: `scopes` by scope, model and measure, and what the measures mean."""
    run = summary.run
    content = {
        "suite": asdict(run.suite),
        "protocol": {"name": run.protocol, "sha256": run.protocol_sha256},
        "measures": [described(measure) for measure in summary.defined],
        "scopes": {
            table.scope: {
                row.model: {
                    column.key: cell.estimate.to_json()
                    for column, cell in zip(table.columns, row.cells, strict=True)
                }
                for row in table.rows
            }
            for table in leaderboards(summary)
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _subject(summary: Summary) -> str:
    run = summary.run
    return f"Suite {run.suite.name} {run.suite.version}, protocol {run.protocol}, 95 % intervals"


def _grid(table: Table) -> tuple[list[str], list[list[str]]]:
    """Titles and texts of the main columns."""
    shown = [place for place, column in enumerate(table.columns) if column.key in MAIN]
    units = [f" ({column.unit})" if column.unit else "" for column in table.columns]
    head = ["model", "n", *(table.columns[place].title + units[place] for place in shown)]
    body = [
        [
            row.model,
            str(row.episodes),
            *(full_text(row.cells[p].estimate, table.columns[p].unit) for p in shown),
        ]
        for row in table.rows
    ]
    return head, body


def _table(head: list[str], body: list[list[str]], style: str) -> str:
    align = ("left", *["right"] * (len(head) - 1))
    return str(tabulate(body, head, tablefmt=style, disable_numparse=True, colalign=align))
