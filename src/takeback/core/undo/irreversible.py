"""What cannot be undone, and what can be done about it instead? It is said, never swallowed (rule 4)."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import UNSET

from takeback.core.account import SECRET_FIELDS, UNTOLD, AccountState, OrderKey, OrderStatus
from takeback.core.events import Event, EventType, OrderStep, Viewed
from takeback.core.undo.plan import Irreversible
from takeback.core.undo.touched import Touched

# For what asks of each order: in Python 3.11 it takes 100 ns to read a member off its class.
_CANCELLED, _SHIPPED, _DELIVERED = OrderStatus.CANCELLED, OrderStatus.SHIPPED, OrderStatus.DELIVERED
_ARRIVED = EventType.ORDER_DELIVERED


def irreversible(
    his: Sequence[Event],
    replayed: Sequence[Event],
    now: AccountState,
    clean: AccountState,
    by: Touched,
    handed_out: AbstractSet[OrderKey],
) -> tuple[Irreversible, ...]:
    """Parcels on the road, goods handed out, orders cancelled, secrets and values that nobody kept, and all he saw."""
    lost = (*_orders(replayed, now, clean, by, handed_out), *_changed_orders(now, clean, by), *_lost(clean, by))
    return (*lost, *_seen(his))


def _orders(
    events: Sequence[Event], now: AccountState, clean: AccountState, by: Touched, handed_out: AbstractSet[OrderKey]
) -> Iterator[Irreversible]:
    arrived = _arrived(events)
    for key, status in now.orders.items():
        told = by.orders.get(key, ())
        if key in clean.orders:
            if status is _CANCELLED and clean.orders[key] is not _CANCELLED and told:
                yield Irreversible(told, "order.cancelled", "order_again")
        elif status is not _CANCELLED and key in handed_out:
            yield Irreversible(told, "order.digital", "revoke_code")
        elif status is _SHIPPED:
            yield Irreversible(told, "order.shipped", "intercept_order")
            if key in arrived:  # in several parcels
                yield Irreversible(told, "order.delivered", "collect_order")
        elif status is _DELIVERED:
            yield Irreversible(told, "order.delivered", "collect_order")


def _arrived(events: Sequence[Event]) -> frozenset[OrderKey]:
    steps = [(e.source, e.data) for e in events if e.type is _ARRIVED]
    return frozenset([(source, data.order) for source, data in steps if isinstance(data, OrderStep)])


def _changed_orders(now: AccountState, clean: AccountState, by: Touched) -> Iterator[Irreversible]:
    """An owner's order that the intruder changed, and that is on its way or there by now, or whose earlier value nobody
    told.
    """
    for key, undoes in by.order_fields.items():
        order = key[:2]
        if order not in clean.orders or now.order_fields.get(key) == clean.order_fields.get(key, UNSET):
            continue
        if now.orders[order] is _SHIPPED:
            yield Irreversible(undoes, "order.shipped", "intercept_order")
        elif now.orders[order] is _DELIVERED:
            yield Irreversible(undoes, "order.delivered", "collect_order")
        elif now.orders[order] is OrderStatus.PLACED and clean.order_fields.get(key, UNSET) is UNSET:
            yield Irreversible(undoes, "value.unknown", "ask_owner")


def _lost(clean: AccountState, by: Touched) -> Iterator[Irreversible]:
    """Values that nobody can set back: a second factor's secret, or what something was before the log knew it."""
    for key, undoes in by.fields.items():
        if key[1] == "two_step_secret":
            yield Irreversible(undoes, "two_step_secret.changed", "set_up_second_factor")
        elif key[1] not in SECRET_FIELDS and clean.fields.get(key, UNSET) is UNSET:
            yield Irreversible(undoes, "value.unknown", "ask_owner")
    for item, undoes in by.items.items():
        if clean.items[item] is UNTOLD:
            yield Irreversible(undoes, "value.unknown", "ask_owner")


def _seen(his: Sequence[Event]) -> Iterator[Irreversible]:
    seen: dict[str, list[str]] = {}
    for event in his:
        if isinstance(event.data, Viewed):
            seen.setdefault(event.data.what, []).append(event.id)
    for what, ids in seen.items():
        yield Irreversible(tuple(ids), f"viewed.{what}", "be_alert")
