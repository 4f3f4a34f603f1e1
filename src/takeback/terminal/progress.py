"""How far is it? A bar on the error stream for whatever takes long, and only where somebody looks at it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

LARGE = 1024 * 1024  # bytes; less is read before a bar could be seen


class Watcher:
    """Told how far it is, and says nothing."""

    def read(self, length: int) -> None:
        """So many more bytes of the file were read, packed as they are."""

    def solve(self, parts: int) -> None:
        """All was read; the accounts come in so many parts of much the same size."""

    def solved(self, accounts: int, *, part: bool) -> None:
        """So many more accounts are answered for; `part`: with them a whole part is done."""

    def close(self) -> None:
        """Nothing more is waited for."""


@contextmanager
def watched(file: Path) -> Iterator[Watcher]:
    """What is told how far the work on `file` is; a bar where the error stream is a terminal."""
    if not sys.stderr.isatty():
        yield Watcher()
        return
    bar = _Bar(file)
    try:
        yield bar
    finally:
        bar.close()


class _Bar(Watcher):
    """The bar, drawn from the first `LARGE` bytes on: of the bytes read, then of the accounts answered for."""

    def __init__(self, file: Path) -> None:
        self._name = file.name
        self._size = file.stat().st_size if file.is_file() else None  # of what comes in a pipe nobody knows the end
        self._done = self._accounts = 0
        self._drawn: Progress | None = None
        self._closed = False

    def read(self, length: int) -> None:
        self._done += length
        if self._drawn is None and self._done >= LARGE and not self._closed:
            from rich.console import Console
            from rich.filesize import decimal
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[told]}"),
            )
            self._drawn = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
            self._told = decimal
            self._task = self._drawn.add_task(self._name, total=self._size, told="")
            self._drawn.start()
        if self._drawn is not None:
            of = f" / {self._told(self._size)}" if self._size is not None else ""
            self._drawn.update(self._task, completed=self._done, told=f"{self._told(self._done)}{of}")

    def solve(self, parts: int) -> None:
        if self._drawn is not None:
            self._drawn.remove_task(self._task)  # a new one, whose end is foretold from its own speed
            self._task = self._drawn.add_task(self._name, total=parts, told="0")

    def solved(self, accounts: int, *, part: bool) -> None:
        self._accounts += accounts
        if self._drawn is not None:
            self._drawn.update(self._task, advance=int(part), told=f"{self._accounts:,}")

    def close(self) -> None:
        self._closed = True
        if self._drawn is not None:
            self._drawn.stop()
            self._drawn = None
