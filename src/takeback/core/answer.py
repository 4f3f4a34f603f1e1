"""What does an investigation say on the wire? The JSON form of the contract, section 2."""

from collections.abc import Iterable
from datetime import datetime

from takeback.core.contacts import masked
from takeback.core.events import Event, Json
from takeback.core.investigate.asking import Ask, ask
from takeback.core.investigation import Investigation
from takeback.core.undo.plan import Kept, Plan


def answer(investigation: Investigation, events: Iterable[Event] = ()) -> dict[str, Json]:
    """The investigation as JSON values; contact points are masked, times RFC 3339.

    `events` are those that were investigated: where something is unknown, the question to ask is found among them.
    """
    findings = investigation.findings
    window = findings.window
    return {
        "account": findings.account,
        "compromised": findings.compromised,
        "window": {"from": _time(window.start), "to": _time(window.end)} if window else None,
        "sessions": [
            {
                "session": session.session,
                "strand": session.strand,
                "actor": session.actor.value,
                "probability": session.probability,
                "reasons": [
                    {"key": reason.key, "weight": round(reason.weight, 2), "events": list(reason.events)}
                    for reason in session.reasons
                ],
                "events": list(session.events),
            }
            for session in findings.sessions
        ],
        "events": {name: actor.value for name, actor in findings.events.items()},
        "contacts": [
            {
                "field": contact.field,
                "value": masked(contact.field, contact.value),
                "trusted": contact.trusted,
                "since": _time(contact.since),
            }
            for contact in findings.contacts
        ],
        "ask": _ask(ask(findings, events)),
        "plan": plan_answer(investigation.plan),
    }


def plan_answer(plan: Plan) -> dict[str, Json]:
    """A plan as JSON values."""
    return {
        "hash": plan.hash,
        "actions": [
            {"id": act.id, "action": act.action.value, "args": dict(act.args), "undoes": list(act.undoes)}
            for act in plan.actions
        ],
        "kept": [_kept(kept) for kept in plan.kept],
        "questions": [{"events": list(question.events), "why": question.why} for question in plan.questions],
        "irreversible": [
            {"events": list(lost.events), "what": lost.what, "advice": lost.advice} for lost in plan.irreversible
        ],
    }


def _ask(asked: Ask | None) -> Json:
    if asked is None:
        return None
    return {
        "session": asked.session,
        "strand": asked.strand,
        "events": list(asked.events),
        "settles": asked.settles,
    }


def _kept(kept: Kept) -> dict[str, Json]:
    told: dict[str, Json] = {"target": kept.target, "why": kept.why, "events": list(kept.events)}
    return {**told, "keys": list(kept.keys)} if kept.keys else told


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
