"""What can this member decide in this case now? The part of a case's page that acts; it asks nothing again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from takeback.bootstrap import house
from takeback.casework import callback
from takeback.casework.answers import Answer
from takeback.casework.calling import doubted
from takeback.casework.deciding import state_of
from takeback.casework.deciding_answers import Asked, asked
from takeback.casework.deciding_plan import Votes, steps, votes_of
from takeback.casework.deciding_reports import MERGED, REOPENED, could_be_nothing, mergeable
from takeback.casework.investigate import Inquiry
from takeback.casework.ports import Entry
from takeback.casework.tasks import Todo, todos
from takeback.core.case import Case, Stage
from takeback.core.events import Event
from takeback.core.permission import Staff, Verb
from takeback.web.desk.work.shown_plan import seal
from takeback.web.desk.work.told import Telling, telling_of

EVENTS = 5  # of a question, by name
QUESTIONS = 20  # on the page; those that are answered last, and the rest comes up as these are answered


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question of the plan. `choices`: value and words."""

    id: str
    title: str
    about: tuple[str, ...]
    more: int
    answer: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ApprovalShown:
    """How far the approval is. `act`: the address at which this member approves; empty where it is not theirs to do."""

    need: str
    given: tuple[str, ...]
    missing: str
    open: bool
    act: str
    waits_for_other: bool
    count: int


@dataclass(frozen=True, slots=True)
class HoldShown:
    """The hold. `value` is its end as a form has it, in the zone that is said."""

    until: str
    value: str
    least: str
    most: str
    longer: bool
    shorter: bool


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """Whose the case is."""

    by: str
    mine: bool
    until: str
    may_claim: bool
    may_take_over: bool


@dataclass(frozen=True, slots=True)
class Work:
    """All that the template places."""

    id: str
    state: str
    plan: str
    shown: str  # the sealed note of the plan that this page shows
    claim: ClaimShown
    links: tuple[tuple[str, str], ...]  # words and case id: the old case, the new one, the one it was merged into
    doubt: bool
    may_settle: bool
    questions: tuple[QuestionShown, ...]
    more_questions: int
    may_answer: bool
    approval: ApprovalShown
    may_try: bool
    hold: HoldShown | None
    open_tasks: int
    overdue: int
    call: str
    refuse: bool
    why_not_refuse: str
    merge: tuple[tuple[str, str], ...]
    reopen: bool


def panel_of(request: HttpRequest, case: Case, inquiry: Inquiry) -> dict[str, object]:
    """The values of `desk/work_case.html`, under the one name `work`."""
    staff = getattr(request, "staff", None)
    if not isinstance(staff, Staff):
        return {"work": None}
    return {"work": work_of(staff, case, inquiry, telling_of(request))}


def work_of(staff: Staff, case: Case, inquiry: Inquiry, telling: Telling) -> Work:
    """What this member can do."""
    here = house()
    is_open = case.stage is not Stage.CLOSED
    votes = votes_of(here, case, inquiry)
    tasks = [todo for todo in todos(here, case.id) if todo.task.closed_at is None]
    log = here.cases.log(case.id)
    may_refuse, may_merge = (is_open and staff.may(verb) for verb in (Verb.REFUSE_REPORT, Verb.MERGE_REPORT))
    why_not = could_be_nothing(here, case, inquiry) if may_refuse or may_merge else ""
    questions = asked(here, case, inquiry) if is_open else []
    questions.sort(key=lambda one: one.answer is not None)
    events = {event.id: event for event in inquiry.events} if questions else {}
    return Work(
        id=case.id,
        state=state_of(case),
        plan=inquiry.plan.hash,
        shown=seal(case.id, inquiry, telling) if votes.open and staff.may(Verb.APPROVE_PLAN) else "",
        claim=_claim(staff, case, telling),
        links=tuple(_links(log, telling)),
        doubt=doubted(here, case.id),
        may_settle=staff.may(Verb.TAKE_OVER_CASE),
        questions=tuple(question_shown(one, events, telling) for one in questions[:QUESTIONS]),
        more_questions=max(len(questions) - QUESTIONS, 0),
        may_answer=is_open and staff.may(Verb.ANSWER_QUESTION) and staff.may(Verb.TRY_PLAN),
        approval=_approval(staff, case, inquiry, votes, telling),
        may_try=staff.may(Verb.TRY_PLAN),
        hold=_hold(staff, case, telling),
        open_tasks=len(tasks),
        overdue=sum(todo.overdue for todo in tasks),
        call=_call(staff, tasks),
        refuse=may_refuse and not why_not,
        why_not_refuse=telling.say(f"not_refused_{why_not.partition('.')[2]}") if may_refuse and why_not else "",
        merge=tuple((one.id, one.account[:60]) for one in mergeable(here, case)) if may_merge and not why_not else (),
        reopen=not is_open and staff.may(Verb.REOPEN_CASE),
    )


