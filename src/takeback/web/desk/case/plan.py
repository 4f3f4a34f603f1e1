"""What is taken back, what stays, what is asked, what is lost, what must a person do? The plan as a diff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec import UNSET

from takeback.casework.dossier import Dossier
from takeback.casework.dossier_plan import TakenBack
from takeback.casework.ledger import SETTLED
from takeback.casework.ports import ActionRecord, Task
from takeback.core.account import UNTOLD
from takeback.core.events import Event, Money, OrderPlaced
from takeback.core.service import Outcome
from takeback.core.undo.plan import ActionKind, Irreversible, Kept, Question
from takeback.web.desk.case.hidden import plain, value_of
from takeback.web.desk.case.phrases import SHORT, Phrases
from takeback.web.desk.case.refs import Links, Refs
from takeback.words import known, say

MOST = 60  # lines of a kind


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the diff. `state` is a key: planned, waits, done, failed, unread."""

    what: str
    before: str
    after: str
    source: str
    state: str
    state_told: str
    back: str
    links: Links


@dataclass(frozen=True, slots=True)
class NoteShown:
    """Something kept, asked, lost or to be done by a person."""

    what: str
    why: str
    source: str
    state: str
    links: Links


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The whole plan; `more` counts the lines of each kind that are not shown."""

    hash: str
    need: str
    approvals: tuple[str, ...]
    taken: tuple[LineShown, ...]
    kept: tuple[NoteShown, ...]
    questions: tuple[NoteShown, ...]
    lost: tuple[NoteShown, ...]
    tasks: tuple[NoteShown, ...]
    more: dict[str, int]


def plan_shown(dossier: Dossier, refs: Refs, phrases: Phrases) -> PlanShown:
    """The plan of a case's page."""
    plan = dossier.inquiry.plan
    lost = [one for one in plan.irreversible if not one.what.startswith("viewed.")]
    counts = {
        "taken": len(dossier.taken_back),
        "kept": len(plan.kept),
        "questions": len(plan.questions),
        "lost": len(lost),
        "tasks": len(dossier.tasks),
    }
    now = [one for one in dossier.approvals if one.plan_hash == plan.hash]
    return PlanShown(
        hash=plan.hash,
        need=phrases.say(f"need_{dossier.need}"),
        approvals=tuple(
            phrases.say("approved_by", who=plain(one.by, SHORT), role=one.role, when=phrases.moment(one.at))
            for one in now[:10]
        ),
        taken=tuple(_line(one, dossier.named, refs, phrases) for one in dossier.taken_back[:MOST]),
        kept=tuple(_kept(one, refs, phrases) for one in plan.kept[:MOST]),
        questions=tuple(_question(one, dossier, refs, phrases) for one in plan.questions[:MOST]),
        lost=tuple(_lost(one, dossier, refs, phrases) for one in lost[:MOST]),
        tasks=tuple(_task(one, phrases) for one in _open_first(dossier.tasks)[:MOST]),
        more={kind: count - MOST for kind, count in counts.items() if count > MOST},
    )


def told_action(action: str, args: dict[str, object], phrases: Phrases) -> str:
    """An action of the contract in words; values of contact points are masked."""
    kind = str(args.get("field") or args.get("collection") or args.get("balance") or "")
    table = "field" if "field" in args else "collection" if "collection" in args else "balance"
    change = args.get("change")
    amount = ""
    if isinstance(change, dict):
        amount = phrases.amount(Money(str(change.get("amount", "0")), str(change.get("currency", ""))))
    values = {
        "what": phrases.of(table, kind),
        "value": value_of(kind, args.get("value"), SHORT) or "—",
        "id": plain(str(args.get("id", "")), SHORT),
        "order": plain(str(args.get("order", "")), SHORT),
        "change": amount,
    }
    key = f"action.{action}"
    return say(phrases.language, key, **values) if known(phrases.language, key) else plain(action, SHORT)


def record_state(record: ActionRecord | None, phrases: Phrases) -> tuple[str, str]:
    """Where an action stands, as a key and in words."""
    if record is None:
        return "planned", phrases.say("state_planned")
    if record.outcome is Outcome.IMPOSSIBLE and not record.read_back_ok:
        why = phrases.maybe(f"task.{record.reason}", record.reason or "")
        return "failed", f"{phrases.say('state_impossible')} {why}".strip()
    if record.outcome not in SETTLED:
        why = phrases.maybe(f"task.{record.reason}", record.reason) if record.reason else ""
        return "waits", f"{phrases.say('state_waits')} {why}".strip()
    if record.read_back_ok is None:
        return "unread", phrases.say("state_unread")
    return ("done", phrases.say("state_done")) if record.read_back_ok else ("failed", phrases.say("state_not_held"))


