"""The numbers of the data card, read off a made suite: `python -m tools.studio card FOLDER…`."""

from dataclasses import dataclass
from statistics import fmean

from askfirst.scenarios.observation import Mode
from askfirst.scenarios.plan import shortest_plan
from askfirst.scenarios.registry import scenario
from askfirst.suites.suite import Suite
from askfirst.suites.verify import shown_pictures


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario of one suite.

    Attributes:
        samples, clusters, categories, frames: How many there are; categories are correct answers,
            frames are picture files.
        horizon: Mean number of turns allowed.
        steps: Mean number of suggestions to the first sufficient picture.
        size: Bytes of the pictures.
    """

    samples: int
    clusters: int
    categories: int
    frames: int
    horizon: float
    steps: float
    size: int


def scenario_row(suite: Suite, key: str) -> Row:
    """The row of a scenario.

    Raises:
        ValueError: A sample has no way to a sufficient picture, so it should not be in the suite.
    """
    rules, samples = scenario(key), suite.samples[key]
    plans = {sample.id: shortest_plan(rules, sample) for sample in samples}
    stuck = [number for number, plan in plans.items() if not plan]
    if stuck:
        raise ValueError(f"{key} samples that never suffice, or do so at once: {stuck}")
    pictures = shown_pictures([(key, sample) for sample in samples], Mode())
    return Row(
        samples=len(samples),
        clusters=len({sample.cluster for sample in samples}),
        categories=len({sample.answer for sample in samples}),
        frames=len(pictures),
        horizon=fmean(rules.horizon(sample) for sample in samples),
        steps=fmean(len(plan) for plan in plans.values() if plan),
        size=sum((suite.root / path).stat().st_size for path in pictures),
    )


def table(suites: list[Suite]) -> str:
    """The card's table as Markdown, a row a scenario and suite."""
    lines = [
        "| suite | scenario | samples | clusters | categories | frames | mean horizon | "
        "mean steps to sufficient | kB |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for suite in suites:
        for key in suite.samples:
            row = scenario_row(suite, key)
            lines.append(
                f"| {suite.manifest.name} | {key} | {row.samples} | {row.clusters} | "
                f"{row.categories} | {row.frames} | {row.horizon:.1f} | {row.steps:.2f} | "
                f"{row.size / 1000:,.0f} |"
            )
    return "\n".join(lines)
