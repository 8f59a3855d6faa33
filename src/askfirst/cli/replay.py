"""`askfirst replay`: recorded replies against the environments."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from askfirst.errors import AskFirstError
from askfirst.protocol.replay import replay_case


def read_cases(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file.

    Raises:
        AskFirstError: The file cannot be read, or a line is not a JSON object.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AskFirstError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except ValueError as error:
            raise AskFirstError(f"{file} line {number} is not JSON: {error}") from error
        if not isinstance(case, dict):
            raise AskFirstError(f"{file} line {number} is not a JSON object")
        yield case


def replay(
    cases: Annotated[Path, typer.Argument(help="JSON lines, one recorded case each.")],
    out: Annotated[
        Path | None, typer.Option(help="File for the results instead of standard output.")
    ] = None,
) -> None:
    """Play recorded replies and print what the environments make of them, one JSON object a case.

    A case has `id`, `scenario`, `entry` (a sample record), `mode` (`reference`, `hint`, `resize`)
    and `replies`. Where it also has `expected`, the result is compared, and the count of agreements
    goes to standard error; any disagreement makes the exit code 1.
    """
    recorded = list(read_cases(cases))
    console = Console(stderr=True)
    results = []
    for case in track(recorded, "Replaying", console=console, disable=not console.is_terminal):
        results.append(replay_case(case))
    text = "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results)
    if out:
        out.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    compared = [
        (case, result) for case, result in zip(recorded, results, strict=True) if "expected" in case
    ]
    differing = [case["id"] for case, result in compared if case["expected"] != _without_id(result)]
    if compared:
        agreeing = len(compared) - len(differing)
        typer.echo(f"{agreeing} of {len(compared)} cases agree with what is expected", err=True)
    if differing:
        typer.echo(f"first disagreement: {differing[0]}", err=True)
        raise typer.Exit(1)


def _without_id(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key != "id"}
