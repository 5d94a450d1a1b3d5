"""The command line: what each command takes is declared in :mod:`hf_sluice.commands`; this is where they meet."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.card import card
from hf_sluice.commands.compare import compare
from hf_sluice.commands.data import data
from hf_sluice.commands.evaluate import evaluate
from hf_sluice.commands.experiment import experiment
from hf_sluice.commands.export import export
from hf_sluice.commands.extract import extract
from hf_sluice.commands.inspect import inspect
from hf_sluice.commands.predict import predict
from hf_sluice.commands.push import push
from hf_sluice.commands.relate.advise import advise
from hf_sluice.commands.relate.features import features
from hf_sluice.commands.relate.fit import fit
from hf_sluice.commands.relate.published import published
from hf_sluice.commands.relate.sharing import sharing
from hf_sluice.commands.relate.study import study
from hf_sluice.commands.search import search
from hf_sluice.commands.train import train
from hf_sluice.errors import UserError
from hf_sluice.freed_memory import keep_freed_memory
from hf_sluice.models.waiting_threads import wait_briefly
from hf_sluice.printable_text import printable
from hf_sluice.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2
INTERRUPTED = 130
_BROKEN_PIPE = 1

# typer exports one kind of click's usage errors; their common base is what it derives from.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="hf-sluice",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hf-sluice {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Multi-task sequence tagging that learns what its tasks share."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for command in (data, search, train, evaluate, inspect, compare, predict, extract, export, card, push, experiment):
    app.command()(command)

relate = typer.Typer(name="relate", invoke_without_command=True)


@relate.callback()
def _relate(context: typer.Context) -> None:
    """Find out how tasks relate: which auxiliary task helps which main task."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for command_on_relations in (study, fit, advise, published, features, sharing):
    relate.command()(command_on_relations)
app.add_typer(relate)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command.

    Args:
        arguments: by default those of the process.

    Returns:
        The exit code: 0; 2 for bad input, after one line on standard error; 130 for an interruption; 1 where the
        reader of the output went away. What is nobody's bad input is an exception.
    """
    keep_freed_memory()
    wait_briefly()
    try:
        code = app(arguments, prog_name="hf-sluice", standalone_mode=False)
        sys.stdout.flush()
    except UserError as error:
        _complain(str(error))
        return BAD_INPUT
    except _UsageError as error:
        _complain(_usage_message(error))
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return _BROKEN_PIPE
    return code if isinstance(code, int) else 0


def _discard_output() -> None:
    """Sends what is still buffered nowhere: flushing it at exit would complain once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    """One line on standard error, from one of the processes that a launcher started on this machine."""
    if os.environ.get("LOCAL_RANK", "0") == "0":
        sys.stderr.write(f"hf-sluice: {printable(' '.join(message.split()))}\n")


def _usage_message(error: Exception) -> str:
    command = getattr(getattr(error, "ctx", None), "command_path", "hf-sluice")
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return f"{message.rstrip('.')} (see {command} --help)"
