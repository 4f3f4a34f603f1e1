"""What is everything in the pretend shop's account good for? What an intruder gains by each thing he leaves there.

A thing that is only listed would be gone as soon as the list says so. Here a webhook is called, a card is charged, a
subscription orders, a locker opens; so that a test can try it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from takeback.core.events import EventType, Json, Who
from takeback.shops.pretend.account import Account, Order, ShopRefused
from takeback.shops.pretend.entry import Client
from takeback.shops.pretend.life import Life
from takeback.shops.pretend.log import Told

GRACE = timedelta(days=7)
"""How long security events are still told after somebody has opted out of them: the `opt-out-initiated` of RISC."""


class Use(Life):
    """`calls` are the webhooks that were called: (url, event's type); `alerts` mails about sign-ins: (to, language).
    `PretendShop` adds what Takeback does.
    """

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.calls: list[tuple[str, str]] = []
        self.alerts: list[tuple[str, str]] = []
        self.log.hear = self._pass_on

    def _pass_on(self, event: Told) -> None:
        found = self.accounts.get(event["subject"])
        if found is None:
            return
        for hook in found.collections.get("webhooks", {}).values():
            if isinstance(hook, dict):
                self.calls.append((str(hook.get("url")), event["type"]))
        wanted = found.fields.get("notifications")
        wishes = wanted if isinstance(wanted, dict) else {}
        if event["type"] == EventType.SIGNED_IN and wishes.get("sign_ins", True):
            to = wishes.get("to") or found.fields.get("email")
            self.alerts.append((str(to), str(found.fields.get("language"))))

    def tells_security_events(self, account: str, at: datetime) -> bool:
        """False once somebody has opted out and the grace is over: then nobody hears of a takeover any more."""
        state = self._known(account).fields.get("security_events")
        if not isinstance(state, dict) or state.get("state") != "opt-out-initiated":
            return True
        return at < datetime.fromisoformat(str(state["since"])) + GRACE

    def orders_shown(self, account: str) -> set[str]:
        """The order history as the account page shows it."""
        found = self._known(account)
        return set(found.orders) - set(found.collections.get("hidden_orders", {}))

    def card_shown(self, account: str, card: str) -> str:
        """The card's number as the account page shows it: whole, until numbers are masked."""
        found = self._known(account)
        value = self._item(found, "cards", card)
        last = str(value.get("last4")) if isinstance(value, dict) else ""
        return f"**** {last}" if found.cards_masked else f"4000 0000 0000 {last}"

    def charge(self, account: str, card: str) -> None:
        """The shop charges a stored card, with nobody signed in."""
        found = self._known(account)
        self._item(found, "cards", card)
        if card in found.locked_cards:
            raise ShopRefused("card.locked")

    def buy_with_one_click(self, account: str, at: datetime, client: Client, order: Mapping[str, Any]) -> Told:
        """An order with the default card to the default address, where that is switched on."""
        fields = self._inside(account, client).fields
        if fields.get("one_click") is not True:
            raise ShopRefused("one_click.off")
        standing = {"card": fields.get("default_card"), "address": fields.get("default_address")}
        return self.place_order(account, at, client, {**order, **standing})

    def order_by_voice(self, account: str, at: datetime, device: str, order: Mapping[str, Any]) -> Told:
        """A loudspeaker in somebody's room orders. It needs no session, only that the account knows it."""
        found = self._known(account)
        if found.frozen:
            raise ShopRefused("account.frozen")
        if found.item("playback_devices", device) is None:
            raise ShopRefused("device.unknown")
        return self._place(found, at, order, client={"device": device})

    def renew(self, account: str, at: datetime) -> list[str]:
        """The day of the subscriptions: the shop orders for each. The new orders' numbers."""
        found = self._known(account)
        if found.frozen:
            return []
        placed = []
        for name, value in found.collections.get("subscriptions", {}).items():
            about = value if isinstance(value, dict) else {}
            number = f"{name}-{len(found.orders)}"
            self._place(found, at, {"id": number, "address": about.get("address")}, actor=Who.SYSTEM)
            placed.append(number)
        return placed

    def pay_out(self, account: str) -> list[str]:
        """Where a seller's money goes today."""
        payouts = self._known(account).collections.get("sellers_payouts", {}).values()
        return sorted(str(value.get("iban")) for value in payouts if isinstance(value, dict))

    def pay_return(self, account: str, item_id: str) -> str:
        """Which instrument gets the money of a return that has been taken in."""
        value = self._item(self._known(account), "returns", item_id)
        return str(value.get("refund_to")) if isinstance(value, dict) else ""

    def collect(self, account: str, code: str) -> bool:
        """Somebody types a collection code at the locker. True when it opens."""
        found = self._known(account)
        codes = found.collections.get("pickup_codes", {})
        return not found.frozen and any(found.knows_secret(f"pickup_codes/{item_id}", code) for item_id in codes)

    def public_page(self, account: str) -> dict[str, Json]:
        """What strangers see of the account: profile, shared wish lists, reviews."""
        found = self._known(account)
        lists = found.collections.get("wish_lists", {})
        shared = {name for name, value in lists.items() if isinstance(value, dict) and value.get("shared") is True}
        return {
            "profile": found.fields.get("name") if found.fields.get("profile") == "public" else None,
            "wish_lists": list[Json](sorted(shared)),
            "reviews": list[Json](sorted(found.collections.get("reviews", {}))),
        }

    def transfer(
        self, account: str, at: datetime, client: Client, balance: str, amount: str, to: str, currency: str = "JPY"
    ) -> Told:
        """Gives a balance to another account."""
        event = self.spend(account, at, client, balance, amount, currency)
        self.earn(to, at, balance, amount, currency)
        return event

    def confirm_contact(self, account: str, at: datetime, client: Client, contact: str) -> Told:
        """Opens a link of any kind that went to a contact: it counts as verified from now on. Needs no session."""
        found = self._known(account)
        before = self._item(found, "contacts", contact)
        if found.frozen or not isinstance(before, dict):
            raise ShopRefused("link.void")
        after: Json = {**before, "verified": True}
        found.collections["contacts"][contact] = after
        told: dict[str, Json] = {"collection": "contacts", "id": contact, "before": before, "after": after}
        return self.log.tell(EventType.ITEM_CHANGED, account, at, told, client=client)

    def _place(
        self,
        found: Account,
        at: datetime,
        order: Mapping[str, Any],
        *,
        client: Client | None = None,
        actor: Who = Who.CUSTOMER,
    ) -> Told:
        settable = {name: order[name] for name in ("address", "card", "payment") if name in order}
        found.orders[str(order["id"])] = Order("placed", settable)
        return self.log.tell(EventType.ORDER_PLACED, found.id, at, {"order": dict(order)}, client=client, actor=actor)
