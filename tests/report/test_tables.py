"""The leaderboard as Markdown, LaTeX, CSV and JSON."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from askfirst.metrics.estimate import Estimate
from askfirst.metrics.run_measures import RunMeasures, model_measures
from askfirst.report.numbers import full_text
from askfirst.report.runs import read_run
from askfirst.report.summary import Summary, summarise
from askfirst.report.tables import to_csv, to_json, to_latex, to_markdown
from tests.report.conftest import MODELS, RESAMPLES


@pytest.fixture(scope="module")
def summary(run_folder: Path) -> Summary:
    return summarise(read_run(run_folder), RESAMPLES, seed=0)


@pytest.mark.parametrize(
    ("estimate", "unit", "text"),
    [
        (Estimate(71.44, 62.06, 79.8, 9, 3, ""), "%", "71.4 [62.1 to 79.8]"),
        (Estimate(1.234, None, None, 9, 3, ""), "asks", "1.23"),
        (Estimate(-0.001, -0.2, 0.2, 9, 3, ""), "", "0.00 [-0.20 to 0.20]"),
        (Estimate(None, None, None, 0, 0, ""), "%", "–"),
    ],
)
def test_numbers_have_the_digits_of_their_unit(estimate: Estimate, unit: str, text: str) -> None:
    assert full_text(estimate, unit) == text


def test_csv_and_json_hold_every_number_with_its_interval(summary: Summary) -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(summary))))
    content = json.loads(to_json(summary))
    found = model_measures(summary.run.groups("baseline/uniform"), resamples=RESAMPLES)
    for scope, estimates in {"micro": found.micro, "macro": found.macro, **found.scenarios}.items():
        for measure in summary.defined:
            expected = estimates[measure.key]
            assert content["scopes"][scope]["baseline/uniform"][measure.key] == expected.to_json()
    line = next(
        one
        for one in lines
        if (one["scope"], one["model"], one["measure"]) == ("micro", "baseline/uniform", "acc")
    )
    assert float(line["value"]) == found.micro["acc"].value
    assert float(line["low"]) == found.micro["acc"].low
    assert len(lines) == len(summary.defined) * len(MODELS) * len(summary.scopes)


def test_markdown_has_a_table_a_scope(summary: Summary) -> None:
    text = to_markdown(summary)
    assert text.count("| model") == len(summary.scopes)
    assert "## macro average" in text
    oracle = next(line for line in text.splitlines() if line.startswith("| baseline/oracle"))
    assert "| 100.0 [" in oracle


def test_latex_is_a_booktabs_table_a_scope(summary: Summary) -> None:
    text = to_latex(summary)
    assert text.count(r"\begin{tabular}") == len(summary.scopes) == text.count(r"\end{tabular}")
    assert r"\toprule" in text
    assert r"accuracy (\%)" in text


def test_a_name_cannot_leave_its_cell(summary: Summary) -> None:
    name = "evil|</td><b>_&%"
    one = summary.measures.models["baseline/uniform"]
    episodes = tuple(
        replace(e, model=name) for e in summary.run.episodes if e.model == "baseline/uniform"
    )
    run = replace(summary.run, models=(name,), episodes=episodes)
    renamed = Summary(run, RunMeasures({name: one}))
    row = next(line for line in to_markdown(renamed).splitlines() if "evil" in line)
    assert "<b>" not in row
    assert row.replace(r"\|", "").count("|") == to_markdown(renamed).splitlines()[4].count("|")
    assert r"\_\&\%" in to_latex(renamed)
