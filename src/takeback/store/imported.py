"""How far was this file imported? A row a file, in the database of the events that it brought.

There, and not in a file beside it: whoever puts the database back to a copy has put this back as well, and no line is
passed over that the copy lacks. A file is known by its size, its time and how it begins, not by its name.
"""

import sqlite3
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

from takeback.configuration import Configuration

_BEGINNING = 64 * 1024  # bytes that a file is known by
_WAIT = 30.0  # seconds for another process's commit
_TABLE = """
CREATE TABLE IF NOT EXISTS {table} (
    file TEXT PRIMARY KEY, name TEXT NOT NULL, lines BIGINT NOT NULL, stored BIGINT NOT NULL, repeated BIGINT NOT NULL,
    skipped BIGINT NOT NULL, whole BOOLEAN NOT NULL, at TEXT NOT NULL
)
"""
_FIND = "SELECT lines, stored, repeated, skipped, whole, at FROM {table} WHERE file = {mark}"
_KEEP = """
INSERT INTO {table} (file, name, lines, stored, repeated, skipped, whole, at)
VALUES ({mark}, {mark}, {mark}, {mark}, {mark}, {mark}, {mark}, {mark})
ON CONFLICT (file) DO UPDATE SET name = excluded.name, lines = excluded.lines, stored = excluded.stored,
repeated = excluded.repeated, skipped = excluded.skipped, whole = excluded.whole, at = excluded.at
"""


@dataclass(frozen=True, slots=True)
class Place:
    """All lines up to `lines` (counted from 1) are done: their events stored, counted as repeats, or passed over.

    `whole`: there are no more. `at` is when this was written down (RFC 3339, UTC).
    """

    lines: int = 0
    stored: int = 0
    repeated: int = 0
    skipped: int = 0
    whole: bool = False
    at: str = ""


def identity(path: str | PathLike[str], source: str | None) -> str | None:
    """What a file is known by; None for what comes in a pipe. `source` is the only one that is imported, or None.

    `OSError` where there is nothing.
    """
    path = Path(path)
    if not path.is_file() and path.exists():
        return None
    told = path.stat()
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    head = f"{told.st_size} {told.st_mtime_ns} {source or ''}\n".encode()
    return sha256(head + beginning).hexdigest()


class Places:
    """How far each file is. Every call is a transaction of its own; safe to use from one thread at a time."""

    def __init__(self, connection: Any, *, table: str, mark: str) -> None:
        self._connection, said = connection, {"table": table, "mark": mark}
        self._find, self._keep = _FIND.format(**said), _KEEP.format(**said)
        self._connection.execute(_TABLE.format(**said))

    def find(self, file: str) -> Place:
        """Where the import of this file was left; the beginning where there was none."""
        row = self._connection.execute(self._find, (file,)).fetchone()
        if row is None:
            return Place()
        lines, stored, repeated, skipped, whole, at = row
        return Place(lines, stored, repeated, skipped, bool(whole), at)

    def keep(self, file: str, name: str, place: Place) -> None:
        """Write down how far it is: durable on return. The events that it speaks of must be stored already."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = (file, name, place.lines, place.stored, place.repeated, place.skipped, place.whole, at)
        self._connection.execute(self._keep, row)

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()


def open_places(configuration: Configuration) -> Places:
    """The places, in the database of the events of this installation."""
    url = configuration.database_url
    if url is None:
        return Places(_open(configuration.events_path), table="imported", mark="?")
    import psycopg  # not loaded where nobody needs it

    return Places(psycopg.connect(str(url), autocommit=True), table="takeback.imported", mark="%s")


def _open(path: Path) -> sqlite3.Connection:
    # The thread that reads the file asks, and the one that writes the events keeps; never both at once.
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def is_of_the_log(error: BaseException) -> bool:
    """True for what a database says of itself: its disk is full, its server is gone."""
    if isinstance(error, sqlite3.Error):
        return True
    psycopg = sys.modules.get("psycopg")
    return psycopg is not None and isinstance(error, psycopg.Error)
