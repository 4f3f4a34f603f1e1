"""What becomes of an order? Cancelled before it ships, with stock and money put back; its address set right."""

from typing import Any

from oscar.core.loading import get_class, get_model

from takeback_oscar import shapes
from takeback_oscar.actions.deed import Asked, Impossible, Outcome
from takeback_oscar.actions.items import write_address
from takeback_oscar.conf import conf

NOTE = "Takeback"


def cancel_order(asked: Asked) -> Outcome:
    """Oscar's own change of state returns no stock and refunds nothing, so all three are done here."""
    order = _own(asked)
    state = shapes.order_state(order.status)
    if state == "cancelled":
        return Outcome.ALREADY_DONE
    if state != "placed" or _has_left(order):
        raise Impossible("order.shipped")
    cancelled = next((name for name in order.available_statuses() if shapes.order_state(name) == "cancelled"), None)
    if cancelled is None:
        raise Impossible("order.no_cancelled_state")
    handler = get_class("order.processing", "EventHandler")(None)
    handler.handle_order_status_change(order, cancelled, note_msg=NOTE)
    handler.cancel_stock_allocations(order)
    for source in order.sources.all():
        if source.amount_available_for_refund > 0:
            source.refund(source.amount_available_for_refund, reference=NOTE)
    return Outcome.DONE


def _has_left(order: Any) -> bool:
    """True when a parcel is on its way although the order's state does not say so yet."""
    codes = order.shipping_events.values_list("event_type__code", flat=True)
    return any(shapes.order_state(code.replace("-", " ")) in ("shipped", "delivered") for code in codes)


def intercept_order(asked: Asked) -> Outcome:
    """The carrier is the shop's: its hook gets the order and answers whether the parcel will be stopped."""
    order = _own(asked)
    if shapes.order_state(order.status) != "shipped":
        raise Impossible("order.not_on_the_road")
    if not conf().hooks["intercept_order"](order):
        raise Impossible("intercept.refused")
    return Outcome.DONE


def set_order_field(asked: Asked) -> Outcome:
    """The address, as long as the parcel is in the house."""
    if asked.args["field"] != "address":
        raise Impossible("field.unsupported")
    order, value = _own(asked), asked.args["value"]
    if shapes.address_value(order.shipping_address) == value:
        return Outcome.ALREADY_DONE
    state = shapes.order_state(order.status)
    if state != "placed" or _has_left(order):
        raise Impossible("order.cancelled" if state == "cancelled" else "order.shipped")
    if order.shipping_address is None:
        raise Impossible("order.no_address")
    write_address(order.shipping_address, value)
    order.shipping_address.save()
    return Outcome.DONE


def _own(asked: Asked) -> Any:
    """The account's order, locked, so that nobody ships it meanwhile."""
    orders = get_model("order", "Order")._default_manager.select_for_update(of=("self",))
    order = orders.filter(number=asked.args["order"], user_id=asked.user.pk).first()
    if order is None:
        raise Impossible("order.unknown")
    return order
