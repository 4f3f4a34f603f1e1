"""Which lines of the book are asked for? The filters of the page, read from its address."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

LONGEST = 200  # characters of a filter


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they were asked; `before` is a line's number. `wrong_day`: the day is none."""

    who: str = ""
    what: str = ""
    case: str = ""
    day: str = ""
    pins: bool = False
    before: int | None = None
    wrong_day: bool = False

    @property
    def narrowed(self) -> bool:
        """True where not every line is asked for."""
        return bool(self.who or self.what or self.case or self.day or self.before)

    def span(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """When the day begins and ends where the reader is."""
        if not self.day or self.wrong_day:
            return None, None
        return day_in(date.fromisoformat(self.day), zone), day_in(date.fromisoformat(self.day) + timedelta(1), zone)

    def href(self, before: int | None = None) -> str:
        """The address of the same lines, from below `before`."""
        values = {"who": self.who, "what": self.what, "case": self.case, "day": self.day}
        asked = {name: value for name, value in values.items() if value} | ({"pins": "1"} if self.pins else {})
        return "?" + urlencode(asked | ({"before": str(before)} if before is not None else {}))


def asked_in(query: QueryDict) -> Asked:
    """The filters of an address. What cannot be read is not asked for; a day that is none is said."""
    who, what, case, day = (query.get(name, "").strip()[:LONGEST] for name in ("who", "what", "case", "day"))
    before = query.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    return Asked(who, what, case, day, query.get("pins") == "1", number, bool(day) and not _is_day(day))


def day_in(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day where the reader is."""
    return datetime.combine(day, time(), zone)


def day_of(text: str) -> date | None:
    """The day; None for what is none."""
    return date.fromisoformat(text.strip()) if _is_day(text.strip()) else None


def _is_day(text: str) -> bool:
    try:
        return 1970 <= date.fromisoformat(text).year < 9999 and len(text) == len("2026-11-23")
    except ValueError:
        return False
