"""How does staff decide? Trying before doing; answers, approvals, holds; each act from the state that was shown."""

from datetime import datetime

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters

from takeback.bootstrap import house
from takeback.casework import calling
from takeback.casework.answers import Answer
from takeback.casework.deciding import state_of
from takeback.casework.deciding_answers import answer_question, moves, question_of
from takeback.casework.deciding_hold import move_hold as move_end
from takeback.casework.deciding_plan import AGENT, LEAD, approve_plan, steps, votes_of
from takeback.casework.investigate import inquire
from takeback.casework.progress import known
from takeback.core.case import Case
from takeback.core.errors import CaseRefused
from takeback.core.permission import Verb
from takeback.mail.notices import name_of
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import page, redirect
from takeback.web.desk.work.acting import note_look, of_case
from takeback.web.desk.work.panel import question_shown
from takeback.web.desk.work.shown_plan import differences, seal, shown_in
from takeback.web.desk.work.told import Telling, telling_of

MOST_LINES = 300  # of a list on one page; what is beyond is counted


@desk(Verb.TRY_PLAN)
@of_case
def try_plan(request: DeskRequest, case: Case) -> HttpResponse:
    """What would happen: with `question` and `answer` what the answer would move, else what each service would be
    asked. Nothing is written, and no service is asked.
    """
    case = known(house(), case.id)
    note_look(request, case)
    question, said = request.GET.get("question", ""), request.GET.get("answer", "")
    if question and said in {*Answer}:
        return page(request, "decide_try", _tried(request, case, question, Answer(said)))
    telling, inquiry = telling_of(request), inquire(house(), case)
    votes = votes_of(house(), case, inquiry)
    found = [
        {"source": name_of(step.source), "count": len(step.actions), "lines": telling.actions(inquiry, step.actions)}
        for step in steps(house(), case, inquiry)
    ]
    shown = seal(case.id, inquiry, telling) if votes.open else ""
    values = {"id": case.id, "steps": found, "votes": votes, "plan": inquiry.plan.hash, "shown": shown}
    return page(request, "decide_dry", values)


def _tried(request: DeskRequest, case: Case, question: str, said: Answer) -> dict[str, object]:
    here, telling = house(), telling_of(request)
    inquiry = inquire(here, case)
    asked = question_of(here, case, inquiry, question)
    found = moves(here, case, inquiry, asked.things, said)
    shown = question_shown(asked, {event.id: event for event in inquiry.events}, telling)
    starts = {one.strand: one.start for one in found.now.findings.sessions}
    questions = len(found.then.plan.questions) - len(found.now.plan.questions)
    return {
        "id": case.id,
        "question": shown,
        "answer": said.value,
        "answer_told": dict(shown.choices)[said.value],
        "state": state_of(case),
        "nothing": found.nothing,
        "added": _bounded(telling.actions(inquiry, found.added)),
        "removed": _bounded(telling.actions(inquiry, found.removed)),
        "more_added": max(len(found.added) - MOST_LINES, 0),
        "more_removed": max(len(found.removed) - MOST_LINES, 0),
        "strands": [
            telling.say(f"strand_{was}_{then}", at=telling.moment(starts[strand]))
            for strand, was, then in found.strands[:MOST_LINES]
        ],
        "questions": telling.say("questions_fewer", count=-questions) if questions < 0 else "",
        "may_answer": request.staff.may(Verb.ANSWER_QUESTION),
    }


@desk(Verb.ANSWER_QUESTION, post=True)
@of_case
def answer(request: DeskRequest, case: Case) -> HttpResponse:
    """Take an answer: `question`, `answer` (yes, no, not_sure), `state`."""
    said = request.POST.get("answer", "")
    if said not in {*Answer}:
        raise CaseRefused("question.gone", "There is no such answer.")
    question, state = request.POST.get("question", ""), request.POST.get("state", "")
    answer_question(house(), case.id, question[:64], Answer(said), state, by=request.staff.name)
    return redirect(request, f"/desk/case/{case.id}", "desk_work.note_answered")


@desk(Verb.APPROVE_PLAN, post=True)
@of_case
def approve(request: DeskRequest, case: Case) -> HttpResponse:
    """Approve the plan that was shown."""
    return _approve(request, case, AGENT)


@desk(Verb.APPROVE_AS_LEAD, post=True)
@of_case
def approve_as_lead(request: DeskRequest, case: Case) -> HttpResponse:
    """The same, as a lead."""
    return _approve(request, case, LEAD)


def _approve(request: DeskRequest, case: Case, role: str) -> HttpResponse:
    plan_hash = request.POST.get("plan", "")
    try:
        enough = approve_plan(house(), case.id, plan_hash, by=request.staff.name, role=role)
    except CaseRefused as refusal:
        if refusal.key != "plan.stale":
            raise
        return _stale(request, known(house(), case.id))
    note = "desk_work.note_approved" if enough else "desk_work.note_approved_waits"
    return redirect(request, f"/desk/case/{case.id}", note)


def _stale(request: DeskRequest, case: Case) -> HttpResponse:
    """409, and what is otherwise in the present plan than in the one that was shown."""
    telling, inquiry = telling_of(request), inquire(house(), case)
    shown = shown_in(request.POST.get("shown", ""), case.id)
    values: dict[str, object] = {"id": case.id, "known": shown is not None}
    if shown is not None:
        added, gone = differences(shown[1], inquiry, telling)
        values |= {"added": _bounded(added), "gone": _bounded(gone), "same": not added and not gone}
    return page(request, "decide_stale", values, status=409)


@desk(Verb.MOVE_HOLD, post=True)
@of_case
def move_hold(request: DeskRequest, case: Case) -> HttpResponse:
    """Let the hold end later: `until`, `reason`, `state`."""
    return _move(request, case, shorter=False)


@desk(Verb.SHORTEN_HOLD, post=True)
@of_case
def shorten_hold(request: DeskRequest, case: Case) -> HttpResponse:
    """Let the hold end sooner."""
    return _move(request, case, shorter=True)


def _move(request: DeskRequest, case: Case, *, shorter: bool) -> HttpResponse:
    until = moment_of(request.POST.get("until", ""), telling_of(request))
    if until is None:
        raise CaseRefused("hold.date", "Say a date and a time.")
    lead = request.staff.may(Verb.SHORTEN_HOLD)
    reason, state = request.POST.get("reason", ""), request.POST.get("state", "")
    move_end(house(), case.id, until, reason, state, by=request.staff.name, shorter=shorter, lead=lead)
    return redirect(request, f"/desk/case/{case.id}", "desk_work.note_hold")


@desk(Verb.TAKE_OVER_CASE, post=True)
@of_case
@sensitive_post_parameters("reason")
def settle_doubt(request: DeskRequest, case: Case) -> HttpResponse:
    """A lead has looked at a doubtful call."""
    calling.settle_doubt(house(), case.id, request.POST.get("reason", ""), by=request.staff.name)
    return redirect(request, f"/desk/case/{case.id}", "desk_work.note_settled")


def moment_of(text: str, telling: Telling) -> datetime | None:
    """A date and time as a form has it, in the reader's zone; None for what is none."""
    try:
        found = datetime.fromisoformat(text.strip()[:32])
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=telling.zone)


def _bounded(lines: object) -> list[str]:
    return list(lines)[:MOST_LINES] if isinstance(lines, list | tuple) else []
