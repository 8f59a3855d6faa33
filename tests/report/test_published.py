"""The paper's numbers, and when they are shown."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from statistics import fmean

import pytest

from askfirst.report.published import PUBLISHED_SUITE, published_table
from askfirst.report.runs import read_run
from askfirst.report.summary import Summary, summarise
from tests.report.conftest import MODELS, RESAMPLES

PUBLISHED = json.loads(files("askfirst.report").joinpath("published.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def summary(run_folder: Path) -> Summary:
    return summarise(read_run(run_folder), RESAMPLES, seed=0)


@pytest.mark.parametrize("table", PUBLISHED["tables"])
def test_published_averages_are_those_of_the_published_scenarios(table: str) -> None:
    for model, row in PUBLISHED["tables"][table].items():
        cells = [cell for key, cell in row.items() if key != "avg"]
        assert len(cells) == 7
        # Each of seven rounded to one digit, and so is their mean.
        assert row["avg"][0] == pytest.approx(fmean(c[0] for c in cells), abs=0.11), model


def test_they_stand_beside_a_run_of_the_published_suite(summary: Summary) -> None:
    suite = replace(summary.run.suite, name=PUBLISHED_SUITE)
    run = replace(summary.run, suite=suite, protocol="official-v1")
    table = published_table(run, summary.measures)
    assert table is not None
    assert table.titles == (*summary.run.scenarios, "average acc", "average psr")
    assert [row.model for row in table.rows if row.ours] == list(MODELS)
    ours = next(row for row in table.rows if row.model == "baseline/oracle")
    assert ours.values[:7] == (100.0,) * 7
    theirs = next(row for row in table.rows if row.model == "LLaVA-1.5-7B")
    assert theirs.values == (12.5, 26.2, 6.7, 26.2, 25.5, 44.2, 32.3, 24.8, 0.9)
    assert "2603.19466" in table.caption


@pytest.mark.parametrize(
    ("suite", "protocol"), [("tiny", "official-v1"), (PUBLISHED_SUITE, "askfirst-v1")]
)
def test_they_stand_beside_nothing_else(summary: Summary, suite: str, protocol: str) -> None:
    named = replace(summary.run.suite, name=suite)
    run = replace(summary.run, suite=named, protocol=protocol)
    assert published_table(run, summary.measures) is None
