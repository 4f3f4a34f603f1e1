"""What happened? An event of the contract: a CloudEvents 1.0 JSON object, parsed once, true inside.

An account is four shapes, and the events that change one say so by their data: fields (`FieldChanged`), collections
(`ItemChange`), balances (`BalanceChanged`) and orders (`OrderPlaced`, `OrderChanged`, `OrderStep`). All else is
evidence. Parsed JSON holds no cycles, so the collector need not look at these (`gc=False`).
The wire form is CloudEvents 1.0.2, section 3 (JSON format); the types are those of
`docs/reference/events.md`.
"""

import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct

from takeback.core.errors import InputError
from takeback.core.secrets import refuse_secrets

JsonScalar = None | bool | int | float | str
Json = JsonScalar | list["Json"] | dict[str, "Json"]
Text = Annotated[str, Meta(min_length=1, max_length=512)]
Time = Annotated[datetime, Meta(tz=True)]
FIRST_YEAR, LAST_YEAR = 1900, 9000  # a clock that is further off than this is broken, and would break others'

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class EventType(StrEnum):
    """The `type` of an event. Grammar: `<thing>.<what happened to it>`, past tense."""

    SIGNED_IN = "account.signed_in"
    SIGN_IN_FAILED = "account.sign_in_failed"
    SIGNED_OUT = "account.signed_out"
    RESET_REQUESTED = "account.reset_requested"
    VIEWED = "account.viewed"
    FIELD_CHANGED = "account.field_changed"
    ITEM_ADDED = "account.item_added"
    ITEM_CHANGED = "account.item_changed"
    ITEM_REMOVED = "account.item_removed"
    BALANCE_CHANGED = "balance.changed"
    ORDER_PLACED = "order.placed"
    ORDER_CHANGED = "order.changed"
    ORDER_SHIPPED = "order.shipped"
    ORDER_DELIVERED = "order.delivered"
    ORDER_CANCELLED = "order.cancelled"
    MESSAGE_SENT = "message.sent"


class Who(StrEnum):
    """`data.actor`: on whose behalf the shop acted, as the shop sees it (not yet owner or intruder)."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class Client(Struct, frozen=True, gc=False):
    """Where a request came from, as far as the shop knows. `asn` is the autonomous system number, with or without
    `AS`.
    """

    session: str | None = None
    device: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    country: str | None = None
    asn: int | str | None = None


class Mark(Struct, frozen=True, gc=False):
    """Says that an event came about because Takeback acted: the action's id and name (docs/reference/shop-api.md)."""

    id: str
    action: str


