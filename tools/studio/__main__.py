"""`python -m tools.studio make`: makes the suite, or a larger or fresh one, from a seed."""

import json
import sys
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from askfirst.suites.suite import load_suite
from tools.studio.card import table
from tools.studio.croissant import write_description
from tools.studio.draft import SPLITS, Maker, Split, Workshop
from tools.studio.sources import SourceError
from tools.studio.write import SuiteText, write_manifest, write_scenario

MAKERS: dict[str, tuple[str, ...]] = {
    "ROD": ("tools.studio.rod",),
    "VSOD": ("tools.studio.vsod",),
    "MVP-N": ("tools.studio.mvp_n",),
    "IN-C": ("tools.studio.in_c",),
    "QD": ("tools.studio.qd",),
    "CIT": ("tools.studio.cit",),
    "COCO": ("tools.studio.coco", "tools.studio.coco_rooms"),
}
"""Modules of each scenario's makers; the function `make` of each yields drafts."""

VERSION = "1"
TEXTS: dict[Split, SuiteText] = {
    "test": SuiteText("studio", VERSION, "AskFirst studio, test split"),
    "train": SuiteText("studio-train", VERSION, "AskFirst studio, train split"),
}
STAMP = "maker.json"

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def _root() -> None:
    """Make the suite `studio` from packages and a seed."""


@app.command()
def make(
    out: Annotated[Path, typer.Option(help="Folder that gets `studio/` and `studio-train/`.")],
    seed: Annotated[int, typer.Option(help="Seed of everything that is drawn.")] = 0,
    only: Annotated[
        list[str] | None, typer.Option(help="Make this scenario only. Repeatable.")
    ] = None,
    test: Annotated[int | None, typer.Option(help="Most test samples a scenario.")] = None,
    train: Annotated[int | None, typer.Option(help="Most train samples a scenario.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Scenarios made at the same time.")] = 1,
    cache: Annotated[
        Path, typer.Option(help="Folder for packages and renders, kept between runs.")
    ] = Path("~/.cache/askfirst-studio"),
) -> None:
    """Make pictures, records and manifests; a command that was interrupted goes on where it was.

    The same seed gives the same pixels. The assets are fetched as Debian and npm packages.
    """
    workshop = Workshop(seed, cache.expanduser().resolve(), {"test": test, "train": train})
    folders: dict[Split, Path] = {split: out / TEXTS[split].name for split in SPLITS}
    keys = only or list(MAKERS)
    unknown = [key for key in keys if key not in MAKERS]
    if unknown:
        raise typer.BadParameter(f"no maker for {', '.join(unknown)}: choose from {list(MAKERS)}")
    for folder in folders.values():
        _stamp(folder, seed)
    try:
        _make_all(workshop, folders, keys, jobs)
    except SourceError as error:
        sys.stderr.write(f"tools.studio: {error}\n")
        raise typer.Exit(2) from error
    for split, folder in folders.items():
        write_manifest(folder, TEXTS[split], seed)
        write_description(folder)


@app.command()
def card(
    folders: Annotated[list[Path], typer.Argument(help="Folders of made suites.")],
) -> None:
    """Print the data card's table of suites that were made."""
    typer.echo(table([load_suite(str(folder)) for folder in folders]))


def _make_all(workshop: Workshop, folders: dict[Split, Path], keys: list[str], jobs: int) -> None:
    columns = (
        TextColumn("{task.description:<40}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with (
        Progress(*columns, console=Console(stderr=True)) as progress,
        ProcessPoolExecutor(jobs) as pool,
    ):
        bar = progress.add_task("Making", total=len(keys))
        running: dict[Future[dict[Split, int]], str] = {
            pool.submit(make_scenario, key, workshop, folders): key for key in keys
        }
        for done in as_completed(running):
            counts = ", ".join(f"{n} {split}" for split, n in done.result().items())
            progress.update(bar, advance=1, description=f"{running[done]}: {counts}")


def make_scenario(key: str, workshop: Workshop, folders: dict[Split, Path]) -> dict[Split, int]:
    """Make one scenario; returns the number of samples by split."""
    makers: list[Maker] = [import_module(module).make for module in MAKERS[key]]
    return write_scenario(folders, key, chain.from_iterable(make(workshop) for make in makers))


def _stamp(folder: Path, seed: int) -> None:
    """Make sure that a folder is not one that another seed began."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp, ours = folder / STAMP, {"seed": seed, "version": VERSION}
    if not stamp.exists():
        stamp.write_text(json.dumps(ours) + "\n", "utf-8")
    elif json.loads(stamp.read_text("utf-8")) != ours:
        raise typer.BadParameter(f"{folder} was begun with another seed or version")


if __name__ == "__main__":
    app()
