"""What does an account look like from outside? The shop's rows as the values that events and read-back carry.

One function per thing, used by both: so an item's value in an event is the same object as in `accounts/{id}`.
"""

from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from takeback_oscar.conf import conf
from takeback_oscar.models import KeptCard

ADDRESS_COLUMNS = ("title", "first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode", "notes")


def account_of(user: Any) -> str:
    """The account id: the event's subject and the API's `{id}`."""
    return str(user.pk)


def name_of(user: Any) -> str:
    """The whole name in the order that the shop's customers write it."""
    parts = (user.first_name, user.last_name)
    ordered = parts if conf().name_order == "given family" else parts[::-1]
    return " ".join(part for part in ordered if part)


def fields_of(user: Any) -> dict[str, Any]:
    """The account's own fields, without those that live in the address book. An empty one is null."""
    found = {
        "email": user.email,
        "name": name_of(user),
        **{field: plain(getattr(user, column)) for field, column in conf().fields.items()},
    }
    return {field: None if value == "" else value for field, value in found.items()}


def defaults_of(account: str) -> dict[str, str | None]:
    """Which addresses are the defaults, by id."""
    found: dict[str, str | None] = {"default_address": None, "default_billing_address": None}
    rows = (
        get_model("address", "UserAddress")
        ._default_manager.filter(user_id=account)
        .values_list("pk", "is_default_for_shipping", "is_default_for_billing")
    )
    for pk, shipping, billing in rows:
        if shipping:
            found["default_address"] = str(pk)
        if billing:
            found["default_billing_address"] = str(pk)
    return found


def address_value(address: Any) -> dict[str, str] | None:
    """An address of any of Oscar's kinds, without empty columns and without the book's counters and search columns."""
    if address is None:
        return None
    value = {column: plain(getattr(address, column, "")) for column in ADDRESS_COLUMNS}
    value["country"] = address.country_id
    value["phone"] = str(getattr(address, "phone_number", "") or "")
    return {key: str(text) for key, text in value.items() if text}


def card_value(card: Any) -> dict[str, str]:
    """A card as far as anybody may know it. Whether it is locked, read-back says, and in the log containment."""
    return {
        "brand": card.card_type,
        "last4": last_four(card.number),
        "expiry": card.expiry_date.strftime("%Y-%m"),
    }


def last_four(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())[-4:]


def is_locked(card: Any) -> bool:
    return KeptCard.objects.filter(card=str(card.pk), why=KeptCard.Why.LOCKED).exists()


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """`{"amount": "5980", "currency": "JPY"}`, without the decimal places that say nothing."""
    whole = amount == amount.to_integral_value()
    return {"amount": str(int(amount)) if whole else format(amount.normalize(), "f"), "currency": currency}


def order_state(status: str) -> str:
    """`placed`, `shipped`, `delivered` or `cancelled`: what the shop's own name of a state comes to."""
    return conf().order_states.get(status.casefold(), "placed")


def order_value(order: Any) -> dict[str, Any]:
    """The order as `order.placed` tells it."""
    lines = [
        {
            "sku": line.partner_sku,
            "name": line.title,
            "quantity": line.quantity,
            "price": money(line.unit_price_incl_tax or Decimal(0), order.currency),
            "digital": _is_digital(line.product),
        }
        for line in order.lines.select_related("product__product_class", "product__parent__product_class")
    ]
    return {
        "id": str(order.number),
        "lines": lines,
        "total": money(order.total_incl_tax, order.currency),
        "address": address_value(order.shipping_address),
        "digital": bool(lines) and all(line["digital"] for line in lines),
        **payment_value(order),
    }


def payment_value(order: Any) -> dict[str, Any]:
    """Which means paid. The card is known by its reference at the payment partner, which itself goes nowhere."""
    sources = list(order.sources.select_related("source_type"))
    references = [source.reference for source in sources if source.reference]
    card = (
        get_model("payment", "Bankcard")
        ._default_manager.filter(user_id=order.user_id, partner_reference__in=references)
        .first()
        if references
        else None
    )
    return {
        "payment": "+".join(source.source_type.code for source in sources) or None,
        "card": None if card is None else str(card.pk),
    }


def _is_digital(product: Any) -> bool:
    return product is not None and not product.get_product_class().requires_shipping


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def masked(address: str) -> str:
    """`o***@example.jp`: enough for its owner to know it again."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***{at}{domain}"
