"""What does an investigation say on the wire? The JSON form of the contract, section 2."""

from datetime import datetime

from takeback.core.contacts import masked
from takeback.core.events import Json
from takeback.core.investigation import Investigation
from takeback.core.undo.plan import Plan


def answer(investigation: Investigation) -> dict[str, Json]:
    """The investigation as JSON values; contact points are masked, times RFC 3339."""
    findings = investigation.findings
    window = findings.window
    return {
        "account": findings.account,
        "compromised": findings.compromised,
        "window": {"from": _time(window.start), "to": _time(window.end)} if window else None,
        "sessions": [
            {
                "session": session.session,
                "actor": session.actor.value,
                "probability": session.probability,
                "reasons": [
                    {"key": reason.key, "weight": round(reason.weight, 2), "events": list(reason.events)}
                    for reason in session.reasons
                ],
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
        "kept": [{"target": kept.target, "why": kept.why, "events": list(kept.events)} for kept in plan.kept],
        "questions": [{"events": list(question.events), "why": question.why} for question in plan.questions],
        "irreversible": [
            {"events": list(lost.events), "what": lost.what, "advice": lost.advice} for lost in plan.irreversible
        ],
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
