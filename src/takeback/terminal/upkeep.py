"""Which commands copy an installation, put it back, and erase what is kept no longer? Their work is imported when they
are called.
"""

import argparse
from pathlib import Path

MOST_KEPT = 10_000


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`takeback backup`, `takeback restore` and `takeback forget`."""
    backup = commands.add_parser("backup", help="copy everything, of one moment, while all goes on")
    backup.add_argument("dir", type=Path, metavar="DIR", help="where the new copy goes, in a folder of its own")
    backup.add_argument(
        "--with-secret", action="store_true", help="the installation's secret too: keep such a copy like the secret"
    )
    backup.add_argument("--keep", type=_kept, metavar="N", help="remove all but the newest N copies in DIR")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a copy where nothing is, and tell the book")
    restore.add_argument("dir", type=Path, metavar="DIR", help="the copy: a folder that backup made")
    restore.add_argument("--why", metavar="TEXT", help="noted in the book; without it, of when the copy is")
    restore.set_defaults(run=_restore)
    _forget_command(commands)


def _forget_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    forget = commands.add_parser("forget", help="erase what is kept no longer")
    which = forget.add_mutually_exclusive_group()
    which.add_argument("--dry-run", action="store_true", help="only say what would be erased")
    which.add_argument("--keep", metavar="CASE", help="keep all of this case: it is disputed")
    which.add_argument("--let-go", metavar="CASE", help="the dispute is over")
    forget.add_argument("--why", metavar="TEXT", help="with --keep and --let-go: why; noted in the book")
    forget.add_argument(
        "--language", choices=("ja", "en"), help="the language of the readable form; without it, LANG's"
    )
    forget.set_defaults(run=_forget)


def _kept(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5 or not 1 <= int(text) <= MOST_KEPT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_KEPT}")
    return int(text)


def _backup(arguments: argparse.Namespace) -> int:
    from takeback.terminal.backup import run

    return run(arguments.dir.absolute(), with_secret=arguments.with_secret, keep=arguments.keep)


def _restore(arguments: argparse.Namespace) -> int:
    from takeback.terminal.restore import run

    return run(arguments.dir.absolute(), arguments.why)


def _forget(arguments: argparse.Namespace) -> int:
    from takeback.terminal.retention import run

    return run(arguments)
