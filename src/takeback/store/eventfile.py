"""How is the event log's file opened? Durable for the one who writes, read-only for those who read."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from sqlite3 import Connection

from takeback.core.errors import SettingsError
from takeback.store import sentrows

_WAIT = 30.0  # seconds for another process's commit
# Measured at a million events: with SQLite's own 2 MB and 1,000 pages an append costs up to twice as much. The pages
# that an account's events lie on are written again soon; copying them into the file after each 4 MB was most of it.
_ROOM = ("cache_size = -65536", "wal_autocheckpoint = 16000")  # KiB, pages
_VERSION = 2  # of the tables: 1 had no ledger of what was sent
_TABLES = """
CREATE TABLE IF NOT EXISTS event (
    account TEXT NOT NULL, ts INTEGER NOT NULL, seq INTEGER NOT NULL,
    source TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (account, ts, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS event_once ON event (source, id);
CREATE TABLE IF NOT EXISTS contact (
    hash BLOB NOT NULL, account TEXT NOT NULL, PRIMARY KEY (hash, account)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS arrival (next INTEGER NOT NULL);
INSERT INTO arrival SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM arrival);
"""


def open_for_writing(path: Path) -> Connection:
    """A connection whose commits survive a loss of power. Makes the tables. `SettingsError` if the file is no use."""
    try:
        connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        for room in _ROOM:
            connection.execute(f"PRAGMA {room}")
        if _version(connection) < _VERSION:
            _bring_up_to_date(connection)
    except sqlite3.Error as error:
        raise SettingsError(f"The event log {path} cannot be opened: {error}.") from error
    return connection


def _version(connection: Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _bring_up_to_date(connection: Connection) -> None:
    """Make the tables that are missing, in one transaction: another process may be doing the same."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = _version(connection)
        for statement in (_TABLES + sentrows.TABLES).split(";"):
            connection.execute(statement)
        if before == 1:
            sentrows.fill(connection)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


class SqliteLine:
    """The writer's connection, as `groupcommit.Line` has it. A file is never cut off: what fails is told."""

    lost = False

    def __init__(self, path: Path) -> None:
        self.connection = open_for_writing(path)

    def begin(self) -> None:
        """Begin as the one who writes, after waiting for another process's commit."""
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Let it be durable."""
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        """Undo it, unless SQLite already has."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


class Readers:
    """Connections that can only read, lent to one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._address = f"{path.absolute().as_uri()}?mode=ro"
        self._idle: LifoQueue[Connection] = LifoQueue()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for the length of the block."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = sqlite3.connect(
                self._address, uri=True, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return
