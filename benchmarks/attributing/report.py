"""How is the table shown? Ours, what it is held to and whether it holds, and Freeman's figure beside it."""

from collections.abc import Sequence
from math import isnan

from rich.table import Table

from benchmarks.attributing.targets import Figure


def table(figures: Sequence[Figure], accounts: int, world: str) -> Table:
    """The figures as one table."""
    title = f"Who did what: {accounts:,} accounts of {world}"
    drawn = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("what", "ours", "target", "", "Freeman", "over"):
        drawn.add_column(heading, justify="left" if heading == "what" else "right", no_wrap=True)
    for one in figures:
        sign = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[one.kept]
        target = "" if one.target is None else f"{'≥' if one.at_least else '≤'} {one.target:g}"
        beside = "" if one.freeman is None else shown(one.freeman)
        over = "" if one.over is None else f"{one.over:,}"
        drawn.add_row(one.what, shown(one.value), target, sign, beside, over)
    return drawn


def shown(value: float) -> str:
    """A share with four digits behind the point; a dash where there was nothing to count."""
    return "–" if isnan(value) else f"{value:.4f}"
