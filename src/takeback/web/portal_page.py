"""What does the case's page say?

The seven stages, the services, the plan in the customer's words, and what comes next.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from takeback.casework.freeze import stopped_services
from takeback.casework.investigate import Inquiry, inquire, outstanding
from takeback.casework.outcome import Change, Result, planned, result_of
from takeback.casework.ports import House
from takeback.casework.progress import Purpose
from takeback.casework.proof import purpose_now
from takeback.casework.undo import is_approved, who_must_approve
from takeback.core.approval import Needed
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Event, Json
from takeback.mail.notices import name_of, told_change, told_kept, told_order, told_time
from takeback.web.portal_timeline import Timeline, timeline_of
from takeback.words import name, say

STAGES = ("notice", *(stage.value for stage in Stage if stage is not Stage.CLOSED))
SECONDS_TO_REFRESH = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: its words, and how it stands (done, current, next; held, not_held, waiting)."""

    text: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the events it is about, and what they were."""

    events: tuple[str, ...]
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page in words, for the template. `data` is the same as data. `form` is code, password or empty."""

    case: Case
    language: Language
    stages: list[Line]
    services: list[Line]
    form: str
    form_note: str
    hold_until: str
    refresh: int
    data: dict[str, Json]
    to_come: list[Line] = field(default_factory=list)
    waits_for: str = ""
    done: list[Line] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    lost: list[dict[str, object]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    timeline: Timeline | None = None


def page_of(house: House, case: Case, language: Language, proven: Purpose | None) -> Page:
    """The page for this browser: without a code returned here, only how far the case is."""
    form = _form(house, case, proven)
    zone = ZoneInfo(house.configuration.time_zone)
    base = {
        "case": case,
        "language": language,
        "stages": _stages(case, language),
        "services": _services(house, case, language),
        "form": form,
        "form_note": say(language, f"page.{purpose_now(house, case)}_code") if form == "code" else "",
        "hold_until": told_time(language, case.hold_until, zone) if case.hold_until else "",
        "refresh": 0 if form or case.stage is Stage.CLOSED else SECONDS_TO_REFRESH,
    }
    data = _data(house, case, form)
    if proven is None:
        return Page(**base, data=data)  # type: ignore[arg-type]  # the fields as named above
    inquiry = inquire(house, case)
    result = result_of(house, case, inquiry)
    to_come = planned(inquiry, outstanding(house, case, inquiry.plan))
    details = {
        "to_come": [Line(told_change(language, change), "waiting") for change in to_come],
        "waits_for": _waits_for(house, case, inquiry, language) if to_come else "",
        "done": [_line(language, change) for change in (*result.changes, *result.cancelled)],
        "kept": [told_kept(language, kept.target, kept.why) for kept in result.kept],
        "lost": _lost(language, result),
        "seen": [name(language, "viewed", what.removeprefix("viewed.")) for what in result.seen],
        "questions": _questions(language, inquiry, zone),
        "tasks": [
            f"{name_of(task.source)}: {name(language, 'task', task.reason)}".strip(": ") for task in result.tasks
        ],
        "timeline": timeline_of(inquiry.events, inquiry.findings),
    }
    # as above
    return Page(**base, **details, data=data | _detailed(inquiry, result, to_come))  # type: ignore[arg-type]


def _form(house: House, case: Case, proven: Purpose | None) -> str:
    """What the customer can do here now: enter a code, set a password, or only look."""
    if case.stage is Stage.CLOSED:
        return ""
    wanted = purpose_now(house, case)
    if wanted is Purpose.HAND_BACK:
        return "password" if proven is Purpose.HAND_BACK and case.proven_after_hold_at is not None else "code"
    if wanted is Purpose.REPORT:
        return "code"
    return "" if proven is not None else "code"


def _stages(case: Case, language: Language) -> list[Line]:
    here = len(STAGES) if case.stage is Stage.CLOSED else STAGES.index(case.stage.value)
    states = ["done" if place < here else "current" if place == here else "next" for place in range(len(STAGES))]
    return [
        Line(say(language, f"stage.{stage}"), state, say(language, f"stage_note.{stage}"))
        for stage, state in zip(STAGES, states, strict=True)
    ]


def _services(house: House, case: Case, language: Language) -> list[Line]:
    if case.stage is Stage.REPORT:
        return []
    if case.stage is Stage.CLOSED:
        return [Line(name_of(service.source), "done", say(language, "page.service_back")) for service in house.services]
    return [
        Line(name_of(source), "done" if ok else "current", say(language, f"page.service_{'stopped' if ok else 'open'}"))
        for source, ok in stopped_services(house, case).items()
    ]


def _waits_for(house: House, case: Case, inquiry: Inquiry, language: Language) -> str:
    if is_approved(house, case, inquiry):
        return ""
    by_rule = who_must_approve(house, inquiry) is Needed.RULE
    return say(language, "page.plan_waits_proof" if by_rule else "page.plan_waits_staff")


def _line(language: Language, change: Change) -> Line:
    state = "not_held" if change.held is False else "held" if change.settled else "waiting"
    return Line(told_change(language, change), state, say(language, f"page.{state}"))


def _lost(language: Language, result: Result) -> list[dict[str, object]]:
    return [
        {
            "what": name(language, "lost", lost.what),
            "orders": [told_order(language, order) for order in lost.orders],
            "advice": name(language, "advice", lost.advice),
        }
        for lost in result.lost
    ]


def _questions(language: Language, inquiry: Inquiry, zone: ZoneInfo) -> list[Asked]:
    by_id = {event.id: event for event in inquiry.events}
    return [
        Asked(
            question.events,
            "、".join(_what(language, by_id[event], zone) for event in question.events[:6] if event in by_id),
            name(language, "why", question.why),
        )
        for question in inquiry.plan.questions
    ]


def _what(language: Language, event: Event, zone: ZoneInfo) -> str:
    """One event as the customer may remember it: when, and what kind of thing."""
    kind = say(language, f"happened.{event.type}")
    return f"{told_time(language, event.time, zone)} {kind}"


def _data(house: House, case: Case, form: str) -> dict[str, Json]:
    return {
        "case": case.id,
        "stage": case.stage.value,
        "services": dict(stopped_services(house, case)),
        "frozen_at": case.frozen_at.isoformat() if case.frozen_at else None,
        "undone_at": case.undone_at.isoformat() if case.undone_at else None,
        "hold_until": case.hold_until.isoformat() if case.hold_until else None,
        "handed_back_at": case.handed_back_at.isoformat() if case.handed_back_at else None,
        "form": form,
    }


def _detailed(inquiry: Inquiry, result: Result, to_come: list[Change]) -> dict[str, Json]:
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
