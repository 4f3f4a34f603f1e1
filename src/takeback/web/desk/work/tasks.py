"""What has a person to do in this case, who does it until when, and what came of it?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpResponse

from takeback.bootstrap import house
from takeback.casework.callback import CALL
from takeback.casework.ports import Task
from takeback.casework.tasks import Todo, close_task, hand_task, todos
from takeback.core.account import CONTACT_FIELDS, SECRET_FIELDS
from takeback.core.case import Case, Stage
from takeback.core.contacts import masked
from takeback.core.errors import CaseRefused
from takeback.core.permission import Verb
from takeback.mail.notices import name_of
from takeback.web.desk.guard import DeskRequest, desk
from takeback.web.desk.shown import page, redirect
from takeback.web.desk.work.acting import note_look, of_case
from takeback.web.desk.work.told import Telling, telling_of
from takeback.words import name

NAMED = ("field", "collection", "balance")  # open lists that have words
SHOWN = (*NAMED, "order", "id", "event", "template")  # of a task's evidence


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task in words. `number` tells its form's fields apart."""

    number: int
    id: str
    what: str
    where: str
    why: str
    about: str
    masked: bool  # it is about a contact point, of which a page shows a part
    since: str
    to: str
    until: str
    until_value: str
    overdue: bool
    done: str
    closed: str
    is_call: bool


@desk(Verb.READ_CASE)
@of_case
def tasks(request: DeskRequest, case: Case) -> HttpResponse:
    """The case's tasks, the open ones first."""
    telling, staff = telling_of(request), request.staff
    found = [_shown(number, todo, telling) for number, todo in enumerate(todos(house(), case.id), start=1)]
    note_look(request, case)
    values = {
        "id": case.id,
        "tasks": found,
        "people": [member.name for member in house().people.every() if member.active],
        "today": f"{telling.now.astimezone(telling.zone):%Y-%m-%d}",
        "may_hand": staff.may(Verb.HAND_TASK),
        "may_close": staff.may(Verb.CLOSE_TASK),
        "may_call": staff.may(Verb.RECORD_CALL),
        "closed": case.stage is Stage.CLOSED,
    }
    return page(request, "tasks", values)


@desk(Verb.HAND_TASK, post=True)
@of_case
def hand(request: DeskRequest, case: Case) -> HttpResponse:
    """Give a task to somebody: `task`, `to`, `until` (a date, to the end of that day)."""
    to = request.POST.get("to", "")
    member = house().people.of(to)
    if member is None or not member.active:
        raise CaseRefused("task.nobody", "Nobody of that name works here.")
    until = day_of(request.POST.get("until", ""), telling_of(request))
    hand_task(house(), case.id, request.POST.get("task", "")[:128], member.name, until, by=request.staff.name)
    return redirect(request, f"/desk/case/{case.id}/tasks", "desk_work.note_handed")


@desk(Verb.CLOSE_TASK, post=True)
@of_case
def close(request: DeskRequest, case: Case) -> HttpResponse:
    """Close a task: `task`, `done`."""
    done = request.POST.get("done", "")
    close_task(house(), case.id, request.POST.get("task", "")[:128], done, by=request.staff.name)
    return redirect(request, f"/desk/case/{case.id}/tasks", "desk_work.note_task_closed")


def day_of(text: str, telling: Telling) -> datetime:
    """The end of the day that a form names, in the reader's zone. `CaseRefused` for what is no day."""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise CaseRefused("task.date", "Say a date.") from None
    return datetime.combine(day, time(23, 59), telling.zone)


def _shown(number: int, todo: Todo, telling: Telling) -> TaskShown:
    task, hand_ = todo.task, todo.hand
    until = hand_.until if hand_ is not None else None
    return TaskShown(
        number=number,
        id=task.id,
        what=telling.maybe(f"task.{task.what}", telling.maybe(f"desk_work.task_do_{task.what}", task.what)),
        where=name_of(task.source) if task.source else "—",
        why=telling.maybe(f"task.{task.reason}", task.reason),
        about=", ".join(_about(task, telling)) if task.what != CALL else "",
        masked=task.evidence.get("field") in CONTACT_FIELDS and "value" in task.evidence,
        since=telling.ago(task.opened_at),
        to=hand_.to if hand_ is not None else "",
        until=telling.moment(until) if until is not None else "",
        until_value=f"{until.astimezone(telling.zone):%Y-%m-%d}" if until is not None else "",
        overdue=todo.overdue,
        done=todo.done,
        closed=telling.moment(task.closed_at) if task.closed_at is not None else "",
        is_call=task.what == CALL,
    )


def _about(task: Task, telling: Telling) -> Iterator[str]:
    """What the task is about; the value to put back, masked where it is a contact point."""
    told = task.evidence
    for key in SHOWN:
        if value := told.get(key):
            text = str(value)[:60]
            yield name(telling.language, key, text) if key in NAMED else masked("", text) if "@" in text else text
    value, field = told.get("value"), str(told.get("field", ""))
    if isinstance(value, str | int) and not isinstance(value, bool) and field not in SECRET_FIELDS:
        hide = field in CONTACT_FIELDS or "@" in str(value)
        yield f"→ {masked(field, str(value)) if hide else str(value)[:60]}"
    if isinstance(change := told.get("change"), dict):
        yield f"{change.get('amount')} {change.get('currency')}"
