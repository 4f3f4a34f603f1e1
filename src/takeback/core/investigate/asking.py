"""Stage 4 of 7. Where it is not known who acted: which one question's answer would decide most?

Unknown strands that hang together (a session, a device, a credential, an address within days) are decided together.
The question is about the group for which most is at stake and, within it, about the strand that a person can best
recognise.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from takeback.core.account import (
    CONTACT_COLLECTIONS,
    CONTACT_FIELDS,
    CONTAINMENT_FIELD,
    WAY_IN_COLLECTIONS,
    WAY_IN_FIELDS,
)
from takeback.core.events import (
    BalanceChanged,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    Money,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    SignedIn,
)
from takeback.core.investigate.findings import Actor, Findings, SessionFinding

DAYS = timedelta(days=7)  # later, a carrier may have given the address to somebody else
SHOWN = 3
# What an effect weighs that nobody has settled, in orders of the account's usual size.
ACCESS, ELSE = 5.0, 1.0  # a contact point or a way in lets him come again; other changes are soon set right
LEAST, MOST = 1.0, 20.0  # of one order
PASSIVE = frozenset({EventType.SIGN_IN_FAILED, EventType.RESET_REQUESTED, EventType.SIGNED_OUT})

Target = tuple[str, ...]


class Ask(Struct, frozen=True):
    """The question: "was this you?", of one strand.

    `strand` and `session` are those of its finding, `events` the few that a person can best recognise, in order of
    time, and `settles` how many unknown events its answer would decide.
    """

    strand: str
    session: str
    events: tuple[str, ...]
    settles: int


class Stake(NamedTuple):
    """What hangs on an answer, the greater the more: what was changed and stands, then what was looked at or tried."""

    changed: float
    looks: int


@dataclass(slots=True)
class _Log:
    """The account's events by the names that the findings give them, and what stands of their effects."""

    events: Mapping[str, Event]
    standing: dict[Target, str] = field(default_factory=dict)  # the event that left each target as it now is
    followed: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # what the shop did about each order
    usual: dict[str, float] = field(default_factory=dict)  # an order's total, by currency


def ask(findings: Findings, events: Iterable[Event]) -> Ask | None:
    """The question whose answer would decide most; None when no strand is unknown, or no event is given.

    `events` are the account's, those that were investigated, in any order, repeats allowed.
    """
    unknown = [found for found in findings.sessions if found.actor is Actor.UNKNOWN]
    log = _log(findings, events) if unknown else None
    if log is None or not log.events:
        return None
    stakes = {found.strand: _stake(found.events, log) for found in unknown}

    def weight(group: Sequence[SessionFinding]) -> tuple[float, int, int, datetime, str]:
        changed = round(sum(stakes[found.strand].changed for found in group), 6)
        looks, last = sum(stakes[found.strand].looks for found in group), max(group, key=_when)
        return changed, looks, _decided(group, findings, log), last.start, last.strand

    group = max(_groups(unknown, log), key=weight)
    about = max(group, key=lambda found: (*stakes[found.strand], len(found.events), *_when(found)))
    return Ask(about.strand, about.session, _recognisable(about, log), _decided(group, findings, log))


def _when(found: SessionFinding) -> tuple[datetime, str]:
    return found.start, found.strand  # of what is otherwise equal, people remember the latest best


def by_name(findings: Findings, events: Iterable[Event]) -> dict[str, Event]:
    """The events by the names that the findings give them: where two sources gave two the same id, `SOURCE#ID`."""
    if not any("#" in name for name in findings.events):
        return {event.id: event for event in events}
    named = {}
    for event in events:
        long = f"{event.source}#{event.id}"
        named[long if long in findings.events else event.id] = event
    return named


