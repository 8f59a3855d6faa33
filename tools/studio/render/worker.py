"""Renders the scenes of a job file, one after another, in one Blender process.

    python -m tools.studio.render.worker JOBS.jsonl OUT --assets PACKS

A job is one line {"maker": "rod", "scene": {…}}; the maker is a module beside this one with `SCENE`
and `film`. Its frames go to OUT/<maker>/<scene name>/ as PNG files and, when all of them are there,
`scene.json` with the scene and what the renderer measured. A scene with `scene.json` is skipped, a
frame that exists is kept, so an interrupted run goes on where it stopped. A scene that cannot be
made is reported and left out.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any


def work(job: dict[str, Any], out: Path, assets: Path) -> str:
    """Makes one scene; returns what was done in a word or two."""
    maker = importlib.import_module(f"tools.studio.render.{job['maker']}")
    fields = job["scene"].items()  # JSON knows no tuples
    scene = maker.SCENE(**{k: tuple(v) if isinstance(v, list) else v for k, v in fields})
    folder = out / job["maker"] / scene.name
    done = folder / "scene.json"
    if done.exists():
        return "there already"
    began = time.process_time()
    measured = maker.film(scene, assets, folder)
    report = {
        "scene": dataclasses.asdict(scene),
        **measured,
        "cpu_seconds": round(time.process_time() - began, 1),
    }
    part = done.with_suffix(".part")
    part.write_text(json.dumps(report), encoding="utf-8")
    part.replace(done)
    return f"{report['cpu_seconds']} s"


def main() -> int:
    """Reads the command line; the exit code is the number of scenes that failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.studio.render.worker")
    parser.add_argument("jobs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--assets", type=Path, required=True, help="folder of the unpacked packs")
    given = parser.parse_args()
    jobs = [json.loads(line) for line in given.jobs.read_text(encoding="utf-8").splitlines()]
    failed = 0
    for i, job in enumerate(jobs, 1):
        try:
            word = work(job, given.out, given.assets)
        except (ValueError, FileNotFoundError, RuntimeError) as error:
            failed, word = failed + 1, f"FAILED: {error}"
        print(f"[{i}/{len(jobs)}] {job['maker']}/{job['scene']['name']}: {word}", file=sys.stderr)
    return min(failed, 125)


if __name__ == "__main__":
    sys.exit(main())
