"""`python -m benchmarks.rba --file PATH [--one-in N] [--json]`: TPR against median re-authentication on the public data
set for risk-based authentication, for Freeman's model and for ours.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import open as open_with_bar
from rich.table import Table

from benchmarks.rba.curve import Point, points
from benchmarks.rba.rows import BadFile
from benchmarks.rba.scoring import Read, ours, read

ONE_IN = 64
DOCUMENT = "docs/howto/measure-attribution.md"


def main(given: Sequence[str] | None = None) -> int:
    """0 with a table, 1 where the file holds no takeover to measure by, 2 where the file is missing or wrong."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.rba", description=__doc__)
    arguments.add_argument("--file", type=Path, metavar="PATH", help="the data set, rba-dataset.csv")
    arguments.add_argument("--one-in", type=int, default=ONE_IN, metavar="N", help=f"sample of users, default {ONE_IN}")
    arguments.add_argument("--json", action="store_true", help="a line of JSON for each point")
    chosen = arguments.parse_args(given)
    if chosen.one_in < 1:
        return _refused("--one-in must be 1 or more")
    if chosen.file is None or not chosen.file.is_file():
        what = "--file was not given" if chosen.file is None else f"there is no file {chosen.file}"
        return _refused(f"{what}: the RBA data set is not part of this project; {DOCUMENT} says where it is")
    try:
        found = read(chosen.file, chosen.one_in, _opened)
    except (BadFile, UnicodeDecodeError) as error:
        return _refused(f"{chosen.file}: {error}")
    return _show(found, as_json=chosen.json)


def _show(found: Read, *, as_json: bool) -> int:
    if not found.takeovers:
        told = f"{found.rows:,} rows of {found.users:,} users hold no account takeover: there is no TPR to print"
        sys.stderr.write(f"{told}\n")
        return 1
    drawn = [*points("Freeman, papers' S", found.freeman), *points("Freeman, ratio alone", found.likelihood)]
    drawn += points("ours", ours(found.kept.values(), len(found.kept)))
    if as_json:
        sys.stdout.writelines(json.dumps(point.as_dict()) + "\n" for point in drawn)
    else:
        Console().print(table(drawn, found))
    return 0


def table(drawn: Iterable[Point], found: Read) -> Table:
    """A line for each point."""
    title = f"{found.rows:,} rows of {found.users:,} users, {found.takeovers:,} takeovers"
    made = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("model", "TPR", "after sign-ins", "median asked", "median rate", "users"):
        made.add_column(heading, justify="left" if heading == "model" else "right", no_wrap=True)
    for one in drawn:
        number = "–" if one.number is None else f"{one.number:g}"
        rate = "–" if one.rate is None else f"{one.rate:.4f}"
        made.add_row(one.model, f"{one.tpr:.4f}", str(one.sign_ins), number, rate, f"{one.users:,}")
    return made


def _opened(path: Path, title: str) -> Iterable[str]:
    console = Console(stderr=True)
    quiet = not console.is_terminal
    bar = open_with_bar(
        path, "rt", encoding="utf-8", newline="", description=title, console=console, disable=quiet, transient=True
    )
    with bar as lines:
        yield from lines


def _refused(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
