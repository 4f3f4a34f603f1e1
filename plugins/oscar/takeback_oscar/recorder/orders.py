"""What became of the orders? Placed, changed, shipped, delivered, cancelled."""

from collections.abc import Generator
from typing import Any

from oscar.apps.order.signals import order_placed
from oscar.core.loading import get_class, get_model

from takeback_oscar import outbox, shapes
from takeback_oscar.context import current_visit
from takeback_oscar.models import OutboxEvent
from takeback_oscar.outbox import EventType
from takeback_oscar.recorder.saving import observe_saves, stored
from takeback_oscar.state import refuse_order_while_frozen

STEPS = {
    "shipped": EventType.ORDER_SHIPPED,
    "delivered": EventType.ORDER_DELIVERED,
    "cancelled": EventType.ORDER_CANCELLED,
}


def listen() -> None:
    order_placed.connect(placed, dispatch_uid="takeback.order_placed")
    observe_saves(get_model("order", "Order"), order_saved)
    observe_saves(get_model("order", "ShippingAddress"), shipping_address_saved)
    observe_saves(get_model("payment", "Source"), source_saved)


def placed(order: Any, **_: Any) -> None:
    """Oscar writes an order's payment after this signal, so within a request the event waits for the request to end."""
    if order.user_id is None:
        return
    visit = current_visit()
    row = outbox.record(
        str(order.user_id), EventType.ORDER_PLACED, hold=visit is not None, order=shapes.order_value(order)
    )
    if visit is not None:
        visit.held[str(order.number)] = row.pk


def source_saved(source: Any, _columns: frozenset[str] | None) -> Generator[None, None, None]:
    """The payment of an order that is being placed: adds to its event what paid."""
    yield
    visit = current_visit()
    if visit is None or (row_id := visit.held.get(str(source.order.number))) is None:
        return
    row = OutboxEvent.objects.get(pk=row_id)
    row.payload["data"]["order"].update(shapes.payment_value(source.order))
    row.save(update_fields=["payload"])


def order_saved(order: Any, columns: frozenset[str] | None) -> Generator[None, None, None]:
    """Sees a change of state however it was made, also by a direct write of the column."""
    if order.user_id is None or (columns is not None and not columns & {"status", "shipping_address"}):
        yield
        return
    old = _locked(order)
    if old is None:
        refuse_order_while_frozen(order.user)
        yield
        return
    if shapes.order_state(old.status) == "cancelled" and shapes.order_state(order.status) == "shipped":
        # Somebody read the order before it was cancelled. It must not leave the house for that.
        raise get_class("order.exceptions", "InvalidOrderStatus")(
            "This order has been cancelled and cannot be shipped."
        )
    address_before = shapes.address_value(old.shipping_address)
    yield
    account = str(order.user_id)
    if old.status != order.status:
        _tell_state(account, order, old.status)
    if old.shipping_address_id != order.shipping_address_id:
        _tell_address(account, order, address_before, shapes.address_value(order.shipping_address))


def _locked(order: Any) -> Any | None:
    if order.pk is None:
        return None
    return type(order)._base_manager.select_for_update().filter(pk=order.pk).first()


def _tell_state(account: str, order: Any, before: str) -> None:
    state = shapes.order_state(order.status)
    if state in STEPS and state != shapes.order_state(before):
        tracking = _tracking(order) if state == "shipped" else None
        outbox.record(account, STEPS[state], order=str(order.number), tracking=tracking)
        return
    outbox.record(
        account, EventType.ORDER_CHANGED, order=str(order.number), field="status", before=before, after=order.status
    )


def _tracking(order: Any) -> str | None:
    """Oscar keeps a parcel's number in the notes of its shipping event."""
    event = order.shipping_events.order_by("-pk").first()
    return (event.notes or None) if event is not None else None


def shipping_address_saved(address: Any, _columns: frozenset[str] | None) -> Generator[None, None, None]:
    before = shapes.address_value(stored(address))
    yield
    after = shapes.address_value(address)
    if before is None or before == after:
        return
    for order in get_model("order", "Order")._default_manager.filter(shipping_address=address.pk, user__isnull=False):
        _tell_address(str(order.user_id), order, before, after)


def _tell_address(account: str, order: Any, before: Any, after: Any) -> None:
    outbox.record(
        account, EventType.ORDER_CHANGED, order=str(order.number), field="address", before=before, after=after
    )
