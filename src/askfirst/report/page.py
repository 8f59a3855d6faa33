"""The page: one HTML file that needs no other, and no network.

Three layers keep what a model wrote from running: the template escapes whatever stands in the
HTML, the script sets texts as text only, and the page's own policy lets no other script run and
nothing be requested.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from askfirst import __version__
from askfirst.report.data import page_data
from askfirst.report.leaderboard import MAIN, is_baseline, leaderboards
from askfirst.report.outcomes import OUTCOME_STYLES
from askfirst.report.pictures import Pictures
from askfirst.report.published import published_table
from askfirst.report.runs import Run
from askfirst.report.summary import Curves, Summary
from askfirst.scenarios.registry import scenarios

SCRIPTS = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "static/report.js")
STYLE = "static/report.css"

PALETTE = (
    "#4269d0",
    "#d98e04",
    "#e4572e",
    "#2a9d8f",
    "#a463f2",
    "#3ca951",
    "#d6498f",
    "#9c6b4e",
    "#5aa9e6",
    "#8a9099",
)
"""Colours of the first models, legible on light and dark; later ones go around the colour wheel."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart among the curves: its kind in the script, its words, and the measures of its axes."""

    kind: str
    title: str
    caption: str
    x: str = ""
    y: str = ""


CHARTS = (
    Chart(
        "scatter",
        "Asks against accuracy",
        "Asking is worth what it brings: more accuracy at fewer asks is better. Lines are 95 % "
        "intervals; hollow points are baselines.",
        "psr",
        "acc",
    ),
    Chart(
        "scatter",
        "Asking when it is needed",
        "Asks where the picture is insufficient (up) against asks where it is sufficient "
        "(right). A player that does not look lies on the diagonal; the upper left is best.",
        "false_ask_rate",
        "ask_recall",
    ),
    Chart(
        "utility",
        "Utility over the cost of asking",
        "A right answer counts 1, a wrong one −1, an ask minus its cost. Bands are 95 % "
        "intervals; dashed lines are baselines.",
    ),
    Chart(
        "regret",
        "Regret against the oracle",
        "How much more utility the oracle has: it asks as often as it must and answers right.",
    ),
    Chart(
        "ask",
        "Ask curve",
        "How often a model asks, by the evidence that the picture shows: logistic fit with its "
        "band; circles are observed shares.",
    ),
    Chart(
        "right",
        "Answers by evidence",
        "How often an answer is right, by the evidence that the picture shows.",
    ),
)


def model_colour(place: int) -> str:
    """The colour of the model at a position."""
    if place < len(PALETTE):
        return PALETTE[place]
    return f"hsl({place * 137.5 % 360:.0f} 55% 52%)"  # the golden angle keeps neighbours apart


def render_page(
    summary: Summary,
    curves: Mapping[str, Mapping[str, Curves]],
    pictures: Pictures,
    title: str,
    beside: str | None = None,
) -> str:
    """The HTML of a report.

    Args:
        summary: The numbers.
        curves: The curves by scope and model.
        pictures: The small copies of pictures, embedded or referenced.
        title: Title of the suite.
        beside: Folder of the referenced pictures; None where they are embedded.
    """
    # Parsers end lines of a script with a line feed, and the policy's digests are of what they see.
    scripts = [_text(name).replace("\r\n", "\n") for name in SCRIPTS]
    run = summary.run
    models = [
        {"name": model, "baseline": is_baseline(model), "colour": model_colour(place)}
        for place, model in enumerate(run.models)
    ]
    template = _environment().get_template("report.html.j2")
    return template.render(
        policy=content_policy(scripts, beside is not None),
        css=Markup(_text(STYLE)),
        scripts=[Markup(script) for script in scripts],
        data=page_data(summary, curves, pictures, models),
        version=__version__,
        run=run,
        suite_title=title,
        models=models,
        scenarios=run.scenarios,
        episodes=len(run.episodes),
        folders=[str(folder) for folder in run.folders],
        notes=list(_notes(run, pictures)),
        tables=leaderboards(summary),
        columns=summary.defined,
        main=MAIN,
        published=published_table(run, summary.measures),
        outcomes=OUTCOME_STYLES,
        charts=CHARTS,
        panels=[{"key": key, "title": _scenario_title(key)} for key in run.scenarios],
        beside=beside,
    )


def content_policy(scripts: list[str], pictures_beside: bool) -> str:
    """A Content-Security-Policy: these scripts, inline styles and pictures, and nothing else."""
    digests = [hashlib.sha256(script.encode("utf-8")).digest() for script in scripts]
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)
    images = "data: 'self'" if pictures_beside else "data:"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        f"img-src {images}; base-uri 'none'; form-action 'none'"
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("askfirst.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    return environment


def _text(name: str) -> str:
    return files("askfirst.report").joinpath(name).read_text("utf-8")


def _scenario_title(key: str) -> str:
    found = scenarios().get(key)
    return found.title if found else ""


def _notes(run: Run, pictures: Pictures) -> Iterator[str]:
    """What whoever reads the numbers has to know first."""
    if pictures.missing:
        yield f"Pictures: {pictures.missing}."
    failed, played = sum(e.failed for e in run.episodes), len(run.episodes)
    if failed:
        yield f"{failed:,} of {played:,} episodes ended in an error; they count in no measure."
    samples = {
        model: {e.key[1:] for group in run.groups(model).values() for e in group}
        for model in run.models
    }
    if len({frozenset(one) for one in samples.values()}) > 1:
        yield (
            "The models did not all play the same samples: compare them on those that they share "
            "(askfirst compare)."
        )
    if not any(is_baseline(model) for model in run.models):
        yield "No baselines: add the folder of a run of askfirst run without --model."
