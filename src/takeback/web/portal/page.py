"""What does the case's page say? Where it stands in plain words, what happens next and when, and what was done.

Without a code that was returned in this browser it says only how far the case is.
"""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from zoneinfo import ZoneInfo

from takeback.casework import callback
from takeback.casework.freeze import stopped_services
from takeback.casework.investigate import Inquiry, inquire, outstanding
from takeback.casework.outcome import Change, Result, planned, result_of
from takeback.casework.ports import House
from takeback.casework.progress import Purpose
from takeback.casework.undo import is_approved, who_must_approve
from takeback.casework.ways import purpose_now
from takeback.core.approval import Needed
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Json
from takeback.mail.notices import name_of, told_change, told_kept, told_order
from takeback.web.portal.data import data_of, detailed
from takeback.web.portal.history import history_of
from takeback.web.portal.timeline import Timeline, timeline_of
from takeback.web.zone import told
from takeback.words import name, say

STAGES = ("notice", *(stage.value for stage in Stage if stage is not Stage.CLOSED))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: its words, and how it stands (done, current, next; held, not_held, waiting)."""

    text: str
    state: str
    note: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The page in words, for the template. `data` is the same as data. `form` is code, password or empty."""

    case: Case
    language: Language
    proven: bool
    headline: str
    next_line: str
    stages: list[Line]
    services: list[Line]
    form: str
    data: dict[str, Json]
    called_since: str = ""
    to_come: list[Line] = field(default_factory=list)
    done: list[Line] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    lost: list[dict[str, object]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    questions: str = ""
    tasks: list[str] = field(default_factory=list)
    history: list[Line] = field(default_factory=list)
    timeline: Timeline | None = None

    @property
    def version(self) -> str:
        """Changes when anything that is shown changes."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def is_open(self) -> bool:
        """False for a case that is closed: nothing will change on it any more."""
        return self.case.stage is not Stage.CLOSED


def page_of(house: House, case: Case, language: Language, proven: Purpose | None, zone: ZoneInfo) -> Page:
    """The page for this browser."""
    form = form_of(house, case, proven)
    called = callback.asked(house, case)
    inquiry = inquire(house, case) if proven is not None else None
    waits = _waits_for(house, case, inquiry)
    base = Page(
        case=case,
        language=language,
        proven=proven is not None,
        headline=say(language, f"headline.{_state(case, waits)}"),
        next_line=_next(case, language, zone, waits),
        stages=_stages(case, language, zone),
        services=_services(house, case, language),
        form=form,
        data=data_of(house, case, form),
        called_since="" if called is None else told(language, called, zone),
    )
    return base if inquiry is None else _with_details(house, base, inquiry, zone)


def _with_details(house: House, base: Page, inquiry: Inquiry, zone: ZoneInfo) -> Page:
    case, language = base.case, base.language
    result = result_of(house, case, inquiry)
    to_come = planned(inquiry, outstanding(case, inquiry))
    asked = len(inquiry.plan.questions)
    return replace(
        base,
        data=base.data | detailed(inquiry, result, to_come),
        to_come=[Line(told_change(language, change), "waiting") for change in to_come],
        done=[_line(language, change) for change in (*result.changes, *result.cancelled)],
        kept=[told_kept(language, kept.target, kept.why) for kept in result.kept],
        lost=_lost(language, result),
        seen=[name(language, "viewed", what.removeprefix("viewed.")) for what in result.seen],
        questions=say(language, "case.questions", count=asked) if asked and base.is_open else "",
        tasks=[f"{name_of(task.source)}: {name(language, 'task', task.reason)}".strip(": ") for task in result.tasks],
        history=[
            Line(text, "done", at=told(language, at, zone))
            for at, text in history_of(house.cases.log(case.id), language)
        ],
        timeline=timeline_of(inquiry.events, inquiry.findings, language, zone),
    )


def form_of(house: House, case: Case, proven: Purpose | None) -> str:
    """What the customer can do here now: enter a code, set a password, or only look."""
    if case.stage is Stage.CLOSED:
        return ""
    wanted = purpose_now(house, case)
    if wanted is Purpose.HAND_BACK:
        return "password" if proven is Purpose.HAND_BACK and case.proven_after_hold_at is not None else "code"
    if wanted is Purpose.REPORT:
        return "code"
    return "" if proven is not None else "code"


def _waits_for(house: House, case: Case, inquiry: Inquiry | None) -> str:
    """For whom an undoing waits: proof or staff; empty where for nobody, or where it is not known in this browser."""
    if case.stage is not Stage.UNDO:
        return ""
    if inquiry is None:
        return "proof" if case.proven_at is None else ""
    if not outstanding(case, inquiry) or is_approved(house, case, inquiry):
        return ""
    return "proof" if who_must_approve(house, inquiry) is Needed.RULE else "staff"


def _state(case: Case, waits: str) -> str:
    if case.stage is Stage.UNDO and waits:
        return f"undo_waits_{waits}"
    if case.stage is Stage.INVESTIGATE and case.frozen_at is None:
        return Stage.FREEZE.value
    return case.stage.value


def _next(case: Case, language: Language, zone: ZoneInfo, waits: str) -> str:
    if case.stage is Stage.HOLD and case.hold_until is not None:
        return say(language, "next.hold", time=told(language, case.hold_until, zone, named=True))
    return say(language, f"next.{_state(case, waits)}")


def _stages(case: Case, language: Language, zone: ZoneInfo) -> list[Line]:
    here = len(STAGES) if case.stage is Stage.CLOSED else STAGES.index(case.stage.value)
    times = {
        "report": case.opened_at,
        "freeze": case.frozen_at,
        "undo": case.undone_at,
        "hand_back": case.handed_back_at,
    }
    lines = []
    for place, stage in enumerate(STAGES):
        state = "done" if place < here else "current" if place == here else "next"
        at = times.get(stage)
        when = told(language, at, zone) if at is not None and state == "done" else ""
        if stage == "hold" and case.hold_until is not None:
            when = say(language, "case.until", time=told(language, case.hold_until, zone))
        lines.append(Line(say(language, f"stage.{stage}"), state, say(language, f"stage_note.{stage}"), when))
    return lines


def _services(house: House, case: Case, language: Language) -> list[Line]:
    if case.stage is Stage.REPORT:
        return []
    if case.stage is Stage.CLOSED:
        return [Line(name_of(service.source), "held", say(language, "page.service_back")) for service in house.services]
    return [
        Line(name_of(source), "held" if ok else "waiting", say(language, f"page.service_{'stopped' if ok else 'open'}"))
        for source, ok in stopped_services(house, house.cases.actions(case.id)).items()
    ]


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
