"""How does SQLAlchemy write to a SQLite file? In turns (`turns`), like everybody here: SQLite's own way to wait for
another writer is to look again after ever longer pauses, which under load makes somebody wait for seconds.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import sqlalchemy

from takeback.sqlitefiles.syncing import syncing
from takeback.sqlitefiles.turns import turns_of

_WAIT = 30  # seconds for somebody who writes without taking turns, such as a program to look into the file
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")  # before which Python begins a transaction


class _Connection(sqlite3.Connection):
    """Takes the turn before its transaction begins, and gives it up when that has ended."""

    file: str
    is_lasting: bool
    give: Callable[[], None] | None = None

    def cursor(self, *_: Any) -> "_Cursor":  # type: ignore[override] # whatever is asked for
        return super().cursor(_Cursor)

    def commit(self) -> None:
        is_ours = self.give is not None
        try:
            super().commit()
        finally:
            self._end_turn()
        if is_ours and self.is_lasting:
            try:
                syncing(self.file).wait()
            except OSError as error:  # as SQLite says it, which who writes is prepared for
                raise sqlite3.OperationalError(f"disk I/O error: {error.strerror}") from error

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._end_turn()

    def take_turn(self, statement: str) -> None:
        """Before a statement."""
        if self.give is not None or self.in_transaction or statement.lstrip()[:6].upper() not in _WRITES:
            return
        try:
            self.give = turns_of(self.file).take()
        except TimeoutError:
            raise sqlite3.OperationalError("database is locked") from None

    def end_turn_if_idle(self) -> None:
        """After a statement that failed: it may be that no transaction has begun."""
        if not self.in_transaction:
            self._end_turn()

    def _end_turn(self) -> None:
        give, self.give = self.give, None
        if give is not None:
            give()


class _Cursor(sqlite3.Cursor):
    connection: _Connection

    def execute(self, statement: str, *values: Any) -> "_Cursor":
        self.connection.take_turn(statement)
        try:
            super().execute(statement, *values)
        except BaseException:
            self.connection.end_turn_if_idle()
            raise
        return self

    def executemany(self, statement: str, *values: Any) -> "_Cursor":
        self.connection.take_turn(statement)
        try:
            super().executemany(statement, *values)
        except BaseException:
            self.connection.end_turn_if_idle()
            raise
        return self


def engine_on(url: str, file: str, *, lasting: bool) -> sqlalchemy.Engine:
    """An engine on this file. `lasting`: a commit returns when it is on the disk; else it would survive the end of the
    process, and a loss of power it may not.
    """
    factory = type("_Connection", (_Connection,), {"file": file, "is_lasting": lasting})
    engine = sqlalchemy.create_engine(
        url, connect_args={"timeout": _WAIT, "factory": factory}, hide_parameters=True, pool_size=10, max_overflow=50
    )

    @sqlalchemy.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = "IMMEDIATE"  # a reader that turns writer would be refused at once
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -512")  # kB; void as soon as another connection writes
        connection.execute("PRAGMA synchronous = NORMAL")  # who is to wait for the disk does so afterwards

    return engine