def _line(one: TakenBack, named: Mapping[str, Event], refs: Refs, phrases: Phrases) -> LineShown:
    state, told = record_state(one.record, phrases)
    kind = str(one.args.get("field") or one.args.get("collection") or one.args.get("balance") or "order")
    read = one.record.read_back_at if one.record is not None else None
    before, after = _value(kind, one.left, phrases), _wanted(one, kind, phrases)
    if before == after and one.left != one.wanted:
        after = phrases.say("another_value", value=after)  # masked, or cut off, two values may look like one
    return LineShown(
        what=_target(one, phrases) + _worth(one, named, phrases),
        before=before,
        after=after,
        source=plain(one.source, 60),
        state=state,
        state_told=told,
        back=phrases.moment(read) if read else "",
        links=refs.links(one.events),
    )


def _target(one: TakenBack, phrases: Phrases) -> str:
    args = one.args
    if "order" in args:
        order = phrases.say("order", order=plain(str(args["order"]), SHORT))
        return f"{order}: {phrases.of('field', str(args['field']))}" if "field" in args else order
    if "collection" in args:
        return f"{phrases.of('collection', str(args['collection']))} {plain(str(args.get('id', '')), SHORT)}"
    if "balance" in args:
        return phrases.of("balance", str(args["balance"]))
    return phrases.of("field", str(args.get("field", "")))


def _worth(one: TakenBack, named: Mapping[str, Event], phrases: Phrases) -> str:
    """What the order costs that is stopped."""
    placed = (named[name].data for name in one.events if name in named)
    totals = [data.order.total for data in placed if isinstance(data, OrderPlaced) and data.order.total is not None]
    return f" ({phrases.money(totals[0])})" if totals else ""


def _value(kind: str, value: object, phrases: Phrases) -> str:
    if value is UNTOLD:
        return phrases.say("untold")
    if value is UNSET or value is None:
        return phrases.say("none")
    return phrases.value(kind, value)


def _wanted(one: TakenBack, kind: str, phrases: Phrases) -> str:
    if one.action is ActionKind.INTERCEPT_ORDER:
        return phrases.say("intercepted")
    if one.action is ActionKind.REMOVE_ITEM:
        return phrases.say("removed")
    if isinstance(one.wanted, dict) and one.action is ActionKind.ADJUST_BALANCE:
        money = Money(str(one.wanted.get("amount", "0")), str(one.wanted.get("currency", "")))
        return phrases.amount(money)
    return _value(kind, one.wanted, phrases)


def _kept(one: Kept, refs: Refs, phrases: Phrases) -> NoteShown:
    kind, _, rest = one.target.partition(":")
    if kind in ("field", "balance"):
        what = phrases.of(kind, rest)
    elif kind == "order":
        order, _, part = rest.partition(":")
        what = phrases.say("order", order=plain(order, SHORT)) + (f": {phrases.of('field', part)}" if part else "")
    else:
        what = f"{phrases.of('collection', kind)} {plain(rest, SHORT)}"
    if one.keys:
        what += f" ({', '.join(plain(key, 20) for key in one.keys[:6])})"
    return NoteShown(what, phrases.maybe(f"why.{one.why}", one.why), "", "", refs.links(one.events))


def _question(one: Question, dossier: Dossier, refs: Refs, phrases: Phrases) -> NoteShown:
    events = [dossier.named[name] for name in one.events[:3] if name in dossier.named]
    what = " / ".join(phrases.act(event, SHORT) for event in events)
    if len(one.events) > len(events):
        what += f" +{len(one.events) - len(events)}"
    source = plain(events[0].source, 60) if events else ""
    return NoteShown(what, phrases.maybe(f"why.{one.why}", one.why), source, "", refs.links(one.events))


def _lost(one: Irreversible, dossier: Dossier, refs: Refs, phrases: Phrases) -> NoteShown:
    events = [dossier.named[name] for name in one.events[:2] if name in dossier.named]
    about = " / ".join(phrases.act(event, SHORT) for event in events)
    what = phrases.maybe(f"lost.{one.what}", one.what)
    source = plain(events[0].source, 60) if events else ""
    advice = phrases.maybe(f"advice.{one.advice}", one.advice)
    return NoteShown(f"{what}: {about}" if about else what, advice, source, "", refs.links(one.events))


def _task(one: Task, phrases: Phrases) -> NoteShown:
    is_action = known(phrases.language, f"action.{one.what}")
    what = (
        told_action(one.what, dict(one.evidence), phrases) if is_action else phrases.maybe(f"task.{one.what}", one.what)
    )
    done = one.closed_at is not None
    state = phrases.say("task_closed", when=phrases.moment(one.closed_at)) if done else phrases.say("task_open")
    return NoteShown(what, phrases.maybe(f"task.{one.reason}", one.reason), plain(one.source, 60), state, Links())


def _open_first(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: task.closed_at is not None)
