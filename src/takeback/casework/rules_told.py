"""Which of the staff are told, and of what? Whom the rules name, once for each matter, in a plain sentence that names
nobody: mail is read on many screens, so all that it says is that the desk has something, and where.

The worker looks every half minute. What could not be sent is tried again the next time; letters to the owner have
nothing to do with any of this, and no rule can leave them out.
"""

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from html import escape

from takeback.casework.auditbook import Act
from takeback.casework.callback import CALL
from takeback.casework.investigate import inquire, outstanding
from takeback.casework.ports import House, Letter, Task
from takeback.casework.tasks import is_overdue
from takeback.casework.undo import who_must_approve
from takeback.casework.verifying_noted import last_verified
from takeback.core.approval import Needed, Vote, approved
from takeback.core.case import Case, Stage
from takeback.core.contacts import masked
from takeback.core.errors import OutsideError
from takeback.core.events import Json
from takeback.core.rules import Rules, value_of
from takeback.core.undo.plan import digest
from takeback.words import say

log = logging.getLogger("takeback.rules")
EVERY = 30.0  # seconds between two looks


class Matter(StrEnum):
    """What staff may be told; `tell_<matter>` is the rule that says who."""

    PLAN_WAITING = "plan_waiting"
    TASK_OVERDUE = "task_overdue"
    CALL_WAITING = "call_waiting"
    AUDIT_FAULT = "audit_fault"


class Reminder:
    """Looks for what staff are to be told. One lives in the worker; it remembers which plans it has weighed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._weighed: set[tuple[str, str | None, int]] = set()

    def look(self) -> None:
        """Tell staff what they are to be told now. Whatever fails is said in the worker's log and tried again."""
        try:
            with self._house.released():
                self._look(self._house.rules.now())
        except Exception as error:  # the worker lives on, whatever could not be looked at
            log.warning("staff could not be told: %s", type(error).__name__)

    def _look(self, rules: Rules) -> None:
        if rules.tell_call_waiting or rules.tell_task_overdue:
            self._tasks(rules)
        if rules.tell_plan_waiting:
            for case in self._house.cases.cases(stage=Stage.UNDO):
                self._plan(case)
        if rules.tell_audit_fault:
            verified = last_verified(self._house)
            if verified is not None and (verified.evidence or {}).get("wrong"):
                # Once a day for as long as it is found: a fault that was forgotten is worse than one mail more.
                found = f"{verified.at:%Y-%m-%d} {dict(verified.evidence or {})}"
                tell(self._house, Matter.AUDIT_FAULT, found, "/desk/audit")

    def _tasks(self, rules: Rules) -> None:
        now, late = self._house.clock.now(), timedelta(minutes=rules.target_tasks_minutes)
        tasks = self._house.cases.open_tasks()
        hands = self._house.claims.hands(task.id for task in tasks)
        for task in tasks:
            if task.what == CALL:
                if not _is_later(task, now):
                    tell(self._house, Matter.CALL_WAITING, task.id, "/desk/calls")
            elif is_overdue(task, hands.get(task.id), now, late):
                tell(self._house, Matter.TASK_OVERDUE, task.id, f"/desk/case/{task.case}")

    def _plan(self, case: Case) -> None:
        """A plan that waits for a person is weighed once, and again when it or the rules have changed."""
        mark = (case.id, case.plan_hash, self._house.rules.number())
        if mark in self._weighed:
            return
        inquiry = inquire(self._house, case)
        need = who_must_approve(self._house, inquiry)
        votes = [Vote(one.plan_hash, one.by, one.role) for one in self._house.cases.approvals(case.id)]
        waits = need is not Needed.RULE and not approved(inquiry.plan.hash, votes, need)
        waits = waits and bool(outstanding(case, inquiry))
        if waits and not self._say_waiting(case, inquiry.plan.hash):
            return
        self._weighed.add(mark)

    def _say_waiting(self, case: Case, plan_hash: str) -> bool:
        return tell(self._house, Matter.PLAN_WAITING, f"{case.id} {plan_hash}", f"/desk/case/{case.id}")


def _is_later(call: Task, now: datetime) -> bool:
    """True for a call that was tried, and whose next try is not due yet."""
    due = call.evidence.get("not_before")
    return isinstance(due, str) and now < datetime.fromisoformat(due)


def tell(house: House, matter: Matter, what: str, path: str) -> bool:
    """Mail whom the rules name for this matter, each once for this `what`. False where a mail could not be sent."""
    named = value_of(house.rules.now(), f"tell_{matter.value}")
    sent = [_send(house, matter, what, path, to) for to in (named if isinstance(named, tuple) else ())]
    return all(sent)


def _send(house: House, matter: Matter, what: str, path: str, to: str) -> bool:
    letter = digest("staff letter", matter.value, what, to)[:32]
    now, language = house.clock.now(), house.configuration.language
    if not house.rules.table.begin_letter(letter, now):
        return True
    subject = say(language, f"desk_rules.mail_{matter.value}_subject")
    where = f"{house.configuration.base_url.rstrip('/')}{path}"
    lines = (say(language, f"desk_rules.mail_{matter.value}"), where, say(language, "desk_rules.mail_why"))
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    try:
        house.mailer.send(Letter(letter, "", f"staff.{matter.value}", to, subject, "\n\n".join(lines) + "\n", html))
    except OutsideError as error:
        if not error.permanent:
            log.warning("a mail to staff could not be sent and is tried again: %s", error)
            return False
        refused: dict[str, Json] = {"to": masked("email", to), "matter": matter.value}
        house.audit.note(Act(now, "system", "rules.mail_refused", evidence=refused))
    house.rules.table.settle_letter(letter, now)
    return True
