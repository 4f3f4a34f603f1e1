"""What of the plan is done, and what is to do? Each line with what the intruder left, what is wanted, and the ledger.

A plan that was carried out is empty; so its lines are those of the ledger, and what the plan still wants comes after
them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec import UNSET

from takeback.casework.ledger import Part, row_id
from takeback.casework.ports import ActionRecord
from takeback.core.account import OrderStatus
from takeback.core.events import (
    BalanceChanged,
    Event,
    FieldChanged,
    ItemChange,
    Json,
    OrderChanged,
    OrderPlaced,
    OrderStep,
)
from takeback.core.undo.plan import ActionKind, Plan


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One act of the undoing: from `left` (as the intruder's last event on it has it) to `wanted`; UNSET is "none", or
    not known. `record` is its row in the ledger; None while it is only planned.
    """

    action: ActionKind
    source: str
    args: Mapping[str, Json]
    events: tuple[str, ...]
    left: object
    wanted: object
    record: ActionRecord | None = None


def taken_back(case_id: str, plan: Plan, rows: Iterable[ActionRecord], named: Mapping[str, Event]) -> list[TakenBack]:
    """What the ledger has of the undoing (`rows` of the whole case), then what the plan still wants."""
    undone = [row for row in rows if row.phase == Part.UNDO]
    begun = {row.id for row in undone}
    return [
        *(_line(ActionKind(row.action), row.source, row.args, row.undoes, named, row) for row in undone),
        *(
            _line(act.action, act.source or "", act.args, act.undoes, named)
            for act in plan.undoing
            if row_id(case_id, act.id, act.source or "") not in begun
        ),
    ]


def _line(
    kind: ActionKind,
    source: str,
    args: Mapping[str, Json],
    undoes: tuple[str, ...],
    named: Mapping[str, Event],
    record: ActionRecord | None = None,
) -> TakenBack:
    left = next((value for event in _newest(undoes, named) if (value := _left(event)) is not None), UNSET)
    return TakenBack(kind, source, args, undoes, left, _wanted(kind, args), record)


def _newest(names: Iterable[str], named: Mapping[str, Event]) -> Iterator[Event]:
    yield from reversed([named[name] for name in names if name in named])


def _left(event: Event) -> object:
    """What the event left where it wrote; None where it wrote nothing of that kind."""
    data = event.data
    if isinstance(data, FieldChanged | ItemChange | OrderChanged):
        return data.after
    if isinstance(data, BalanceChanged):
        return data.change
    return OrderStatus.PLACED if isinstance(data, OrderPlaced | OrderStep) else None


def _wanted(kind: ActionKind, args: Mapping[str, Json]) -> object:
    if kind is ActionKind.CANCEL_ORDER:
        return OrderStatus.CANCELLED
    if kind is ActionKind.ADJUST_BALANCE:
        return args.get("change")
    return args.get("value", UNSET)
