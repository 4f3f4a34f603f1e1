"""What does the case's page say as data? For clients that accept JSON: the demo, and an operator's own pages."""

from takeback.casework.freeze import stopped_services
from takeback.casework.investigate import Inquiry
from takeback.casework.outcome import Change, Result
from takeback.casework.ports import House
from takeback.core.case import Case
from takeback.core.events import Json


def data_of(house: House, case: Case, form: str) -> dict[str, Json]:
    """What everybody with the address may know."""
    return {
        "case": case.id,
        "stage": case.stage.value,
        "services": dict(stopped_services(house, house.cases.actions(case.id))),
        "frozen_at": case.frozen_at.isoformat() if case.frozen_at else None,
        "undone_at": case.undone_at.isoformat() if case.undone_at else None,
        "hold_until": case.hold_until.isoformat() if case.hold_until else None,
        "handed_back_at": case.handed_back_at.isoformat() if case.handed_back_at else None,
        "form": form,
    }


def detailed(inquiry: Inquiry, result: Result, to_come: list[Change]) -> dict[str, Json]:
    """What the owner may know besides."""
    return {
        "plan": inquiry.plan.hash,
        "to_come": [_told(change) for change in to_come],
        "done": [_told(change) for change in (*result.changes, *result.cancelled)],
        "kept": [{"target": kept.target, "why": kept.why} for kept in result.kept],
        "lost": [{"what": one.what, "advice": one.advice, "orders": [o.id for o in one.orders]} for one in result.lost],
        "seen": list(result.seen),
        "questions": [{"events": list(q.events), "why": q.why} for q in inquiry.plan.questions],
        "tasks": [{"what": task.what, "source": task.source, "reason": task.reason} for task in result.tasks],
    }


def _told(change: Change) -> Json:
    return {"action": change.action, "source": change.source, "target": change.target, "held": change.held}
