"""What has Takeback already done? Its own acts, from the ledger or from the marks that services leave on their events.

They are what makes a plan that was carried out empty: undoing is no part of the owner's history, and is not done again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from takeback.core.account import CONTAINMENT_FIELD
from takeback.core.events import Event, EventType, FieldChanged
from takeback.core.history import of_types
from takeback.core.undo.plan import CONTAINMENT, ActionKind

_FIELD_CHANGED = EventType.FIELD_CHANGED


@dataclass(frozen=True, slots=True)
class Carried:
    """One action that a service has done (or that became a task for staff): the plan's action id, and when."""

    action: ActionKind
    source: str
    id: str
    at: datetime


def marks(events: Sequence[Event]) -> list[Carried]:
    """The containment that services told of by events (docs/reference/shop-api.md, the mark `takeback`)."""
    told = []
    for event in of_types(events, _FIELD_CHANGED):
        data = event.data
        if data.takeback is None or not isinstance(data, FieldChanged) or data.field != CONTAINMENT_FIELD:
            continue
        if isinstance(data.after, str) and data.after in CONTAINMENT:
            told.append(Carried(ActionKind(data.after), event.source, data.takeback.id, event.time))
    return told


def containments(carried: Iterable[Carried]) -> dict[ActionKind, dict[str, datetime]]:
    """For each containing action and source, when it was last done."""
    done: dict[ActionKind, dict[str, datetime]] = {}
    for act in carried:
        if act.action in CONTAINMENT:
            at = done.setdefault(act.action, {})
            at[act.source] = max(act.at, at.get(act.source, act.at))
    return done


def contained_at(events: Sequence[Event], carried: Sequence[Carried]) -> datetime | None:
    """Since when every service that spoke of this account is frozen; None while one is not, or none ever spoke."""
    frozen = containments(carried).get(ActionKind.FREEZE, {})
    if not frozen:
        return None
    sources = {event.source for event in events}
    if not sources or not sources <= frozen.keys():
        return None
    return max(frozen[source] for source in sources)
