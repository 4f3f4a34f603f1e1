"""What can Takeback have done here? The contract's actions, each carried out once and together with its record."""

import logging
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from takeback_oscar.actions import contain, fields, items, orders
from takeback_oscar.actions.deed import Asked, Deed, Impossible, Outcome
from takeback_oscar.conf import conf
from takeback_oscar.context import Mark, takeback_acting
from takeback_oscar.models import ActionRecord

logger = logging.getLogger("takeback_oscar")
JSON = (str, int, float, bool, dict, list, type(None))

ACTIONS: Mapping[str, Deed] = {
    "freeze": Deed(contain.freeze),
    "unfreeze": Deed(contain.unfreeze),
    "end_sessions": Deed(contain.end_sessions),
    "expire_links": Deed(contain.expire_links),
    "disable_password": Deed(contain.disable_password),
    "set_password": Deed(contain.set_password, {"password": str}),
    "lock_cards": Deed(contain.lock_cards),
    "unlock_cards": Deed(contain.unlock_cards),
    "mask_cards": Deed(contain.mask_cards),
    "set_field": Deed(fields.set_field, {"field": str, "value": JSON}),
    "add_item": Deed(items.add_item, {"collection": str, "id": str, "value": dict}),
    "remove_item": Deed(items.remove_item, {"collection": str, "id": str}),
    "cancel_order": Deed(orders.cancel_order, {"order": str}),
    "intercept_order": Deed(orders.intercept_order, {"order": str}, hook="intercept_order"),
    "set_order_field": Deed(orders.set_order_field, {"order": str, "field": str, "value": JSON}),
}


def carry_out(action_id: str, account: str, action: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one action, in the form of `POST actions`. The same id does the thing once, whoever is first."""
    try:
        with transaction.atomic():
            # First the record: a second request with this id waits here, and then finds that it is taken.
            record = ActionRecord.objects.create(pk=action_id, account=account, action=action, outcome=Outcome.DONE)
            with takeback_acting(Mark(action_id, action)):
                outcome, reason = _attempt(account, action, args)
            record.outcome, record.reason = outcome, reason
            record.save(update_fields=["outcome", "reason"])
    except IntegrityError:
        # Also where the effect broke a rule of the database: then there is no record, and the error goes on.
        known = ActionRecord.objects.filter(pk=action_id).first()
        if known is None:
            raise
        return _repeated(known, account, action)
    logger.info("Action %s on account %s: %s", action, account, outcome)
    return {"id": action_id, "outcome": outcome, "reason": reason}


def _attempt(account: str, action: str, args: Mapping[str, Any]) -> tuple[Outcome, str | None]:
    try:
        # A savepoint: an action that turns out impossible half-way leaves nothing but its record.
        with transaction.atomic():
            return _do(account, action, args), None
    except Impossible as impossible:
        return Outcome.IMPOSSIBLE, impossible.reason


def _do(account: str, action: str, args: Mapping[str, Any]) -> Outcome:
    deed = ACTIONS.get(action)
    if deed is None or (deed.hook is not None and deed.hook not in conf().hooks):
        raise Impossible("action.unsupported")
    try:
        user = get_user_model()._default_manager.select_for_update().filter(pk=account).first()
    except (ValueError, ValidationError, OverflowError):
        user = None
    if user is None:
        raise Impossible("account.unknown")
    return deed.do(Asked(action, user, args))


def _repeated(known: ActionRecord, account: str, action: str) -> dict[str, Any]:
    if (known.account, known.action) != (account, action):
        return {"id": known.pk, "outcome": Outcome.IMPOSSIBLE, "reason": "id.used_for_another_action"}
    outcome = Outcome.IMPOSSIBLE if known.outcome == Outcome.IMPOSSIBLE else Outcome.ALREADY_DONE
    return {"id": known.pk, "outcome": outcome, "reason": known.reason}
