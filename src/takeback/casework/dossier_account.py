"""What was the account before the intruder came, what is it now, and what will it be after the undoing? Part by part.

Three replays of its events: those before the window, all of them, and all without the intruder's. Values are whole
here; whoever shows them masks contact points.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from msgspec import UNSET

from takeback.casework.investigate import Inquiry
from takeback.core.account import EFFECTS, STEPS, AccountState, FieldKey, ItemKey
from takeback.core.events import Event, EventType
from takeback.core.history import of_types
from takeback.core.undo.look import UNSEEN, Look, Sight, shows
from takeback.core.undo.replay import Replays, replay, replays
from takeback.core.undo.touched import Touched, intruders, on_touched, touched

Ids = tuple[str, ...]
_ON_ORDERS = frozenset({EventType.ORDER_PLACED, EventType.ORDER_CHANGED, *STEPS})
Key = TypeVar("Key", FieldKey, ItemKey)  # the other keys are pairs and triples of text too


class Shape(StrEnum):
    """Which of the account's shapes a row is of."""

    FIELD = "field"
    ITEM = "item"
    BALANCE = "balance"
    ORDER = "order"
    ORDER_FIELD = "order_field"


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the account. `name` is the field, the collection, the balance or the order; `item` the item's id, the
    balance's currency or the order's field. A value is UNSET where there is none, or where the log does not know it;
    balances are sums of what the log tells, in the currency; `seen` is what the service last showed, where that differs
    from the log, else UNSEEN. `events` are the intruder's on it.
    """

    shape: Shape
    source: str
    name: str
    item: str
    before: object
    now: object
    after: object
    events: Ids = ()
    seen: object = UNSEEN
    seen_at: datetime | None = None

    @property
    def differs(self) -> bool:
        """True where the three are not one, or the service shows something else."""
        return not (self.before == self.now == self.after) or self.seen is not UNSEEN


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """The rows that are worth a look, the touched ones first; `same` counts those left out, on which nothing differs.
    `since` is the intruder's first act; None where there was none: then the three columns are one.
    """

    rows: tuple[Row, ...]
    same: int
    since: datetime | None
    replays: Replays
    by: Touched
    his: Sequence[Event]


def then_and_now(inquiry: Inquiry, looks: Mapping[str, Look]) -> ThenAndNow:
    """The account of an inquiry, with what its services last showed (`looks`, by source)."""
    findings, events = inquiry.findings, inquiry.events
    his = intruders(events, findings)
    names, by = {event.id for event in his}, touched(his)
    orders = {event.id for event in on_touched(events, by)}  # of years of orders, the others took the course of things
    effects = [event for event in of_types(events, *EFFECTS) if event.type not in _ON_ORDERS or event.id in orders]
    both = replays(effects, without=names | {event.id for event in effects if event.data.takeback is not None})
    since = findings.window.start if findings.window else None
    later = frozenset(event.id for event in effects if since is not None and event.time >= since)
    before = replay(effects, without=later) if later else both.now
    sight = Sight(looks, effects)
    every = [_looked_at(row, sight, looks) for row in _rows(before, both.now, both.clean, by)]
    shown = [row for row in every if row.events or row.differs or row.shape is Shape.FIELD]
    shown.sort(key=lambda row: (not row.events, not row.differs))  # the rest of the order stays
    return ThenAndNow(tuple(shown), len(every) - len(shown), since, both, by, his)


def _rows(before: AccountState, now: AccountState, after: AccountState, by: Touched) -> Iterator[Row]:
    for of, values, events in _cells(before.fields, now.fields, after.fields, by.fields):
        yield Row(Shape.FIELD, of[0], of[1], "", *values, events)
    for item, values, events in _cells(before.items, now.items, after.items, by.items):
        yield Row(Shape.ITEM, *item, *values, events)
    for balance, values, events in _cells(before.balances, now.balances, after.balances, by.balances):
        yield Row(Shape.BALANCE, *balance, *values, events)
    for of, values, events in _cells(before.orders, now.orders, after.orders, by.orders):
        if events:
            yield Row(Shape.ORDER, of[0], of[1], "", *values, events)
    for detail, values, events in _cells(before.order_fields, now.order_fields, after.order_fields, by.order_fields):
        if events:
            yield Row(Shape.ORDER_FIELD, *detail, *values, events)


def _cells(
    before: Mapping[Key, object], now: Mapping[Key, object], after: Mapping[Key, object], events: Mapping[Key, Ids]
) -> Iterator[tuple[Key, tuple[object, object, object], Ids]]:
    for key in sorted(now.keys() | after.keys()):
        values = before.get(key, UNSET), now.get(key, UNSET), after.get(key, UNSET)
        yield key, values, events.get(key, ())


def _looked_at(row: Row, sight: Sight, looks: Mapping[str, Look]) -> Row:
    """The row with what the service showed, where that is not what the log ends with."""
    if row.source not in looks or row.shape is Shape.BALANCE:
        return row
    if row.shape is Shape.ORDER:
        status = sight.status((row.source, row.name))
        seen: object = UNSEEN if status is None else status
    elif row.shape is Shape.FIELD:
        seen = sight.field((row.source, row.name))
    elif row.shape is Shape.ITEM:
        seen = sight.item((row.source, row.name, row.item))
    else:
        seen = sight.order_field((row.source, row.name, row.item))
    if seen is UNSEEN or shows(seen, row.now):
        return row
    return replace(row, seen=seen, seen_at=looks[row.source].at)
