"""Which stretch of time does the picture show? Asked for by its ends, else the night; links lead to the others.

The night is when the intruder did most: his acts with no half day between them, and what Takeback did about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LEAST = timedelta(minutes=2)
APART = timedelta(hours=12)  # without an act of his: another night
ROOM = 0.12  # of the night, before and after it
SOON, TIMES = (
    timedelta(minutes=45),
    6,
)  # what is done so soon after his last act is of the night; or in so many times it


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when."""

    start: datetime
    end: datetime

    @property
    def span(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    @property
    def query(self) -> str:
        """As it is asked for, in seconds of Unix time."""
        return f"from={int(self.start.timestamp())}&to={-int(-self.end.timestamp() // 1)}"

    def within(self, other: "Stretch") -> "Stretch":
        """As much of it as fits into another, moved rather than cut."""
        span = min(max(self.span, LEAST), other.span)
        start = min(max(self.start, other.start), other.end - span)
        return Stretch(start, start + span)


def asked(start: str, end: str) -> Stretch | None:
    """The stretch that an address asks for; None for what is none."""
    if not (start.isascii() and start.isdecimal() and end.isascii() and end.isdecimal()):
        return None
    first, last = int(start[:12]), int(end[:12])
    if not 0 < first < last < 200_000_000_000:
        return None
    return Stretch(datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC))


def everything(times: Sequence[datetime]) -> Stretch:
    """From the first of these moments to the last, with some room."""
    start, end = min(times), max(times)
    room = max((end - start) * 0.02, LEAST)
    return Stretch(start - room, end + room)


def night(his: Sequence[datetime], ours: Sequence[datetime], whole: Stretch) -> Stretch:
    """Where the intruder did most. `his` are the times of his acts in order (or of unknown ones, where there is none of
    his), `ours` those of Takeback's; without any, the last days.
    """
    if not his:
        return Stretch(whole.end - timedelta(days=14), whole.end).within(whole)
    most = max(_nights(his), key=len)
    start, last = most[0], most[-1]
    soon = last + max(SOON, min((last - start) * TIMES, APART))
    end = max([last, *(at for at in ours if last <= at <= soon)])
    room = max((end - start) * ROOM, timedelta(minutes=6))
    return Stretch(start - room, end + room).within(whole)


def _nights(his: Sequence[datetime]) -> list[list[datetime]]:
    found: list[list[datetime]] = []
    for at in his:
        if found and at - found[-1][-1] < APART:
            found[-1].append(at)
        else:
            found.append([at])
    return found


def moves(here: Stretch, whole: Stretch, the_night: Stretch, his: Sequence[datetime] = ()) -> dict[str, Stretch | None]:
    """Where each link leads, by its name; None where it would lead nowhere else. Closer is closer to `his` acts."""
    quarter, most = here.span / 4, here.span * 0.6
    seen = [at for at in his if here.start <= at <= here.end]
    middle = seen[0] + (seen[-1] - seen[0]) / 2 if seen else here.start + here.span / 2
    found = {
        "closer": Stretch(middle - quarter, middle + quarter).within(here) if here.span > LEAST else here,
        "wider": Stretch(here.start - here.span / 2, here.end + here.span / 2),
        "earlier": Stretch(here.start - most, here.end - most),
        "later": Stretch(here.start + most, here.end + most),
        "night": the_night,
        "everything": whole,
    }
    fit = {name: one.within(whole) for name, one in found.items()}
    return {name: None if _is_same(one, here) else one for name, one in fit.items()}


def _is_same(one: Stretch, other: Stretch) -> bool:
    second = timedelta(seconds=2)
    return abs(one.start - other.start) < second and abs(one.end - other.end) < second
