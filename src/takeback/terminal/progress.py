"""How far is it? A bar on the error stream for whatever takes long, and only where somebody looks at it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

T = TypeVar("T")
LARGE = 4 * 1024 * 1024  # bytes; a smaller file is read before a bar could be seen


def tracked(items: Iterable[T], *, size: Path) -> Iterator[T]:
    """The items, with a bar while a large file is being read."""
    console = Console(stderr=True)
    if not console.is_terminal or not size.is_file() or size.stat().st_size < LARGE:
        yield from items
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(size.name, total=None)
        for count, item in enumerate(items, start=1):
            if count % 1000 == 0:
                progress.update(task, completed=count)
            yield item
