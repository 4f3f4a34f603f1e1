"""How is one act, a device or a place said to a customer? Contact points are masked; no number that only machines read.

Values come from whoever used the account: they are shortened, and the template escapes them.
"""

from msgspec import UNSET

from takeback.core.account import CONTACT_FIELDS, SECRET_FIELDS
from takeback.core.case import Language
from takeback.core.contacts import masked
from takeback.core.events import (
    BalanceChanged,
    Client,
    Event,
    FieldChanged,
    ItemChange,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    Viewed,
)
from takeback.core.investigate.traits import traits
from takeback.mail.notices import told_money
from takeback.words import name, say

LONGEST = 60  # characters of a value
_BROWSERS = {
    "edg": "Edge",
    "opr": "Opera",
    "samsungbrowser": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
_SYSTEMS = {
    "android": "Android",
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": "Windows",
    "mac": "Mac",
    "cros": "ChromeOS",
    "linux": "Linux",
}


def told_act(event: Event, language: Language) -> str:
    """What was done, in a few words."""
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
        values = {"what": name(language, "balance", data.balance), "change": told_money(language, data.change)}
    elif isinstance(data, OrderPlaced):
        total = told_money(language, data.order.total) if data.order.total else "—"
        values = {"order": data.order.id, "total": total}
    elif isinstance(data, OrderChanged):
        values = {"order": data.order, "what": name(language, "field", data.field)}
    elif isinstance(data, OrderStep):
        values = {"order": data.order}
    return say(language, f"event.{event.type}", **values)


def told_device(client: Client | None, language: Language) -> str:
    """`iPhone・Safari`, or that it is not known."""
    if client is None or not client.user_agent:
        return say(language, "cards.device_unknown")
    shown = traits(client)
    browser = (shown.browser or "").partition(" / ")[0]
    system = _SYSTEMS.get(shown.system or "", "")
    parts = [part for part in (system, _BROWSERS.get(browser, "")) if part]
    return ("・" if language is Language.JA else ", ").join(parts) or say(language, "cards.device_odd")


def told_place(client: Client | None, language: Language) -> str:
    """The country, or that it is not known."""
    if client is None or not client.country:
        return say(language, "cards.place_unknown")
    return name(language, "country", client.country.upper())[:LONGEST]


def _value(field: str, value: object, language: Language) -> str:
    if value is None or value is UNSET:
        return say(language, "cards.none")
    text = masked(field, value) if field in CONTACT_FIELDS and isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
