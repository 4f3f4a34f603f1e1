"""How did everything stand at one moment? The database of the cases past Django, for which it stands still meanwhile,
without keeping anybody from writing.

Statements are written once for both stores: `?` stands for a value; `COLLATE BINARY` (which SQLite has anyway) has
PostgreSQL compare byte by byte, whatever its locale; and `{at}` reads a column of that name as text.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from takeback.configuration import Configuration
from takeback.core.errors import TakebackError

if TYPE_CHECKING:
    from psycopg import Connection

_WAIT = 30  # seconds for another process's commit, or for the server
_AT_ONCE = 500  # rows that lie in memory, of a log that may have millions
_SETTLED = "5s"  # for everybody who is writing a line just now

Row = tuple[Any, ...]


class Unreadable(TakebackError):
    """The database cannot be read."""


class Moment(Protocol):
    """One moment of the database. Everything here raises `Unreadable` where the database cannot answer."""

    def one(self, statement: str, values: Sequence[object] = ()) -> Row | None:
        """The first row."""

    def rows(self, statement: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """The rows, of which only some at a time lie in memory."""

    def put(self, table: str, row: Sequence[object]) -> None:
        """Add a row to a temporary table."""


class Moments(Protocol):
    """Opens moments. `shared`: several machines write to this database, each with an anchor of its own."""

    shared: bool

    def open(self, *tables: str) -> AbstractContextManager[Moment]:
        """A moment, with these temporary tables (`name (column type, …)`), which vanish with it."""

    def settled(self) -> int:
        """The highest id of a case's line below which no other line will appear any more; 0 where there is none."""


def moments_of(configuration: Configuration) -> Moments:
    """Those of the database that has the cases."""
    if configuration.database_url is not None:
        return PostgresMoments(str(configuration.database_url))
    return SqliteMoments(configuration.cases_path)


class SqliteMoments:
    """Those of a file. Whoever altered it may have left anything there, bytes that are no text too."""

    shared = False

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def open(self, *tables: str) -> Iterator[Moment]:
        """Read only; what grows with the logs does not lie in memory."""
        address = f"{self._file.absolute().as_uri()}?mode=ro"
        with _told(sqlite3.Error):
            connection = sqlite3.connect(address, uri=True, timeout=float(_WAIT), isolation_level=None)
        with closing(connection):
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            connection.execute("PRAGMA temp_store = FILE")
            for table in tables:
                connection.execute(f"CREATE TEMP TABLE {table}")
            connection.execute("BEGIN")
            yield _SqliteMoment(connection)

    def settled(self) -> int:
        """The highest: there is one writer at a time."""
        with self.open() as moment:
            return _highest(moment.one("SELECT max(id) FROM store_entry"))


class _SqliteMoment:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, statement: str, values: Sequence[object] = ()) -> Row | None:
        with _told(sqlite3.Error):
            row: Row | None = self._connection.execute(statement.format(at="at"), values).fetchone()
            return row

    def rows(self, statement: str, values: Sequence[object] = ()) -> Iterator[Row]:
        with _told(sqlite3.Error):
            yield from self._connection.execute(statement.format(at="at"), values)

    def put(self, table: str, row: Sequence[object]) -> None:
        places = ", ".join("?" * len(row))
        with _told(sqlite3.Error):
            self._connection.execute(f"INSERT INTO {table} VALUES ({places})", row)  # noqa: S608 - our own table


class PostgresMoments:
    """Those of a server. `REPEATABLE READ` sees what was committed before its first look, and nothing after."""

    shared = True

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def open(self, *tables: str) -> Iterator[Moment]:
        """Read only; the rows stay at the server until they are asked for."""
        from psycopg import Error, IsolationLevel

        with _told(Error):
            connection = self._connect()
        with closing(connection):
            with _told(Error):
                connection.execute("SET datestyle = ISO")
                connection.execute("SET timezone = UTC")
                for table in tables:
                    connection.execute(_postgres(f"CREATE TEMP TABLE {table}"))
                connection.commit()
                connection.isolation_level = IsolationLevel.REPEATABLE_READ
                connection.read_only = True
            yield _PostgresMoment(connection)

    def settled(self) -> int:
        """The highest when nobody was writing a line: ids are given before a line is committed, in any order."""
        from psycopg import Error

        with _told(Error):
            connection = self._connect()
            with closing(connection):
                connection.execute(f"SET LOCAL lock_timeout = '{_SETTLED}'".encode())
                connection.execute("LOCK TABLE store_entry IN SHARE MODE")
                row = connection.execute("SELECT max(id) FROM store_entry").fetchone()
                connection.rollback()
        return _highest(row)

    def _connect(self) -> "Connection[Row]":
        from psycopg import connect

        return connect(self._url, connect_timeout=_WAIT, application_name="takeback", client_encoding="UTF8")


class _PostgresMoment:
    def __init__(self, connection: "Connection[Row]") -> None:
        self._connection, self._opened = connection, 0

    def one(self, statement: str, values: Sequence[object] = ()) -> Row | None:
        from psycopg import Error

        with _told(Error):
            return self._connection.execute(_postgres(statement), values).fetchone()

    def rows(self, statement: str, values: Sequence[object] = ()) -> Iterator[Row]:
        from psycopg import Error

        self._opened += 1
        with _told(Error), self._connection.cursor(f"rows_{self._opened}") as cursor:
            cursor.itersize = _AT_ONCE
            yield from cursor.execute(_postgres(statement), values)

    def put(self, table: str, row: Sequence[object]) -> None:
        from psycopg import Error

        places = ", ".join(["%s"] * len(row))
        with _told(Error):
            self._connection.execute(f"INSERT INTO {table} VALUES ({places})".encode(), row)  # noqa: S608 - as above


def _postgres(statement: str) -> bytes:
    told = statement.format(at="at::text").replace("COLLATE BINARY", 'COLLATE "C"')
    return told.replace("%", "%%").replace("?", "%s").encode()


def _highest(row: Row | None) -> int:
    return row[0] if row is not None and isinstance(row[0], int) else 0


@contextmanager
def _told(error: type[Exception]) -> Iterator[None]:
    """What a driver says, as one sentence of ours."""
    try:
        yield
    except error as said:
        raise Unreadable(" ".join(str(said).split()) or type(said).__name__) from None
