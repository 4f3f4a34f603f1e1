"""What did one client do? The customer's events, cut into strands.

A session id is not an actor: whoever steals its cookie has it too. So a session is cut wherever the device, the browser
or the network changes; what returns to an earlier client of the session joins that one's strand again. Events without a
session are gathered by client as long as no more than half an hour lies between two, and failed sign-ins just before a
sign-in from the same place join it. What a missing value leaves open is taken for the same.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from takeback.core.events import NOBODY, SHOPS, Client, Event, EventType, Who
from takeback.core.investigate.traits import Traits, traits

GAP = timedelta(minutes=30)
_FAILED, _SENT, _CUSTOMER = EventType.SIGN_IN_FAILED, EventType.MESSAGE_SENT, Who.CUSTOMER


@dataclass(slots=True, eq=False)
class Strand:
    """What one client did in one session: its events in order of time, and the failed sign-ins that led into it.

    `session` is the shop's id or a name of ours; `switches` counts how often another client of the session came
    between; `elsewhere` is whether it is on another device or system than the session began on.
    """

    session: str
    traits: Traits
    events: list[Event] = field(default_factory=list)
    attempts: list[Event] = field(default_factory=list)
    number: int = 1
    switches: int = 0
    elsewhere: bool = False
    first: Event = field(init=False)
    start: datetime = field(init=False)
    end: datetime = field(init=False)

    def finish(self) -> None:
        """Set what is known once all events are in: its first act (or attempt), when it began (attempts included) and
        when it ended.
        """
        self.first = self.events[0] if self.events else self.attempts[0]
        self.start = self.attempts[0].time if self.attempts else self.first.time
        self.end = self.events[-1].time if self.events else self.attempts[-1].time

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


@dataclass(slots=True, eq=False)
class _Seat:
    """A session while its events are read: its strands, and the client and strand that acted last."""

    client: Client
    strand: Strand
    strands: list[Strand]


def strands(events: Iterable[Event]) -> tuple[list[Strand], list[Event]]:
    """The strands of one account's events (in order of time), by their start; and the rest: what staff, the system and
    Takeback did is in none.
    """
    seats: dict[str, _Seat] = {}
    loose: list[Strand] = []
    found: list[Strand] = []
    rest: list[Event] = []
    for event in events:
        data = event.data
        kind = event.type
        if data.actor is not _CUSTOMER or data.takeback is not None or kind is _SENT:
            rest.append(event)
            continue
        client = data.client
        if kind in SHOPS and client == NOBODY:
            rest.append(event)
            continue
        session = client.session
        if session is None:
            strand = _loose(event, client, loose, found)
        else:
            seat = seats.get(session)
            if seat is None:
                strand = Strand(session, traits(client))
                seats[session] = _Seat(client, strand, [strand])
                found.append(strand)
            elif client is seat.client or (
                client.ip == seat.client.ip
                and client.device == seat.client.device
                and client.user_agent == seat.client.user_agent
            ):
                strand = seat.strand
            else:
                strand = _changed(seat, client, found)
        (strand.attempts if kind is _FAILED else strand.events).append(event)
    whole = _joined(found)
    for strand in whole:
        strand.finish()
    whole.sort(key=_place)
    return whole, rest


def _place(strand: Strand) -> tuple[datetime, str, int]:
    return strand.start, strand.session, strand.number


def _changed(seat: _Seat, client: Client, found: list[Strand]) -> Strand:
    """The strand of a session's client that is not the one that acted last."""
    shown = traits(client)
    same = [strand for strand in seat.strands if is_same(strand.traits, shown)]
    strand = seat.strand if seat.strand in same else same[-1] if same else None
    if strand is None:
        began = seat.strands[0].traits
        elsewhere = _differ(began.device, shown.device) or _differ(began.system, shown.system)
        strand = Strand(seat.strand.session, shown, number=len(seat.strands) + 1, elsewhere=elsewhere)
        seat.strands.append(strand)
        found.append(strand)
    elif strand is not seat.strand:
        strand.switches += 1
        seat.strand.switches += 1
    seat.client, seat.strand = client, strand
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
    strand = Strand(f"~{event.id}", shown)
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
