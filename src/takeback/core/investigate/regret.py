"""What did the owner take back herself? She did not want it, and would have known it had it been hers.

An order that she cancels, a field that she sets back, an item that she removes, soon after somebody else did it.
"""

from collections.abc import Sequence
from datetime import timedelta

from takeback.core.events import Event, EventType, FieldChanged, ItemChange, OrderPlaced, OrderStep
from takeback.core.investigate.findings import OWNER
from takeback.core.investigate.judging import Judged

SOON = timedelta(days=14)
_REMOVES = frozenset({EventType.ITEM_REMOVED, EventType.ORDER_CANCELLED})
_TAKES_BACK = _REMOVES | {EventType.FIELD_CHANGED}


def regretted(judged: Sequence[Judged]) -> dict[int, list[str]]:
    """For the place of each doubted strand, the owner's events that took back something that it had done."""
    found: dict[int, list[str]] = {}
    since = min((one.strand.start for one in judged if one.actor is not OWNER), default=None)
    hers = [one.strand for one in judged if one.actor is OWNER and since is not None and one.strand.end > since]
    if not hers:
        return found
    done = _doubtful(judged)
    for event in (event for strand in hers for event in strand.events if event.type in _TAKES_BACK):
        for place, his in done.get(_on(event) or (), ()):
            if his.time < event.time <= his.time + SOON and _takes_back(event, his):
                found.setdefault(place, []).append(event.id)
    return found


def _doubtful(judged: Sequence[Judged]) -> dict[tuple[str, ...], list[tuple[int, Event]]]:
    """What strands that are not the owner's did, by what it was done to."""
    done: dict[tuple[str, ...], list[tuple[int, Event]]] = {}
    for place, one in enumerate(judged):
        if one.actor is not OWNER:
            for event in one.strand.events:
                if (key := _done(event)) is not None:
                    done.setdefault(key, []).append((place, event))
    return done


def _done(event: Event) -> tuple[str, ...] | None:
    data = event.data
    if isinstance(data, OrderPlaced):
        return (event.source, "order", data.order.id)
    return None if event.type in _REMOVES else _on(event)


def _on(event: Event) -> tuple[str, ...] | None:
    data = event.data
    if isinstance(data, FieldChanged):
        return (event.source, "field", data.field)
    if isinstance(data, ItemChange):
        return (event.source, data.collection, str(data.id))
    return (event.source, "order", data.order) if isinstance(data, OrderStep) else None


def _takes_back(event: Event, his: Event) -> bool:
    data, before = event.data, his.data
    if isinstance(data, FieldChanged) and isinstance(before, FieldChanged):
        return data.field == "password" or data.after == before.before
    return True
