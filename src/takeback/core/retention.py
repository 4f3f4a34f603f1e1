"""What is kept no longer? Decided by how long ago a case was closed; an open case, and one in dispute, keep everything.

What goes first are a person's own words and what her account held; what stays is that a case was, what was done in it,
by whom and on what evidence, as ids, keys and digests: the logs hold nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Part(StrEnum):
    """What is erased together. The values are what the book says."""

    TALK = "talk"  # what was said at the door
    CASE = "case"  # the report's words, addresses of letters, codes, the page's address, what tasks and looks show
    ACTIONS = "actions"  # the values that actions carried; they go with the events they were made of
    EVENTS = "events"  # what shops told of an account, and what was noticed on it


@dataclass(frozen=True, slots=True)
class Spans:
    """How long each is kept: words at the door since they were said, the rest since the case was closed; events since
    they happened, or for ever (None).
    """

    talk: timedelta
    case: timedelta
    events: timedelta | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands for this question. `closed_at` is None while it is open."""

    case: str
    account: str
    closed_at: datetime | None
    in_dispute: bool = False


def is_over(standing: Standing, span: timedelta, now: datetime) -> bool:
    """True where the case was closed so long ago, and nobody disputes it."""
    closed = standing.closed_at
    return closed is not None and not standing.in_dispute and closed + span <= now


def due(standing: Standing, spans: Spans, now: datetime) -> frozenset[Part]:
    """What of a case is kept no longer."""
    parts = set()
    if is_over(standing, spans.case, now):
        parts.add(Part.CASE)
    if spans.events is not None and is_over(standing, max(spans.case, spans.events), now):
        parts.add(Part.ACTIONS)
    return frozenset(parts)


def keeps_events(standing: Standing, spans: Spans, now: datetime) -> bool:
    """True where the case still needs its account's events, whatever their age."""
    return not is_over(standing, spans.case, now)
