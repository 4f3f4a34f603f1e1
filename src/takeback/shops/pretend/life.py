"""How does one live in the pretend shop, as a customer or as an intruder? Each act says when and from where.

`client` is the event's `data.client`; its `session` names the session that `sign_in` opens and the other acts need.
Each act returns the event that it recorded (the one of the act itself, where others followed from it), and raises
`ShopRefused` where a real shop would refuse.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from takeback.core.events import EventType, Json, Money, Who
from takeback.shops.pretend.account import CREDENTIALS, LINK_COLLECTIONS, TOKEN_COLLECTIONS, Account, Order, ShopRefused
from takeback.shops.pretend.account import hashed as hash_of
from takeback.shops.pretend.actions import refund
from takeback.shops.pretend.log import Log, Told

Client = Mapping[str, Any]
SECRET_FIELDS = ("password", "two_step_secret")


class Life:
    """What people do. `PretendShop` adds what Takeback does."""

    def __init__(self, source: str) -> None:
        self.log = Log(source)
        self.accounts: dict[str, Account] = {}

    def register(self, account: str, at: datetime, fields: Mapping[str, Any], *, password: str) -> list[Told]:
        """A new account; its opening events, one for each field."""
        if account in self.accounts:
            raise ShopRefused("account.taken")
        self.accounts[account] = Account(account, hash_of(account, password), fields=dict(fields))
        return [
            self.log.tell(
                EventType.FIELD_CHANGED,
                account,
                at,
                {"field": name, "before": None, "after": value},
                actor=Who.SYSTEM,
            )
            for name, value in fields.items()
        ]

    def sign_in(
        self,
        account: str,
        at: datetime,
        client: Client,
        *,
        password: str = "",
        method: str = "password",
        credential: str = "",
    ) -> Told:
        """Opens the session that `client` names, or tells `account.sign_in_failed`; which, the event's type says."""
        found = self._known(account)
        reason = self._why_not(found, password, method, credential)
        if reason:
            return self.log.tell(EventType.SIGN_IN_FAILED, account, at, {"reason": reason}, client=client)
        found.sessions.add(str(client["session"]))
        data: dict[str, Json] = {"method": method, "second_factor": "none"}
        if credential:
            data["credential"] = credential
        return self.log.tell(EventType.SIGNED_IN, account, at, data, client=client)

    def is_signed_in(self, account: str, session: str) -> bool:
        """True while the session is good for anything."""
        found = self._known(account)
        return session in found.sessions and not found.frozen

    def sign_out(self, account: str, at: datetime, client: Client) -> Told:
        """Ends the session."""
        self._inside(account, client).sessions.discard(str(client["session"]))
        return self.log.tell(EventType.SIGNED_OUT, account, at, {}, client=client)

    def request_link(self, account: str, at: datetime, client: Client, link: str, *, to: str = "") -> Told:
        """Asks for a reset link; `link` names it. Needs no session, and is not sent for a frozen account."""
        found = self._known(account)
        if found.frozen:
            raise ShopRefused("account.frozen")
        found.links.add(link)
        data: dict[str, Json] = {"channel": "mail", "to": to}
        return self.log.tell(EventType.RESET_REQUESTED, account, at, data, client=client)

    def use_link(self, account: str, at: datetime, client: Client, link: str, *, new_password: str = "") -> Told:
        """Signs in by a link, once, and sets a new password where one is given."""
        found = self._known(account)
        if found.frozen or link not in found.links:
            raise ShopRefused("link.void")
        found.links.discard(link)
        found.sessions.add(str(client["session"]))
        event = self.log.tell(EventType.SIGNED_IN, account, at, {"method": "link"}, client=client)
        return self.change_password(account, at, client, new_password) if new_password else event

    def view(self, account: str, at: datetime, client: Client, what: str) -> Told:
        """Looks at cards, addresses, orders or an export."""
        self._inside(account, client)
        return self.log.tell(EventType.VIEWED, account, at, {"what": what}, client=client)

    def change_field(self, account: str, at: datetime, client: Client, field: str, value: Json = None) -> Told:
        """Writes a field; one of a secret carries no values. A password goes through `change_password`."""
        found = self._inside(account, client)
        data: dict[str, Json] = {"field": field}
        if field not in SECRET_FIELDS:
            data |= {"before": found.fields.get(field), "after": value}
            found.fields[field] = value
        return self.log.tell(EventType.FIELD_CHANGED, account, at, data, client=client)

    def change_password(self, account: str, at: datetime, client: Client, password: str) -> Told:
        """A new password; the other sessions stay, as in many a real shop."""
        self._inside(account, client).password = hash_of(account, password)
        return self.change_field(account, at, client, "password")

    def add_item(self, account: str, at: datetime, client: Client, collection: str, item_id: str, value: Any) -> Told:
        """Adds an item; a new token lives at once."""
        found = self._inside(account, client)
        if found.item(collection, item_id) is not None:
            raise ShopRefused("item.taken")
        found.collections.setdefault(collection, {})[item_id] = value
        if collection in TOKEN_COLLECTIONS:
            found.live_tokens.add(item_id)
        told: dict[str, Json] = {"collection": collection, "id": item_id, "after": value}
        return self.log.tell(EventType.ITEM_ADDED, account, at, told, client=client)

    def change_item(
        self, account: str, at: datetime, client: Client, collection: str, item_id: str, value: Any
    ) -> Told:
        """Rewrites an item."""
        found = self._inside(account, client)
        before = self._item(found, collection, item_id)
        found.collections[collection][item_id] = value
        told: dict[str, Json] = {"collection": collection, "id": item_id, "before": before, "after": value}
        return self.log.tell(EventType.ITEM_CHANGED, account, at, told, client=client)

    def remove_item(self, account: str, at: datetime, client: Client, collection: str, item_id: str) -> Told:
        """Removes an item, and with it what it let in."""
        found = self._inside(account, client)
        before = self._item(found, collection, item_id)
        del found.collections[collection][item_id]
        found.live_tokens.discard(item_id)
        told: dict[str, Json] = {"collection": collection, "id": item_id, "before": before}
        return self.log.tell(EventType.ITEM_REMOVED, account, at, told, client=client)

    def confirm_email(self, account: str, at: datetime, client: Client, pending: str) -> Told:
        """Opens the link of a pending e-mail change; needs no session. The item's `email` becomes the account's."""
        found = self._known(account)
        value = found.collections.get(LINK_COLLECTIONS[0], {}).get(pending)
        if found.frozen or not isinstance(value, dict):
            raise ShopRefused("link.void")
        del found.collections[LINK_COLLECTIONS[0]][pending]
        told: dict[str, Json] = {"collection": LINK_COLLECTIONS[0], "id": pending, "before": value}
        self.log.tell(EventType.ITEM_REMOVED, account, at, told, client=client)
        before, found.fields["email"] = found.fields.get("email"), value["email"]
        data: dict[str, Json] = {"field": "email", "before": before, "after": value["email"]}
        return self.log.tell(EventType.FIELD_CHANGED, account, at, data, client=client)

    def earn(self, account: str, at: datetime, balance: str, amount: str, currency: str = "JPY") -> Told:
        """The shop credits a balance, e.g. points of a campaign."""
        return self._move(self._known(account), at, balance, Decimal(amount), currency, {}, actor=Who.SYSTEM)

    def spend(
        self,
        account: str,
        at: datetime,
        client: Client,
        balance: str,
        amount: str,
        currency: str = "JPY",
        order: str = "",
    ) -> Told:
        """Takes from a balance, for an order where one is named; `balance.too_low` where it is not enough."""
        found = self._inside(account, client)
        about: dict[str, Json] = {"order": order} if order else {}
        paid = self._order(found, order).spent if order else {}
        event = self._move(found, at, balance, -Decimal(amount), currency, about, client=client)
        paid[balance] = Money(f"{paid.get(balance, Money('0', currency)).value + Decimal(amount):f}", currency)
        return event

    def place_order(self, account: str, at: datetime, client: Client, order: Mapping[str, Any]) -> Told:
        """Places an order in the form of the contract; `order["card"]` is the id of a stored card or None."""
        found = self._inside(account, client)
        card, order_id = order.get("card"), str(order["id"])
        if order_id in found.orders:
            raise ShopRefused("order.taken")
        if card is not None and found.item("cards", str(card)) is None:
            raise ShopRefused("card.unknown")
        if card is not None and card in found.locked_cards:
            raise ShopRefused("card.locked")
        settable = {name: order[name] for name in ("address", "card", "payment") if name in order}
        found.orders[order_id] = Order("placed", settable)
        return self.log.tell(EventType.ORDER_PLACED, account, at, {"order": dict(order)}, client=client)

    def change_order(self, account: str, at: datetime, client: Client, order: str, field: str, value: Json) -> Told:
        """Changes a field of an order that has not shipped, such as its address."""
        found = self._inside(account, client)
        placed = self._order(found, order, must_be="placed")
        before, placed.fields[field] = placed.fields.get(field), value
        told: dict[str, Json] = {"order": order, "field": field, "before": before, "after": value}
        return self.log.tell(EventType.ORDER_CHANGED, account, at, told, client=client)

    def cancel_order(self, account: str, at: datetime, client: Client, order: str) -> Told:
        """Cancels an order that has not shipped."""
        found = self._inside(account, client)
        self._order(found, order, must_be="placed").status = "cancelled"
        event = self.log.tell(EventType.ORDER_CANCELLED, account, at, {"order": order}, client=client)
        refund(self.log, found, order, at)
        return event

    def ship(self, account: str, at: datetime, order: str, tracking: str = "") -> Told:
        """The warehouse hands the parcel over, freeze or no freeze; a cancelled order stays."""
        self._order(self._known(account), order, must_be="placed").status = "shipped"
        data: dict[str, Json] = {"order": order, "tracking": tracking or None}
        return self.log.tell(EventType.ORDER_SHIPPED, account, at, data, actor=Who.SYSTEM)

    def deliver(self, account: str, at: datetime, order: str) -> Told:
        """The carrier delivers a shipped parcel."""
        self._order(self._known(account), order, must_be="shipped").status = "delivered"
        return self.log.tell(EventType.ORDER_DELIVERED, account, at, {"order": order}, actor=Who.SYSTEM)

    def send_message(self, account: str, at: datetime, message: Mapping[str, Any]) -> Told:
        """A row of the ledger of what was really sent: `message_id`, `channel`, `to` (masked), `template`, `order`."""
        return self.log.tell(EventType.MESSAGE_SENT, account, at, message, actor=Who.SYSTEM)

    def _move(
        self,
        found: Account,
        at: datetime,
        balance: str,
        amount: Decimal,
        currency: str,
        about: Mapping[str, Json],
        *,
        client: Client | None = None,
        actor: Who = Who.CUSTOMER,
    ) -> Told:
        after = found.add_up(balance, amount, currency)
        if after is None:
            raise ShopRefused("balance.too_low")
        found.balances[balance] = after
        change: dict[str, Json] = {"amount": f"{amount:f}", "currency": currency}
        data: dict[str, Json] = {"balance": balance, "change": change, **about}
        return self.log.tell(EventType.BALANCE_CHANGED, found.id, at, data, client=client, actor=actor)

    def _known(self, account: str) -> Account:
        if account not in self.accounts:
            raise ShopRefused("account.unknown")
        return self.accounts[account]

    def _inside(self, account: str, client: Client) -> Account:
        found = self._known(account)
        if found.frozen:
            raise ShopRefused("account.frozen")
        if client.get("session") not in found.sessions:
            raise ShopRefused("session.ended")
        return found

    def _order(self, found: Account, order: str, *, must_be: str = "") -> Order:
        if order not in found.orders:
            raise ShopRefused("order.unknown")
        if must_be and found.orders[order].status != must_be:
            raise ShopRefused(f"order.{found.orders[order].status}")
        return found.orders[order]

    def _item(self, found: Account, collection: str, item_id: str) -> Json:
        value = found.item(collection, item_id)
        if value is None:
            raise ShopRefused("item.unknown")
        return value

    def _why_not(self, found: Account, password: str, method: str, credential: str) -> str | None:
        if found.frozen:
            return "frozen"
        if method == "password":
            return None if found.has_password(password) else "password"
        held = any(found.item(collection, credential) is not None for collection in CREDENTIALS.get(method, ()))
        dead = method == "token" and credential not in found.live_tokens
        return "credential" if dead or not held else None
