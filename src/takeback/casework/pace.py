"""How fast may a shop be asked? Within its limits, and what stops an account goes before everything else.

A wave of ten thousand cases must not take the shop down that they are about. Each process keeps the limits by itself:
with three workers a shop sees up to three times as many requests as are set for it (docs/reference/settings.md).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Condition
from time import monotonic

from takeback.casework.seats import stood_up
from takeback.core.errors import OutsideError

AT_MOST = 64  # requests to one service at once
WAITS = 30.0  # seconds that a request waits for its turn

_urgent: ContextVar[bool] = ContextVar("urgent", default=False)


@contextmanager
def urgently(is_so: bool = True) -> Iterator[None]:
    """What this thread, and the errands it sends, ask while the block lasts goes before what others ask."""
    before = _urgent.set(is_so or _urgent.get())
    try:
        yield
    finally:
        _urgent.reset(before)


class Pace:
    """The turns at one service: at most `at_once` requests under way, `a_second` begun in a second (None: any number).

    A service that says when to come again is left alone by everybody until then.
    """

    def __init__(
        self, at_once: int = AT_MOST, a_second: float | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._at_once, self._gap = at_once, 0.0 if a_second is None else 1.0 / a_second
        self._clock = clock
        self._turn = Condition()
        self._under_way = self._waiting_urgent = 0
        self._next = self._closed_until = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn; it is over when the block ends. `OutsideError` (not permanent) when none came in time, or
        when the service asked to be left alone for longer than that.
        """
        with stood_up(), self._taken():
            yield

    @contextmanager
    def _taken(self) -> Iterator[None]:
        self._wait(urgent=_urgent.get())
        try:
            yield
        except OutsideError as error:
            if error.retry_after:
                with self._turn:
                    self._closed_until = max(self._closed_until, self._clock() + error.retry_after)
            raise
        finally:
            with self._turn:
                self._under_way -= 1
                self._turn.notify_all()

    def _wait(self, *, urgent: bool) -> None:
        until = self._clock() + WAITS
        with self._turn:
            self._waiting_urgent += urgent
            try:
                while (left := self._left(urgent=urgent)) is None or left > 0:
                    now = self._clock()
                    closed = self._closed_until - now
                    if closed > 0 and now + closed > until:
                        raise OutsideError("The service asked to be left alone.", permanent=False, retry_after=closed)
                    if now >= until:
                        raise OutsideError("Too many requests wait for the service.", permanent=False)
                    self._turn.wait(min(until - now, left if left is not None else WAITS))
                self._under_way += 1
                self._next = max(self._next, self._clock()) + self._gap
            finally:
                self._waiting_urgent -= urgent
                self._turn.notify_all()

    def _left(self, *, urgent: bool) -> float | None:
        """Seconds until this request may begin, 0: now; None: when another one ends, or begins."""
        if self._under_way >= self._at_once or (self._waiting_urgent and not urgent):
            return None
        now = self._clock()
        return max(self._closed_until - now, self._next - now, 0.0)
