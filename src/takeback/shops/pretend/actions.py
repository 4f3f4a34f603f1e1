"""What can Takeback have done in the pretend shop? Every action of the contract, on everything the contract names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from takeback.core.events import EventType, Json, Mark, Money, Who
from takeback.core.service import Outcome
from takeback.core.undo.plan import ActionKind
from takeback.shops.pretend.account import LINK_COLLECTIONS, Account, hashed
from takeback.shops.pretend.log import Log

Result = tuple[Outcome, str | None]
DONE: Result = (Outcome.DONE, None)
ALREADY: Result = (Outcome.ALREADY_DONE, None)


@dataclass(frozen=True)
class Deed:
    """One action on one account: `kind` with `args`, at a time, under the mark of Takeback."""

    log: Log
    account: Account
    kind: ActionKind
    args: Mapping[str, Json]
    at: datetime
    mark: Mark

    def tell(self, kind: EventType, data: Mapping[str, Json]) -> None:
        """Record what came about."""
        self.log.tell(kind, self.account.id, self.at, data, actor=Who.SYSTEM, mark=self.mark)

    def contain(self, *, changed: bool) -> Result:
        """Record a containment, where there was something to contain."""
        if not changed:
            return ALREADY
        self.tell(EventType.FIELD_CHANGED, {"field": "containment", "before": None, "after": self.kind.value})
        return DONE

    def text(self, name: str) -> str:
        """An argument that the form has already been checked for."""
        return str(self.args[name])


def impossible(reason: str) -> Result:
    """It cannot be done, and why."""
    return Outcome.IMPOSSIBLE, reason


def freeze(deed: Deed) -> Result:
    """No sign-in, no order, no change by anyone but Takeback."""
    changed, deed.account.frozen = not deed.account.frozen, True
    return deed.contain(changed=changed)


def unfreeze(deed: Deed) -> Result:
    """Opens the account; what was live before the freeze is ended here, should nobody have asked for it yet."""
    changed, deed.account.frozen = deed.account.frozen, False
    if changed:
        deed.account.end_everything()
        _expire(deed)
    return deed.contain(changed=changed)


def end_sessions(deed: Deed) -> Result:
    """Ends sessions and voids tokens; the items of the tokens stay listed, without their secret."""
    return deed.contain(changed=deed.account.end_everything())


def expire_links(deed: Deed) -> Result:
    """Reset links, magic links and pending e-mail changes."""
    return deed.contain(changed=_expire(deed))


def disable_password(deed: Deed) -> Result:
    """No password whatever lets anyone in."""
    changed, deed.account.password = deed.account.password is not None, None
    return deed.contain(changed=changed)


def set_password(deed: Deed) -> Result:
    """A new password, told without values."""
    deed.account.password = hashed(deed.account.id, deed.text("password"))
    deed.tell(EventType.FIELD_CHANGED, {"field": "password"})
    return DONE


def lock_cards(deed: Deed) -> Result:
    """The named cards, or all, cannot pay."""
    cards = _cards(deed)
    if cards is None:
        return impossible("card.unknown")
    changed = not cards <= deed.account.locked_cards
    deed.account.locked_cards |= cards
    return deed.contain(changed=changed)


def unlock_cards(deed: Deed) -> Result:
    """The named cards, or all, can pay again."""
    cards = _cards(deed)
    if cards is None:
        return impossible("card.unknown")
    changed = bool(cards & deed.account.locked_cards)
    deed.account.locked_cards -= cards
    return deed.contain(changed=changed)


def mask_cards(deed: Deed) -> Result:
    """At most BIN and last four are shown from now on."""
    changed, deed.account.cards_masked = not deed.account.cards_masked, True
    return deed.contain(changed=changed)


def set_field(deed: Deed) -> Result:
    """Writes a field; a value of None empties it."""
    name, value = deed.text("field"), deed.args["value"]
    before = deed.account.fields.get(name)
    if before == value:
        return ALREADY
    deed.account.fields[name] = value
    deed.tell(EventType.FIELD_CHANGED, {"field": name, "before": before, "after": value})
    return DONE


def add_item(deed: Deed) -> Result:
    """Puts an item back as it was. One that is a token is listed again, but lets nobody in."""
    collection, item_id, value = deed.text("collection"), deed.text("id"), deed.args["value"]
    before = deed.account.item(collection, item_id)
    if before == value:
        return ALREADY
    deed.account.collections.setdefault(collection, {})[item_id] = value
    told: dict[str, Json] = {"collection": collection, "id": item_id, "after": value}
    if before is None:
        deed.tell(EventType.ITEM_ADDED, told)
    else:
        deed.tell(EventType.ITEM_CHANGED, {**told, "before": before})
    return DONE


def remove_item(deed: Deed) -> Result:
    """Takes an item away, and with it what it let in."""
    collection, item_id = deed.text("collection"), deed.text("id")
    before = deed.account.item(collection, item_id)
    if before is None:
        return ALREADY
    _remove(deed, collection, item_id, before)
    return DONE


def cancel_order(deed: Deed) -> Result:
    """Cancels what has not shipped, and refunds what it took from balances."""
    order = deed.account.orders.get(deed.text("order"))
    if order is None:
        return impossible("order.unknown")
    if order.status == "cancelled":
        return ALREADY
    if order.status != "placed":
        return impossible(f"order.{order.status}")
    order.status = "cancelled"
    deed.tell(EventType.ORDER_CANCELLED, {"order": deed.text("order")})
    refund(deed.log, deed.account, deed.text("order"), deed.at, mark=deed.mark)
    return DONE


def intercept_order(deed: Deed) -> Result:
    """Has the carrier bring back what is on the road; the order ends cancelled."""
    order = deed.account.orders.get(deed.text("order"))
    if order is None:
        return impossible("order.unknown")
    if order.status == "cancelled":
        return ALREADY
    if order.status != "shipped":
        return impossible("order.delivered" if order.status == "delivered" else "order.not_on_the_road")
    order.status = "cancelled"
    deed.tell(EventType.ORDER_CANCELLED, {"order": deed.text("order")})
    refund(deed.log, deed.account, deed.text("order"), deed.at, mark=deed.mark)
    return DONE


def set_order_field(deed: Deed) -> Result:
    """Sets a field of an order that has not shipped."""
    order, name, value = deed.account.orders.get(deed.text("order")), deed.text("field"), deed.args["value"]
    if order is None:
        return impossible("order.unknown")
    before = order.fields.get(name)
    if before == value:
        return ALREADY
    if order.status != "placed":
        return impossible(f"order.{order.status}")
    order.fields[name] = value
    told: dict[str, Json] = {"order": deed.text("order"), "field": name, "before": before, "after": value}
    deed.tell(EventType.ORDER_CHANGED, told)
    return DONE


def adjust_balance(deed: Deed) -> Result:
    """Adds a signed amount; only the action's id keeps it from being added twice."""
    balance, change = deed.text("balance"), deed.args["change"]
    if not isinstance(change, dict):
        return impossible("value.invalid")
    money = Money(str(change["amount"]), str(change["currency"]))
    after = deed.account.add_up(balance, money.value, money.currency)
    if after is None:
        return impossible("balance.too_low")
    deed.account.balances[balance] = after
    deed.tell(EventType.BALANCE_CHANGED, {"balance": balance, "change": change, "reason": "takeback"})
    return DONE


