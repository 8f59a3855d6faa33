"""`askfirst parse`: what the parsers make of replies."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer

from askfirst.errors import AskFirstError
from askfirst.protocol.official_parser import judge
from askfirst.protocol.reading import Reading
from askfirst.protocol.robust_parser import read
from askfirst.scenarios.option import Option, OptionKind


class Parser(StrEnum):
    """The parsers by the names that the command takes."""

    OFFICIAL = "official"
    ROBUST = "robust"


def parse(
    parser: Annotated[Parser, typer.Option(help="The rules to read by.")] = Parser.ROBUST,
) -> None:
    """Read JSON lines of options and a reply from standard input; print one record a line.

    A line is `{"options": [{"text": "Banana.", "kind": "category"}, …], "reply": "B"}`; a kind is
    `action`, `abstain` or `category`. A record has at least `status` and `index` (null when no
    option was chosen). Options are labelled A, B, … in the order given.
    """
    for number, line in enumerate(sys.stdin, start=1):
        if line.strip():
            reading = _read(parser, *_case(line, number))
            sys.stdout.write(json.dumps(asdict(reading)) + "\n")


def _case(line: str, number: int) -> tuple[list[Option], str]:
    try:
        record: dict[str, Any] = json.loads(line)
        options = [Option(str(o["text"]), OptionKind(o["kind"])) for o in record["options"]]
        reply = record["reply"]
        if not isinstance(reply, str):
            raise TypeError("'reply' must be a text")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AskFirstError(
            f"line {number} is not {{'options': [{{'text', 'kind'}}], 'reply'}}: {error!r}"
        ) from error
    return options, reply


def _read(parser: Parser, options: list[Option], reply: str) -> Reading:
    return judge(reply, options) if parser is Parser.OFFICIAL else read(reply, options)
