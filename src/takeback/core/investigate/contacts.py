"""Through which contact points may the owner be reached? Those that stood before the intruder came (rule 3).

A contact is trusted when it stood at the start of the window and was not the intruder's, and for seven days after it
was changed: the takeover may have begun before its first visible act. What was set inside the window, by whomever, is
not. Nor is a mailbox or a number that the intruder himself could read: through which he signed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from takeback.core.account import CONTACT_FIELDS
from takeback.core.events import Event, EventType, FieldChanged, SignedIn
from takeback.core.history import of_types
from takeback.core.investigate.findings import INTRUDER, UNKNOWN, Actor, Contact

KEPT_AFTER_CHANGE = timedelta(days=7)
_CHANGED, _SIGNED_IN = EventType.FIELD_CHANGED, EventType.SIGNED_IN
_MAIL, _PHONE = ("email", "recovery_email"), ("phone", "recovery_phone")


@dataclass(slots=True)
class _Stay:
    value: str
    since: datetime
    until: datetime | None
    doubtful: bool  # set by the intruder, or by nobody knows whom, or read by the intruder


def contacts(
    events: Sequence[Event], actors: Mapping[str, Actor], start: datetime | None, now: datetime
) -> tuple[Contact, ...]:
    """Every contact point the account has or had. `actors` by event id; `start` is the window's, None when all is
    well.
    """
    stays: dict[tuple[str, str], list[_Stay]] = {}
    for event in of_types(events, _CHANGED, _SIGNED_IN):
        data, actor = event.data, actors.get(event.id)
        if isinstance(data, FieldChanged):
            if data.field in CONTACT_FIELDS:
                line = stays.setdefault((event.source, data.field), [])
                _write(line, data, actor, events[0].time, event.time)
        elif actor is INTRUDER and isinstance(data, SignedIn):
            _read_by_him(data, event.source, stays)
    seen: dict[tuple[str, str, str], Contact] = {}
    for (source, name), line in stays.items():
        for stay in line:
            contact = Contact(source, name, stay.value, _trusted(stay, start, now), stay.since)
            known = seen.get((source, name, stay.value))
            if known is None or (contact.trusted and not known.trusted):
                seen[(source, name, stay.value)] = contact
    return tuple(sorted(seen.values(), key=lambda c: (not c.trusted, c.source, c.field, c.since, c.value)))


def _write(line: list[_Stay], data: FieldChanged, actor: Actor | None, begun: datetime, at: datetime) -> None:
    """A contact point changes: what stood ends, what comes begins."""
    if not line and isinstance(data.before, str) and data.before:
        line.append(_Stay(data.before, begun, None, doubtful=False))
    if line and line[-1].until is None:
        line[-1].until = at
    if isinstance(data.after, str) and data.after:
        line.append(_Stay(data.after, at, None, doubtful=actor in (INTRUDER, UNKNOWN)))


def _read_by_him(data: SignedIn, source: str, stays: Mapping[tuple[str, str], list[_Stay]]) -> None:
    """Whoever signs in by a link reads the mailbox, whoever passes an SMS has the number: all that stand at that time,
    for the shop does not say which.
    """
    fields = (*(_MAIL if data.method == "link" else ()), *(_PHONE if data.second_factor == "sms" else ()))
    for name in fields:
        for stay in stays.get((source, name), ()):
            stay.doubtful = stay.doubtful or stay.until is None


def _trusted(stay: _Stay, start: datetime | None, now: datetime) -> bool:
    if stay.doubtful:
        return False
    if start is None:
        return stay.until is None or stay.until > now - KEPT_AFTER_CHANGE
    return stay.since < start and (stay.until is None or stay.until > start - KEPT_AFTER_CHANGE)
