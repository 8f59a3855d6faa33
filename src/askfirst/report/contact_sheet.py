"""Contact sheets: every picture that a suite's samples can show, with what is known of each.

One HTML file a scenario and an index; small copies of the pictures are inside, so that the folder
can be sent to anybody. No script: samples are paged through by links.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from askfirst.report.pictures import small_copy
from askfirst.scenarios.picture import Picture
from askfirst.scenarios.plan import shortest_plan
from askfirst.scenarios.reach import reachable
from askfirst.scenarios.registry import scenario
from askfirst.scenarios.sample import Sample
from askfirst.suites.pixels import open_picture
from askfirst.suites.suite import Suite

THUMBNAIL = 160
"""Longest side of a small copy, in pixels."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a sample.

    Attributes:
        uri: A small copy as a data URI.
        name: Path and view.
        evidence, sufficient: What the suite knows of it.
        first: Whether the sample begins here.
    """

    uri: str
    name: str
    evidence: float | None
    sufficient: bool | None
    first: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A sample with all its frames; `steps` is the shortest way to a sufficient one."""

    sample: Sample
    steps: int | None
    frames: tuple[Frame, ...]


def strip(suite: Suite, key: str, sample: Sample, thumbnail: Callable[[Picture], str]) -> Strip:
    """A sample with its frames, in the order of their file names, crops in the order of moves."""
    observations = reachable(scenario(key), sample)
    begins = observations[0].picture
    plan = shortest_plan(scenario(key), sample)
    frames = tuple(
        Frame(
            uri=thumbnail(seen.picture),
            name=seen.picture.path,
            evidence=seen.evidence,
            sufficient=seen.sufficient,
            first=seen.picture == begins,
        )
        for seen in sorted(observations, key=lambda seen: _in_order(seen.picture.path))
    )
    return Strip(sample, None if plan is None else len(plan), frames)


def _in_order(path: str) -> tuple[int, str]:
    """File names that end in numbers are sorted by them: 2 comes before 10."""
    return len(path), path


def write_contact_sheets(
    suite: Suite, folder: Path, keys: Sequence[str] = (), done: Progress | None = None
) -> Path:
    """Write `index.html` and a page a scenario.

    Args:
        suite: The suite.
        folder: Where to write; made if it does not exist.
        keys: Scenarios to show; none means all.
        done: Called with the scenario's key after each sample.

    Returns:
        The index.

    Raises:
        SuiteError: A picture is missing or broken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    template = Environment(
        loader=PackageLoader("askfirst.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("contact_sheet.html.j2")
    chosen = {key: suite.samples[key] for key in keys or suite.samples}
    thumbnail = _thumbnails(suite)
    for key, samples in chosen.items():
        strips = []
        for sample in samples:
            strips.append(strip(suite, key, sample, thumbnail))
            if done:
                done(key)
        page = template.render(
            manifest=suite.manifest, chosen=chosen, key=key, scenario=scenario(key), strips=strips
        )
        (folder / f"{key}.html").write_text(page, "utf-8")
    index = folder / "index.html"
    page = template.render(
        manifest=suite.manifest, chosen=chosen, key=None, scenario=None, strips=[]
    )
    index.write_text(page, "utf-8")
    return index


def _thumbnails(suite: Suite) -> Callable[[Picture], str]:
    @lru_cache(maxsize=4096)
    def thumbnail(picture: Picture) -> str:
        content = small_copy(open_picture(suite, picture), THUMBNAIL)
        return "data:image/webp;base64," + base64.b64encode(content).decode("ascii")

    return thumbnail
