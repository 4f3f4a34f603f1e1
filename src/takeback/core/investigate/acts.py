"""What was done, and in which order? The acts of one strand, and what they say about who did them.

An act weighs log(q/p): q, how often those who take an account over do it in one visit; p, how often this owner does,
learned from her own past and starting from how often owners do. q and the first p are judgement, led by Bursztein et
al. (IMC 2014), Onaolapo et al. (IMC 2016) and Thomas et al. (CCS 2017): they look first, then change contact points and
notices, then spend.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from math import log
from typing import NamedTuple

import msgspec
from msgspec import Struct

from takeback.core.account import CONTACT_FIELDS, WAY_IN_COLLECTIONS
from takeback.core.events import (
    BalanceChanged,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    OrderPlaced,
    ResetRequested,
    SignedIn,
    Viewed,
)
from takeback.core.investigate.findings import Reason
from takeback.core.investigate.habits import Habits
from takeback.core.investigate.reasons import Because
from takeback.core.investigate.strands import Strand


class Rate(NamedTuple):
    """In how many visits in a hundred an intruder and an owner do something, and the most that it may weigh."""

    intruder: float
    owner: float
    most: float


RATES: Mapping[Because, Rate] = {
    Because.VIEWED_CARDS: Rate(30, 15, 0.6),
    Because.VIEWED_ADDRESSES: Rate(22, 15, 0.3),
    Because.VIEWED_EXPORT: Rate(12, 0.5, 2.6),
    Because.LOOKED_AROUND: Rate(18, 3, 1.2),
    Because.CONTACT_CHANGED: Rate(25, 1.2, 2.3),
    Because.PHONE_CHANGED: Rate(12, 2, 1.2),
    Because.CONTACT_ADDED: Rate(6, 2, 1.0),
    Because.PASSWORD_CHANGED: Rate(12, 3, 0.8),
    Because.NAME_CHANGED: Rate(8, 0.6, 1.8),
    Because.NOTICES_MUTED: Rate(12, 1.5, 1.3),
    Because.ORDERS_HIDDEN: Rate(10, 0.3, 2.8),
    Because.CREDENTIAL_ADDED: Rate(14, 1.7, 2.2),
    Because.SECOND_FACTOR_REMOVED: Rate(10, 0.4, 2.2),
    Because.ADDRESS_ADDED: Rate(25, 6, 0.3),
    Because.PAYMENT_REDIRECTED: Rate(5, 0.4, 2.0),
    Because.BALANCE_SPENT: Rate(25, 7, 1.4),
    Because.ORDERED_DIGITAL: Rate(25, 5, 1.5),
    Because.ORDERED_TO_NEW_ADDRESS: Rate(30, 7, 0.4),
    Because.ORDERED_LARGE: Rate(15, 5, 0.7),
    Because.ORDERS_MANY: Rate(15, 3, 0.7),
    Because.ADDRESS_THEN_ORDERED: Rate(25, 4, 0.9),
    Because.CONTACT_THEN_ORDERED: Rate(12, 0.5, 0.8),
    Because.SIGN_IN_AFTER_FAILURES: Rate(10, 4, 0.6),
    Because.SIGN_IN_AFTER_RESET: Rate(8, 2, 0.7),
}
SECOND_FACTORS = {"passkey": -1.1, "totp": -0.5, "sms": -0.3}
METHODS = {"passkey": -1.1}
KNOWN_CREDENTIAL = -0.4
NOTHING_UNUSUAL = -1.8
ONLY_FAILED = 2.4
TO_KNOWN_ADDRESS = -2.6  # parcels to her own door are of no use to a stranger
METHODS_OF_INTRUDERS = {"password": 0.85, "link": 0.05, "sso": 0.05, "token": 0.05, "passkey": 0.02}
OTHER_METHOD = 0.1
METHOD_WORTH, METHOD_MOST = 1.25, 2.4  # some shops tell every sign-in as the same method
WITHOUT_FACTOR = 1.0  # where she nearly always passes one
OF_FIELD = {
    **dict.fromkeys(CONTACT_FIELDS, Because.CONTACT_CHANGED),
    "phone": Because.PHONE_CHANGED,  # a new telephone is a common reason
    **dict.fromkeys(("name", "username"), Because.NAME_CHANGED),
    **dict.fromkeys(("notifications", "language"), Because.NOTICES_MUTED),
    "password": Because.PASSWORD_CHANGED,
    "security_question": Because.CREDENTIAL_ADDED,
}
OF_ADDED = {
    **dict.fromkeys(WAY_IN_COLLECTIONS, Because.CREDENTIAL_ADDED),
    **dict.fromkeys(("contacts", "pending_email_changes"), Because.CONTACT_CHANGED),
    "addresses": Because.ADDRESS_ADDED,
    "hidden_orders": Because.ORDERS_HIDDEN,
    "webhooks": Because.NOTICES_MUTED,
    "sellers_payouts": Because.PAYMENT_REDIRECTED,
    "pickup_codes": Because.PAYMENT_REDIRECTED,
}
OF_VIEW = {
    "cards": Because.VIEWED_CARDS,
    "addresses": Because.VIEWED_ADDRESSES,
    "export": Because.VIEWED_EXPORT,
}
_VIEWS = frozenset(OF_VIEW.values())
SOON = timedelta(hours=1)


class SignIn(Struct, frozen=True, gc=False):
    """How somebody came in. `shown` says whether that was more than a password."""

    event: str  # its id
    method: str
    shown: bool


class Acts(Struct, eq=False, gc=False):
    """What one strand did: the events behind each act, its orders, and the credentials that it signed in with."""

    noted: dict[Because, list[str]] = {}  # event ids
    orders: list[Event] = []
    worth: float = 0.0  # the largest order's total
    sent_to: list[tuple[str, str]] = []  # event id, address
    used: list[tuple[str, str]] = []  # event id, credential
    proof: tuple[str, float] | None = None  # event id and weight of the strongest proof at sign-in
    signed_in: SignIn | None = None  # the first
    reset: str | None = None

    def note(self, key: Because, event: str) -> None:
        """Remember that this event did this."""
        self.noted.setdefault(key, []).append(event)


def acts_of(strand: Strand) -> Acts:
    """Look at a strand once; what it means is weighed later, against the owner's habits."""
    acts = Acts()
    for event in strand.events:
        look = _LOOK.get(event.type)
        if look is not None:
            look(acts, event)
    if acts.noted:
        _in_turn(strand, acts)
    if len(strand.attempts) >= 3:
        acts.noted[Because.SIGN_IN_AFTER_FAILURES] = [event.id for event in strand.attempts]
    if acts.reset is not None and acts.signed_in is not None:
        acts.noted[Because.SIGN_IN_AFTER_RESET] = [acts.reset]
    return acts


