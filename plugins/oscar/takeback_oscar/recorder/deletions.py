"""What was removed? Addresses and cards that went, and the address book's defaults with them.

Here signals do: Django deletes a row and sends `post_delete` in one transaction.
"""

from typing import Any

from django.db.models.signals import post_delete, pre_delete
from oscar.core.loading import get_model

from takeback_oscar import cards, shapes
from takeback_oscar.recorder.account import tell_defaults, tell_item
from takeback_oscar.state import refuse_change_while_frozen


def listen() -> None:
    address, card = get_model("address", "UserAddress"), get_model("payment", "Bankcard")
    pre_delete.connect(_address_going, sender=address, dispatch_uid="takeback.address_going")
    post_delete.connect(_address_gone, sender=address, dispatch_uid="takeback.address_gone")
    pre_delete.connect(_card_going, sender=card, dispatch_uid="takeback.card_going")
    post_delete.connect(_card_gone, sender=card, dispatch_uid="takeback.card_gone")


def _address_going(instance: Any, **_: Any) -> None:
    account = str(instance.user_id)
    refuse_change_while_frozen(account)
    instance._takeback_defaults = shapes.defaults_of(account)


def _address_gone(instance: Any, **_: Any) -> None:
    account = str(instance.user_id)
    tell_item(account, "addresses", instance.pk, shapes.address_value(instance), None)
    tell_defaults(account, instance._takeback_defaults)


def _card_going(instance: Any, **_: Any) -> None:
    refuse_change_while_frozen(str(instance.user_id))


def _card_gone(instance: Any, **_: Any) -> None:
    cards.keep_removed(instance)
    tell_item(str(instance.user_id), "cards", instance.pk, shapes.card_value(instance), None)
