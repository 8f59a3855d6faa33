"""`askfirst run`: the main job."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

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
from askfirst.errors import RunError
from askfirst.protocol.episode import Episode
from askfirst.providers.local.settings import Mode

NARROWEST = 110
"""Columns that the table needs; a narrower terminal wraps its lines rather than losing digits."""


def run(
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="A transformers model on this machine (`local/FOLDER` or `local/HUB-ID`), one "
            "behind a server (`server/NAME@http://HOST:PORT`), any other of inspect_ai's "
            "(`openai/gpt-4o`, `anthropic/…`), or a baseline (`baseline/never-ask`, `always-ask`, "
            "`uniform`, `oracle`, `blind`). Repeatable. The default, `askfirst/mini`, is a small "
            "model that ships with this package."
        ),
    ] = None,
    model_arg: Annotated[
        list[str] | None,
        typer.Option(
            "-M",
            metavar="NAME=VALUE",
            help="What the models' provider is told, such as `-M batch=32 -M dtype=bfloat16` "
            "(docs/local.md) or `-M timeout=600` (docs/server.md). Repeatable.",
        ),
    ] = None,
    mode: Annotated[
        Mode,
        typer.Option(
            help="How a local model replies: it writes a `text`, or its likeliest option is taken "
            "by summed `logprobs`."
        ),
    ] = Mode.TEXT,
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
            help="Most samples a scenario, drawn by --seed; 0 is all, the default.",
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
        int | None,
        typer.Option(min=1, help="Most simultaneous requests to a model; of each worker."),
    ] = None,
    shards: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Spread the samples over this many worker processes. With --ray: over this many "
            "Ray workers; the default there is one for each GPU, or else for each CPU.",
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Play on a Ray cluster: `auto`, `HOST:PORT` or `ray://HOST:PORT`; `local` starts "
            "Ray on this machine.",
        ),
    ] = None,
    gpus_per_worker: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="GPUs for each worker alone; 0.5 puts two on one. The default is one, if there "
            "are any; 0 suits models that are served elsewhere.",
        ),
    ] = None,
    report: Annotated[
        bool, typer.Option(help="Whether to end by writing the report, report.html.")
    ] = True,
) -> None:
    """Play a suite and print how often each model asks, answers and errs.

    With no further word this plays the embedded suite `studio` with `askfirst/mini`, offline. The
    same command typed again takes up a run that was interrupted and redoes episodes that an error
    ended.
    """
    # The engine takes a second to import; --help and the other commands need not wait for it.
    from askfirst.engine.run import (  # noqa: PLC0415
        LOGS_FOLDERS,
        check_folder,
        default_folder,
        plan_run,
    )
    from askfirst.engine.run import run as play  # noqa: PLC0415
    from askfirst.engine.shards import CrewState, Shards  # noqa: PLC0415

    spread = None if shards in {None, 1} and ray is None else Shards(shards, ray, gpus_per_worker)
    console = Console(stderr=True)
    with console.status("Checking suite and models"):
        spec = plan_run(
            model or (),
            suite,
            scenario or (),
            protocol,
            limit or None,
            seed,
            twins,
            plays_here=spread is None,
            model_args=_arguments(model_arg or (), mode),
        )
        folder = out or default_folder(spec)
        check_folder(folder, spec, fresh)
    with _progress(console) as progress:
        bar = progress.add_task("Playing", total=spec.size, workers="")

        def count(episode: Episode) -> None:
            progress.update(bar, advance=1, description=f"{episode.model} · {episode.scenario}")

        def watch(crew: CrewState) -> None:
            progress.update(bar, workers=f"{crew.ready} of {crew.size} workers")
            if crew.notice:
                progress.console.print(crew.notice, markup=False, highlight=False)

        result = play(spec, folder, sys.argv, fresh, max_connections, count, spread, watch)
        progress.update(bar, completed=spec.size, description="Played")
    page = Console()
    page.width = max(page.width, NARROWEST)
    page.print(summary_table(result.summary))
    for key, skipped in spec.suite.skipped.items():
        if skipped:
            typer.echo(f"{key}: {skipped} records left out by the published rules")
    typer.echo(f"Files:  {result.folder}/ (episodes.jsonl, summary.json, manifest.json)")
    if any((result.folder / name).exists() for name in LOGS_FOLDERS):
        typer.echo(f"Logs:   inspect view --log-dir {result.folder}")
    if report:
        tell_of(make_report([result.folder], suite=spec.suite.root))
    if result.errors:
        typer.echo(
            f"{result.errors} episodes ended in an error and count for nothing; "
            f"the same command redoes them",
            err=True,
        )
        raise typer.Exit(1)


def _arguments(given: Sequence[str], mode: Mode) -> dict[str, Any]:
    """Model arguments from `NAME=VALUE`; a value that is JSON is taken as such."""
    arguments: dict[str, Any] = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals or not name.isidentifier():
            raise RunError(f"-M {entry!r} is not NAME=VALUE, such as -M batch=32")
        try:
            arguments[name] = json.loads(value)
        except ValueError:
            arguments[name] = value
    if mode is not Mode.TEXT:
        arguments["mode"] = mode.value
    return arguments


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<32}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[workers]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
