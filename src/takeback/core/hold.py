"""Stage 6 of 7. How long is it still dangerous? A set time, which starts when the undoing is done and may be changed by
a person.
"""

from datetime import datetime, timedelta

DEFAULT = timedelta(hours=5)
LONGEST = timedelta(days=28)


def hold_until(undone_at: datetime, length: timedelta = DEFAULT) -> datetime:
    """When the hold ends: never before the undoing, never more than four weeks after it."""
    return undone_at + min(max(length, timedelta(0)), LONGEST)


def over(until: datetime | None, now: datetime) -> bool:
    """True when there was a hold and it has ended."""
    return until is not None and now >= until