def _log(findings: Findings, events: Iterable[Event]) -> _Log:
    named = sorted(by_name(findings, events).items(), key=lambda one: (one[1].time, one[1].source, one[1].id))
    log = _Log(dict(named))
    totals: dict[str, list[float]] = defaultdict(list)
    for name, event in named:
        if event.by_customer and name not in findings.events:
            continue  # after the time that was asked about
        if (target := _target(event)) is not None:
            log.standing[target] = name
        if isinstance(event.data, OrderPlaced) and (total := event.data.order.total) is not None:
            totals[total.currency].append(abs(float(total.amount)))
        if not event.by_customer and findings.events.get(name) is Actor.UNKNOWN and (order := _order_of(event)):
            log.followed.setdefault(order, []).append(name)
    log.usual = {currency: sorted(found)[len(found) // 2] for currency, found in totals.items()}
    return log


def _target(event: Event) -> Target | None:
    """What an event leaves changed. Shipping leaves an order standing; cancelling does not."""
    data, source = event.data, event.source
    if isinstance(data, FieldChanged):
        return (source, "field", data.field) if data.field != CONTAINMENT_FIELD else None
    if isinstance(data, ItemChange):
        return (source, data.collection, str(data.id))
    if isinstance(data, OrderPlaced):
        return (source, "order", data.order.id)
    if isinstance(data, OrderChanged):
        return (source, "order", data.order, data.field)
    if event.type is EventType.ORDER_CANCELLED and isinstance(data, OrderStep):
        return (source, "order", data.order)
    if isinstance(data, BalanceChanged) and data.order is None:  # with an order, it is part of that
        return (source, "balance", data.balance, event.id)
    return None


def _stake(names: Sequence[str], log: _Log) -> Stake:
    changed, looks = 0.0, 0
    for name in names:
        event = log.events.get(name)
        if event is None:
            continue
        target = _target(event)
        if target is None:
            looks += event.type not in PASSIVE
        elif log.standing[target] == name:
            changed += _worth(event, log)
    return Stake(changed, looks)


def _worth(event: Event, log: _Log) -> float:
    data = event.data
    if isinstance(data, OrderPlaced):
        return _in_usual_orders(data.order.total, log)
    if isinstance(data, BalanceChanged):
        return _in_usual_orders(data.change, log)
    return ACCESS if _gives_access(event) else ELSE


def _in_usual_orders(amount: Money | None, log: _Log) -> float:
    usual = log.usual.get(amount.currency, 0.0) if amount is not None else 0.0
    if amount is None or usual <= 0:
        return LEAST
    return min(MOST, max(LEAST, abs(float(amount.amount)) / usual))


def _gives_access(event: Event) -> bool:
    """True for where messages go, and for what lets a person in."""
    data = event.data
    if isinstance(data, FieldChanged):
        return data.field in CONTACT_FIELDS or data.field in WAY_IN_FIELDS
    return isinstance(data, ItemChange) and data.collection in CONTACT_COLLECTIONS | WAY_IN_COLLECTIONS


def _groups(unknown: Sequence[SessionFinding], log: _Log) -> list[list[SessionFinding]]:
    """The unknown strands, those that hang together in one group."""
    group_of = list(range(len(unknown)))

    def root(place: int) -> int:
        while group_of[place] != place:
            group_of[place] = place = group_of[group_of[place]]
        return place

    shown: dict[tuple[str, str], int] = {}
    places: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(unknown):
        tokens = set(_tokens(found, log))
        for token in sorted(tokens):
            if token[0] == "address":
                places[token[1]].append(place)
            else:
                group_of[root(place)] = root(shown.setdefault(token, place))
    for at_one in places.values():
        at_one.sort(key=lambda place: unknown[place].start)
        for earlier, later in pairwise(at_one):
            if unknown[later].start - unknown[earlier].end <= DAYS:
                group_of[root(later)] = root(earlier)
    groups: dict[int, list[SessionFinding]] = defaultdict(list)
    for place, found in enumerate(unknown):
        groups[root(place)].append(found)
    return list(groups.values())


def _tokens(found: SessionFinding, log: _Log) -> Iterator[tuple[str, str]]:
    """What a strand shares with others of the same person: (kind, value)."""
    yield "session", found.session
    for event in (log.events[name] for name in found.events if name in log.events):
        data = event.data
        if data.client.device:
            yield "device", data.client.device
        if data.client.ip:
            yield "address", data.client.ip
        if isinstance(data, SignedIn) and data.credential:
            yield "credential", data.credential
        elif isinstance(data, ItemChange) and data.collection in WAY_IN_COLLECTIONS:
            yield "credential", str(data.id)


def _decided(group: Sequence[SessionFinding], findings: Findings, log: _Log) -> int:
    """How many unknown events a group has, with what the shop did about its orders."""
    unknown = {name for found in group for name in found.events if findings.events.get(name) is Actor.UNKNOWN}
    orders = {_order_of(log.events[name]) for name in unknown if name in log.events} - {None}
    return len(unknown.union(*(log.followed.get(order, ()) for order in orders if order is not None)))


def _order_of(event: Event) -> tuple[str, str] | None:
    data = event.data
    if isinstance(data, OrderPlaced):
        return (event.source, data.order.id)
    if isinstance(data, OrderStep | OrderChanged | BalanceChanged) and data.order:
        return (event.source, data.order)
    return None


def _recognisable(found: SessionFinding, log: _Log) -> tuple[str, ...]:
    """One of each kind, the weightiest of it: an order, a change, a sign-in, and what else there is, up to three."""
    best: dict[int, tuple[float, str]] = {}
    for name in found.events:
        if (event := log.events.get(name)) is not None:
            kind, worth = _kind(event), _worth(event, log) if _target(event) is not None else 0.0
            if kind not in best or worth > best[kind][0]:
                best[kind] = (worth, name)
    chosen = {best[kind][1] for kind in sorted(best)[:SHOWN]}
    return tuple(name for name in found.events if name in chosen)


def _kind(event: Event) -> int:
    """How well a person knows an event again, best first."""
    if event.type is EventType.ORDER_PLACED:
        return 0
    if _target(event) is not None:
        return 1
    return {EventType.SIGNED_IN: 2, EventType.VIEWED: 3}.get(event.type, 4)
