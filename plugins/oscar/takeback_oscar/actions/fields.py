"""How does a field get its value back? The user's own columns, the divided name, and the address book's defaults."""

from typing import Any

from django.core.exceptions import ValidationError
from oscar.core.loading import get_model

from takeback_oscar import shapes
from takeback_oscar.actions.deed import Asked, Impossible, Outcome
from takeback_oscar.conf import conf
from takeback_oscar.state import state_of

DEFAULTS = {"default_address": "is_default_for_shipping", "default_billing_address": "is_default_for_billing"}


def set_field(asked: Asked) -> Outcome:
    field, value = asked.args["field"], asked.args["value"]
    if field in DEFAULTS:
        return _set_default(asked, DEFAULTS[field], value)
    if field == "name":
        return _write(asked.user, dict(zip(("first_name", "last_name"), _divide(asked, value), strict=True)))
    column = "email" if field == "email" else conf().fields.get(field)
    if column is None:
        raise Impossible("field.unsupported")
    if field == "email":
        _refuse_taken(asked, value)
    return _write(asked.user, {column: "" if value is None else value})


def _write(user: Any, values: dict[str, Any]) -> Outcome:
    if all(getattr(user, column) == value for column, value in values.items()):
        return Outcome.ALREADY_DONE
    for column, value in values.items():
        setattr(user, column, value)
    try:
        user.clean_fields(exclude={field.name for field in user._meta.fields} - set(values))
    except ValidationError:
        raise Impossible("value.invalid") from None
    user.save(update_fields=list(values))
    return Outcome.DONE


def _refuse_taken(asked: Asked, value: Any) -> None:
    """An address may by now belong to another account; two people cannot be let in by one."""
    others = type(asked.user)._default_manager.exclude(pk=asked.user.pk)
    if not isinstance(value, str) or not value:
        raise Impossible("value.invalid")
    if others.filter(email__iexact=value).exists():
        raise Impossible("field.taken")


def _divide(asked: Asked, name: Any) -> tuple[str, str]:
    """Given and family name: as they were when the shop last had this name, else at the first space."""
    if name is None:
        return "", ""
    if not isinstance(name, str):
        raise Impossible("value.invalid")
    if known := state_of(asked.account).names.get(name):
        return known[0], known[1]
    first, _, second = name.strip().partition(" ")
    if not second:
        return ("", first) if conf().name_order == "family given" else (first, "")
    return (second, first) if conf().name_order == "family given" else (first, second)


def _set_default(asked: Asked, flag: str, value: Any) -> Outcome:
    model = get_model("address", "UserAddress")
    field = next(name for name, column in DEFAULTS.items() if column == flag)
    if shapes.defaults_of(asked.account)[field] == value:
        return Outcome.ALREADY_DONE
    own = model._default_manager.filter(user_id=asked.user.pk)
    if value is None:
        address, wanted = own.filter(**{flag: True}).first(), False
    else:
        address, wanted = (own.filter(pk=value).first() if str(value).isdecimal() else None), True
    if address is None:
        raise Impossible("item.unknown")
    setattr(address, flag, wanted)
    address.save()
    return Outcome.DONE
