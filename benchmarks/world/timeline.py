"""When does what happen? Processes that run side by side on one clock, each a generator that yields seconds to wait.

So an intruder and the owner may be in the account in the same minute, and each acts on what the account then is.
All of the world's people live by Japanese time, which has no summer time; a clock reading is seconds since 1970 in UTC.
"""

import heapq
from collections.abc import Iterator

Process = Iterator[float]
MINUTE, HOUR, DAY = 60, 3600, 86400
ZONE = 9 * HOUR


class Timeline:
    """A clock and what is waiting for it. What is due at `end` or later never happens; `end` may be brought forward."""

    def __init__(self, start: int, end: int) -> None:
        self.now = start
        self.end = end
        self._waiting: list[tuple[int, int, Process]] = []
        self._started = 0

    def begin(self, process: Process, *, at: float | None = None) -> None:
        """Let `process` run from `at` (else now) on."""
        self._started += 1
        heapq.heappush(self._waiting, (max(self.now, int(at or 0)), self._started, process))

    def run(self) -> None:
        """Run everything that is due before `end`."""
        while self._waiting and self._waiting[0][0] < self.end:
            self.now, number, process = heapq.heappop(self._waiting)
            delay = next(process, None)
            if delay is not None:
                heapq.heappush(self._waiting, (self.now + max(1, int(delay)), number, process))


def hour_of(now: float) -> int:
    """The hour of the day in Japan, 0 to 23."""
    return int(now + ZONE) % DAY // HOUR


def weekday_of(now: float) -> int:
    """0 is Monday, in Japan (1970 began on a Thursday)."""
    return (int(now + ZONE) // DAY + 3) % 7


def midnight_of(now: float) -> int:
    """When the day of `now` began in Japan."""
    return int(now + ZONE) // DAY * DAY - ZONE
