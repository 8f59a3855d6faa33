"""Suites: where samples and pictures come from.

A suite is a folder with a manifest, so that anybody can bring one (`docs/suites.md`). Loading
checks all records; `verify.check_pictures` checks the files that a selection can show.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from askfirst.errors import SampleError, SuiteError, UnknownName
from askfirst.scenarios.registry import scenario, scenarios
from askfirst.scenarios.sample import Sample
from askfirst.suites.manifest import Manifest, read_file, read_manifest

EMBEDDED = ("studio", "studio-train")
"""Suites that the package carries."""


@dataclass(frozen=True)
class Suite:
    """A loaded suite.

    Attributes:
        root: The folder.
        manifest: Its checked manifest.
        samples: Playable samples by scenario key, in stored order.
        skipped: Number of records by scenario key that the published rules leave out.
    """

    root: Path
    manifest: Manifest
    samples: Mapping[str, tuple[Sample, ...]]
    skipped: Mapping[str, int]


def suite_folder(name: str) -> Path:
    """The folder of a suite: that of an embedded one by name, or any other by path.

    Raises:
        UnknownName: It is neither.
    """
    if name in EMBEDDED:
        return Path(str(files("askfirst.suites"))) / name
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise UnknownName(
            f"unknown suite {name!r}: give {' or '.join(EMBEDDED)}, or the path of a suite's folder"
        )
    return folder


def load_suite(name: str) -> Suite:
    """Load and check a suite; pictures are not opened.

    Raises:
        UnknownName: No such suite.
        SuiteError: Manifest or records are missing, broken or wrong.
    """
    root = suite_folder(name)
    manifest = read_manifest(root)
    samples: dict[str, tuple[Sample, ...]] = {}
    skipped: dict[str, int] = {}
    for key in sorted(manifest.samples, key=_published_order):
        samples[key], skipped[key] = _read_samples(root, manifest, key)
    return Suite(root, manifest, samples, skipped)


def _published_order(key: str) -> tuple[int, str]:
    order = list(scenarios())
    return (order.index(key) if key in order else len(order), key)


def _read_samples(root: Path, manifest: Manifest, key: str) -> tuple[tuple[Sample, ...], int]:
    entry = manifest.samples[key]
    lines = read_file(root, entry.path, entry.sha256).decode("utf-8").splitlines()
    records = [_record(root / entry.path, line) for line in lines if line.strip()]
    if len(records) != entry.count:
        raise SuiteError(f"{root / entry.path} has {len(records)} records, not {entry.count}")
    # The published rules leave out videos that are hardly occluded; they are counted, not hidden.
    played = [record for record in records if record.get("strong_occlusions") is not False]
    try:
        group = tuple(scenario(key).read(record) for record in played)
    except (SampleError, UnknownName) as error:
        raise SuiteError(f"{root / entry.path}: {error}") from error
    if len({sample.id for sample in group}) != len(group):
        raise SuiteError(f"{root / entry.path}: two samples have the same id")
    return group, len(records) - len(played)


def _record(file: Path, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise SuiteError(f"{file} has a line that is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise SuiteError(f"{file} has a line that is not a JSON object")
    return record