def _in_turn(strand: Strand, acts: Acts) -> None:
    """Note what several acts come to together."""
    if len(acts.noted.keys() & _VIEWS) >= 2:
        looked = [*acts.noted.get(Because.VIEWED_CARDS, ()), *acts.noted.get(Because.VIEWED_ADDRESSES, ())]
        acts.noted[Because.LOOKED_AROUND] = looked
    if acts.orders:
        _then_ordered(strand, acts, Because.ADDRESS_ADDED, Because.ADDRESS_THEN_ORDERED)
        _then_ordered(strand, acts, Because.CONTACT_CHANGED, Because.CONTACT_THEN_ORDERED)


def is_ordinary(acts: Acts, habits: Habits) -> bool:
    """True where nothing was done that could speak against her: looks, and orders as she places them."""
    many = len(acts.orders)
    if acts.noted or acts.worth > 2 * habits.largest or (many > 3 and many > 2 * habits.most_orders):
        return False
    return not acts.sent_to or all(address in habits.addresses for _, address in acts.sent_to)


def weigh(strand: Strand, acts: Acts, habits: Habits) -> list[Reason]:
    """The reasons in a strand's acts. A new account has no habits to break: there an act weighs less."""
    past = habits.strands / (habits.strands + 2.0)
    reasons: list[Reason] = []
    for key, events in acts.noted.items():
        reasons += _weighed(key, events, habits, past)
    if acts.orders:
        reasons.extend(_orders(acts, habits, past))
    if not acts.noted and not acts.sent_to and len(strand.events) > 1:
        reasons.append(Reason(Because.NOTHING_UNUSUAL, NOTHING_UNUSUAL * past, (strand.first.id,)))
    if not strand.events:
        attempts = tuple(event.id for event in strand.attempts)
        reasons.append(Reason(Because.SIGN_IN_ONLY_FAILED, ONLY_FAILED, attempts))
    if acts.signed_in is not None:
        reasons.extend(_sign_in(acts, acts.signed_in, habits))
    return reasons