class Money(Struct, frozen=True, gc=False):
    """An amount as a decimal string and an ISO 4217 currency."""

    amount: Annotated[str, Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$")]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]

    @property
    def value(self) -> Decimal:
        """The amount in units of the currency."""
        return Decimal(self.amount)


class Data(Struct, frozen=True, kw_only=True, gc=False):
    """What every event's data may carry."""

    client: Client = Client()
    actor: Who = Who.CUSTOMER
    takeback: Mark | None = None


class SignedIn(Data, frozen=True, kw_only=True, gc=False):
    """A sign-in that succeeded."""

    method: str | None = None
    second_factor: str | None = None
    credential: str | None = None


class SignInFailed(Data, frozen=True, kw_only=True, gc=False):
    """A sign-in that did not."""

    reason: str | None = None


class SignedOut(Data, frozen=True, kw_only=True, gc=False):
    """The end of a session."""


class ResetRequested(Data, frozen=True, kw_only=True, gc=False):
    """Somebody asked for a reset link or code."""

    channel: str | None = None
    to: str | None = None


class Viewed(Data, frozen=True, kw_only=True, gc=False):
    """Something personal was shown: cards, addresses, orders, export."""

    what: Text


class FieldChanged(Data, frozen=True, kw_only=True, gc=False):
    """A field got a new value. `before` and `after` are UNSET where the shop does not tell them (secret fields never
    do).
    """

    field: Text
    before: object = UNSET
    after: object = UNSET


class ItemChange(Data, frozen=True, kw_only=True, gc=False):
    """An item of a collection was added (`before` UNSET), changed, or removed (`after` UNSET)."""

    collection: Text
    id: Annotated[str | int, Meta(description="stored as text")]
    before: object = UNSET
    after: object = UNSET


class BalanceChanged(Data, frozen=True, kw_only=True, gc=False):
    """Points, a gift card or store credit went up or down by a signed amount."""

    balance: Text
    change: Money
    reason: str | None = None
    order: str | None = None


class Line(Struct, frozen=True, gc=False):
    """A line of an order."""

    sku: str | None = None
    name: str | None = None
    quantity: int = 1
    price: Money | None = None


class Order(Struct, frozen=True, kw_only=True, gc=False):
    """An order as it was placed. `card` and `payment` name the means, never a number."""

    id: Text
    lines: tuple[Line, ...] = ()
    total: Money | None = None
    address: object = None
    card: object = None
    payment: object = None
    digital: bool = False


class OrderPlaced(Data, frozen=True, kw_only=True, gc=False):
    """An order was placed."""

    order: Order


class OrderChanged(Data, frozen=True, kw_only=True, gc=False):
    """A field of an order, such as its address, got a new value."""

    order: Text
    field: Text
    before: object = UNSET
    after: object = UNSET


class OrderStep(Data, frozen=True, kw_only=True, gc=False):
    """An order was shipped, delivered or cancelled."""

    order: Text
    tracking: str | None = None


class MessageSent(Data, frozen=True, kw_only=True, gc=False):
    """A message that was really sent: the ledger behind "is this mail yours?"."""

    message_id: str | None = None
    channel: str | None = None
    to: str | None = None
    template: str | None = None
    order: str | None = None


NOBODY = Client()
SHOPS = frozenset(
    {EventType.ORDER_SHIPPED, EventType.ORDER_DELIVERED, EventType.ORDER_CANCELLED, EventType.BALANCE_CHANGED}
)  # what a shop does by itself, unless it says which client did it


class Event(Struct, frozen=True, gc=False):
    """One event. `(source, id)` is unique; `account` is the CloudEvents `subject`; `time` is aware: when it
    happened.
    """

    id: str
    source: str
    account: str
    time: datetime
    type: EventType
    data: Data

    @property
    def by_customer(self) -> bool:
        """True for what a customer did, whoever that was: not for staff's, the system's and Takeback's own acts.

        `data.actor` is `customer` where a shop leaves it out; so what only a shop does, and no client is told of, is
        the shop's.
        """
        data = self.data
        if data.actor is not Who.CUSTOMER or data.takeback is not None or self.type is EventType.MESSAGE_SENT:
            return False
        return self.type not in SHOPS or data.client != NOBODY


class _Envelope(Struct, frozen=True, gc=False):
    specversion: str
    id: Text
    source: Text
    type: str
    subject: Text
    time: Time
    data: msgspec.Raw = msgspec.Raw(b"{}")


DATA_OF: dict[EventType, type[Data]] = {
    EventType.SIGNED_IN: SignedIn,
    EventType.SIGN_IN_FAILED: SignInFailed,
    EventType.SIGNED_OUT: SignedOut,
    EventType.RESET_REQUESTED: ResetRequested,
    EventType.VIEWED: Viewed,
    EventType.FIELD_CHANGED: FieldChanged,
    EventType.ITEM_ADDED: ItemChange,
    EventType.ITEM_CHANGED: ItemChange,
    EventType.ITEM_REMOVED: ItemChange,
    EventType.BALANCE_CHANGED: BalanceChanged,
    EventType.ORDER_PLACED: OrderPlaced,
    EventType.ORDER_CHANGED: OrderChanged,
    EventType.ORDER_SHIPPED: OrderStep,
    EventType.ORDER_DELIVERED: OrderStep,
    EventType.ORDER_CANCELLED: OrderStep,
    EventType.MESSAGE_SENT: MessageSent,
}

_envelope = msgspec.json.Decoder(_Envelope)
_types = {kind.value: (kind, msgspec.json.Decoder(data)) for kind, data in DATA_OF.items()}


def parse_event(text: bytes) -> Event:
    """The event that `text` (one JSON object, UTF-8) is; `InputError` names the field, `SecretRefused` a secret."""
    envelope = _envelope_of(text)
    _refuse_control(envelope)
    refuse_secrets(bytes(envelope.data))
    return _event_of(envelope)


def read_event(text: bytes) -> Event:
    """The same for text that `parse_event` has accepted before, and so without the search for secrets."""
    return _event_of(_envelope_of(text))


def _envelope_of(text: bytes) -> _Envelope:
    try:
        envelope = _envelope.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _told(error, "") from None
    if envelope.specversion != "1.0":
        raise InputError('must be "1.0"', field="specversion")
    if envelope.type not in _types:
        raise InputError(f"unknown event type {envelope.type[:80]!r}", field="type")
    if not FIRST_YEAR <= envelope.time.year <= LAST_YEAR:
        raise InputError(f"must lie between {FIRST_YEAR} and {LAST_YEAR}", field="time")
    return envelope


def _refuse_control(envelope: _Envelope) -> None:
    """CloudEvents 1.0.2, section 2 (String): no attribute has them. A NUL could not even be kept everywhere."""
    # A quick look first, which takes some wide spaces for suspicious too.
    if envelope.id.isprintable() and envelope.source.isprintable() and envelope.subject.isprintable():
        return
    for field in ("id", "source", "subject"):
        if _CONTROL.search(getattr(envelope, field)):
            raise InputError("must not hold control characters", field=field)


def _event_of(envelope: _Envelope) -> Event:
    kind, decoder = _types[envelope.type]
    try:
        data = decoder.decode(envelope.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _told(error, "data") from None
    # An account's events name the same few sources and subjects: one text of each is kept, and found equal at a glance.
    return Event(envelope.id, _one_of(envelope.source), _one_of(envelope.subject), envelope.time, kind, data)


@lru_cache(maxsize=1024)
def _one_of(text: str) -> str:
    return text


def _told(error: Exception, root: str) -> InputError:
    """A decoder's complaint as one sentence and a field; never the value, which may be what nobody may see."""
    if isinstance(error, RecursionError):
        return InputError("is nested too deeply", field=root or None)
    sentence, _, path = str(error).partition(" - at `$")
    field = f"{root}{path.rstrip('`')}".strip(".")
    if not isinstance(error, msgspec.ValidationError):
        return InputError("is not a JSON object in UTF-8", field=field or None)
    if "timezone component" in sentence:
        return InputError("must have an offset, such as +09:00 or Z (RFC 3339)", field=field)
    if sentence.startswith("Object missing required field"):
        name = sentence.split("`")[1]
        return InputError("is missing", field=f"{field}.{name}".strip("."))
    return InputError(sentence[0].lower() + sentence[1:], field=field or None)
