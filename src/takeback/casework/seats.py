"""How many phases compute at once in one worker? As many as have a seat: Python runs one thread at a time, and many who
want to be that one wake each other in vain at each statement, which takes as much of the processor as the work does.

Whoever waits for the world outside, a service or a mail server, stands up meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore, local


class Seats:
    """So many seats."""

    def __init__(self, many: int) -> None:
        self._free = Semaphore(many)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """While the block lasts this thread has a seat, for which it may have to wait."""
        with self._free:
            _here.seat = self._free
            try:
                yield
            finally:
                _here.seat = None


class _Here(local):
    """The seat of this thread."""

    seat: Semaphore | None = None


_here = _Here()


@contextmanager
def stood_up() -> Iterator[None]:
    """While the block lasts, somebody else may have the seat of this thread, where it has one."""
    seat, _here.seat = _here.seat, None
    if seat is None:
        yield
        return
    seat.release()
    try:
        yield
    finally:
        seat.acquire()
        _here.seat = seat
