"""What came of it?

The case as the result mail and the case page tell it: what was read back, taken back, kept, lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from takeback.casework.freeze import stopped_services
from takeback.casework.investigate import Inquiry
from takeback.casework.ledger import SETTLED, Part
from takeback.casework.ports import ActionRecord, House, Task
from takeback.core.account import CONTACT_FIELDS
from takeback.core.case import Case
from takeback.core.contacts import masked
from takeback.core.events import Event, Json, Money, OrderPlaced
from takeback.core.service import Outcome
from takeback.core.undo.plan import Action, ActionKind, Irreversible, Kept


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as the customer knows it: its number, what was in it, what it cost."""

    id: str
    names: tuple[str, ...]
    total: Money | None


@dataclass(frozen=True, slots=True)
class Change:
    """One act of the undoing.

    `value` is fit to be shown: contact points are masked. `held`: as read back, None where that cannot show it.
    """

    action: str
    source: str
    target: str  # the field, the collection, the balance or the order's id
    value: str | None
    settled: bool
    held: bool | None
    order: OrderLine | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """What cannot be undone, and what can be done about it (both are keys)."""

    what: str
    advice: str
    orders: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The whole result. The three of containment are None while a service could not be read back."""

    services: Mapping[str, bool]
    cards_locked: bool | None
    cards_masked: bool | None
    password_void: bool | None
    changes: tuple[Change, ...]
    cancelled: tuple[Change, ...]
    kept: tuple[Kept, ...]
    lost: tuple[Lost, ...]
    seen: tuple[str, ...]  # what the intruder looked at, keys
    questions: int
    tasks: tuple[Task, ...]
    hold_until: datetime | None


def result_of(house: House, case: Case, inquiry: Inquiry) -> Result:
    """The case's result as the ledger and the log have it now."""
    orders = orders_of(inquiry.events)
    contained = [row for row in inquiry.read.rows if row.phase == Part.FREEZE]
    changes = [_change(row, orders) for row in inquiry.read.rows if row.phase == Part.UNDO]
    undone = [
        change for change in changes if change.action not in (ActionKind.CANCEL_ORDER, ActionKind.INTERCEPT_ORDER)
    ]
    irreversible = inquiry.plan.irreversible
    placed = {event.id: event.data.order.id for event in inquiry.events if isinstance(event.data, OrderPlaced)}
    return Result(
        services=stopped_services(house, contained),
        cards_locked=_held(contained, ActionKind.LOCK_CARDS),
        cards_masked=_held(contained, ActionKind.MASK_CARDS),
        password_void=_held(contained, ActionKind.DISABLE_PASSWORD),
        changes=tuple(undone),
        cancelled=tuple(change for change in changes if change.action == ActionKind.CANCEL_ORDER),
        kept=inquiry.plan.kept,
        lost=_lost(changes, irreversible, {event: orders[order] for event, order in placed.items()}),
        seen=tuple(one.what for one in irreversible if one.what.startswith("viewed.")),
        questions=len(inquiry.plan.questions),
        tasks=tuple(task for task in house.cases.tasks(case.id) if task.closed_at is None),
        hold_until=case.hold_until,
    )


def _lost(
    changes: list[Change], irreversible: tuple[Irreversible, ...], placed: Mapping[str, OrderLine]
) -> tuple[Lost, ...]:
    """What is lost, one of a kind, and the parcels that were on the road, called back since or not."""
    kinds: dict[tuple[str, str], dict[str, OrderLine]] = {}
    for one in irreversible:
        if not one.what.startswith("viewed."):
            orders = kinds.setdefault((one.what, one.advice), {})
            orders.update({placed[event].id: placed[event] for event in one.events if event in placed})
    told = {name for orders in kinds.values() for name in orders}
    for change in changes:
        if change.action == ActionKind.INTERCEPT_ORDER and change.order is not None and change.order.id not in told:
            kinds.setdefault(("order.shipped", "intercept_order"), {})[change.order.id] = change.order
    return tuple(Lost(what, advice, tuple(orders.values())) for (what, advice), orders in kinds.items())


def planned(inquiry: Inquiry, actions: list[Action]) -> list[Change]:
    """Undoing that is still to come, in the form in which it is told afterwards."""
    orders = orders_of(inquiry.events)
    return [_told(act.action.value, act.source or "", act.args, orders, settled=False, held=None) for act in actions]


def orders_of(events: list[Event]) -> dict[str, OrderLine]:
    """Every order that the log knows, by its number."""
    found = {}
    for event in events:
        if isinstance(event.data, OrderPlaced):
            order = event.data.order
            found[order.id] = OrderLine(order.id, tuple(line.name for line in order.lines if line.name), order.total)
    return found


def _held(rows: list[ActionRecord], kind: ActionKind) -> bool | None:
    """True when every service reads back so; False when one does not; None while one could not be asked."""
    held = [row.read_back_ok for row in rows if row.action == kind]
    if not held or None in held:
        return None
    return all(held)


def _change(row: ActionRecord, orders: Mapping[str, OrderLine]) -> Change:
    settled = row.outcome in SETTLED
    held = False if row.outcome is Outcome.IMPOSSIBLE and not row.read_back_ok else row.read_back_ok
    return _told(row.action, row.source, row.args, orders, settled=settled, held=held)


def _told(
    action: str,
    source: str,
    args: Mapping[str, Json],
    orders: Mapping[str, OrderLine],
    *,
    settled: bool,
    held: bool | None,
) -> Change:
    target = str(args.get("field") or args.get("collection") or args.get("balance") or args.get("order") or "")
    order = str(args["order"]) if "order" in args else None
    line = orders.get(order, OrderLine(order, (), None)) if order is not None else None
    return Change(action, source, target, _shown(action, target, args), settled, held, line)


def _shown(action: str, target: str, args: Mapping[str, Json]) -> str | None:
    if action == ActionKind.ADJUST_BALANCE and isinstance(change := args.get("change"), dict):
        return f"{change.get('amount')} {change.get('currency')}"
    value = args.get("value")
    if action != ActionKind.SET_FIELD or not isinstance(value, str | int | bool):
        return None
    return masked(target, str(value)) if target in CONTACT_FIELDS else str(value)
