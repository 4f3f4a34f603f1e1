"""What is the plan for a log, told in a few words? Who did what goes by the session: `o`, `x` and `u`."""

from takeback.core.events import BalanceChanged, Client, EventType, Money, OrderPlaced, Who
from takeback.core.investigate.findings import Actor, Findings, Window
from takeback.core.service import AccountSnapshot
from takeback.core.undo.effects import plan_undo
from takeback.core.undo.look import Look
from takeback.core.undo.plan import Plan
from tests.core.making import NOW, SHOP, Log

HOME = {"line1": "銀座1-1", "postcode": "104-0061", "phone": "03-1111-1111"}
UNKNOWN = Client(session="u")


def findings_of(log: Log) -> Findings:
    """By the session: `o` the owner's, `x` the intruder's, `u` nobody knows. What follows an order is its placer's."""
    actors, placed = {}, {}
    sessions = {"o": Actor.OWNER, "x": Actor.INTRUDER, "u": Actor.UNKNOWN}
    for event in log.events:
        session = event.data.client.session
        if session in sessions and event.data.actor is Who.CUSTOMER:
            actors[event.id] = sessions[session]
        if isinstance(event.data, OrderPlaced):
            placed[event.data.order.id] = actors[event.id]
        order = getattr(event.data, "order", None)
        if event.id not in actors and isinstance(order, str) and order in placed and event.data.takeback is None:
            actors[event.id] = placed[order]
    his = [e.time for e in log.events if actors.get(e.id) is Actor.INTRUDER]
    return Findings("42", bool(his), Window(his[0], None) if his else None, (), actors, ())


def plan_of(log: Log, looks: dict[str, Look] | None = None) -> Plan:
    return plan_undo(log.events, findings_of(log), (), looks or {})


def undoing(log: Log, looks: dict[str, Look] | None = None) -> list[tuple[str, object]]:
    """Each action's name, and its value or what it is about."""
    told = []
    for act in plan_of(log, looks).undoing:
        args = act.args
        told.append((act.action.value, args.get("value", args.get("change", args.get("order", args.get("id"))))))
    return told


def shown(**shapes: object) -> dict[str, Look]:
    rest = {"sessions": 0, "links": 0, "password": "disabled", "cards_locked": True, "cards_masked": True}
    return {SHOP: Look(NOW, AccountSnapshot("42", True, **rest, **shapes))}


def kept(plan: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.target, one.why, one.keys) for one in plan.kept]


def whys(plan: Plan) -> list[str]:
    return [question.why for question in plan.questions]


def given(log: Log, amount: int, **about: str) -> None:
    data = BalanceChanged(balance="points", change=Money(str(amount), "JPY"), actor=log.who, **about)
    log.add(EventType.BALANCE_CHANGED, data)
