"""From run folders to the file of a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from askfirst.errors import RunError, SuiteError
from askfirst.metrics.group import RESAMPLES
from askfirst.report.format import Format
from askfirst.report.page import render_page
from askfirst.report.pictures import Pictures, find_suite, small_copies
from askfirst.report.progress import Progress, silent
from askfirst.report.runs import Run, join_runs, read_run
from askfirst.report.summary import Summary, curves, summarise
from askfirst.report.tables import to_csv, to_json, to_latex, to_markdown

TABLES: dict[Format, Callable[[Summary], str]] = {
    Format.MARKDOWN: to_markdown,
    Format.CSV: to_csv,
    Format.JSON: to_json,
    Format.LATEX: to_latex,
}


@dataclass(frozen=True, slots=True)
class Report:
    """What was written.

    Attributes:
        file: The report.
        pictures: Folder of its pictures; None where they are in the file, or there are none.
        missing: Why pictures are left out; None if they are not.
    """

    file: Path
    pictures: Path | None = None
    missing: str | None = None


def write_report(
    folders: Sequence[Path],
    out: Path | None = None,
    form: Format = Format.HTML,
    suite: Path | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    progress: Progress = silent,
) -> Report:
    """Write one report of the models of all run folders.

    Args:
        folders: Folders of runs of the same suite under the same protocol; at least one.
        out: The file; `report` with the format's suffix in the first folder if None.
        form: The format.
        suite: Folder of the suite, where the runs do not say or it has moved.
        resamples: Number of bootstrap resamples.
        seed: Seed of the bootstrap.
        progress: Told of long work.

    Raises:
        RunError: A folder is no run's, or the runs cannot stand in one report.
        SuiteError: `suite` was given and is not what the runs played.
    """
    run = join_runs([read_run(folder) for folder in folders])
    file = out or folders[0] / f"report{form.suffix}"
    if file.is_dir():
        raise RunError(f"{file} is a folder: give the name of a file to --out")
    if form is Format.HTML:
        return _write_page(run, file, suite, resamples, seed, progress)
    summary = summarise(run, resamples, seed, progress)
    _replace(file, TABLES[form](summary).encode("utf-8", "replace"))
    return Report(file)


def _write_page(
    run: Run, file: Path, suite: Path | None, resamples: int, seed: int, progress: Progress
) -> Report:
    beside = file.with_name(f"{file.stem}_files")
    pictures, title = _pictures(run, suite, beside.name, progress)
    summary = summarise(run, resamples, seed, progress)
    drawn = curves(run, resamples, seed, progress)
    folder = beside if pictures.files else None
    page = render_page(summary, drawn, pictures, title, folder.name if folder else None)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in pictures.files.items():
            (folder / name).write_bytes(content)
    _replace(file, page.encode("utf-8", "replace"))
    return Report(file, folder, pictures.missing)


def _pictures(
    run: Run, folder: Path | None, beside: str, progress: Progress
) -> tuple[Pictures, str]:
    """The small copies and the suite's title; a suite that is gone leaves the page without them."""
    try:
        suite = find_suite(run, folder)
    except SuiteError as error:
        if folder is not None:
            raise
        return Pictures(missing=f"none, because {error}"), run.suite.name
    return small_copies(suite, run.episodes, beside, progress), suite.manifest.title


def _replace(file: Path, content: bytes) -> None:
    """Write a file in one step, so that a report is whole or not there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".part")
    draft.write_bytes(content)
    draft.replace(file)
