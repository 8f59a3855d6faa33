"""The data card's table and the Croissant description tell what is in a suite's folder."""

import hashlib
import json
from pathlib import Path

import pytest

from askfirst.suites import load_suite
from tests.tiny_suite import rewrite_manifest
from tools.studio.card import scenario_row, table
from tools.studio.croissant import write_description


def test_a_row_counts_samples_frames_and_steps(tiny_suite: Path) -> None:
    row = scenario_row(load_suite(str(tiny_suite)), "ROD")
    assert (row.samples, row.clusters, row.categories, row.frames) == (2, 2, 2, 14)
    assert (row.horizon, row.steps) == (14, 4)
    assert row.size == sum(file.stat().st_size for file in (tiny_suite / "rod").iterdir())


def test_the_table_has_a_line_a_scenario(tiny_suite: Path) -> None:
    lines = table([load_suite(str(tiny_suite))]).splitlines()
    assert len(lines) == 2 + 7
    assert lines[2].startswith("| tiny | ROD | 2 |")


def test_a_sample_that_never_suffices_is_an_error(own_suite: Path) -> None:
    file = own_suite / "QD.jsonl"
    rows = [json.loads(line) | {"sufficient": [False] * 3} for line in file.open()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    samples = json.loads((own_suite / "suite.json").read_text())["samples"]
    samples["QD"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    rewrite_manifest(own_suite, samples=samples)
    with pytest.raises(ValueError, match=r"never suffice.*\[1, 2\]"):
        scenario_row(load_suite(str(own_suite)), "QD")


def test_the_description_pins_every_file_of_records(own_suite: Path) -> None:
    write_description(own_suite)
    described = json.loads((own_suite / "croissant.json").read_text("utf-8"))
    files = {entry["name"]: entry for entry in described["distribution"] if "sha256" in entry}
    assert set(files) == {"suite.json", *(file.name for file in own_suite.glob("*.jsonl"))}
    for name, entry in files.items():
        assert entry["sha256"] == hashlib.sha256((own_suite / name).read_bytes()).hexdigest()
    assert next(records["name"] for records in described["recordSet"]) == "ROD"
    assert load_suite(str(own_suite)).manifest.name == described["name"]
