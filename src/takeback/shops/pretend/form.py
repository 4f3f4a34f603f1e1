"""Is this a request of the contract's form? Checked for every adapter that takes actions, before anything is done."""

from collections.abc import Mapping

import msgspec

from takeback.core.events import Json, Money
from takeback.core.service import ActionRequest

ARGS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "set_password": {"password": (str,)},
    "set_field": {"field": (str,), "value": ()},
    "add_item": {"collection": (str,), "id": (str,), "value": ()},
    "remove_item": {"collection": (str,), "id": (str,)},
    "cancel_order": {"order": (str,)},
    "intercept_order": {"order": (str,)},
    "set_order_field": {"order": (str,), "field": (str,), "value": ()},
    "adjust_balance": {"balance": (str,), "change": (dict,)},
}
"""What each action cannot be understood without, and its kinds of JSON value; none named means any."""


def complaint(request: ActionRequest) -> str | None:
    """One sentence that says what is wrong with the request, or None. Never repeats a value."""
    if not 0 < len(request.id) <= 200:
        return "`id` has 1 to 200 characters."
    for name, kinds in ARGS.get(request.action, {}).items():
        if name not in request.args:
            return f"the action {request.action} lacks `{name}` in `args`."
        if kinds and not isinstance(request.args[name], kinds):
            return f"the action {request.action} has `{name}` of the wrong kind in `args`."
    if request.action == "adjust_balance" and not _is_money(request.args["change"]):
        return "the action adjust_balance has a `change` in `args` that is not money."
    cards = request.args.get("cards")
    if request.action in {"lock_cards", "unlock_cards"} and not (cards is None or isinstance(cards, list)):
        return f"the action {request.action} has `cards` of the wrong kind in `args`."
    return None


def _is_money(value: Json) -> bool:
    try:
        msgspec.convert(value, Money)
    except msgspec.ValidationError:
        return False
    return True
