"""A run that was really played, its report, and a browser to open it in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from askfirst.engine.journal import read_episodes, to_line
from askfirst.engine.run import plan_run, run
from askfirst.protocol.episode import Episode
from askfirst.report.write import write_report

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
MODELS = tuple(f"baseline/{name}" for name in ("never-ask", "always-ask", "oracle", "uniform"))
RESAMPLES = 200
SECTIONS = ("leaderboard", "outcomes", "curves", "panels", "episodes")
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def with_reply(episode: Episode, reply: str) -> Episode:
    """The episode as if its first reply had been another text, whatever it was read as."""
    first = replace(episode.turns[0], reply=reply)
    return replace(episode, turns=(first, *episode.turns[1:]))


def set_reply(folder: Path, reply: str) -> None:
    """Let the first episode of a run begin with a reply."""
    file = folder / "episodes.jsonl"
    first, *others = read_episodes(file)
    episodes = [with_reply(first, reply), *others]
    file.write_text("".join(f"{to_line(episode)}\n" for episode in episodes), "utf-8")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, tiny_suite: Path) -> Path:
    """Four baselines on the tiny suite, twins included; the first reply is hostile."""
    folder = tmp_path_factory.mktemp("played") / "run"
    run(plan_run(MODELS, str(tiny_suite)), folder)
    set_reply(folder, HOSTILE)
    return folder


@pytest.fixture(scope="session")
def episodes(run_folder: Path) -> list[Episode]:
    return read_episodes(run_folder / "episodes.jsonl")


@pytest.fixture(scope="session")
def page_file(run_folder: Path, tiny_suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "report.html"
    return write_report([run_folder], out, suite=tiny_suite, resamples=RESAMPLES).file


@pytest.fixture(scope="module")
def browser(page_file: Path) -> Iterator[Browser]:
    """Chromium; while it is open its driver holds the event loop, so that nothing can be played."""
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page that was opened, and what it did meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, address: str, width: int = 1300) -> Iterator[Visit]:
    """Open an address and note requests, complaints and dialogs."""
    visit = Visit(
        browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    )
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("dialog", lambda dialog: (visit.dialogs.append(dialog.message), dialog.dismiss()))
    visit.page.goto(address)
    yield visit
    visit.page.close()


def see_everything(page: Page) -> None:
    """Scroll through the page, so that every chart is drawn."""
    for section in SECTIONS:
        page.locator(f"#{section}").scroll_into_view_if_needed()
    for chart in page.locator("[data-chart]").all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator("svg, p").first).to_be_attached()


@pytest.fixture
def visit(browser: Browser, page_file: Path) -> Iterator[Visit]:
    """The report, opened anew, all its charts drawn: one drawn later would move what is clicked."""
    with opened(browser, page_file.as_uri()) as made:
        see_everything(made.page)
        made.page.evaluate("scrollTo(0, 0)")
        yield made
