"""How long before the next try? Twice as long each time, never all at one moment, or as long as the server says."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST, LONGEST = 0.2, 10.0  # seconds


class Patience:
    """Waits between tries, for `seconds` in all."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._pauses = _pauses()

    def wait(self, retry_after: str | None = None) -> bool:
        """Wait before the next try; False, at once, where that would take too long."""
        asked = seconds_of(retry_after)
        pause = next(self._pauses) if asked is None else asked + random.uniform(0, SHORTEST)  # noqa: S311 - spreads load
        if time.monotonic() + pause > self._until:
            return False
        time.sleep(pause)
        return True


def _pauses() -> Iterator[float]:
    pause = SHORTEST
    while True:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
        pause = min(LONGEST, pause * 2)


def seconds_of(retry_after: str | None) -> float | None:
    """What the header Retry-After says (RFC 9110, 10.2.3): seconds or a date; None where it says nothing."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())
