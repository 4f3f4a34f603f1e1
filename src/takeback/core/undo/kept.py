"""What stays although the intruder touched it, because somebody else wrote it after him?

Where he and somebody else wrote different keys of one object, each key is looked at by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from takeback.core.account import CONTAINMENT_FIELD, SECRET_FIELDS
from takeback.core.events import Event, FieldChanged, ItemChange, OrderChanged, Who
from takeback.core.investigate.findings import UNKNOWN, Findings
from takeback.core.undo.plan import Kept
from takeback.core.undo.replay import Replays

WHOLE = ""  # the part that stands for all of a value that was written as one


@dataclass(slots=True)
class _Since:
    """For each part of one target, the events of others since his last on that part."""

    parts: dict[str, list[Event]] = field(default_factory=dict)

    def his(self, keys: Sequence[str] | None) -> None:
        """He wrote these keys; None is all of it."""
        for key in tuple(self.parts) if keys is None else (WHOLE, *keys):
            self.parts.pop(key, None)

    def others(self, event: Event, keys: Sequence[str] | None) -> None:
        """Somebody else wrote these keys; None is all of it."""
        for key in (WHOLE,) if keys is None else keys:
            self.parts.setdefault(key, []).append(event)


def kept(
    events: Sequence[Event],
    his: AbstractSet[str],
    findings: Findings,
    both: Replays,
    undone: AbstractSet[tuple[str, str]],
) -> tuple[Kept, ...]:
    """What stays, by target. `events` are all on touched targets; `undone` are the sources and targets that have
    an action: of those, only some keys stay, which are named.
    """
    since: dict[tuple[str, str], _Since] = {}
    for event in events:
        target = _target(event, both)
        if target is None:
            continue
        keys = both.parts.get(event.id)
        if event.id in his:
            since.setdefault((event.source, target), _Since()).his(keys)
        elif event.data.takeback is None and (event.source, target) in since:
            since[(event.source, target)].others(event, keys)
    return tuple(one for key, parts in since.items() for one in _told(key[1], parts, findings, key in undone))


def _told(target: str, since: _Since, findings: Findings, partly: bool) -> Iterator[Kept]:
    writers: dict[str, list[str]] = {}
    for key, later in since.parts.items():
        writers.setdefault(_writer(later[-1], findings), []).append(key)
    for writer, keys in writers.items():
        told: Mapping[str, Event] = {event.id: event for key in keys for event in since.parts[key]}
        events = sorted(told.values(), key=lambda event: (event.time, event.source, event.id))
        named = tuple(sorted(key for key in keys if key)) if partly else ()
        yield Kept(target, f"{writer}.wrote_later", tuple(event.id for event in events), named)


def _target(event: Event, both: Replays) -> str | None:
    data = event.data
    if isinstance(data, FieldChanged):
        return None if data.field in SECRET_FIELDS or data.field == CONTAINMENT_FIELD else f"field:{data.field}"
    if isinstance(data, ItemChange):
        return f"{data.collection}:{data.id}"
    if isinstance(data, OrderChanged) and (event.source, data.order) not in both.gone:
        return f"order:{data.order}:{data.field}"
    return None


def _writer(event: Event, findings: Findings) -> str:
    if event.data.actor is not Who.CUSTOMER:
        return event.data.actor.value
    return findings.events.get(event.id, UNKNOWN).value
