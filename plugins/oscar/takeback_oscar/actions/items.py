"""How does an item come back or go? Addresses by their value and old id; cards by what was kept of them; reviews and
wish lists as long as they are there.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from takeback_oscar import cards, public, shapes
from takeback_oscar.actions.deed import Asked, Impossible, Outcome


def add_item(asked: Asked) -> Outcome:
    """Brings an item back, or back to this value where it is there and differs."""
    if asked.args["collection"] == "addresses":
        return _put_address(asked)
    if asked.args["collection"] == "cards":
        return _put_card(asked)
    if asked.args["collection"] in public.offered():
        return _put_public(asked)
    raise Impossible("collection.unsupported")


def remove_item(asked: Asked) -> Outcome:
    collection = asked.args["collection"]
    model = {"addresses": ("address", "UserAddress"), "cards": ("payment", "Bankcard")}.get(collection)
    if model is None and collection not in public.offered():
        raise Impossible("collection.unsupported")
    item = _own_public(asked) if model is None else _own(get_model(*model), asked)
    if item is None:
        return Outcome.ALREADY_DONE
    item.delete()
    return Outcome.DONE


def _own(model: Any, asked: Asked) -> Any | None:
    item_id: str = asked.args["id"]
    if not item_id.isdecimal():
        return None
    return model._default_manager.filter(pk=item_id, user_id=asked.user.pk).first()


def _own_public(asked: Asked) -> Any | None:
    own = public.items_of(asked.args["collection"], asked.user)
    return next((item for item in own if str(item.pk) == asked.args["id"]), None)


def _put_public(asked: Asked) -> Outcome:
    """Back to what it said before. What was deleted took its lines, votes and address with it, and is not made up."""
    item, value = _own_public(asked), asked.args["value"]
    if item is None:
        raise Impossible("item.not_kept")
    if public.value_of(item) == value:
        return Outcome.ALREADY_DONE
    columns = {"name", "visibility", "score", "title", "body"} & public.value_of(item).keys()
    if not columns <= value.keys():
        raise Impossible("value.invalid")
    for column in columns:
        setattr(item, column, value[column])
    try:
        item.clean_fields()
    except ValidationError:
        raise Impossible("value.invalid") from None
    item.save()
    return Outcome.DONE


def _put_address(asked: Asked) -> Outcome:
    model = get_model("address", "UserAddress")
    value, address = asked.args["value"], _own(model, asked)
    if address is not None and shapes.address_value(address) == value:
        return Outcome.ALREADY_DONE
    is_new = address is None
    if address is None:
        if not asked.args["id"].isdecimal() or model._default_manager.filter(pk=asked.args["id"]).exists():
            raise Impossible("item.id_taken")
        address = model(pk=int(asked.args["id"]), user_id=asked.user.pk)
    write_address(address, value)
    try:
        with transaction.atomic():
            address.save(force_insert=is_new)
    except IntegrityError:
        # Oscar keeps one address book entry for one address: the customer has entered it again meanwhile.
        raise Impossible("item.exists") from None
    return Outcome.DONE


def write_address(address: Any, value: Any) -> None:
    """Makes the address what `value` (as events carry it) says; what `value` leaves out becomes empty."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise Impossible("value.invalid")
    columns = {"country", "phone", *shapes.ADDRESS_COLUMNS}
    if not set(value) <= columns:
        raise Impossible("value.invalid")
    country = get_model("address", "Country")._default_manager.filter(pk=value.get("country")).first()
    if country is None:
        raise Impossible("value.invalid")
    address.country = country
    for column in shapes.ADDRESS_COLUMNS:
        if hasattr(address, column):
            setattr(address, column, value.get(column, ""))
    address.phone_number = value.get("phone", "")
    try:
        address.clean_fields(exclude={"user", "hash", "search_text", "date_created"})
        address.clean()
    except ValidationError:
        raise Impossible("value.invalid") from None


def _put_card(asked: Asked) -> Outcome:
    card = _own(get_model("payment", "Bankcard"), asked)
    if card is None:
        if not cards.give_back(asked.account, asked.args["id"]):
            # Without the payment partner's reference a card is a picture of a card.
            raise Impossible("card.not_kept")
        return Outcome.DONE
    wanted, now = asked.args["value"], shapes.card_value(card)
    if {key: part for key, part in wanted.items() if key != "locked"} == now:
        return Outcome.ALREADY_DONE
    raise Impossible("card.not_kept")
