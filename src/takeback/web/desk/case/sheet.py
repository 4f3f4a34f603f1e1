"""Where on the sheet of the picture is a moment, and how wide are words? Numbers are pixels of the view box."""

from dataclasses import dataclass
from datetime import datetime

from takeback.web.desk.case.stretch import Stretch

WIDTH, LEFT, RIGHT, TOP = 1200, 104, 44, 62
CHARACTER, WIDE, BOLD = 6.4, 12.0, 1.15  # how wide a letter is, at the size of the labels; bold ones so much wider


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded stretch: `x` and `width`."""

    x: float
    width: float
    text: str = ""


class Scale:
    """Moments to pixels."""

    def __init__(self, here: Stretch) -> None:
        self._start, self._span = here.start, here.span.total_seconds() or 1.0

    def x(self, at: datetime) -> float:
        """The pixel of a moment, which may lie outside."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (at - self._start).total_seconds() / self._span

    def band(self, start: datetime, end: datetime, text: str = "") -> Band | None:
        """The part of a stretch that can be seen; None where none can."""
        first, last = max(self.x(start), LEFT), min(self.x(end), WIDTH - RIGHT)
        return Band(round(first, 1), round(max(last - first, 2), 1), text) if last >= LEFT and first <= last else None


def wide(text: str) -> float:
    """How wide a label is, roughly."""
    return sum(WIDE if ord(one) > 0x2E7F else CHARACTER for one in text)
