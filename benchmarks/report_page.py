"""How long a report takes to open in a browser.

    python benchmarks/report_page.py RUN [--suite DIR] [--episodes 1000]

Takes the first episodes of a run (all models in turn), writes their report and opens it five times
in a fresh tab of Chromium. Prints the size of the page, the time until its load event, and the
time until leaderboard, first chart and film strip stand there.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from shutil import which
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from askfirst.engine.journal import read_episodes, to_line
from askfirst.report.format import Format
from askfirst.report.write import write_report

TIMES = 5
SHOWN = "document.querySelector('#outcomes svg') && document.querySelector('.frame')"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def first_episodes(run: Path, count: int, into: Path) -> Path:
    """A run's folder with the first `count` episodes, evenly from its models."""
    episodes = read_episodes(run / "episodes.jsonl")
    models = list(dict.fromkeys(episode.model for episode in episodes))
    kept = [
        episode
        for model in models
        for episode in [e for e in episodes if e.model == model][: -(-count // len(models))]
    ][:count]
    into.mkdir()
    lines = "".join(f"{to_line(episode)}\n" for episode in kept)
    (into / "episodes.jsonl").write_text(lines, "utf-8")
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    (into / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    print(f"{len(kept)} episodes, {sum(e.num_turns for e in kept)} turns, {len(models)} models")
    return into


def opening_times(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds until the load event, and until everything stands there."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_function(SHOWN)
    shown = 1000 * (time.perf_counter() - start)
    loaded = float(page.evaluate(LOADED))
    page.close()
    return loaded, shown


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("run", type=Path)
    words.add_argument("--suite", type=Path)
    words.add_argument("--episodes", type=int, default=1000)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        run = first_episodes(asked.run, asked.episodes, Path(scratch) / "run")
        out = Path(scratch) / "report.html"
        start = time.perf_counter()
        made = write_report([run], out, Format.HTML, asked.suite)
        print(f"written in {time.perf_counter() - start:.1f} s")
        print(f"page {out.stat().st_size / 1e6:.2f} MB, pictures beside it: {bool(made.pictures)}")
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        times = [opening_times(browser, out.as_uri()) for _ in range(TIMES)]
        browser.close()
    for name, column in zip(("load event", "all shown"), zip(*times, strict=True), strict=True):
        print(f"{name}: median {median(column):.0f} ms, worst {max(column):.0f} ms")


if __name__ == "__main__":
    main()
