"""Whose turn is it to write? SQLite lets one write and has the others look again after ever longer pauses, in no order:
under a wave somebody would wait for half a minute and be refused. Here they queue.

A lock in memory for the threads of a process, and one on a file for the processes; who ends, however, has given his
turn up.
"""

import fcntl
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

PAUSE = 0.0003  # seconds between two looks at the other processes, of which there are few
LONGEST = 30.0  # seconds; the same as for SQLite's own lock


class Turns:
    """The turns of one database file."""

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}-turn")
        self._here = Lock()

    def take(self) -> Callable[[], None]:
        """Wait for the turn; what gives it up again. `TimeoutError` when it did not come."""
        until = monotonic() + LONGEST
        if not self._here.acquire(timeout=LONGEST):
            raise TimeoutError
        try:
            file = self._lock(until)
        except BaseException:
            self._here.release()
            raise

        def give() -> None:
            os.close(file)
            self._here.release()

        return give

    def _lock(self, until: float) -> int:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return file
                except BlockingIOError:
                    if monotonic() > until:
                        raise TimeoutError from None
                    sleep(PAUSE)
        except BaseException:
            os.close(file)
            raise


@lru_cache(64)
def turns_of(database: str) -> Turns:
    """The turns of this file, the same for all threads."""
    return Turns(database)
