"""What is an account? Four shapes, and the state that a replay of its events leaves.

Fields: the last write wins. Collections: items by id. Balances: sums. Orders: a life cycle. Everything else is
evidence. The replay itself is `core.undo.replay`.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TypeVar

from takeback.core.events import EventType

SECRET_FIELDS = frozenset({"password", "two_step_secret"})
CONTACT_FIELDS = ("email", "phone", "recovery_email", "recovery_phone")
CONTACT_COLLECTIONS = frozenset({"contacts", "pending_email_changes", "webhooks"})  # where messages go
WAY_IN_FIELDS = SECRET_FIELDS | {"two_step", "security_question"}
WAY_IN_COLLECTIONS = frozenset(
    {
        "passkeys",
        "trusted_devices",
        "backup_codes",
        "app_passwords",
        "api_tokens",
        "app_grants",
        "linked_identities",
        "delegates",
    }
)  # whoever has one of these gets in, now or later
CONTAINMENT_FIELD = "containment"  # a service tells of containment by this field; it is no part of the account

FieldKey = tuple[str, str]  # source, field
ItemKey = tuple[str, str, str]  # source, collection, id
BalanceKey = tuple[str, str, str]  # source, balance, currency
OrderKey = tuple[str, str]  # source, order id
OrderFieldKey = tuple[str, str, str]  # source, order id, field
Key = TypeVar("Key", bound=tuple[str, ...])


class OrderStatus(StrEnum):
    """Where an order is in its life."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Untold(Enum):
    """What an item is of which it is only known that it is there."""

    UNTOLD = "untold"


UNTOLD = Untold.UNTOLD

STEPS = {
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
        *STEPS,
    }
)  # the types that change one of the four shapes


@dataclass(slots=True)
class AccountState:
    """What a replay leaves. A value is UNSET where the log does not know it.

    An item is UNSET where there is none, and UNTOLD where there is one of which nobody told the value.
    """

    fields: dict[FieldKey, object] = field(default_factory=dict)
    items: dict[ItemKey, object] = field(default_factory=dict)
    balances: dict[BalanceKey, Decimal] = field(default_factory=dict)
    orders: dict[OrderKey, OrderStatus] = field(default_factory=dict)
    order_fields: dict[OrderFieldKey, object] = field(default_factory=dict)
