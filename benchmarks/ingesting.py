"""How many events a second are stored for good? The measurements of `benchmarks.ingest` as rows of the one table."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.ingest import measure
from benchmarks.row import Row

RUNS = ((1, 500, 1), (1, 2_000, 16), (100, 10_000, 1), (1000, 20_000, 1))  # batch, events, callers


def rows() -> Iterator[Row]:
    """Beside bare SQLite that writes the same rows with the same sync."""
    with tempfile.TemporaryDirectory() as folder:
        for size, many, callers in RUNS:
            found = measure(Path(folder), size, many, callers)
            what = f"store events, {size} a call" + (f", {callers} callers" if callers > 1 else "")
            yield Row(what, found["append"], "/s", "bare SQLite", found["bare"], more_is_better=True)
