"""What is an account? Four shapes, and the state that a replay of its events leaves.

Fields: the last write wins. Collections: items by id. Balances: sums. Orders: a life cycle. Everything else is
evidence.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from msgspec import UNSET

from takeback.core.events import (
    BalanceChanged,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    OrderChanged,
    OrderPlaced,
    OrderStep,
)

SECRET_FIELDS = frozenset({"password", "two_step_secret"})
CONTACT_FIELDS = ("email", "phone", "recovery_email", "recovery_phone")
CONTAINMENT_FIELD = "containment"  # a service tells of containment by this field; it is no part of the account

FieldKey = tuple[str, str]  # source, field
ItemKey = tuple[str, str, str]  # source, collection, id
BalanceKey = tuple[str, str, str]  # source, balance, currency
OrderKey = tuple[str, str]  # source, order id
OrderFieldKey = tuple[str, str, str]  # source, order id, field
Key = TypeVar("Key")


class OrderStatus(StrEnum):
    """Where an order is in its life."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


_STEPS = {
    EventType.ORDER_SHIPPED: OrderStatus.SHIPPED,
    EventType.ORDER_DELIVERED: OrderStatus.DELIVERED,
    EventType.ORDER_CANCELLED: OrderStatus.CANCELLED,
}

EFFECTS = frozenset(
    {
        EventType.FIELD_CHANGED,
        EventType.ITEM_ADDED,
        EventType.ITEM_CHANGED,
        EventType.ITEM_REMOVED,
        EventType.BALANCE_CHANGED,
        EventType.ORDER_PLACED,
        EventType.ORDER_CHANGED,
        *_STEPS,
    }
)  # the types that change one of the four shapes


@dataclass(slots=True)
class AccountState:
    """What a replay leaves. A value is UNSET where the log does not know it, or, for an item, where there is none."""

    fields: dict[FieldKey, object] = field(default_factory=dict)
    items: dict[ItemKey, object] = field(default_factory=dict)
    balances: dict[BalanceKey, Decimal] = field(default_factory=dict)
    orders: dict[OrderKey, OrderStatus] = field(default_factory=dict)
    order_fields: dict[OrderFieldKey, object] = field(default_factory=dict)


def replay(events: Iterable[Event], *, without: Collection[str] = frozenset()) -> AccountState:
    """The account after `events` (in order of time), leaving out those whose id is in `without`.

    A target's value before the log begins is the first event's `before`, whoever caused that event: so it is known even
    where the first event is left out. An order whose placing is not in the log stands as placed before it.
    """
    state = AccountState()
    placed_by_left_out: set[OrderKey] = set()
    for event in events:
        _replay_one(state, event, event.id in without, placed_by_left_out)
    return state


def _replay_one(state: AccountState, event: Event, left_out: bool, gone: set[OrderKey]) -> None:
    data, source = event.data, event.source
    if isinstance(data, FieldChanged):
        if data.field != CONTAINMENT_FIELD:
            _write(state.fields, (source, data.field), data.before, data.after, left_out)
    elif isinstance(data, ItemChange):
        before = UNSET if event.type is EventType.ITEM_ADDED else data.before
        after = UNSET if event.type is EventType.ITEM_REMOVED else data.after
        _write(state.items, (source, data.collection, str(data.id)), before, after, left_out)
    elif isinstance(data, BalanceChanged):
        balance = (source, data.balance, data.change.currency)
        state.balances[balance] = state.balances.get(balance, Decimal(0)) + (0 if left_out else data.change.value)
    elif isinstance(data, OrderPlaced | OrderStep | OrderChanged):
        _replay_order(state, event, left_out, gone)


def _replay_order(state: AccountState, event: Event, left_out: bool, gone: set[OrderKey]) -> None:
    """An order lives from its placing on; what happens to one whose placing was left out (`gone`) is left out too."""
    data, source = event.data, event.source
    if isinstance(data, OrderPlaced):
        if left_out:
            gone.add((source, data.order.id))
            return
        state.orders[(source, data.order.id)] = OrderStatus.PLACED
        state.order_fields.setdefault((source, data.order.id, "address"), data.order.address)
    elif isinstance(data, OrderStep | OrderChanged) and (source, data.order) not in gone:
        state.orders.setdefault((source, data.order), OrderStatus.PLACED)
        if isinstance(data, OrderChanged):
            _write(state.order_fields, (source, data.order, data.field), data.before, data.after, left_out)
        elif not left_out:
            state.orders[(source, data.order)] = _STEPS[event.type]


def _write(cells: dict[Key, object], key: Key, before: object, after: object, left_out: bool) -> None:
    if key not in cells:
        cells[key] = before
    if not left_out:
        cells[key] = after
