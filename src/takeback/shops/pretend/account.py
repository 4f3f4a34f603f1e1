"""What does the pretend shop know of an account? The four shapes of the contract, and what lets somebody in."""

import hashlib
import hmac
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from takeback.core.events import Json, Money
from takeback.core.service import AccountSnapshot

LINK_COLLECTIONS = ("pending_email_changes",)
"""Collections whose items are links that somebody has in a mailbox; they count and expire with the others."""

TOKEN_COLLECTIONS = ("api_tokens", "app_grants")
"""Collections whose items hold a secret of their own, which is destroyed with the sessions and never comes back."""

CREDENTIALS = {
    "passkey": ("passkeys",),
    "sso": ("linked_identities",),
    "token": TOKEN_COLLECTIONS,
    "app_password": ("app_passwords",),
    "delegate": ("delegates",),
    "merged": ("merged_accounts",),
    "device": ("playback_devices",),
}
"""By which method of sign-in an item of which collection lets somebody in."""


class ShopRefused(Exception):
    """The shop refuses; `key` says why, e.g. `session.ended`, `account.frozen`, `card.locked`, `order.shipped`."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The shop refuses: {key}.")
        self.key = key


@dataclass
class Order:
    """`fields` are those that can be set (address, card, ...); a cancel refunds what was `spent`."""

    status: str
    fields: dict[str, Json]
    spent: dict[str, Money] = field(default_factory=dict)


@dataclass
class Account:
    """One account. `password` is a salted hash; None where no password whatever lets anyone in.

    `sessions` is the list of devices that is shown; an intruder may keep one out of it (`unlisted`). So a session
    is alive only in the `epoch` in which it was `opened`. `live_tokens` are refresh, offline and API tokens, `flows`
    half-finished sign-ins. `secrets` are digests of what goes with an item or a field's value (`COLLECTION/ID`,
    `FIELD/VALUE`); they outlive it, so that what comes back works again.
    """

    id: str
    password: str | None
    fields: dict[str, Json] = field(default_factory=dict)
    collections: dict[str, dict[str, Json]] = field(default_factory=dict)
    balances: dict[str, Money] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    live_tokens: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    locked_cards: set[str] = field(default_factory=set)
    cards_masked: bool = False
    frozen: bool = False
    epoch: int = 0
    opened: dict[str, int] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    flows: set[str] = field(default_factory=set)
    secrets: dict[str, list[str]] = field(default_factory=dict)

    def open_session(self, session: str, *, listed: bool = True) -> None:
        """Begin a session of this epoch."""
        (self.sessions if listed else self.unlisted).add(session)
        self.opened[session] = self.epoch

    def is_open(self, session: str) -> bool:
        """True while the session has not been ended; whether it is in the list of devices does not matter."""
        return session in self.sessions | self.unlisted and self.opened.get(session, self.epoch) == self.epoch

    def end_everything(self) -> bool:
        """End sessions, tokens and half-finished sign-ins, also those that are in no list. True where one was alive."""
        alive = self.alive > 0
        for session in self.sessions:
            self.opened.pop(session, None)
        for ended in (self.sessions, self.live_tokens, self.flows):
            ended.clear()
        self.epoch += 1
        return alive

    @property
    def alive(self) -> int:
        """How many sessions, tokens and half-finished sign-ins would still let somebody in."""
        return sum(map(self.is_open, self.sessions | self.unlisted)) + len(self.live_tokens) + len(self.flows)

    def keep_secret(self, name: str, *secrets: str) -> None:
        """Remember what goes with an item or a field's value, as digests."""
        self.secrets[name] = [hashed(self.id, secret) for secret in secrets]

    def knows_secret(self, name: str, secret: str) -> bool:
        """True when this secret goes with that item or value."""
        return any(hmac.compare_digest(kept, hashed(self.id, secret)) for kept in self.secrets.get(name, ()))

    @property
    def second_step(self) -> str | None:
        """The name of the secret that the second step asks for; None where no second step is on."""
        name = secret_of("two_step", self.fields.get("two_step"))
        return name if name in self.secrets or self.fields.get("two_step") == "sms" else None

    def has_password(self, password: str) -> bool:
        """True when this password lets somebody in."""
        return self.password is not None and hmac.compare_digest(self.password, hashed(self.id, password))

    def item(self, collection: str, item_id: str) -> Json:
        """The item, or None."""
        return self.collections.get(collection, {}).get(item_id)

    def add_up(self, balance: str, amount: Decimal, currency: str) -> Money | None:
        """What the balance would be after `amount`; None where that is below zero or in another currency."""
        now = self.balances.get(balance, Money("0", currency))
        after = now.value + amount
        return None if after < 0 or now.currency != currency else Money(f"{after:f}", currency)

    def snapshot(self) -> AccountSnapshot:
        """The account in the form of `GET accounts/{id}`."""
        cards = self.collections.get("cards", {})
        pending = sum(len(self.collections.get(name, {})) for name in LINK_COLLECTIONS)
        return AccountSnapshot(
            account=self.id,
            frozen=self.frozen,
            sessions=self.alive,
            links=len(self.links) + pending,
            password="disabled" if self.password is None else "set",
            cards_locked=self.locked_cards >= cards.keys(),
            cards_masked=self.cards_masked or not cards,
            fields=dict(self.fields),
            collections={name: self._shown(name, items) for name, items in self.collections.items()},
            balances=dict(self.balances),
            orders={order_id: {"status": order.status, **order.fields} for order_id, order in self.orders.items()},
        )

    def _shown(self, collection: str, items: dict[str, Json]) -> dict[str, Json]:
        if collection != "cards":
            return dict(items)
        return {
            item_id: {**value, "locked": item_id in self.locked_cards} if isinstance(value, dict) else value
            for item_id, value in items.items()
        }


def secret_of(field: str, value: Json) -> str:
    """Under which name the secret that goes with this value of a field is kept."""
    return f"{field}/{msgspec.json.encode(value, order='sorted').decode()}"


def hashed(account_id: str, password: str) -> str:
    """Fast, unlike a real shop's, since nothing real hides behind it; tests make thousands."""
    return hashlib.sha256(f"pretend/{account_id}/{password}".encode()).hexdigest()
