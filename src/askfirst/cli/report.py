"""`askfirst report`: from run folders to a page, or to tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from askfirst.report.format import Format

if TYPE_CHECKING:
    from askfirst.report.write import Report


def report(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="Folders of runs of one suite and one protocol."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="The file. The default is report.html (.md, …) in the first DIR."),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="A page to look at, or its tables.")
    ] = Format.HTML,
    suite: Annotated[
        Path | None,
        typer.Option(help="The suite's folder, for its pictures, if it is not where it was."),
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=100, help="Bootstrap resamples behind every interval.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
) -> None:
    """Write one page with leaderboard, curves and film strips; it works offline.

    The models of all folders are put together. Pictures are within the page, or, when they are
    many, in a folder beside it.
    """
    tell_of(make_report(folders, out, form, suite, resamples, seed))


def make_report(
    folders: Sequence[Path],
    out: Path | None = None,
    form: Format = Format.HTML,
    suite: Path | None = None,
    resamples: int = 10_000,
    seed: int = 0,
) -> "Report":
    """Write a report and show how far it is; arguments as for `write_report`."""
    # Measures and templates take a moment to import; --help need not wait for them.
    from askfirst.report.write import write_report  # noqa: PLC0415

    with Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        stages: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total)
            bars.update(stages[stage], completed=done)

        return write_report(folders, out, form, suite, resamples, seed, tell)


def tell_of(made: "Report") -> None:
    """Print where a report is, and what it lacks."""
    if made.missing:
        typer.echo(f"Pictures: {made.missing}", err=True)
    if made.pictures:
        typer.echo(f"Pictures: {made.pictures}/ (keep it beside the page)")
    typer.echo(f"Report: {made.file}")
