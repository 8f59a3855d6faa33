"""The paper's numbers, for runs of the published benchmark; `published.json` names their source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from askfirst.metrics.estimate import Estimate
from askfirst.metrics.run_measures import RunMeasures
from askfirst.report.runs import Run

PUBLISHED_SUITE = "proactivebench"
"""Name, in its manifest, of the suite that is the published benchmark."""

TABLES = {
    "official-v1": "mcqa",
    "official-v1-hint": "mcqa_hint",
    "official-v1-reference": "reference",
}
"""The paper's table that a protocol repeats."""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A line of the table: accuracy in % by scenario, then averages of accuracy and psr."""

    model: str
    values: tuple[float | None, ...]
    ours: bool


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """The paper's models with those of a run among them.

    Attributes:
        titles: Titles of the columns after the model's name.
        rows: The run's own models first.
        caption: What the numbers are and where they come from.
    """

    titles: tuple[str, ...]
    rows: tuple[PublishedRow, ...]
    caption: str


def published_table(run: Run, measures: RunMeasures) -> PublishedTable | None:
    """The published results beside those of a run; None for another suite or protocol."""
    name = TABLES.get(run.protocol)
    if run.suite.name != PUBLISHED_SUITE or name is None:
        return None
    content = json.loads(files("askfirst.report").joinpath("published.json").read_text("utf-8"))
    table = content["tables"][name]
    scenarios = [key for key in next(iter(table.values())) if key != "avg"]
    ours = [
        PublishedRow(model, _own(found.scenarios, found.macro, scenarios), True)
        for model, found in measures.models.items()
    ]
    theirs = [
        PublishedRow(model, (*(row[key][0] for key in scenarios), *row["avg"]), False)
        for model, row in table.items()
    ]
    return PublishedTable(
        titles=(*scenarios, "average acc", "average psr"),
        rows=(*ours, *theirs),
        caption=f"Accuracy in percent by scenario, with the unweighted averages of accuracy and of "
        f"interventions an episode (psr). Source: {content['source']} ({name}). The published "
        f"numbers carry no intervals.",
    )


def _own(
    scenarios: Mapping[str, Mapping[str, Estimate]],
    macro: Mapping[str, Estimate],
    keys: list[str],
) -> tuple[float | None, ...]:
    by_scenario = [scenarios[key]["acc"].value if key in scenarios else None for key in keys]
    # An average over fewer scenarios than the paper's is another number.
    whole = all(key in scenarios for key in keys)
    averages = [macro[key].value if whole else None for key in ("acc", "psr")]
    return (*by_scenario, *averages)
