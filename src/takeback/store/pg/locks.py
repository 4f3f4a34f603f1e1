"""Who holds what, over all machines? PostgreSQL's advisory locks: the server lets go of one when its session ends,
however it ends.

They belong to a session, so a pooler in between has to keep sessions whole (docs/howto/run-on-many-machines.md).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from time import monotonic, sleep
from typing import Any

import psycopg

from takeback.core.errors import TakebackError

log = logging.getLogger("takeback.locks")

ASKED = 0.05  # seconds between two tries of a case's lock
# A machine that lost its power says no goodbye: after so many seconds of silence the server ends its sessions itself.
_SILENCE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"


class LockLost(TakebackError):
    """The line to the database was cut while a phase held its case's lock."""


class PostgresPresence:
    """The lock that says that one worker lives; meets `casework.alone.Presence`.

    It has a session of its own: one that phases write with would be busy, and could be closed, for reasons of theirs.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url, self._key = url, _key("worker", name)
        self._session: psycopg.Connection[Any] | None = None

    def holds(self) -> bool:
        """Hold the lock, or take it (again). False while the server cannot be reached or somebody else holds it."""
        if self._session is not None:
            try:
                self._session.execute("SELECT 1")
                return True
            except psycopg.Error:
                self.let_go()
        try:
            session = _session(self._url)
        except psycopg.Error as error:
            log.warning("the database cannot be reached: %s", type(error).__name__)
            return False
        try:
            held = _try(session, self._key)
        except psycopg.Error:
            held = False
        if not held:
            session.close()
            return False
        self._session = session
        return True

    def let_go(self) -> None:
        """End the session, and the lock with it."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


class PostgresLocks:
    """The locks of an installation on PostgreSQL; meets `casework.alone.Locks`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def presence(self, name: str) -> PostgresPresence:
        """The lock of the worker `name`, not held yet."""
        return PostgresPresence(self._url, name)

    @contextmanager
    def instead_of(self, name: str) -> Iterator[bool]:
        """True when no worker `name` lives; while the block lasts none can begin to."""
        session = _session(self._url)
        try:
            yield _try(session, _key("worker", name))
        finally:
            session.close()

    @contextmanager
    def alone(self, case: str, within: float) -> Iterator[bool]:
        """True when this thread alone, over all processes, works on the case while the block lasts; False when another
        did not end within so many seconds.

        The lock is taken in the session that this thread writes with: whoever lost the lock has lost the line as well,
        and what was written over another line meanwhile would be refused (`LockLost`).
        """
        from django.db import Error, connection

        key, until = _key("case", case), monotonic() + within
        with connection.cursor() as cursor:
            while not (held := _asked(cursor, key)) and monotonic() < until:
                sleep(ASKED)
        if not held:
            yield False
            return
        session = connection.connection

        def of_this_session(execute: Callable[..., Any], *said: Any) -> Any:
            if connection.connection is not session:  # Django opens a new one by itself when the old one broke
                raise LockLost
            return execute(*said)

        try:
            with connection.execute_wrapper(of_this_session):
                yield True
        finally:
            if connection.connection is session:
                try:
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
                except Error:  # it broke, or is in a transaction that did; the lock ends with it
                    connection.close()


def _key(kind: str, name: str) -> int:
    """The number of a lock. Two names that meet in 64 bits would only wait for each other."""
    return int.from_bytes(
        sha256(f"takeback {kind} {name}".encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True
    )


def _session(url: str) -> psycopg.Connection[Any]:
    session = psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=5,
        application_name="takeback locks",
        keepalives_idle=10,
        tcp_user_timeout=15000,
    )
    try:
        session.execute(_SILENCE)
    except psycopg.Error:
        session.close()
        raise
    return session


def _try(session: psycopg.Connection[Any], key: int) -> bool:
    row = session.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
    return bool(row and row[0])


def _asked(cursor: Any, key: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
    return bool(cursor.fetchone()[0])
