"""How far is the import? A bar where somebody looks at a terminal, else a line every ten seconds."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress

EVERY = 10.0  # seconds
SHOWN_FROM = 0.5  # seconds: what is over before would only flicker


class Teller:
    """Told how far it is, and says nothing."""

    def begin(self, name: str, line: int) -> None:
        """A file is begun, or gone on with after this line."""

    def read(self, length: int) -> None:
        """So many more of its bytes were read, packed as they are."""

    def done(self, line: int) -> None:
        """All up to this line is stored."""

    def clear(self) -> None:
        """Something else is going to be printed."""


@contextmanager
def teller(*, quiet: bool) -> Iterator[Teller]:
    """What is told how far the import is, for the length of the block."""
    found = Teller() if quiet else _Bar() if sys.stderr.isatty() else _Lines(sys.stderr)
    try:
        yield found
    finally:
        found.clear()


class _Counting(Teller):
    def begin(self, name: str, line: int) -> None:
        path = Path(name)
        self._name, self._from, self._line, self._bytes = path.name, line, line, 0
        self._size = path.stat().st_size if path.is_file() else None  # of what comes in a pipe nobody knows the end
        self._begun = self._told = time.monotonic()

    def read(self, length: int) -> None:
        self._bytes += length

    def done(self, line: int) -> None:
        self._line = line
        self._tell(time.monotonic())

    def _tell(self, now: float) -> None:
        raise NotImplementedError

    def _rate(self, now: float) -> float:
        """Lines a second, since this call began."""
        return (self._line - self._from) / max(now - self._begun, 0.001)

    def _share(self) -> float | None:
        return min(1.0, self._bytes / self._size) if self._size else None


class _Lines(_Counting):
    def __init__(self, out: TextIO) -> None:
        self._out = out

    def _tell(self, now: float) -> None:
        if now - self._told < EVERY:
            return
        self._told, share = now, self._share()
        told = f"{self._name}: {self._line:,} lines, {self._rate(now):,.0f} a second"
        if share:
            left = (now - self._begun) * (1 - share) / share
            told += f", {share:.0%}, {_span(left)} left"
        self._out.write(f"{told}\n")
        self._out.flush()


class _Bar(_Counting):
    def __init__(self) -> None:
        self._drawn: Progress | None = None

    def _tell(self, now: float) -> None:
        if self._drawn is None:
            if now - self._begun < SHOWN_FROM:
                return
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
            self._drawn = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
            self._task = self._drawn.add_task(self._name, total=self._size, told="")
            self._drawn.start()
        told = f"{self._line:,} lines, {self._rate(now):,.0f} a second"
        self._drawn.update(self._task, completed=self._bytes, told=told)

    def clear(self) -> None:
        if self._drawn is not None:
            self._drawn.stop()
            self._drawn = None


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return (
        f"{minutes // 60} h {minutes % 60} min"
        if minutes >= 60
        else f"{minutes} min {rest} s"
        if minutes
        else f"{rest} s"
    )
