"""What does an event cost when there are many already? Appends and reads at 1, 10 and 50 million stored events.

A log is filled quickly with years of visits, then measured as it works every day: each append durable, each account
read and investigated as it comes. `python -m benchmarks growth --to 50M` takes an hour and 20 GB of BENCHMARKS_DIR.
"""

import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Protocol

from benchmarks import filling
from benchmarks.row import Row
from takeback.casework.ports import EventLog
from takeback.core.events import Event, parse_event
from takeback.core.investigation import investigate

BLOCKS = "▁▂▃▄▅▆▇█"
FIGURES = {
    "append_100": ("an event, 100 a commit", "µs"),
    "append_1000": ("an event, 1,000 a commit", "µs"),
    "read": (f"{filling.EACH} events of an account, read", "ms"),
    "investigated": ("the same, and investigated", "ms"),
}
SIZES = {"1M": 1_000_000, "10M": 10_000_000, "50M": 50_000_000}
BATCHES = {100: 200, 1000: 40}  # events a batch, and how many of them
ACCOUNTS = 100  # read and investigated
KEY = b"k" * 32


@dataclass(frozen=True)
class Found:
    """Microseconds an event and milliseconds an account, medians, at `size` stored events."""

    store: str
    size: int
    append_100: float
    append_1000: float
    read: float
    investigated: float


class Store(Protocol):
    """A place for logs, and how one is filled."""

    def filled(self, size: int, folder: Path) -> AbstractContextManager[EventLog]:
        """A log of so many events."""


class Sqlite:
    @contextmanager
    def filled(self, size: int, folder: Path) -> Iterator[EventLog]:
        from takeback.store.eventlog import SqliteEventLog

        path = folder / f"events-{size}.db"
        filling.fill_sqlite(path, size)
        log = SqliteEventLog(path, contact_key=KEY)
        try:
            yield log
        finally:
            log.close()
            for part in folder.glob(f"{path.name}*"):
                part.unlink()


class Postgres:
    @contextmanager
    def filled(self, size: int, folder: Path) -> Iterator[EventLog]:
        from takeback.store.pg.eventlog import PostgresEventLog

        with filling.a_postgres(folder / f"pg-{size}", size) as url:
            log = PostgresEventLog(url, contact_key=KEY)
            try:
                yield log
            finally:
                log.close()


STORES: dict[str, Store] = {"SQLite": Sqlite(), "PostgreSQL": Postgres()}


def all_of(stores: Sequence[str], to: str) -> list[Found]:
    """Every store at every size up to this one; each is told on standard error as it is found: the last takes long."""
    curve = []
    for found in (found for store in stores for found in measured(store, to)):
        curve.append(found)
        told = ", ".join(f"{text} {getattr(found, what):,.3g} {unit}" for what, (text, unit) in FIGURES.items())
        sys.stderr.write(f"{found.store}, {found.size:,}: {told}\n")
        sys.stderr.flush()
    return curve


def rows(curve: Sequence[Found]) -> Iterator[Row]:
    """Each figure, beside the same store's at the smallest size."""
    smallest = {found.store: found for found in reversed(curve)}
    for found in curve:
        first = smallest[found.store]
        for what, (told, unit) in FIGURES.items():
            beside = getattr(first, what) if found is not first else None
            at = f"{found.store} at {found.size:,}: {told}"
            yield Row(at, getattr(found, what), unit, f"at {first.size:,}" if found is not first else "", beside)


def drawn(curve: Sequence[Found]) -> str:
    """The curve in characters: a line a figure, a block a size, and the figures beside it."""
    lines = []
    for store in dict.fromkeys(found.store for found in curve):
        for what, (told, unit) in FIGURES.items():
            values = [getattr(found, what) for found in curve if found.store == store]
            blocks = "".join(BLOCKS[round(value / max(values) * (len(BLOCKS) - 1))] for value in values)
            figures = ", ".join(f"{value:,.3g}" for value in values)
            lines.append(f"{store:10} {told:32} {blocks}  {figures} {unit}")
    sizes = ", ".join(dict.fromkeys(f"{found.size // 1_000_000} M" for found in curve))
    return "\n".join([f"At {sizes} stored events:", *lines])


def measured(store: str, to: str) -> Iterator[Found]:
    """One store, from the smallest size up to this one."""
    for size in (size for size in SIZES.values() if size <= SIZES[to]):
        folder = tempfile.TemporaryDirectory(dir=os.environ.get("BENCHMARKS_DIR"))
        with folder as name, STORES[store].filled(size, Path(name)) as log:
            yield _measure(store, size, log)


def _measure(store: str, size: int, log: EventLog) -> Found:
    chance = random.Random(size)
    accounts = size // filling.EACH
    appends: dict[int, float] = {}
    for each, times in BATCHES.items():
        batches = [_batch(f"{each}-{number}", each, accounts, chance) for number in range(times)]
        appends[each] = median(_seconds(log, batch) for batch in batches) / each * 1e6
    read, investigated = [], []
    for number in chance.sample(range(accounts), ACCOUNTS):
        account, begun = filling.account(number), perf_counter()
        events = log.account(account)
        read.append(perf_counter() - begun)
        assert len(events) >= filling.EACH, "the log was not filled as it should be"
        investigate(account, events, now=datetime.now(UTC))
        investigated.append(perf_counter() - begun)
    return Found(store, size, appends[100], appends[1000], median(read) * 1e3, median(investigated) * 1e3)


def _batch(name: str, many: int, accounts: int, chance: random.Random) -> list[tuple[Event, bytes]]:
    """Events of just now, of accounts from all over the log."""
    texts = (
        filling.text(f"new-{name}-{place}", chance.randrange(accounts), datetime.now(UTC) + timedelta(seconds=place))
        for place in range(many)
    )
    return [(parse_event(text), text) for text in texts]


def _seconds(log: EventLog, batch: list[tuple[Event, bytes]]) -> float:
    begun = perf_counter()
    accepted = log.append(batch)
    taken = perf_counter() - begun
    assert accepted.stored == len(batch)
    return taken
