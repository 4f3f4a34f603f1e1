"""What was shown to strangers, or no longer is? Reviews and wish lists that came, changed and went."""

from collections.abc import Generator
from functools import partial
from typing import Any

from django.db.models.signals import post_delete, pre_delete

from takeback_oscar.public import model_of, offered, owner_of, value_of
from takeback_oscar.recorder.account import UserFields, tell_item
from takeback_oscar.recorder.saving import observe_saves, stored
from takeback_oscar.state import refuse_change_while_frozen


def listen() -> None:
    for collection in offered():
        model: Any = model_of(collection)
        observe_saves(model, partial(_saved, collection))
        pre_delete.connect(_going, sender=model, dispatch_uid=f"takeback.{collection}_going")
        gone = partial(_gone, collection)
        # A weak reference would let go of the partial at once.
        post_delete.connect(gone, sender=model, dispatch_uid=f"takeback.{collection}_gone", weak=False)


def _saved(collection: str, item: Any, _columns: UserFields) -> Generator[None, None, None]:
    """A vote on a review, too, saves it; that changes nothing that is told, and so nothing is."""
    owner, old = owner_of(item), stored(item)
    before, after = None if old is None else value_of(old), value_of(item)
    if owner is None or before == after:
        yield
        return
    refuse_change_while_frozen(str(owner))
    yield
    tell_item(str(owner), collection, item.pk, before, after)


def _going(instance: Any, **_: Any) -> None:
    if (owner := owner_of(instance)) is not None:
        refuse_change_while_frozen(str(owner))


def _gone(collection: str, instance: Any, **_: Any) -> None:
    if (owner := owner_of(instance)) is not None:
        tell_item(str(owner), collection, instance.pk, value_of(instance), None)
