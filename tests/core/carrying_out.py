"""The world after a plan was carried out: the events that a shop which does as it is told would record."""

from datetime import timedelta

from msgspec import UNSET

from takeback.core.account import AccountState
from takeback.core.events import (
    BalanceChanged,
    Data,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    Mark,
    Money,
    OrderChanged,
    OrderStep,
    Who,
)
from takeback.core.undo.carried import Carried
from takeback.core.undo.plan import Action, ActionKind, Plan
from takeback.core.undo.replay import replay


def carry_out(events: list[Event], plan: Plan) -> tuple[list[Event], list[Carried]]:
    """The events as they are afterwards, and what the ledger would say of containment and of what leaves no trace."""
    at = max(event.time for event in events) + timedelta(minutes=5)
    carried = []
    told: list[Event] = []
    for act in plan.actions:
        at += timedelta(seconds=1)
        state = replay([*events, *told])
        for source in {act.source} if act.source else {event.source for event in events}:
            data = _recorded(act, source, state)
            if data is None:
                carried.append(Carried(act.action, source, act.id, at))
            else:
                told.append(Event(f"t-{act.id}", source, "42", at, *data))
    return [*events, *told], carried


def _recorded(act: Action, source: str, state: AccountState) -> tuple[EventType, Data] | None:
    ours = {"actor": Who.SYSTEM, "takeback": Mark(act.id, act.action.value)}
    args = dict(act.args)
    if act.action is ActionKind.SET_FIELD:
        before = state.fields.get((source, args["field"]), UNSET)
        return EventType.FIELD_CHANGED, FieldChanged(field=args["field"], before=before, after=args["value"], **ours)
    if act.action in (ActionKind.ADD_ITEM, ActionKind.REMOVE_ITEM):
        before = state.items.get((source, args["collection"], args["id"]), UNSET)
        after = args.get("value", UNSET)
        kind = EventType.ITEM_REMOVED
        if act.action is ActionKind.ADD_ITEM:
            kind = EventType.ITEM_ADDED if before is UNSET else EventType.ITEM_CHANGED
        return kind, ItemChange(collection=args["collection"], id=args["id"], before=before, after=after, **ours)
    if act.action is ActionKind.CANCEL_ORDER:
        return EventType.ORDER_CANCELLED, OrderStep(order=args["order"], **ours)
    if act.action is ActionKind.SET_ORDER_FIELD:
        before = state.order_fields.get((source, args["order"], args["field"]), UNSET)
        after = args["value"]
        return EventType.ORDER_CHANGED, OrderChanged(
            order=args["order"], field=args["field"], before=before, after=after, **ours
        )
    if act.action is ActionKind.ADJUST_BALANCE:
        change = Money(args["change"]["amount"], args["change"]["currency"])
        return EventType.BALANCE_CHANGED, BalanceChanged(balance=args["balance"], change=change, **ours)
    return None
