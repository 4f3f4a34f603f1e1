"""Through which contact points may the owner be reached? Those that stood before the intruder came (rule 3).

A contact is trusted when it stood at the start of the window and was not the intruder's, and for seven days after it
was changed: the takeover may have begun before its first visible act. What was set inside the window, by whomever, is
not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from takeback.core.account import CONTACT_FIELDS
from takeback.core.events import Event, FieldChanged
from takeback.core.investigate.findings import Actor, Contact

KEPT_AFTER_CHANGE = timedelta(days=7)


@dataclass(slots=True)
class _Stay:
    value: str
    since: datetime
    until: datetime | None
    doubtful: bool  # set by the intruder, or by nobody knows whom


def contacts(
    events: Iterable[Event], actors: Mapping[str, Actor], start: datetime | None, now: datetime
) -> tuple[Contact, ...]:
    """Every contact point the account has or had. `actors` by event id; `start` is the window's, None when all is
    well.
    """
    stays: dict[tuple[str, str], list[_Stay]] = {}
    begun: datetime | None = None
    for event in events:
        begun = begun or event.time
        data = event.data
        if isinstance(data, FieldChanged) and data.field in CONTACT_FIELDS:
            line = stays.setdefault((event.source, data.field), [])
            if not line and isinstance(data.before, str) and data.before:
                line.append(_Stay(data.before, begun, None, doubtful=False))
            if line and line[-1].until is None:
                line[-1].until = event.time
            if isinstance(data.after, str) and data.after:
                doubtful = actors.get(event.id) in (Actor.INTRUDER, Actor.UNKNOWN)
                line.append(_Stay(data.after, event.time, None, doubtful))
    seen: dict[tuple[str, str, str], Contact] = {}
    for (source, name), line in stays.items():
        for stay in line:
            contact = Contact(source, name, stay.value, _trusted(stay, start, now), stay.since)
            known = seen.get((source, name, stay.value))
            if known is None or (contact.trusted and not known.trusted):
                seen[(source, name, stay.value)] = contact
    return tuple(sorted(seen.values(), key=lambda c: (not c.trusted, c.source, c.field, c.since, c.value)))


def _trusted(stay: _Stay, start: datetime | None, now: datetime) -> bool:
    if stay.doubtful:
        return False
    if start is None:
        return stay.until is None or stay.until > now - KEPT_AFTER_CHANGE
    return stay.since < start and (stay.until is None or stay.until > start - KEPT_AFTER_CHANGE)
