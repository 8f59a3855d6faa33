"""The command `askfirst`: its sub-commands, and how errors reach whoever typed it."""

import sys
from typing import Annotated

import typer

from askfirst import __version__
from askfirst.cli.compare import compare
from askfirst.cli.parse import parse
from askfirst.cli.replay import replay
from askfirst.cli.report import report
from askfirst.cli.run import run
from askfirst.cli.suite import suite_app
from askfirst.errors import AskFirstError

app = typer.Typer(
    name="askfirst",
    help="Find out whether a multimodal model knows when to ask.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(replay)
app.command()(parse)
app.command()(report)
app.command()(compare)
app.add_typer(suite_app, name="suite")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"askfirst {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find out whether a multimodal model knows when to ask.

    Begin with `askfirst run`: it plays the embedded suite with a small model, offline.
    """


def main() -> None:
    """Run the command; what a user can mend ends in one line on standard error and exit code 2."""
    try:
        app()
    except (AskFirstError, OSError) as error:
        sys.stderr.write(f"askfirst: {error}\n")
        sys.exit(2)
