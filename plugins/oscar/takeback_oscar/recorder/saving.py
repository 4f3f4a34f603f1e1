"""How is a save observed? By wrapping `save` of a model so that the row and the events about it are one transaction.

Signals would not do: outside `ATOMIC_REQUESTS` Django commits the row before `post_save` is sent, and a crash in
between would lose the event. `QuerySet.update` is not seen, as it is not by signals.
"""

import functools
from collections.abc import Callable, Generator
from typing import Any

from django.db import models, transaction

# Gets the object before it is saved, yields once for the saving, and records after it.
Observer = Callable[[Any, frozenset[str] | None], Generator[None, None, None]]


def observe_saves(model: type[models.Model], observer: Observer) -> None:
    """Wraps `model.save` once. `observer(object, update_fields)` runs around each save, within its transaction."""
    original = model.save
    if hasattr(original, "takeback_observer"):
        return

    @functools.wraps(original)
    def save(self: Any, *args: Any, **kwargs: Any) -> None:
        named = kwargs.get("update_fields", args[3] if len(args) > 3 else None)
        with transaction.atomic():
            steps = observer(self, None if named is None else frozenset(named))
            next(steps)
            original(self, *args, **kwargs)
            next(steps, None)

    save.takeback_observer = observer  # type: ignore[attr-defined]
    model.save = save  # type: ignore[method-assign]


def stored(obj: Any) -> Any | None:
    """The row as the database has it now, or None for one that is not there yet."""
    if obj.pk is None:
        return None
    return type(obj)._base_manager.filter(pk=obj.pk).first()
