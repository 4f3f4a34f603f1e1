"""What did one client do? The customer's events, cut into strands.

A session id is not an actor: whoever steals its cookie has it too. So a session is cut wherever the device, the browser
or the network changes; what returns to an earlier client of the session joins that one's strand again. Events without a
session are gathered by client as long as no more than half an hour lies between two, and failed sign-ins just before a
sign-in from the same place join it. What a missing value leaves open is taken for the same.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from msgspec import Struct

from takeback.core.events import NOBODY, SHOPS, Client, Event, EventType, Who
from takeback.core.investigate.traits import Traits, traits

GAP = timedelta(minutes=30)
_FAILED, _SENT, _CUSTOMER = EventType.SIGN_IN_FAILED, EventType.MESSAGE_SENT, Who.CUSTOMER


class Strand(Struct, eq=False, gc=False):
    """What one client did in one session: its events in order of time, and the failed sign-ins that led into it.

    `session` is the shop's id or a name of ours; `switches` counts how often another client of the session came
    between; `elsewhere` is whether it is on another device or system than the session began on. Once all events are
    in, `first` is its first act (or attempt), `start` when it began (attempts included) and `end` when it ended.
    """

    session: str
    traits: Traits
    client: Client  # as it showed itself last
    first: Event
    start: datetime
    end: datetime
    events: list[Event] = []
    attempts: list[Event] = []
    number: int = 1
    switches: int = 0
    elsewhere: bool = False

    def finish(self) -> None:
        """Set what is known once all events are in."""
        acted, tried = self.events, self.attempts
        if tried:
            self.first = acted[0] if acted else tried[0]
            self.start = tried[0].time
        self.end = acted[-1].time if acted else tried[-1].time

    @property
    def name(self) -> str:
        """Tells the strands of one session apart."""
        return self.session if self.number == 1 else f"{self.session}#{self.number}"

    @property
    def latest(self) -> datetime:
        """The latest event so far."""
        return max(part[-1].time for part in (self.events, self.attempts) if part)

    @property
    def all(self) -> list[Event]:
        """Attempts, then what was done."""
        return [*self.attempts, *self.events] if self.attempts else self.events


def strands(events: Iterable[Event]) -> tuple[list[Strand], list[Event]]:
    """The strands of one account's events (in order of time), by their start; and the rest: what staff, the system and
    Takeback did is in none.
    """
    acting: dict[str, Strand] = {}  # by session, the strand that acted last
    shared: dict[str, list[Strand]] = {}  # all strands of the sessions that have several
    loose: list[Strand] = []
    found: list[Strand] = []
    rest: list[Event] = []
    # Most events go on where the one before was: in its session, from the same client, so in the same strand.
    on: str | None = None
    ip = device = agent = on
    act = rest.append
    for event in events:
        data = event.data
        kind = event.type
        if data.actor is not _CUSTOMER or data.takeback is not None or kind is _SENT:
            rest.append(event)
            continue
        client = data.client
        session = client.session
        if session is None:
            if kind in SHOPS and client == NOBODY:
                rest.append(event)
                continue
            strand = _loose(event, client, loose, found)
            (strand.attempts if kind is _FAILED else strand.events).append(event)
            continue
        if (
            session == on
            and client.ip == ip
            and client.device == device
            and client.user_agent == agent
            and kind is not _FAILED
        ):
            act(event)
            continue
        acted = acting.get(session)
        if acted is None:
            strand = acting[session] = _begun(session, event, client)
            found.append(strand)
        elif _is_one(client, acted.client):
            strand = acted
        else:
            strand = acting[session] = _changed(acted, event, shared.setdefault(session, [acted]), found)
        on, ip, device, agent, act = session, client.ip, client.device, client.user_agent, strand.events.append
        if kind is _FAILED:
            strand.attempts.append(event)
        else:
            act(event)
    whole = _joined(found)
    for strand in whole:
        strand.finish()
    whole.sort(key=attrgetter("start", "session", "number"))
    return whole, rest


def _is_one(client: Client, other: Client) -> bool:
    return client.ip == other.ip and client.device == other.device and client.user_agent == other.user_agent


def _begun(session: str, event: Event, client: Client) -> Strand:
    return Strand(session, traits(client), client, event, event.time, event.time)


def _changed(acted: Strand, event: Event, seats: list[Strand], found: list[Strand]) -> Strand:
    """The strand of a session's client that is not the one that `acted` last; `seats` are the session's strands."""
    client = event.data.client
    shown = traits(client)
    same = [strand for strand in seats if is_same(strand.traits, shown)]
    strand = acted if acted in same else same[-1] if same else None
    if strand is None:
        began = seats[0].traits
        strand = _begun(acted.session, event, client)
        strand.number = len(seats) + 1
        strand.elsewhere = _differ(began.device, shown.device) or _differ(began.system, shown.system)
        seats.append(strand)
        found.append(strand)
    elif strand is not acted:
        strand.switches += 1
        acted.switches += 1
    strand.client = client
    return strand


def is_same(one: Traits, other: Traits) -> bool:
    """May both be the same client at the same place? What either does not show says nothing."""
    if _differ(one.device, other.device) or _differ(one.browser, other.browser):
        return False
    if one.network is not None and other.network is not None:
        return one.network == other.network
    return one.block == other.block or one.block is None or other.block is None


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _loose(event: Event, client: Client, loose: list[Strand], found: list[Strand]) -> Strand:
    """The strand of an event without a session: the client's that was here within the last half hour."""
    shown = traits(client)
    loose[:] = [strand for strand in loose if event.time - strand.latest <= GAP]
    for strand in reversed(loose):
        if strand.traits == shown or (any(shown) and any(strand.traits) and is_same(strand.traits, shown)):
            return strand
    strand = _begun(f"~{event.id}", event, client)
    loose.append(strand)
    found.append(strand)
    return strand


def _joined(found: Sequence[Strand]) -> list[Strand]:
    """Strands of nothing but failed attempts join the sign-in that they led to."""
    acted = [strand for strand in found if strand.events]
    if len(acted) == len(found):
        return acted
    acted.sort(key=lambda strand: strand.events[0].time)
    begun = [strand.events[0].time for strand in acted]
    alone = []
    for lone in found:
        if lone.events:
            continue
        last = lone.attempts[-1]
        soon = acted[bisect_left(begun, last.time) : bisect_right(begun, last.time + GAP)]
        led_to = next((strand for strand in soon if _same_place(lone.traits, strand.traits)), None)
        if led_to is None:
            alone.append(lone)
        else:
            led_to.attempts = sorted([*led_to.attempts, *lone.attempts], key=lambda event: event.time)
    return acted + alone


def _same_place(one: Traits, other: Traits) -> bool:
    return (one.device is not None and one.device == other.device) or (
        one.address is not None and one.address == other.address
    )
