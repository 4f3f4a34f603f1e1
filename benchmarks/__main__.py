"""`python -m benchmarks [NAME…] [--json]`: runs the measurements and prints one table of them."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from benchmarks import casework, ingesting, investigating, starting
from benchmarks.row import Row

MEASURED: dict[str, Callable[[], Iterator[Row]]] = {
    "investigating": investigating.rows,
    "starting": starting.rows,
    "ingesting": ingesting.rows,
    "casework": casework.rows,
}


def main() -> int:
    """0 when every limit was kept, else 1."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(MEASURED)}; without it, all")
    arguments.add_argument("--json", action="store_true", help="a line of JSON for each measurement")
    chosen = arguments.parse_args()
    if unknown := [name for name in chosen.names if name not in MEASURED]:
        arguments.error(f"there is no measurement {unknown[0]!r}; there are {', '.join(MEASURED)}")
    waiting = Console(stderr=True)
    found = []
    for name in chosen.names or MEASURED:
        with waiting.status(f"measuring {name} …"):
            found += [*MEASURED[name]()]
    if chosen.json:
        sys.stdout.writelines(json.dumps(row.as_dict()) + "\n" for row in found)
    else:
        Console().print(table(found))
    return 1 if any(row.kept is False for row in found) else 0


def table(rows: list[Row]) -> Table:
    """The rows, with what each is held to and compared with."""
    drawn = Table(box=None, pad_edge=False, title="On this machine, in this run", title_justify="left")
    for heading in ("what", "measured", "limit", "", "beside", "measured", "ratio"):
        drawn.add_column(heading, justify="left" if heading in ("what", "beside") else "right")
    for row in rows:
        sign = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[row.kept]
        limit = f"{figure(row.limit)} {row.unit}" if row.limit is not None else ""
        peer = f"{figure(row.peer_value)} {row.unit}" if row.peer_value is not None else ""
        ratio = f"{figure(row.ratio)} x" if row.ratio is not None else ""
        drawn.add_row(row.what, f"{figure(row.value)} {row.unit}", limit, sign, row.peer, peer, ratio)
    return drawn


def figure(value: float) -> str:
    """Three significant digits; large numbers with thousands marked."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
