"""Which parts of the account did the intruder touch, and what happened there before and since, by whomever?"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from takeback.core.account import (
    CONTACT_COLLECTIONS,
    CONTACT_FIELDS,
    CONTAINMENT_FIELD,
    STEPS,
    WAY_IN_COLLECTIONS,
    WAY_IN_FIELDS,
    BalanceKey,
    FieldKey,
    ItemKey,
    Key,
    OrderFieldKey,
    OrderKey,
)
from takeback.core.events import (
    BalanceChanged,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    Who,
)
from takeback.core.history import of_types
from takeback.core.investigate.findings import INTRUDER, Findings

_STAFF = Who.STAFF
_ON_FIELDS, _ON_BALANCES = (EventType.FIELD_CHANGED,), (EventType.BALANCE_CHANGED,)
_ON_ITEMS = (EventType.ITEM_ADDED, EventType.ITEM_CHANGED, EventType.ITEM_REMOVED)
_CHANGES = frozenset({*_ON_FIELDS, *_ON_ITEMS})
_ON_ORDERS = (EventType.ORDER_PLACED, EventType.ORDER_CHANGED, *STEPS)


@dataclass(slots=True)
class Touched:
    """For each target that the intruder touched, the ids of his events on it, in order of time."""

    fields: dict[FieldKey, tuple[str, ...]] = field(default_factory=dict)
    items: dict[ItemKey, tuple[str, ...]] = field(default_factory=dict)
    balances: dict[BalanceKey, tuple[str, ...]] = field(default_factory=dict)
    orders: dict[OrderKey, tuple[str, ...]] = field(default_factory=dict)
    order_fields: dict[OrderFieldKey, tuple[str, ...]] = field(default_factory=dict)


def intruders(events: Sequence[Event], findings: Findings) -> list[Event]:
    """His events and what followed from them, and what staff changed on his wish; what they did about an order of his
    is their own act.
    """
    actor_of = findings.events.get
    return [
        event
        for event in events
        if actor_of(event.id) is INTRUDER and (event.data.actor is not _STAFF or event.type in _CHANGES)
    ]


def touched(his: Sequence[Event]) -> Touched:
    """What the intruder's events (and what followed from them) touched."""
    fields: dict[FieldKey, list[str]] = {}
    items: dict[ItemKey, list[str]] = {}
    balances: dict[BalanceKey, list[str]] = {}
    orders: dict[OrderKey, list[str]] = {}
    order_fields: dict[OrderFieldKey, list[str]] = {}
    for event in his:
        data, source = event.data, event.source
        if isinstance(data, FieldChanged):
            if data.field != CONTAINMENT_FIELD:
                fields.setdefault((source, data.field), []).append(event.id)
        elif isinstance(data, ItemChange):
            items.setdefault((source, data.collection, str(data.id)), []).append(event.id)
        elif isinstance(data, BalanceChanged):
            balances.setdefault((source, data.balance, data.change.currency), []).append(event.id)
        elif isinstance(data, OrderPlaced):
            orders.setdefault((source, data.order.id), []).append(event.id)
        elif isinstance(data, OrderStep):
            orders.setdefault((source, data.order), []).append(event.id)
        elif isinstance(data, OrderChanged):
            order_fields.setdefault((source, data.order, data.field), []).append(event.id)
    return Touched(_frozen(fields), _frozen(items), _frozen(balances), _frozen(orders), _frozen(order_fields))


def on_touched(events: Sequence[Event], by: Touched) -> list[Event]:
    """The events, whosever they are, on the targets in `by`; of an order, all that ever happened to it."""
    orders = by.orders.keys() | {(source, order) for source, order, _ in by.order_fields}
    types = (
        *(_ON_FIELDS if by.fields else ()),
        *(_ON_ITEMS if by.items else ()),
        *(_ON_BALANCES if by.balances else ()),
        *(_ON_ORDERS if orders else ()),
    )
    return [event for event in of_types(events, *types) if _is_on(event, by, orders)]


def is_contact(event: Event) -> bool:
    """True for a change of where the shop's messages to a person go."""
    data = event.data
    if isinstance(data, FieldChanged):
        return data.field in CONTACT_FIELDS
    return isinstance(data, ItemChange) and data.collection in CONTACT_COLLECTIONS


def is_way_in(event: Event) -> bool:
    """True for a change of what lets a person in, now or later."""
    data = event.data
    if isinstance(data, FieldChanged):
        return data.field in WAY_IN_FIELDS
    return isinstance(data, ItemChange) and data.collection in WAY_IN_COLLECTIONS


def _is_on(event: Event, by: Touched, orders: AbstractSet[OrderKey]) -> bool:
    data, source = event.data, event.source
    if isinstance(data, OrderPlaced):
        return (source, data.order.id) in orders
    if isinstance(data, (OrderStep, OrderChanged)):
        return (source, data.order) in orders
    if isinstance(data, FieldChanged):
        return (source, data.field) in by.fields
    if isinstance(data, ItemChange):
        return (source, data.collection, str(data.id)) in by.items
    return isinstance(data, BalanceChanged) and (source, data.balance, data.change.currency) in by.balances


def _frozen(cells: dict[Key, list[str]]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(names) for key, names in cells.items()}
