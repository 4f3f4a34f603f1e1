"""What is a wave held to? The rows of `python -m benchmarks wave`."""

from collections.abc import Iterator

from benchmarks.row import Row
from benchmarks.wave import bare, holding, running

ACCOUNTS, WORKERS = 10_000, 2
FROZEN, HELD = 60.0, 300.0  # seconds
WORKING, IDLE = 250.0, 150.0  # MB
FIRST_DEED, LATE = 5.0, 5.0  # seconds


def rows() -> Iterator[Row]:
    """A wave on SQLite with a worker for each core, beside a bare queue of the engine with the same waits."""
    yield from rows_of(ACCOUNTS, holding.CASES)


def rows_of(accounts: int, held: int) -> Iterator[Row]:
    """The same with other numbers, for a quick look."""
    share = accounts / ACCOUNTS  # of the limits, where fewer are looked at
    peer = accounts / bare.rate(min(accounts, 2_000))
    found = running.measure(accounts, workers=WORKERS)
    if found.repeats or found.missing:
        raise RuntimeError(f"{found.repeats} actions came twice and {found.missing} never")
    of = f"a wave of {accounts:,}: "
    yield Row(f"{of}all frozen, read back", found.frozen, "s", "a bare queue, one wait each", peer, FROZEN * share)
    yield Row(f"{of}all on hold", found.held, "s", "", None, HELD * share)
    yield Row(f"{of}memory of a worker", found.memory, "MB", "", None, WORKING)
    kept = holding.measured(held)
    on = f"{held:,} cases on hold: "
    yield Row(f"{on}memory of a worker", kept.memory, "MB", "", None, IDLE)
    yield Row(f"{on}start to first deed", kept.first_deed, "s", "", None, FIRST_DEED)
    yield Row(f"{on}how late a hold ends", kept.latest, "s", "", None, LATE)