def _orders(acts: Acts, habits: Habits, past: float) -> Iterator[Reason]:
    new = [event for event, address in acts.sent_to if address not in habits.addresses]
    if new:
        yield from _weighed(Because.ORDERED_TO_NEW_ADDRESS, new, habits, past)
    elif acts.sent_to and past > 0.3:
        yield Reason(Because.ORDERED_TO_KNOWN_ADDRESS, TO_KNOWN_ADDRESS, tuple(event for event, _ in acts.sent_to))
    if len(acts.orders) >= max(4, 2 * habits.most_orders + 1):
        yield from _weighed(Because.ORDERS_MANY, [event.id for event in acts.orders], habits, past)
    if acts.worth > 2 * habits.largest > 0:
        yield from _weighed(Because.ORDERED_LARGE, [event.id for event in acts.orders], habits, past)


def _sign_in(acts: Acts, signed_in: SignIn, habits: Habits) -> Iterator[Reason]:
    """How somebody came in: by the owner's usual way or another, with what proof, with what credential."""
    first, method = (signed_in.event,), signed_in.method
    before = habits.methods.total()
    if method and before:
        use = (habits.methods[method] + 0.3) / (before + 1.0)
        weight = METHOD_WORTH * log(METHODS_OF_INTRUDERS.get(method, OTHER_METHOD) / use)
        if weight > 0.2:
            yield Reason(Because.SIGN_IN_METHOD_NEW, min(METHOD_MOST, weight), first)
        elif weight < -0.2:
            yield Reason(Because.SIGN_IN_METHOD_USUAL, max(-METHOD_MOST, weight), first)
    if not signed_in.shown and before >= 3 and habits.factors > 0.8 * before:
        yield Reason(Because.SIGN_IN_WITHOUT_FACTOR, WITHOUT_FACTOR, first)
    if acts.proof is not None:
        yield Reason(Because.SIGN_IN_SECOND_FACTOR, acts.proof[1], (acts.proof[0],))
    if known := [event for event, credential in acts.used if credential in habits.credentials]:
        yield Reason(Because.CREDENTIAL_KNOWN, KNOWN_CREDENTIAL, tuple(known))


def learn(acts: Acts, habits: Habits) -> None:
    """Take one strand of the owner's into her habits."""
    for key in acts.noted:
        habits.acts[key] += 1
    for _, address in acts.sent_to:
        if address not in habits.addresses:
            habits.addresses.add(address)
            habits.acts[Because.ORDERED_TO_NEW_ADDRESS] += 1
    if len(acts.orders) > habits.most_orders:
        habits.most_orders = len(acts.orders)
    if acts.worth > habits.largest:
        habits.largest = acts.worth
    for _, credential in acts.used:
        habits.credentials.add(credential)
    if acts.signed_in is not None:
        habits.methods[acts.signed_in.method] += 1
        habits.factors += acts.signed_in.shown


def _weighed(key: Because, events: list[str], habits: Habits, past: float) -> tuple[Reason, ...]:
    intruder, owner, most = RATES[key]
    weight = min(most, log(intruder / 100 / habits.rate(key, owner / 100))) * past
    return (Reason(key, weight, tuple(events)),) if weight > 0.05 else ()


