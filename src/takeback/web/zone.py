"""At what time was it, where she is? In the zone that her browser named, else the shop's; the page says which."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest

from takeback.casework.ports import House
from takeback.core.case import Language

COOKIE = "takeback_zone"  # written by static/zone.js; a zone's name, which identifies nobody
_DAYS = {Language.JA: "月火水木金土日", Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def zone_of(request: HttpRequest, house: House) -> ZoneInfo:
    """The zone for this browser. A name that is no zone's is not looked for on the disk."""
    named = request.COOKIES.get(COOKIE, "").replace("%2F", "/")
    return ZoneInfo(named if named in _zones() else house.configuration.time_zone)


def told(language: Language, at: datetime, zone: ZoneInfo, *, named: bool = False) -> str:
    """A moment as people say it: `11月2日（月）8:15`, `Mon 2 Nov, 08:15`. The page names the zone once; where much
    hangs on a time, `named` says it there as well.
    """
    there = at.astimezone(zone)
    day = _DAYS[language][there.weekday()]
    if language is Language.JA:
        text = f"{there.month}月{there.day}日（{day}）{there.hour}:{there.minute:02}"
        return f"{text}（{there.tzname()}）" if named else text
    text = f"{day} {there.day} {_MONTHS[there.month - 1]}, {there:%H:%M}"
    return f"{text} ({there.tzname()})" if named else text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
