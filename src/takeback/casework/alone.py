"""Who works on a case now? One phase at a time, over all processes; and which workers live?

In one process a lock in memory is enough. Where several machines work, the lock is the database's as well, and a
phase does not wait for it for ever: it gives its place in the worker back and is run a little later.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Protocol
from weakref import WeakValueDictionary

WITHIN = 2.0  # seconds that a phase waits for another one of its case


class Presence(Protocol):
    """The lock that says that a worker lives. The database, or the system, lets go of it when its process ends."""

    def holds(self) -> bool:
        """Hold it, or take it (again). False while that cannot be done."""

    def let_go(self) -> None:
        """Give it back."""


class Locks(Protocol):
    """The locks that all processes of an installation see."""

    def presence(self, name: str) -> Presence:
        """The lock of the worker `name`, not held yet."""

    def instead_of(self, name: str) -> AbstractContextManager[bool]:
        """True when no worker `name` lives; while the block lasts none can begin to."""

    def alone(self, case: str, within: float) -> AbstractContextManager[bool]:
        """True when this thread alone works on the case while the block lasts; False when another did not end within
        so many seconds.
        """


_here: "WeakValueDictionary[str, _CaseLock]" = WeakValueDictionary()
_here_lock = Lock()


class _CaseLock:
    """A lock that lives while a phase of the case runs."""

    def __init__(self) -> None:
        self.lock = Lock()


@contextmanager
def alone(case: str, locks: Locks | None, within: float = WITHIN) -> Iterator[bool]:
    """While the block lasts this thread alone works on the case; False when that was not to be had in so many seconds.

    `locks`: None where one process works. Threads of this process wait in memory first, which asks no database.
    """
    with _here_lock:
        mine = _here.setdefault(case, _CaseLock())
    if not mine.lock.acquire(timeout=within):
        yield False
        return
    try:
        if locks is None:
            yield True
        else:
            with locks.alone(case, within) as held:
                yield held
    finally:
        mine.lock.release()
