"""How is the PostgreSQL of the event log spoken to? Durable for the one who writes, read-only for those who read.

A line that was cut (the server was restarted) is never used again: the next one who needs a line gets a new one.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, LifoQueue
from threading import BoundedSemaphore
from typing import Any, TypeVar

import psycopg
from psycopg import Connection

from takeback.store.pg.packing import learn

Row = tuple[Any, ...]
Answer = TypeVar("Answer")

MOST_READERS = 8  # lines of one process: a look at an account takes milliseconds, and the server's lines are few
_CONNECT = 10  # seconds
_WAIT = 30  # seconds for another's commit, and for a server that does not answer any more
# Whatever the server's own settings are: `off` and `local` acknowledge what a loss of power can take. A stronger one
# (`remote_apply`) is left as it is.
_DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
)


def connect(url: str, *, write: bool, more: Sequence[str] = ()) -> Connection[Row]:
    """A line of its own, with `more` settings. Every statement is a transaction in it unless `BEGIN` was said."""
    said = [f"lock_timeout={_WAIT}s", f"idle_in_transaction_session_timeout={2 * _WAIT}s", *more]
    if not write:
        said.append("default_transaction_read_only=on")
    line = psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=_CONNECT,
        application_name="takeback events",
        client_encoding="UTF8",
        options=" ".join(f"-c {setting}" for setting in said),
        keepalives_idle=_WAIT,  # a server that lost its power says no goodbye
        keepalives_interval=_WAIT // 3,
        keepalives_count=3,
        tcp_user_timeout=_WAIT * 1000,  # milliseconds
    )
    if write:
        learn(line)
        line.execute(_DURABLE)
    return line


# What a group of events looks up is a few rows by their keys. A plan is made once for a line, maybe while the tables
# were empty: it must not be one that reads them from end to end.
_BY_KEY = ("plan_cache_mode=force_generic_plan", "enable_seqscan=off", "enable_hashjoin=off", "enable_mergejoin=off")


class PostgresLine:
    """The writer's line. Its transaction begins with the first statement of a group, to save a journey."""

    def __init__(self, url: str) -> None:
        self.connection = connect(url, write=True, more=_BY_KEY)

    @property
    def lost(self) -> bool:
        """True when it was cut."""
        return self.connection.closed

    def begin(self) -> None:
        """Nothing yet: what writes says `BEGIN` together with its first statements."""

    def commit(self) -> None:
        """Let it be durable."""
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        """Undo it, if there still is a line."""
        if not self.lost and self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the server."""
        self.connection.close()


class Readers:
    """Lines that can only read, lent to one thread at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: LifoQueue[Connection[Row]] = LifoQueue()
        self._free = BoundedSemaphore(MOST_READERS)
        self._process = os.getpid()

    def read(self, look: Callable[[Connection[Row]], Answer]) -> Answer:
        """What `look` finds. It is asked again when a line that had lain idle turns out to have been cut."""
        with self._line() as (line, kept):
            try:
                return look(line)
            except psycopg.OperationalError:
                if not (kept and line.closed):
                    raise
        self.close()  # what cut one line has cut the others that lie idle
        with self._line() as (line, _):
            return look(line)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """What this statement finds."""
        return self.read(lambda line: line.execute(statement.encode(), values).fetchall())

    def close(self) -> None:
        """Close those that nobody uses."""
        while True:
            try:
                line = self._idle.get_nowait()
            except Empty:
                return
            line.close()

    @contextmanager
    def _line(self) -> Iterator[tuple[Connection[Row], bool]]:
        """A line for the length of the block, and whether it has been used before."""
        if self._process != os.getpid():  # forked: the lines in hand are the other process's
            self._idle, self._free, self._process = LifoQueue(), BoundedSemaphore(MOST_READERS), os.getpid()
        with self._free:
            kept = True
            try:
                line = self._idle.get_nowait()
            except Empty:
                line, kept = connect(self._url, write=False), False
            try:
                yield line, kept
            finally:
                if not line.closed:
                    self._idle.put(line)
