"""What cannot be undone, and what can be done about it instead? It is said, never swallowed (rule 4)."""

from collections.abc import Iterator, Sequence

from msgspec import UNSET

from takeback.core.account import SECRET_FIELDS, AccountState, OrderStatus
from takeback.core.events import Event, OrderPlaced, Viewed
from takeback.core.undo.plan import Irreversible
from takeback.core.undo.touched import Touched


def irreversible(
    his: Sequence[Event], replayed: Sequence[Event], now: AccountState, clean: AccountState, by: Touched
) -> tuple[Irreversible, ...]:
    """Parcels on the road, goods handed out, orders cancelled, secrets and values that nobody kept, and all he saw."""
    lost = (*_orders(replayed, now, clean, by), *_changed_orders(now, clean, by), *_lost(clean, by))
    return (*lost, *_seen(his))


def _orders(events: Sequence[Event], now: AccountState, clean: AccountState, by: Touched) -> Iterator[Irreversible]:
    digital = {(e.source, e.data.order.id) for e in events if isinstance(e.data, OrderPlaced) and e.data.order.digital}
    for key, status in now.orders.items():
        told = by.orders.get(key, ())
        if key in clean.orders:
            if status is OrderStatus.CANCELLED and clean.orders[key] is not OrderStatus.CANCELLED and told:
                yield Irreversible(told, "order.cancelled", "order_again")
        elif status is not OrderStatus.CANCELLED and key in digital:
            yield Irreversible(told, "order.digital", "revoke_code")
        elif status is OrderStatus.SHIPPED:
            yield Irreversible(told, "order.shipped", "intercept_order")
        elif status is OrderStatus.DELIVERED:
            yield Irreversible(told, "order.delivered", "collect_order")


def _changed_orders(now: AccountState, clean: AccountState, by: Touched) -> Iterator[Irreversible]:
    """An owner's order that the intruder changed, and that is on its way by now."""
    for (source, order, name), undoes in by.order_fields.items():
        moved = now.orders.get((source, order)) in (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
        key = (source, order, name)
        if moved and (source, order) in clean.orders and now.order_fields.get(key) != clean.order_fields.get(key):
            yield Irreversible(undoes, "order.shipped", "intercept_order")


def _lost(clean: AccountState, by: Touched) -> Iterator[Irreversible]:
    """Values that nobody can set back: a second factor's secret, or what a field held before the log knew it."""
    for (source, name), undoes in by.fields.items():
        if name == "two_step_secret":
            yield Irreversible(undoes, "two_step_secret.changed", "set_up_second_factor")
        elif name not in SECRET_FIELDS and clean.fields.get((source, name), UNSET) is UNSET:
            yield Irreversible(undoes, "value.unknown", "ask_owner")


def _seen(his: Sequence[Event]) -> Iterator[Irreversible]:
    seen: dict[str, list[str]] = {}
    for event in his:
        if isinstance(event.data, Viewed):
            seen.setdefault(event.data.what, []).append(event.id)
    for what, ids in seen.items():
        yield Irreversible(tuple(ids), f"viewed.{what}", "be_alert")
