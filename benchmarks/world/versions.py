"""Which version of a browser or system was current on a day? Known release days, then the same pace into the future."""

from bisect import bisect_right
from datetime import UTC, datetime

from benchmarks.world.timeline import DAY


def _day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


_IOS_KNOWN = (
    ("2022-09-12", 16, 0), ("2022-10-24", 16, 1), ("2022-12-13", 16, 2), ("2023-01-23", 16, 3), ("2023-03-27", 16, 4),
    ("2023-05-18", 16, 5), ("2023-07-24", 16, 6), ("2023-09-18", 17, 0), ("2023-10-25", 17, 1), ("2023-12-11", 17, 2),
    ("2024-01-22", 17, 3), ("2024-03-05", 17, 4), ("2024-05-13", 17, 5), ("2024-07-29", 17, 6), ("2024-09-16", 18, 0),
    ("2024-10-28", 18, 1), ("2024-12-11", 18, 2), ("2025-01-27", 18, 3), ("2025-03-31", 18, 4), ("2025-05-12", 18, 5),
    ("2025-07-29", 18, 6), ("2025-09-15", 26, 0), ("2025-11-03", 26, 1), ("2025-12-12", 26, 2),
)  # fmt: skip
_IOS_YEARLY = (("01-26", -1, 3), ("03-24", -1, 4), ("05-12", -1, 5), ("07-28", -1, 6))
_IOS_AUTUMN = (("09-14", 0, 0), ("11-02", 0, 1), ("12-11", 0, 2))


def _ios() -> list[tuple[int, int, int]]:
    rows = [(_day(day), major, minor) for day, major, minor in _IOS_KNOWN]
    for year in range(2026, 2036):
        rows += [
            (_day(f"{year}-{day}"), year - 1999 + shift, minor) for day, shift, minor in (*_IOS_YEARLY, *_IOS_AUTUMN)
        ]
    return rows


_ROWS = _ios()
_DAYS = [row[0] for row in _ROWS]


def ios(now: int) -> tuple[int, int]:
    """Major and minor of the iPhone's system."""
    _, major, minor = _ROWS[max(0, bisect_right(_DAYS, now) - 1)]
    return major, minor


def _paced(first: int, since: str, days: float, now: int) -> int:
    return max(first - 8, first + int((now - _day(since)) // (days * DAY)))


def chrome(now: int) -> int:
    """Major of Chrome (and of Edge): 109 in January 2023, then one in about 30 days."""
    return _paced(109, "2023-01-10", 30.4, now)


def firefox(now: int) -> int:
    """Major of Firefox: 109 in January 2023, then one in four weeks."""
    return _paced(109, "2023-01-17", 29.5, now)


def android(now: int) -> int:
    """Major of Android: 14 in October 2023, then one a year."""
    return _paced(14, "2023-10-04", 360, now)


def app(now: int, first: int, days: float) -> tuple[int, int]:
    """Major and minor of an app that is released every `days` days, ten minors a major."""
    step = max(0, int((now - _day("2022-01-01")) // (days * DAY)))
    return first + step // 40, step % 40
