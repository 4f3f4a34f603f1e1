"""What does the pretend shop know of an account? The four shapes of the contract, and what lets somebody in."""

import hashlib
import hmac
from dataclasses import dataclass, field
from decimal import Decimal

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
    """One account. `password` is a salted hash; None where no password whatever lets anyone in."""

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
            sessions=len(self.sessions) + len(self.live_tokens),
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


def hashed(account_id: str, password: str) -> str:
    """Fast, unlike a real shop's, since nothing real hides behind it; tests make thousands."""
    return hashlib.sha256(f"pretend/{account_id}/{password}".encode()).hexdigest()