def question_shown(one: Asked, events: Mapping[str, Event], telling: Telling) -> QuestionShown:
    """A question in words, with the acts that it is about. `events` by id."""
    about = [events[name] for name in one.question.events if name in events]
    yes, no = ("wish_yes", "wish_no") if one.by_others else ("hers", "not_hers")
    return QuestionShown(
        id=one.id,
        title=telling.maybe(f"why.{one.question.why}", one.question.why),
        about=tuple(telling.event(event) for event in about[:EVENTS]),
        more=max(len(about) - EVENTS, 0),
        answer=telling.say(f"answered_{one.answer}") if one.answer is not None else "",
        choices=(
            (Answer.YES.value, telling.say(yes)),
            (Answer.NO.value, telling.say(no)),
            (Answer.NOT_SURE.value, telling.say("cannot_tell")),
        ),
    )


def _approval(staff: Staff, case: Case, inquiry: Inquiry, votes: Votes, telling: Telling) -> ApprovalShown:
    mine = staff.name in votes.people
    may = votes.open and bool(votes.missing) and not mine and case.stage.reached(Stage.INVESTIGATE)
    act = ""
    if may and staff.may(Verb.APPROVE_AS_LEAD):
        act = f"/desk/case/{case.id}/approve-as-lead"
    elif may and staff.may(Verb.APPROVE_PLAN):
        act = f"/desk/case/{case.id}/approve"
    given = [telling.say(f"approved_as_{one.role}", name=one.by, at=telling.moment(one.at)) for one in votes.given]
    return ApprovalShown(
        need=telling.say(f"need_{votes.need}"),
        given=tuple(given),
        missing=telling.say(f"missing_{votes.missing}") if votes.open and votes.missing else "",
        open=votes.open,
        act=act,
        waits_for_other=mine and bool(votes.missing),
        count=sum(len(step.actions) for step in steps(house(), case, inquiry)),
    )


def _claim(staff: Staff, case: Case, telling: Telling) -> ClaimShown:
    held = house().claims.of_case(case.id, telling.now)
    is_open, mine = case.stage is not Stage.CLOSED, held is not None and held.by == staff.name
    return ClaimShown(
        by=held.by if held is not None else "",
        mine=mine,
        until=telling.moment(held.until) if held is not None else "",
        may_claim=is_open and held is None and staff.may(Verb.CLAIM_CASE),
        may_take_over=is_open and held is not None and not mine and staff.may(Verb.TAKE_OVER_CASE),
    )


def _hold(staff: Staff, case: Case, telling: Telling) -> HoldShown | None:
    if case.stage is not Stage.HOLD or case.hold_until is None or case.undone_at is None:
        return None
    return HoldShown(
        until=telling.moment(case.hold_until),
        value=form_value(case.hold_until, telling),
        least=form_value(telling.now, telling),
        most=form_value(case.undone_at + timedelta(days=28), telling),
        longer=staff.may(Verb.MOVE_HOLD),
        shorter=staff.may(Verb.SHORTEN_HOLD),
    )


def form_value(at: datetime, telling: Telling) -> str:
    """A moment as a form's field for date and time has it, in the reader's zone."""
    return f"{at.astimezone(telling.zone):%Y-%m-%dT%H:%M}"


def _call(staff: Staff, tasks: list[Todo]) -> str:
    if not staff.may(Verb.RECORD_CALL):
        return ""
    return next((todo.task.id for todo in tasks if todo.task.what == callback.CALL), "")


def _links(log: list[Entry], telling: Telling) -> list[tuple[str, str]]:
    keys = {MERGED: ("into", "link_merged"), REOPENED: ("to", "link_reopened")}
    keys |= {"case.continues": ("from", "link_continues"), "report.joined": ("from", "link_joined")}
    return [
        (telling.say(keys[entry.what][1]), str(entry.evidence.get(keys[entry.what][0], "")))
        for entry in log
        if entry.what in keys
    ]
