"""Which acts belong together? The customer's events, gathered into sessions.

A session is what the shop says it is (`client.session`). Events without one are gathered by device, address and
browser, as long as no more than half an hour lies between two; failed sign-ins just before a sign-in from the same
place join it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from takeback.core.events import Client, Event, EventType

GAP = timedelta(minutes=30)


@dataclass(slots=True)
class Session:
    """One session: its name, its events in order of time, and the failed sign-ins that led into it."""

    name: str
    events: list[Event] = field(default_factory=list)
    attempts: list[Event] = field(default_factory=list)

    @property
    def first(self) -> Event:
        """Its first act, or where there is none its first attempt."""
        return self.events[0] if self.events else self.attempts[0]

    @property
    def start(self) -> datetime:
        """When it began, attempts included."""
        return self.attempts[0].time if self.attempts else self.events[0].time

    @property
    def end(self) -> datetime:
        """Its last event."""
        return self.events[-1].time if self.events else self.attempts[-1].time

    @property
    def all(self) -> list[Event]:
        """Attempts, then what was done."""
        return [*self.attempts, *self.events] if self.attempts else self.events


def sessions(events: Iterable[Event]) -> list[Session]:
    """The sessions of one account's events (in order of time), by their start. Staff's and the system's acts are in
    none.
    """
    named: dict[str, Session] = {}
    loose: dict[tuple[str | None, str | None, str | None], Session] = {}
    found: list[Session] = []
    for event in events:
        if not event.by_customer:
            continue
        client = event.data.client
        if client.session is not None:
            session = named.get(client.session)
            if session is None:
                session = named[client.session] = Session(client.session)
                found.append(session)
        else:
            place = (client.device, client.ip, client.user_agent)
            session = loose.get(place)
            if session is None or event.time - session.end > GAP:
                session = loose[place] = Session(f"~{len(found) + 1}")
                found.append(session)
        (session.attempts if event.type is EventType.SIGN_IN_FAILED else session.events).append(event)
    return sorted(_joined(found), key=lambda session: (session.start, session.name))


def _joined(found: list[Session]) -> list[Session]:
    """Sessions of nothing but failed attempts join the sign-in that they led to."""
    acted = sorted((session for session in found if session.events), key=lambda session: session.events[0].time)
    begun = [session.events[0].time for session in acted]
    alone = []
    for lone in found:
        if lone.events:
            continue
        last = lone.attempts[-1]
        soon = acted[bisect_left(begun, last.time) : bisect_right(begun, last.time + GAP)]
        led_to = next((s for s in soon if _same_place(last.data.client, s.events[0].data.client)), None)
        if led_to is None:
            alone.append(lone)
        else:
            led_to.attempts = sorted([*led_to.attempts, *lone.attempts], key=lambda event: event.time)
    return acted + alone


def _same_place(one: Client, other: Client) -> bool:
    return (one.device is not None and one.device == other.device) or (one.ip is not None and one.ip == other.ip)
