"""`askfirst suite`: looking after suites."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, track

from askfirst.suites.selection import select
from askfirst.suites.suite import load_suite
from askfirst.suites.verify import suite_problems

suite_app = typer.Typer(help="Look after suites.", no_args_is_help=True)

SuiteName = Annotated[str, typer.Argument(help="An embedded suite, or the folder of your own.")]


@suite_app.callback()
def _root() -> None:
    """Look after suites."""


@suite_app.command()
def verify(suite: SuiteName = "studio") -> None:
    """Check a suite against its manifest: every record, every file, every pixel.

    Each missing or broken file is named; any of them makes the exit code 1.
    """
    loaded = load_suite(suite)
    console = Console(stderr=True)
    checked = list(
        track(
            suite_problems(loaded),
            "Checking",
            total=len(loaded.manifest.pictures),
            console=console,
            disable=not console.is_terminal,
        )
    )
    problems = [problem for _, problem in checked if problem]
    for problem in problems:
        typer.echo(problem)
    if problems:
        typer.echo(f"{len(problems)} of {len(checked)} pictures are missing or broken", err=True)
        raise typer.Exit(1)
    samples = sum(len(group) for group in loaded.samples.values())
    typer.echo(
        f"{loaded.manifest.name} {loaded.manifest.version}: all is well "
        f"({samples} samples of {len(loaded.samples)} scenarios, {len(checked)} pictures)"
    )


@suite_app.command()
def show(
    suite: SuiteName = "studio",
    out: Annotated[
        Path | None, typer.Option(help="Folder for the pages; default contact-sheet-SUITE.")
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option(help="Show this scenario only. Repeatable.")
    ] = None,
) -> None:
    """Write contact sheets: every frame of every sample with its evidence, as HTML pages."""
    # The template engine takes a moment to import; the other commands need not wait for it.
    from askfirst.report.contact_sheet import write_contact_sheets  # noqa: PLC0415

    loaded = load_suite(suite)
    chosen = select(loaded, scenario or ())
    folder = out or Path(f"contact-sheet-{loaded.manifest.name}")
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("Drawing", total=sum(map(len, chosen.values())))
        index = write_contact_sheets(
            loaded, folder, list(chosen), lambda key: progress.update(bar, advance=1)
        )
    typer.echo(f"Look: {index}")
