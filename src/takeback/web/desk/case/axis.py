"""Where on a line of time do its ticks stand, and what do they say? Round moments of the reader's own zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from takeback.core.case import Language

MOST = 9  # ticks
_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAYS = (1, 2, 4, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Tick:
    """A round moment; `day` is said besides where a day, or a year, begins with it or the line does."""

    at: datetime
    text: str
    day: str = ""


def ticks(start: datetime, end: datetime, zone: ZoneInfo, language: Language) -> list[Tick]:
    """The ticks between two moments, at most `MOST` and a few."""
    span = end - start
    minutes = next((one for one in _MINUTES if span / timedelta(minutes=one) <= MOST), 0)
    if minutes:
        return _times(start, end, zone, timedelta(minutes=minutes), language)
    days = next((one for one in _DAYS if span / timedelta(days=one) <= MOST), 0)
    if days:
        return _dates(start, end, zone, days, language)
    months = next((one for one in _MONTHS if span / timedelta(days=30 * one) <= MOST), _MONTHS[-1])
    return _months(start, end, zone, months, language)


def _times(start: datetime, end: datetime, zone: ZoneInfo, step: timedelta, language: Language) -> list[Tick]:
    found: list[Tick] = []
    for at in _from_midnight(start, end, zone, step):
        new_day = not found or at.date() != found[-1].at.astimezone(zone).date()
        found.append(Tick(at, f"{at:%H:%M}", _date(at, language) if new_day else ""))
    return found


def _from_midnight(start: datetime, end: datetime, zone: ZoneInfo, step: timedelta) -> Iterator[datetime]:
    at = start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    at += step * max((start - at) // step, 0)
    while at <= end:
        if at >= start:
            yield at
        at += step


def _dates(start: datetime, end: datetime, zone: ZoneInfo, days: int, language: Language) -> list[Tick]:
    found: list[Tick] = []
    for at in _from_midnight(start, end, zone, timedelta(days=days)):
        new_year = not found or at.year != found[-1].at.astimezone(zone).year
        found.append(Tick(at, _date(at, language), str(at.year) if new_year else ""))
    return found


def _months(start: datetime, end: datetime, zone: ZoneInfo, months: int, language: Language) -> list[Tick]:
    there = start.astimezone(zone)
    number = there.year * 12 + there.month - 1
    number += -number % months
    found: list[Tick] = []
    while True:
        at = datetime(number // 12, number % 12 + 1, 1, tzinfo=zone)
        if at > end:
            return found
        if at >= start:
            new_year = not found or at.year != found[-1].at.astimezone(zone).year
            name = f"{at.month}月" if language is Language.JA else _SHORT[at.month - 1]
            found.append(Tick(at, name, str(at.year) if new_year else ""))
        number += months


def _date(at: datetime, language: Language) -> str:
    return f"{at.month}/{at.day}" if language is Language.JA else f"{at.day} {_SHORT[at.month - 1]}"
