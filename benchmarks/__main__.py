"""`python -m benchmarks [NAME…] [--json]`: runs the measurements and prints their tables.

`attributing` has a table of its own: shares, held to targets, with the baseline beside them.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    all_accounts,
    casework,
    desk,
    growth,
    growth_picture,
    ingesting,
    investigating,
    mails,
    noticing,
    portal,
    starting,
    triage,
)
from benchmarks.attributing import report, running, targets, world
from benchmarks.row import Row
from benchmarks.wave import rows as wave

MEASURED: dict[str, Callable[[], Iterator[Row]]] = {
    "investigating": investigating.rows,
    "all": all_accounts.rows,
    "starting": starting.rows,
    "ingesting": ingesting.rows,
    "casework": casework.rows,
    "portal": portal.rows,
    "desk": desk.rows,
    "mails": mails.rows,
    "noticing": noticing.rows,
    "triage": triage.rows,
    "wave": wave.rows,
}


ATTRIBUTING, GROWTH = "attributing", "growth"
NAMES = (*MEASURED, ATTRIBUTING, GROWTH)


def main() -> int:
    """0 when every limit was kept and every target reached, else 1."""
    chosen = asked()
    waiting = Console(stderr=True)
    names = chosen.names or NAMES
    found: list[Row] = []
    for name in names:
        if name in MEASURED:
            with waiting.status(f"measuring {name} …"):
                found += [*MEASURED[name]()]
    if chosen.texts and "triage" in names:
        found += triage.public(chosen.texts)
    curve: list[growth.Found] = []
    if GROWTH in names:
        with waiting.status(f"measuring {GROWTH} up to {chosen.to} …"):
            curve += growth.all_of(chosen.stores, chosen.to)
        found += growth.rows(curve)
    figures: list[targets.Figure] = []
    if ATTRIBUTING in names:
        figures += targets.figures(running.measure(chosen.accounts, chosen.world))
    lines: list[Row | targets.Figure] = [*found, *figures]
    if chosen.json:
        sys.stdout.writelines(json.dumps(line.as_dict(), ensure_ascii=False) + "\n" for line in lines)
    else:
        show(found, figures, curve, chosen)
    if chosen.svg is not None and curve:
        chosen.svg.write_text(growth_picture.svg(curve), encoding="utf-8")
    return 1 if any(line.kept is False for line in lines) else 0


def show(
    found: list[Row], figures: list[targets.Figure], curve: list[growth.Found], chosen: argparse.Namespace
) -> None:
    """Print the tables, and the curve below them."""
    out = Console()
    if found:
        out.print(table(found))
    if curve:
        out.print(growth.drawn(curve), highlight=False)
    if figures:
        out.print(report.table(figures, chosen.accounts, chosen.world))


def asked() -> argparse.Namespace:
    """The arguments; ends with status 2 where they are wrong."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(NAMES)}; without it, all")
    arguments.add_argument("--json", action="store_true", help="a line of JSON for each measurement")
    arguments.add_argument(
        "--texts", type=Path, metavar="FOLDER", help="triage: a folder with public sets of texts, to read them as well"
    )
    of_lives = arguments.add_argument_group(ATTRIBUTING)
    of_lives.add_argument("--accounts", type=int, default=running.ACCOUNTS, metavar="N", help="test accounts")
    of_lives.add_argument(
        "--world", type=world.named, default=world.OURS, metavar="MODULE", help="a module with lives(accounts, seed=)"
    )
    of_growth = arguments.add_argument_group(GROWTH)
    of_growth.add_argument("--to", choices=tuple(growth.SIZES), default="1M", help="how many stored events at most")
    of_growth.add_argument(
        "--stores",
        nargs="+",
        choices=tuple(growth.STORES),
        default=[*growth.STORES],
        help="which stores; both without it",
    )
    of_growth.add_argument("--svg", type=Path, metavar="FILE", help="draw the curve into FILE")
    chosen = arguments.parse_args()
    if unknown := [name for name in chosen.names if name not in NAMES]:
        arguments.error(f"there is no measurement {unknown[0]!r}; there are {', '.join(NAMES)}")
    if chosen.accounts < 1:
        arguments.error("--accounts must be 1 or more")
    return chosen


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
