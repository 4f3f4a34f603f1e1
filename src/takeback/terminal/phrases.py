"""How is one event, client, session, action or loss said in a line? For terminals; mails and pages have templates of
their own.

Values come from whoever used the account. Whatever a terminal would obey instead of show is taken out of them.
"""

from collections.abc import Mapping

from msgspec import UNSET

from takeback.core.account import CONTACT_FIELDS, SECRET_FIELDS
from takeback.core.contacts import masked
from takeback.core.events import (
    BalanceChanged,
    Client,
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
from takeback.core.investigate.findings import SessionFinding
from takeback.core.investigate.traits import traits
from takeback.core.undo.plan import Action, ActionKind, Irreversible
from takeback.words import name, say

SHORT = 12
_NAMES = {
    "edg": "Edge",
    "opr": "Opera",
    "samsungbrowser": "Samsung Internet",
    "iphone": "iPhone",
    "ipad": "iPad",
    "cros": "ChromeOS",
    "curl": "curl",
    "okhttp": "okhttp",
    "cfnetwork": "CFNetwork",
    "ios": "iOS",
}  # where a capital letter does not do


def plain(text: str) -> str:
    """The text as one line that a terminal shows and does not obey: no escapes, no turning round of direction."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else " " if one.isspace() else "\N{REPLACEMENT CHARACTER}" for one in text)


def an_event(event: Event, language: str) -> str:
    """What happened, in a line; contact points are masked."""
    data, values = event.data, dict[str, object]()
    if isinstance(data, FieldChanged) and data.field in SECRET_FIELDS:
        return say(language, "event.account.item_changed", what=name(language, "field", data.field))
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
    return plain(say(language, f"event.{event.type}", **values))


def a_session(session: SessionFinding, language: str, *, shared: bool) -> str:
    """The session's name, with which of its clients it is where it has several (`shared`)."""
    if not shared:
        return plain(say(language, "terminal.session", session=session.session))
    number = session.strand.removeprefix(session.session).removeprefix("#")
    key = "session_client" if number else "session_first"
    return plain(say(language, f"terminal.{key}", session=session.session, number=number))


def a_client(client: Client, language: str) -> str:
    """What a client showed of itself, short: browser, address, network, country, device."""
    shown = traits(client)
    told = []
    if shown.browser and shown.system:
        family, system = shown.browser.removesuffix(f" / {shown.system}"), shown.system
        words = [_NAMES.get(word, word.capitalize()) for word in (family, system) if word.isalpha() or "-" in word]
        told.append(f"{words[0]} ({words[1]})" if len(words) > 1 else words[0] if words else client.user_agent or "")
    told += [
        value for value in (shown.address, f"AS{shown.network}" if shown.network else None, shown.country) if value
    ]
    if shown.device:
        device = shown.device if len(shown.device) <= SHORT else f"{shown.device[: SHORT - 1]}…"
        told.append(say(language, "terminal.device", device=device))
    return plain(" · ".join(told))


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
    return plain(say(language, f"action.{action.action}", **values))


def what_was_lost(lost: Irreversible, events: Mapping[str, Event], language: str) -> str:
    """What cannot be undone, in a line."""
    kind, _, what = lost.what.partition(".")
    if kind == "viewed":
        return plain(f"{say(language, 'lost.viewed')}: {name(language, 'viewed', what)}")
    orders = []
    for data in (events[one].data for one in lost.events if one in events):
        if isinstance(data, OrderPlaced):
            orders.append(data.order.id)
        elif isinstance(data, OrderStep | OrderChanged):
            orders.append(data.order)
    named = f" ({', '.join(dict.fromkeys(orders))})" if orders else ""
    return plain(say(language, f"lost.{lost.what}") + named)


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
