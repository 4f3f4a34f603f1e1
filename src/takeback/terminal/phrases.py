"""How is one event, one action, one loss said in a line? For terminals; mails and pages have templates of their own."""

from collections.abc import Mapping

from msgspec import UNSET

from takeback.core.account import CONTACT_FIELDS, SECRET_FIELDS
from takeback.core.contacts import masked
from takeback.core.events import (
    BalanceChanged,
    Event,
    FieldChanged,
    ItemChange,
    Json,
    Money,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    Viewed,
)
from takeback.core.undo.plan import Action, ActionKind, Irreversible
from takeback.words import name, say


def an_event(event: Event, language: str) -> str:
    """What happened, in a line; contact points are masked."""
    data, values = event.data, dict[str, object]()
    if isinstance(data, FieldChanged):
        values = {
            "what": name(language, "field", data.field),
            "before": _value(data.field, data.before, language),
            "after": _value(data.field, data.after, language),
        }
    elif isinstance(data, ItemChange):
        values = {"what": name(language, "collection", data.collection)}
    elif isinstance(data, Viewed):
        values = {"what": name(language, "viewed", data.what)}
    elif isinstance(data, BalanceChanged):
        values = {"what": name(language, "balance", data.balance), "change": money(data.change, signed=True)}
    elif isinstance(data, OrderPlaced):
        values = {"order": data.order.id, "total": money(data.order.total) if data.order.total else "—"}
    elif isinstance(data, OrderChanged):
        values = {"order": data.order, "what": name(language, "field", data.field)}
    elif isinstance(data, OrderStep):
        values = {"order": data.order}
    return say(language, f"event.{event.type}", **values)


def an_action(action: Action, language: str) -> str:
    """What is to be done, in a line."""
    args: Mapping[str, Json] = action.args
    values: dict[str, object] = {key: args[key] for key in ("order", "id") if key in args}
    if action.action in (ActionKind.SET_FIELD, ActionKind.SET_ORDER_FIELD):
        field = str(args["field"])
        values |= {"what": name(language, "field", field), "value": _value(field, args["value"], language)}
    elif "collection" in args:
        values["what"] = name(language, "collection", str(args["collection"]))
    elif action.action is ActionKind.ADJUST_BALANCE and isinstance(change := args["change"], dict):
        values["what"] = name(language, "balance", str(args["balance"]))
        values["change"] = money(Money(str(change["amount"]), str(change["currency"])), signed=True)
    return say(language, f"action.{action.action}", **values)


def what_was_lost(lost: Irreversible, events: Mapping[str, Event], language: str) -> str:
    """What cannot be undone, in a line."""
    kind, _, what = lost.what.partition(".")
    if kind == "viewed":
        return f"{say(language, 'lost.viewed')}: {name(language, 'viewed', what)}"
    orders = []
    for data in (events[one].data for one in lost.events if one in events):
        if isinstance(data, OrderPlaced):
            orders.append(data.order.id)
        elif isinstance(data, OrderStep | OrderChanged):
            orders.append(data.order)
    named = f" ({', '.join(dict.fromkeys(orders))})" if orders else ""
    return say(language, f"lost.{lost.what}") + named


def money(amount: Money, *, signed: bool = False) -> str:
    """An amount as people write it: ¥5,980, or 59.80 EUR."""
    number = f"{amount.value:{'+' if signed else ''},}"
    if amount.currency != "JPY":
        return f"{number} {amount.currency}"
    sign = number[0] if number[0] in "+-" else ""
    return f"{sign}¥{number.removeprefix(sign)}"


def _value(field: str, value: object, language: str) -> str:
    if field in SECRET_FIELDS:
        return say(language, "terminal.secret")
    if value is None or value is UNSET:
        return say(language, "terminal.none")
    return masked(field, value) if field in CONTACT_FIELDS and isinstance(value, str) else str(value)
