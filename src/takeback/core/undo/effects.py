"""What did the intruder's events do to the account, and which actions take it back?

Replay everything, replay all but the intruder's events, and the plan is the difference. What Takeback itself has done
since is left out of the second replay as well: it is the undoing of the intruder's part, not the owner's history.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec
from msgspec import UNSET

from takeback.core.account import CONTACT_FIELDS, SECRET_FIELDS, AccountState, OrderStatus, replay
from takeback.core.events import Event, Json, OrderPlaced
from takeback.core.investigate.findings import Actor, Findings
from takeback.core.undo.carried import Carried, containments
from takeback.core.undo.irreversible import irreversible
from takeback.core.undo.plan import CONTAINMENT, Action, ActionKind, Plan, digest, make
from takeback.core.undo.questions import questions
from takeback.core.undo.touched import Touched, kept, on_touched, touched

# Safe to stop anywhere: goods first, then what the owner had comes back before what the intruder brought goes.
ORDER = (
    ActionKind.CANCEL_ORDER,
    ActionKind.INTERCEPT_ORDER,
    ActionKind.SET_ORDER_FIELD,
    ActionKind.ADD_ITEM,
    ActionKind.SET_FIELD,
    ActionKind.REMOVE_ITEM,
    ActionKind.ADJUST_BALANCE,
)


def plan_undo(events: Sequence[Event], findings: Findings, carried: Sequence[Carried] = ()) -> Plan:
    """The plan for one account's `events` (in order of time), given who did what and what Takeback has done since."""
    if not findings.compromised:
        return make(findings.account, (), (), questions(events, findings), ())
    actors = findings.events
    his = [event for event in events if actors.get(event.id) is Actor.INTRUDER]
    by_target = touched(his)
    # A target that he never touched is the same in both replays; so only what happened to the others is replayed.
    replayed = on_touched(events, by_target)
    left_out = {event.id for event in his} | {event.id for event in replayed if event.data.takeback is not None}
    is_now, should_be = replay(replayed), replay(replayed, without=left_out)
    done = {act.id for act in carried}
    differences = _differences(findings.account, is_now, should_be, by_target, replayed)
    undoing = sorted((a for a in differences if a.id not in done), key=_place)
    return make(
        findings.account,
        (*_containment(events, his, findings.account, carried), *undoing),
        kept(replayed, findings, by_target),
        questions(events, findings),
        irreversible(his, replayed, is_now, should_be, by_target),
    )


def action(
    account: str, kind: ActionKind, args: dict[str, Json], undoes: tuple[str, ...], source: str | None
) -> Action:
    """An action whose id says what it is: the same undoing has the same id in every run."""
    return Action(digest(account, kind, source, args, sorted(undoes))[:32], kind, args, undoes, source)


def _containment(
    events: Sequence[Event], his: Sequence[Event], account: str, carried: Sequence[Carried]
) -> Iterator[Action]:
    """The six, unless each has been done since his last act: freezing everywhere, the others wherever they can be."""
    last = max(event.time for event in his if event.by_customer)
    done = containments(carried)
    sources = {event.source for event in events}
    frozen = {source for source, at in done.get(ActionKind.FREEZE, {}).items() if at >= last}
    for kind in CONTAINMENT:
        since = {source for source, at in done.get(kind, {}).items() if at >= last}
        if not (sources <= frozen and since):
            yield action(account, kind, {}, (), None)


def _differences(
    account: str, now: AccountState, clean: AccountState, by: Touched, events: Sequence[Event]
) -> Iterator[Action]:
    yield from _orders(account, now, clean, by, events)
    for (source, name), value in now.fields.items():
        wanted = clean.fields.get((source, name), UNSET)
        undoes = by.fields.get((source, name), ())
        if undoes and wanted is not UNSET and value != wanted and name not in SECRET_FIELDS:
            args: dict[str, Json] = {"field": name, "value": _json(wanted)}
            yield action(account, ActionKind.SET_FIELD, args, undoes, source)
    for (source, collection, name), value in now.items.items():
        wanted = clean.items.get((source, collection, name), UNSET)
        undoes = by.items.get((source, collection, name), ())
        if value == wanted or not undoes:
            continue
        args = {"collection": collection, "id": name}
        if wanted is UNSET:
            yield action(account, ActionKind.REMOVE_ITEM, args, undoes, source)
        else:
            yield action(account, ActionKind.ADD_ITEM, {**args, "value": _json(wanted)}, undoes, source)
    for (source, name, currency), total in now.balances.items():
        change = clean.balances.get((source, name, currency), Decimal(0)) - total
        undoes = by.balances.get((source, name, currency), ())
        if undoes and change:
            money: dict[str, Json] = {"amount": format(change.normalize(), "f"), "currency": currency}
            args = {"balance": name, "change": money}
            yield action(account, ActionKind.ADJUST_BALANCE, args, undoes, source)


def _orders(
    account: str, now: AccountState, clean: AccountState, by: Touched, events: Sequence[Event]
) -> Iterator[Action]:
    handed_out = {
        (e.source, e.data.order.id) for e in events if isinstance(e.data, OrderPlaced) and e.data.order.digital
    }
    for (source, order), status in now.orders.items():
        if (source, order) not in clean.orders and (source, order) not in handed_out:
            undoes = by.orders.get((source, order), ())
            if status is OrderStatus.PLACED:
                yield action(account, ActionKind.CANCEL_ORDER, {"order": order}, undoes, source)
            elif status is OrderStatus.SHIPPED:
                yield action(account, ActionKind.INTERCEPT_ORDER, {"order": order}, undoes, source)
    for (source, order, name), value in now.order_fields.items():
        wanted = clean.order_fields.get((source, order, name), UNSET)
        undoes = by.order_fields.get((source, order, name), ())
        standing = clean.orders.get((source, order)) is not None and now.orders[(source, order)] is OrderStatus.PLACED
        if standing and undoes and wanted is not UNSET and value != wanted:
            args: dict[str, Json] = {"order": order, "field": name, "value": _json(wanted)}
            yield action(account, ActionKind.SET_ORDER_FIELD, args, undoes, source)


def _place(act: Action) -> tuple[int, bool, str]:
    """The order of carrying out; contact points before other fields, then by name so that every run has the same."""
    contact = act.args.get("field") in CONTACT_FIELDS
    return ORDER.index(act.action), not contact, msgspec.json.encode(act.args, order="sorted").decode()


def _json(value: object) -> Json:
    """A value as it was parsed from an event: JSON already."""
    plain: Json = msgspec.convert(value, object)  # type: ignore[assignment]  # it came out of a JSON decoder
    return plain
