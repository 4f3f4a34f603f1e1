"""How does a long command end when it is asked to? By its own clearing up, as at any other end."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def ended_in_order() -> Iterator[None]:
    """While the block lasts, a signal that can be caught (SIGTERM, SIGHUP) leaves it as an exception does, so that what
    it holds is closed; the exit status is the shell's for that signal.
    """

    def end(number: int, _: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