def _then_ordered(strand: Strand, acts: Acts, first: Because, follows: Because) -> None:
    """Note that orders came after the first of another act."""
    if first in acts.noted:
        one, last = acts.noted[first][0], acts.orders[-1].id
        for event in strand.events:
            if event.id == one:
                acts.noted[follows] = [one, acts.orders[0].id]
            if event.id in (one, last):
                return


def _signed_in(acts: Acts, event: Event) -> None:
    data = event.data
    if not isinstance(data, SignedIn):
        return
    method, shown = data.method or "", data.second_factor in SECOND_FACTORS or data.method in METHODS
    if acts.signed_in is None:
        acts.signed_in = SignIn(event.id, method, shown)
    if shown:
        weight = min(SECOND_FACTORS.get(data.second_factor or "", 0.0), METHODS.get(method, 0.0))
        if acts.proof is None or weight < acts.proof[1]:
            acts.proof = (event.id, weight)
    if data.credential:
        acts.used.append((event.id, data.credential))


def _viewed(acts: Acts, event: Event) -> None:
    if not isinstance(event.data, Viewed):
        return
    key = OF_VIEW.get(event.data.what)
    if key is not None:
        acts.note(key, event.id)


def _ordered(acts: Acts, event: Event) -> None:
    data = event.data
    if not isinstance(data, OrderPlaced):
        return
    order = data.order
    acts.orders.append(event)
    if order.digital:
        acts.note(Because.ORDERED_DIGITAL, event.id)
    if order.total is not None and (worth := float(order.total.amount)) > acts.worth:
        acts.worth = worth
    if order.address is not None and not order.digital:
        where = order.address if isinstance(order.address, str) else canonical(order.address)
        acts.sent_to.append((event.id, where))


def canonical(address: object) -> str:
    """An address as text that is the same for the same address."""
    return msgspec.json.encode(address, order="sorted").decode()


def _field(acts: Acts, event: Event) -> None:
    data = event.data
    if not isinstance(data, FieldChanged):
        return
    name = data.field
    if name in ("two_step", "two_step_secret"):
        acts.note(Because.CREDENTIAL_ADDED if data.after else Because.SECOND_FACTOR_REMOVED, event.id)
        return
    key = OF_FIELD.get(name)
    if key is None:
        return
    if data.before is None and data.after is not None:  # a first value: at registration, or where none stood
        key = Because.CONTACT_ADDED if key in (Because.CONTACT_CHANGED, Because.PHONE_CHANGED) else None
    if key is not None:
        acts.note(key, event.id)


def _added(acts: Acts, event: Event) -> None:
    if not isinstance(event.data, ItemChange):
        return
    key = OF_ADDED.get(event.data.collection)
    if key is not None:
        acts.note(key, event.id)


def _removed(acts: Acts, event: Event) -> None:
    if not isinstance(event.data, ItemChange):
        return
    if event.data.collection in ("passkeys", "backup_codes", "trusted_devices"):
        acts.note(Because.SECOND_FACTOR_REMOVED, event.id)


def _balance(acts: Acts, event: Event) -> None:
    if not isinstance(event.data, BalanceChanged):
        return
    if event.data.change.amount.startswith("-"):
        acts.note(Because.BALANCE_SPENT, event.id)


def _reset(acts: Acts, event: Event) -> None:
    if not isinstance(event.data, ResetRequested):
        return
    acts.reset = event.id


_LOOK = {
    EventType.SIGNED_IN: _signed_in,
    EventType.VIEWED: _viewed,
    EventType.ORDER_PLACED: _ordered,
    EventType.FIELD_CHANGED: _field,
    EventType.ITEM_ADDED: _added,
    EventType.ITEM_CHANGED: _added,
    EventType.ITEM_REMOVED: _removed,
    EventType.BALANCE_CHANGED: _balance,
    EventType.RESET_REQUESTED: _reset,
}


_ITEM_ADDED = EventType.ITEM_ADDED


def adds_credential(event: Event) -> bool:
    """True for a new way to sign in."""
    data = event.data
    return event.type is _ITEM_ADDED and isinstance(data, ItemChange) and data.collection in WAY_IN_COLLECTIONS