ACTIONS: Mapping[ActionKind, Callable[[Deed], Result]] = {
    ActionKind.FREEZE: freeze,
    ActionKind.UNFREEZE: unfreeze,
    ActionKind.END_SESSIONS: end_sessions,
    ActionKind.EXPIRE_LINKS: expire_links,
    ActionKind.DISABLE_PASSWORD: disable_password,
    ActionKind.SET_PASSWORD: set_password,
    ActionKind.LOCK_CARDS: lock_cards,
    ActionKind.UNLOCK_CARDS: unlock_cards,
    ActionKind.MASK_CARDS: mask_cards,
    ActionKind.SET_FIELD: set_field,
    ActionKind.ADD_ITEM: add_item,
    ActionKind.REMOVE_ITEM: remove_item,
    ActionKind.CANCEL_ORDER: cancel_order,
    ActionKind.INTERCEPT_ORDER: intercept_order,
    ActionKind.SET_ORDER_FIELD: set_order_field,
    ActionKind.ADJUST_BALANCE: adjust_balance,
}


def refund(log: Log, account: Account, order: str, at: datetime, *, mark: Mark | None = None) -> None:
    """What a cancelled order took from balances goes back by itself, once."""
    spent = account.orders[order].spent
    for balance, money in spent.items():
        account.balances[balance] = account.add_up(balance, money.value, money.currency) or money
        change: dict[str, Json] = {"amount": money.amount, "currency": money.currency}
        told: dict[str, Json] = {"balance": balance, "change": change, "reason": "refund", "order": order}
        log.tell(EventType.BALANCE_CHANGED, account.id, at, told, actor=Who.SYSTEM, mark=mark)
    spent.clear()


def _expire(deed: Deed) -> bool:
    changed = bool(deed.account.links)
    deed.account.links.clear()
    for collection in LINK_COLLECTIONS:
        for item_id, before in list(deed.account.collections.get(collection, {}).items()):
            _remove(deed, collection, item_id, before)
            changed = True
    return changed


def _remove(deed: Deed, collection: str, item_id: str, before: Json) -> None:
    del deed.account.collections[collection][item_id]
    deed.account.live_tokens.discard(item_id)
    deed.account.locked_cards.discard(item_id)
    deed.tell(EventType.ITEM_REMOVED, {"collection": collection, "id": item_id, "before": before})


def _cards(deed: Deed) -> set[str] | None:
    """The cards that are meant; None when one of them is not the account's."""
    stored = set(deed.account.collections.get("cards", {}))
    named = deed.args.get("cards")
    if not isinstance(named, list):
        return stored
    cards = {str(card) for card in named}
    return cards if cards <= stored else None
