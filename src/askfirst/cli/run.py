"""`askfirst run`: the main job."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from askfirst.cli.report import make_report, tell_of
from askfirst.cli.table import summary_table
from askfirst.protocol.episode import Episode

BASELINE_LIMIT = 40
"""Samples a scenario when only the baselines play: enough to see them, in a minute or two."""

NARROWEST = 110
"""Columns that the table needs; a narrower terminal wraps its lines rather than losing digits."""


def run(
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="Any inspect_ai model (`openai/gpt-4o`, `anthropic/…`, `vllm/…`) or a baseline "
            "(`baseline/never-ask`, `always-ask`, `uniform`, `oracle`, `blind`). Repeatable. "
            "Without it the five baselines play."
        ),
    ] = None,
    suite: Annotated[
        str, typer.Option(help="An embedded suite, or the folder of your own.")
    ] = "studio",
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="Play this scenario only, such as IN-C. Repeatable."),
    ] = None,
    protocol: Annotated[
        str, typer.Option(help="How the suite is put to the model; `official-v1` is the paper's.")
    ] = "askfirst-v1",
    twins: Annotated[
        bool | None,
        typer.Option(
            "--twins/--no-twins",
            help="Also play every sample's answerable twin. On in `askfirst-v1`, else off.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Most samples a scenario, drawn by --seed; 0 is all. The default is all, or "
            f"{BASELINE_LIMIT} when no --model is given.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of every draw.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(help="The run's own folder. The default is the same for the same run."),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh/--resume",
            help="Play everything anew, or only what the folder does not hold yet.",
        ),
    ] = False,
    max_connections: Annotated[
        int | None, typer.Option(min=1, help="Most simultaneous requests to a model.")
    ] = None,
    report: Annotated[
        bool, typer.Option(help="Whether to end by writing the report, report.html.")
    ] = True,
) -> None:
    """Play a suite and print how often each model asks, answers and errs.

    With no further word this plays a part of the embedded suite `studio` with five baselines,
    offline. The same command typed again takes up a run that was interrupted and redoes episodes
    that an error ended.
    """
    # The engine takes a second to import; --help and the other commands need not wait for it.
    from askfirst.engine.run import check_folder, default_folder, plan_run  # noqa: PLC0415
    from askfirst.engine.run import run as play  # noqa: PLC0415

    console = Console(stderr=True)
    with console.status("Checking suite and models"):
        most = limit if model or limit is not None else BASELINE_LIMIT
        spec = plan_run(model or (), suite, scenario or (), protocol, most or None, seed, twins)
        folder = out or default_folder(spec)
        check_folder(folder, spec, fresh)
    with _progress(console) as progress:
        bar = progress.add_task("Playing", total=spec.size)

        def count(episode: Episode) -> None:
            progress.update(bar, advance=1, description=f"{episode.model} · {episode.scenario}")

        result = play(spec, folder, sys.argv, fresh, max_connections, count)
        progress.update(bar, completed=spec.size, description="Played")
    page = Console()
    page.width = max(page.width, NARROWEST)
    page.print(summary_table(result.summary))
    if spec.limit and limit is None:
        typer.echo(f"At most {spec.limit} samples a scenario were drawn; --limit 0 plays all.")
    for key, skipped in spec.suite.skipped.items():
        if skipped:
            typer.echo(f"{key}: {skipped} records left out by the published rules")
    typer.echo(f"Files:  {result.folder}/ (episodes.jsonl, summary.json, manifest.json, logs/)")
    typer.echo(f"Logs:   inspect view --log-dir {result.folder}/logs")
    if report:
        tell_of(make_report([result.folder], suite=spec.suite.root))
    if result.errors:
        typer.echo(
            f"{result.errors} episodes ended in an error and count for nothing; "
            f"the same command redoes them",
            err=True,
        )
        raise typer.Exit(1)


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<32}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
