"""How does the pretend shop come to hold the accounts of a history? It replays the events that are told of them."""

from collections.abc import Iterable
from datetime import datetime

from takeback.core.account import UNTOLD, AccountState
from takeback.core.events import Event, Json, Money
from takeback.core.undo.replay import replay
from takeback.shops.pretend.account import Account, Order
from takeback.shops.pretend.shop import PretendShop


def fill(shop: PretendShop, events: Iterable[Event]) -> int:
    """Give the shop the accounts of its own events, as these leave them, each with one open session; how many. Accounts
    that the shop has stay as they are. Nobody knows a password.
    """
    told: dict[str, list[Event]] = {}
    latest = shop.log.last
    for event in events:
        if event.source == shop.source:
            told.setdefault(event.account, []).append(event)
            latest = max(latest, event.time)
    new = [account for account in told if account not in shop.accounts]
    for account in new:
        shop.accounts[account] = _account(account, replay(sorted(told[account], key=_time)))
    shop.log.last = latest
    return len(new)


def _time(event: Event) -> datetime:
    return event.time


def _account(name: str, state: AccountState) -> Account:
    account = Account(name, None, fields={field: _json(value) for (_, field), value in state.fields.items()})
    for (_, collection, item), value in state.items.items():
        if value is UNTOLD or isinstance(value, dict):
            account.collections.setdefault(collection, {})[item] = _json(value)
    for (_, balance, currency), amount in state.balances.items():
        account.balances[balance] = Money(str(amount), currency)
    account.orders = {order: Order(status.value, {}) for (_, order), status in state.orders.items()}
    for (_, order, field), value in state.order_fields.items():
        if order in account.orders:
            account.orders[order].fields[field] = _json(value)
    account.open_session(f"{name}-1")
    return account


def _json(value: object) -> Json:
    """A value of the log as JSON; null where the log does not know it."""
    match value:
        case str() | bool() | int() | float() | dict() | list():
            return value
    return None
