"""What did somebody do, in a word? The acts that a rule over the events can name, and the reason that an act is.

Which field or collection is what, and what an act weighs, is said in `core.investigate.acts` and nowhere else.
"""

from collections.abc import Callable
from enum import StrEnum

from takeback.core.events import BalanceChanged, Event, EventType, FieldChanged, ItemChange, OrderPlaced, Viewed
from takeback.core.investigate.acts import OF_ADDED, OF_FIELD, OF_VIEW
from takeback.core.investigate.reasons import Because


class Act(StrEnum):
    """An act that a rule can name."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    RESET_REQUESTED = "reset_requested"
    CARDS_VIEWED = "cards_viewed"
    EXPORT_VIEWED = "export_viewed"
    EMAIL_CHANGED = "email_changed"
    CONTACT_CHANGED = "contact_changed"  # any contact point, the mail address among them
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - an act's name
    NAME_CHANGED = "name_changed"
    NOTICES_MUTED = "notices_muted"
    ORDERS_HIDDEN = "orders_hidden"
    CREDENTIAL_ADDED = "credential_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    ADDRESS_ADDED = "address_added"
    CARD_ADDED = "card_added"
    PAYMENT_REDIRECTED = "payment_redirected"
    BALANCE_SPENT = "balance_spent"
    ORDERED = "ordered"


Acted = tuple[tuple[Act, ...], Because | None]
_NOTHING: Acted = ((), None)
_ACTS: dict[Because, tuple[Act, ...]] = {
    Because.VIEWED_CARDS: (Act.CARDS_VIEWED,),
    Because.VIEWED_EXPORT: (Act.EXPORT_VIEWED,),
    Because.CONTACT_CHANGED: (Act.CONTACT_CHANGED,),
    Because.PHONE_CHANGED: (Act.CONTACT_CHANGED,),
    Because.CONTACT_ADDED: (Act.CONTACT_CHANGED,),
    Because.PASSWORD_CHANGED: (Act.PASSWORD_CHANGED,),
    Because.NAME_CHANGED: (Act.NAME_CHANGED,),
    Because.NOTICES_MUTED: (Act.NOTICES_MUTED,),
    Because.ORDERS_HIDDEN: (Act.ORDERS_HIDDEN,),
    Because.CREDENTIAL_ADDED: (Act.CREDENTIAL_ADDED,),
    Because.SECOND_FACTOR_REMOVED: (Act.SECOND_FACTOR_REMOVED,),
    Because.ADDRESS_ADDED: (Act.ADDRESS_ADDED,),
    Because.PAYMENT_REDIRECTED: (Act.PAYMENT_REDIRECTED,),
    Because.BALANCE_SPENT: (Act.BALANCE_SPENT,),
    Because.ORDERED_DIGITAL: (Act.ORDERED,),
}


def _acted(key: Because | None) -> Acted:
    return (_ACTS.get(key, ()), key) if key is not None else _NOTHING


# Worked out once: nearly every event does nothing, or what many others did.
_OF = {key: _acted(key) for key in (*_ACTS, Because.VIEWED_ADDRESSES)}
_EMAIL = ((Act.EMAIL_CHANGED, Act.CONTACT_CHANGED), Because.CONTACT_CHANGED)
_CARD: Acted = ((Act.CARD_ADDED,), None)
_ORDER: Acted = ((Act.ORDERED,), None)
_SIGNED_IN: Acted = ((Act.SIGNED_IN,), None)
_FAILED: Acted = ((Act.SIGN_IN_FAILED,), None)
_RESET: Acted = ((Act.RESET_REQUESTED,), None)
_TWO_STEP = frozenset({"two_step", "two_step_secret"})
_FACTORS = frozenset({"passkeys", "backup_codes", "trusted_devices"})


def acts_of(event: Event) -> Acted:
    """The acts that an event is, and the reason that it gives, if any."""
    look = _LOOK.get(event.type)
    return look(event) if look is not None else _NOTHING


def _viewed(event: Event) -> Acted:
    data = event.data
    key = OF_VIEW.get(data.what) if isinstance(data, Viewed) else None
    return _OF[key] if key is not None else _NOTHING


def _field(event: Event) -> Acted:
    data = event.data
    if not isinstance(data, FieldChanged):
        return _NOTHING
    if data.field in _TWO_STEP:
        return _OF[Because.CREDENTIAL_ADDED if data.after else Because.SECOND_FACTOR_REMOVED]
    key = OF_FIELD.get(data.field)
    if key is None:
        return _NOTHING
    if data.before is None and data.after is not None:  # a first value, as in the investigation
        first = key in (Because.CONTACT_CHANGED, Because.PHONE_CHANGED)
        return _OF[Because.CONTACT_ADDED] if first else _NOTHING
    return _EMAIL if data.field == "email" else _OF[key]


def _added(event: Event) -> Acted:
    data = event.data
    if not isinstance(data, ItemChange):
        return _NOTHING
    if data.collection == "cards":
        return _CARD
    key = OF_ADDED.get(data.collection)
    return _OF[key] if key is not None else _NOTHING


def _removed(event: Event) -> Acted:
    data = event.data
    gone = isinstance(data, ItemChange) and data.collection in _FACTORS
    return _OF[Because.SECOND_FACTOR_REMOVED] if gone else _NOTHING


def _balance(event: Event) -> Acted:
    data = event.data
    spent = isinstance(data, BalanceChanged) and data.change.amount.startswith("-")
    return _OF[Because.BALANCE_SPENT] if spent else _NOTHING


def _order(event: Event) -> Acted:
    data = event.data
    return _OF[Because.ORDERED_DIGITAL] if isinstance(data, OrderPlaced) and data.order.digital else _ORDER


_LOOK: dict[EventType, Callable[[Event], Acted]] = {
    EventType.SIGNED_IN: lambda _: _SIGNED_IN,
    EventType.SIGN_IN_FAILED: lambda _: _FAILED,
    EventType.RESET_REQUESTED: lambda _: _RESET,
    EventType.VIEWED: _viewed,
    EventType.FIELD_CHANGED: _field,
    EventType.ITEM_ADDED: _added,
    EventType.ITEM_CHANGED: _added,
    EventType.ITEM_REMOVED: _removed,
    EventType.BALANCE_CHANGED: _balance,
    EventType.ORDER_PLACED: _order,
}
