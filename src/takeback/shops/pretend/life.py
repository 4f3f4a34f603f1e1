"""How does one live in the pretend shop, as a customer or as an intruder? Each act says when and from where.

`client` is the event's `data.client`; its `session` names the session that `sign_in` opens and the other acts need.
Each act returns the event that it recorded (the one of the act itself, where others followed from it), and raises
`ShopRefused` where a real shop would refuse.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from takeback.core.events import EventType, Json, Money, Who
from takeback.shops.pretend.account import TOKEN_COLLECTIONS, Account, Order, ShopRefused, secret_of
from takeback.shops.pretend.actions import refund
from takeback.shops.pretend.entry import Client, Entry
from takeback.shops.pretend.log import Told

SECRET_FIELDS = ("password", "two_step_secret")


class Life(Entry):
    """What people do with the four shapes of an account. `Use` adds what the things in it are good for."""

    def view(self, account: str, at: datetime, client: Client, what: str) -> Told:
        """Looks at cards, addresses, orders or an export."""
        self._inside(account, client)
        return self.log.tell(EventType.VIEWED, account, at, {"what": what}, client=client)

    def change_field(
        self, account: str, at: datetime, client: Client, field: str, value: Any = None, *, secret: str = ""
    ) -> Told:
        """Writes a field; one of a secret carries no values. A password goes through `change_password`.

        `secret` goes with the value and is told to nobody: the answer to a security question.
        """
        found = self._inside(account, client)
        if secret:
            found.keep_secret(f"{field}/{value}", secret)
        data: dict[str, Json] = {"field": field}
        if field not in SECRET_FIELDS:
            data |= {"before": found.fields.get(field), "after": value}
            found.fields[field] = value
        return self.log.tell(EventType.FIELD_CHANGED, account, at, data, client=client)

    def set_up_second_step(self, account: str, at: datetime, client: Client, key: str, secret: str) -> Told:
        """Turns the second step on with a new authenticator in place of any other; `key` names it and is no secret."""
        found = self._inside(account, client)
        value: Json = {"method": "totp", "key": key}
        found.keep_secret(secret_of("two_step", value), secret)
        self.change_field(account, at, client, "two_step_secret")
        return self.change_field(account, at, client, "two_step", value)

    def add_item(
        self,
        account: str,
        at: datetime,
        client: Client,
        collection: str,
        item_id: str,
        value: Any,
        *,
        secrets: Sequence[str] = (),
    ) -> Told:
        """Adds an item; a new token lives at once. `secrets` go with it and are told to nobody: backup codes, a
        card's number, a collection code.
        """
        found = self._inside(account, client)
        if found.item(collection, item_id) is not None:
            raise ShopRefused("item.taken")
        found.collections.setdefault(collection, {})[item_id] = value
        if secrets:
            found.keep_secret(f"{collection}/{item_id}", *secrets)
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
