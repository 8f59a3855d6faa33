"""`askfirst suite`: looking after suites."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

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
