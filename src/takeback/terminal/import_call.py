"""How is `takeback import` called, and with what arguments? Its work is imported when it is called."""

import argparse
from pathlib import Path


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`takeback import`."""
    command = commands.add_parser("import", help="take events from files into the event log, such as years of history")
    command.add_argument(
        "files", nargs="+", metavar="FILES", help="CloudEvents, one a line; also .gz or .zst; - reads standard input"
    )
    command.add_argument("--source", metavar="S", help="an event of any other source is a wrong line")
    command.add_argument(
        "--skip-bad", type=Path, metavar="FILE", help="go on after a wrong line, and write it with its fault to FILE"
    )
    command.add_argument("--notice", action="store_true", help="score the accounts as if the events came just now")
    command.add_argument("--again", action="store_true", help="from the first line on, also what was imported before")
    command.add_argument("--quiet", action="store_true", help="do not tell how far it is")
    command.add_argument("--json", action="store_true", help="the counts as JSON, a line a file")
    command.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    from takeback.terminal.importing import run

    return run(arguments)
