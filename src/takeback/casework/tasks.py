"""Who does what no service could do, until when, and what came of it?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from takeback.casework.callback import CALL
from takeback.casework.claiming import record
from takeback.casework.claims import Hand
from takeback.casework.deciding import one_at_a_time, reason_of
from takeback.casework.ports import House, Task
from takeback.casework.progress import known
from takeback.core.errors import CaseRefused
from takeback.core.events import Json
from takeback.core.permission import Verb

LATEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Todo:
    """A task with whoever has it. `done` is what its closing says was done."""

    task: Task
    hand: Hand | None
    overdue: bool
    done: str = ""


def todos(house: House, case_id: str) -> list[Todo]:
    """The case's tasks, the open ones first."""
    unhanded = timedelta(minutes=house.rules.now().target_tasks_minutes)
    now = house.clock.now()
    tasks = house.cases.tasks(case_id)
    hands = house.claims.hands(task.id for task in tasks)
    said = {
        str(entry.evidence.get("task")): str(entry.evidence.get("reason", ""))
        for entry in house.cases.log(case_id)
        if entry.what == "task.closed"
    }
    found = [
        Todo(task, hands.get(task.id), is_overdue(task, hands.get(task.id), now, unhanded), said.get(task.id, ""))
        for task in tasks
    ]
    return sorted(found, key=lambda one: (one.task.closed_at is not None, one.task.opened_at))


def is_overdue(task: Task, hand: Hand | None, now: datetime, unhanded: timedelta) -> bool:
    """True for an open task whose date has passed; one without a date, when it is nobody's for too long."""
    if task.closed_at is not None:
        return False
    due = hand.until if hand is not None and hand.until is not None else task.opened_at + unhanded
    return now > due


def hand_task(house: House, case_id: str, task_id: str, to: str, until: datetime | None, *, by: str) -> None:
    """Give a task to somebody, until then. The same again changes nothing. `to` is a member of staff, whom the caller
    has looked up.
    """
    with one_at_a_time(case_id):
        task = _task(house, case_id, task_id)
        before = house.claims.hands([task_id]).get(task_id)
        if before is not None and (before.to, before.until) == (to, until):
            return
        now = house.clock.now()
        if task.closed_at is not None:
            raise CaseRefused("task.closed", "This task is done.")
        if until is not None and not now < until <= now + LATEST:
            raise CaseRefused("task.date", "The date lies in the past, or too far away.")
        house.claims.hand(Hand(task_id, to, by, now, until))
        evidence: dict[str, Json] = {"task": task_id, "to": to, "until": until.isoformat() if until else None}
        record(house, by, Verb.HAND_TASK, case_id, "task.handed", "desk.handed", evidence)


def close_task(house: House, case_id: str, task_id: str, done: str, *, by: str) -> None:
    """Close a task and say what was done. A call is closed by its outcome alone. The second press changes nothing."""
    with one_at_a_time(case_id):
        task = _task(house, case_id, task_id)
        if task.closed_at is not None:
            return
        if task.what == CALL:
            raise CaseRefused("task.is_call", "A call is closed by writing down what came of it.")
        said = reason_of(done)
        house.cases.close_task(task_id, house.clock.now())
        evidence: dict[str, Json] = {"task": task_id, "what": task.what, "source": task.source}
        record(house, by, Verb.CLOSE_TASK, case_id, "task.closed", "desk.task_done", evidence, reason=said)


def _task(house: House, case_id: str, task_id: str) -> Task:
    known(house, case_id)
    found = next((task for task in house.cases.tasks(case_id) if task.id == task_id), None)
    if found is None:
        raise CaseRefused("task.unknown", "There is no such task in this case.")
    return found
