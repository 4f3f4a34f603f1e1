"""How long may all the questions of one verdict take together?"""

import time
from collections.abc import Callable

from takeback.mail.dns.port import UNREACHABLE, Answer, HurriedResolver, Resolver

LEAST = 0.02  # seconds: with less than this left, asking is not worth a packet


class Deadline:
    """A resolver that has `seconds` in all, from now on. After that every question is unreachable, at once."""

    def __init__(self, resolver: Resolver, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._resolver = resolver
        self._clock = clock
        self._end = clock() + seconds

    def ask(self, name: str, kind: str) -> Answer:
        """As `Resolver.ask`, within what is left of the time."""
        return self.ask_within(name, kind, self._end - self._clock())

    def ask_within(self, name: str, kind: str, seconds: float) -> Answer:
        """As `ask`, in at most `seconds`."""
        left = min(seconds, self._end - self._clock())
        if left < LEAST:
            return UNREACHABLE
        if isinstance(self._resolver, HurriedResolver):
            return self._resolver.ask_within(name, kind, left)
        return self._resolver.ask(name, kind)
