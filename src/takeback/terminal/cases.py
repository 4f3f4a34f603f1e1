"""`takeback cases` and `takeback approve`: which cases are open, what does one say, and may its plan be carried out?"""

import sys
from collections.abc import Mapping
from datetime import datetime

import msgspec
from rich.console import Console
from rich.table import Table

from takeback.bootstrap import House, house
from takeback.casework.auditbook import Act
from takeback.casework.investigate import inquire
from takeback.casework.undo import approve as approve_plan
from takeback.casework.undo import who_must_approve
from takeback.core.answer import answer
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused, InputError
from takeback.core.events import Json
from takeback.core.investigation import Investigation
from takeback.core.permission import Verb
from takeback.terminal.language import chosen
from takeback.terminal.user import who
from takeback.words import say


def show(case_id: str | None, *, as_json: bool, language: str | None) -> int:
    """The open cases in a table, or one case with its findings, plan, ledger and log."""
    home, words = house(), chosen(language)
    if case_id is None:
        cases = home.cases.cases()
        if as_json:
            _print_json([_told(case) for case in cases])
        else:
            _table(cases, words)
        return 0
    case = _known(home, case_id)
    if as_json:
        _print_json(_whole(home, case))
    else:
        _readable(home, case, words)
    return 0


def approve(case_id: str, *, plan_hash: str, by: str, role: str) -> int:
    """Approve a plan by its hash. 1 when the plan has changed since, or when another person is still needed."""
    home = house()
    _known(home, case_id)
    try:
        enough = approve_plan(home, case_id, plan_hash, by=by, role=role)
    except CaseRefused as refusal:
        sys.stderr.write(f"takeback: {refusal}\n")
        return 1
    evidence: dict[str, Json] = {"plan": plan_hash, "as": by}
    home.audit.note(Act(home.clock.now(), who(), Verb.APPROVE_PLAN.value, f"approval.{role}", case_id, evidence))
    sys.stdout.write(
        "Approved: it is being carried out.\n" if enough else "Noted; a second person has to approve it.\n"
    )
    return 0 if enough else 1


def _known(home: House, case_id: str) -> Case:
    case = home.cases.case(case_id)
    if case is None:
        raise InputError(f"there is no case {case_id!r}; `takeback cases` lists them")
    return case


def _told(case: Case) -> dict[str, Json]:
    return {
        "case": case.id,
        "account": case.account,
        "stage": case.stage.value,
        "opened_at": _time(case.opened_at),
        "frozen_at": _time(case.frozen_at),
        "plan_hash": case.plan_hash,
        "undone_at": _time(case.undone_at),
        "hold_until": _time(case.hold_until),
        "handed_back_at": _time(case.handed_back_at),
    }


def _whole(home: House, case: Case) -> Mapping[str, object]:
    inquiry = inquire(home, case)
    return {
        **_told(case),
        "approval": who_must_approve(home, inquiry),
        "investigation": answer(Investigation(inquiry.findings, inquiry.plan), inquiry.events),
        "actions": [
            {
                "id": row.id,
                "service": row.source,
                "action": row.action,
                "args": row.args,
                "outcome": row.outcome,
                "reason": row.reason,
                "read_back": row.read_back_ok,
            }
            for row in home.cases.actions(case.id)
        ],
        "tasks": [
            {"what": task.what, "service": task.source, "reason": task.reason, "open": task.closed_at is None}
            for task in home.cases.tasks(case.id)
        ],
        "log": [
            {"at": entry.at, "who": entry.who, "what": entry.what, "why": entry.why, "evidence": entry.evidence}
            for entry in home.cases.log(case.id)
        ],
    }


def _table(cases: list[Case], language: str) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("case", "account", "stage", "opened"):
        table.add_column(column)
    for case in cases:
        table.add_row(case.id, case.account, say(language, f"stage.{case.stage}"), f"{case.opened_at:%Y-%m-%d %H:%M}")
    Console(highlight=False).print(table if cases else say(language, "terminal.no_cases"))


def _readable(home: House, case: Case, language: str) -> None:
    from takeback.terminal.readable import show as show_investigation

    inquiry, out = inquire(home, case), Console(highlight=False)
    out.print(f"{case.id}  {say(language, f'stage.{case.stage}')}", style="bold")
    show_investigation(Investigation(inquiry.findings, inquiry.plan), inquiry.events, language, out)
    for task in home.cases.tasks(case.id):
        state = "✓" if task.closed_at else "!"
        out.print(f"{state} {task.source} {say(language, f'task.{task.what}')} ({task.reason})", style="yellow")
    for entry in home.cases.log(case.id):
        out.print(f"{entry.at:%m-%d %H:%M:%S}  {entry.who:<10} {entry.what:<18} {entry.why}", style="dim")
    if case.stage is Stage.UNDO:
        need = who_must_approve(home, inquiry)
        out.print(say(language, f"terminal.approve_{need}", case=case.id, hash=inquiry.plan.hash))


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
