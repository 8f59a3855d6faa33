"""`askfirst compare`: two models on the same samples."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from askfirst.errors import RunError, UnknownName

if TYPE_CHECKING:
    from askfirst.report.runs import Run

NARROWEST = 108
"""Columns that the table needs; a narrower terminal wraps its lines rather than losing digits."""


class CompareFormat(StrEnum):
    """How a comparison is printed."""

    TABLE = "table"
    JSON = "json"


def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="A run's folder.")],
    b: Annotated[
        Path | None,
        typer.Argument(metavar="B", help="Another run's folder; without it, A again."),
    ] = None,
    model_a: Annotated[str | None, typer.Option(help="Model of A, if it holds several.")] = None,
    model_b: Annotated[str | None, typer.Option(help="Model of B, if it holds several.")] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="Compare this measure only, by key. Repeatable.")
    ] = None,
    form: Annotated[CompareFormat, typer.Option("--format", help="For people or programs.")] = (
        CompareFormat.TABLE
    ),
    resamples: Annotated[
        int, typer.Option(min=100, help="Bootstrap resamples behind every interval.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
) -> None:
    """Say what two models' results on the same samples allow to conclude, and what they do not.

    Only samples that both played without an error count. Differences are B minus A.
    """
    # Measures take a moment to import; --help need not wait for them.
    from askfirst.cli.compare_table import comparison_table  # noqa: PLC0415
    from askfirst.metrics.compare import COMPARED  # noqa: PLC0415
    from askfirst.metrics.compare import compare as paired  # noqa: PLC0415
    from askfirst.metrics.measures import MEASURE_BY_KEY  # noqa: PLC0415
    from askfirst.report.runs import read_run  # noqa: PLC0415

    unknown = [key for key in measure or () if key not in MEASURE_BY_KEY]
    if unknown:
        raise UnknownName(
            f"unknown measure {unknown[0]!r}: choose from {', '.join(MEASURE_BY_KEY)}"
        )
    first = read_run(a)
    second = first if b is None or b.resolve() == a.resolve() else read_run(b)
    if first.suite != second.suite:
        raise RunError(
            f"{a} and {b} played different suites ({first.suite.name} {first.suite.version}, "
            f"{second.suite.name} {second.suite.version}): there are no pairs to compare"
        )
    names = _models(first, second, model_a, model_b)
    labels = _labels(first, second, names)
    made = paired(
        first.groups(names[0]),
        second.groups(names[1]),
        keys=measure or COMPARED,
        names=labels,
        resamples=resamples,
        seed=seed,
    )
    if form is CompareFormat.JSON:
        content = {"a": labels[0], "b": labels[1], **made.to_json()}
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    page = Console()
    page.width = max(page.width, NARROWEST)
    page.print(comparison_table(made, labels))
    page.print(made.sentence, markup=False, highlight=False)


def _models(
    first: "Run", second: "Run", model_a: str | None, model_b: str | None
) -> tuple[str, str]:
    """The two models: those that are named, or the only ones there are."""
    if first is second and model_a is None and model_b is None and len(first.models) == 2:
        return first.models[0], first.models[1]
    names = (_model(first, model_a, "--model-a"), _model(second, model_b, "--model-b"))
    if first is second and names[0] == names[1]:
        raise RunError(f"{names[0]} cannot be compared with itself: name another --model-b")
    return names


def _model(run: "Run", wanted: str | None, option: str) -> str:
    if wanted is None and len(run.models) == 1:
        return run.models[0]
    if wanted in run.models:
        return wanted
    said = f"no model {wanted!r}" if wanted else f"{len(run.models)} models"
    raise RunError(f"{run.folders[0]} holds {said}: choose {option} from {', '.join(run.models)}")


def _labels(first: "Run", second: "Run", names: tuple[str, str]) -> tuple[str, str]:
    """Names that tell the two apart: the models, with protocol or folder where those are alike."""
    runs = (first, second)
    marks = (
        ("", ""),
        tuple(f" ({run.protocol})" for run in runs),
        tuple(f" ({run.folders[0]})" for run in runs),
    )
    labels = [(names[0] + mark[0], names[1] + mark[1]) for mark in marks]
    return next((pair for pair in labels if pair[0] != pair[1]), labels[-1])
