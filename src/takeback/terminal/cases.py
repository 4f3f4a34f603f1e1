"""`takeback cases` and `takeback approve`: which cases are open, what does one say, which are paused, and may a plan be
carried out?
"""

import sys
from collections.abc import Container, Mapping
from datetime import datetime

import msgspec
from rich.console import Console
from rich.table import Table

from takeback.bootstrap import House, house
from takeback.casework.auditbook import Act
from takeback.casework.investigate import inquire
from takeback.casework.pauses import EVERY, Pause
from takeback.casework.pausing import pause as pause_case
from takeback.casework.pausing import resume as resume_case
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


def listed(stage: Stage | None, *, limit: int | None, as_json: bool, language: str | None) -> int:
    """The newest open cases (closed ones when that is the stage asked for), at most `limit`."""
    home, words = house(), chosen(language)
    cases = home.cases.cases(stage=stage, limit=None if limit is None else limit + 1)
    paused = {one.case: one for one in home.pauses.every()}
    if as_json:
        _print_json([_told(case, paused) for case in cases[:limit]])
        return 0
    out = Console(highlight=False)
    if EVERY in paused:
        out.print(_paused(paused[EVERY], words), style="yellow", markup=False)
    _table(cases[:limit], paused, words, out)
    if limit is not None and len(cases) > limit:
        out.print(say(words, "terminal.more_cases", limit=limit), style="dim")
    return 0


def show(case_id: str, *, as_json: bool, language: str | None) -> int:
    """One case with its findings, plan, ledger and log."""
    home = house()
    case = _known(home, case_id)
    if as_json:
        _print_json(_whole(home, case))
    else:
        _readable(home, case, chosen(language))
    return 0


def pause(case_id: str, *, why: str, resuming: bool) -> int:
    """Pause a case (the empty id: all of them), or resume it. 1 when it is so already."""
    home = house()
    if case_id != EVERY:
        _known(home, case_id)
    try:
        if resuming:
            begun = resume_case(home, case_id, by=who(), why=why)
            sys.stdout.write(f"Resumed; {begun} waiting phases begin.\n")
        else:
            pause_case(home, case_id, by=who(), why=why)
            sys.stdout.write("Paused. Accounts are still stopped and codes sent; nothing is taken back meanwhile.\n")
    except CaseRefused as refusal:
        sys.stderr.write(f"takeback: {refusal}\n")
        return 1
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


def _told(case: Case, paused: Container[str]) -> dict[str, Json]:
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
        "paused": case.id in paused or EVERY in paused,
    }


def _whole(home: House, case: Case) -> Mapping[str, object]:
    inquiry = inquire(home, case)
    return {
        **_told(case, [one.case for one in home.pauses.every()]),
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


def _table(cases: list[Case], paused: Container[str], language: str, out: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("case", "account", "stage", "opened"):
        table.add_column(column)
    for case in cases:
        stage = say(language, f"stage.{case.stage}") + (" ‖" if case.id in paused else "")
        table.add_row(case.id, case.account, stage, f"{case.opened_at:%Y-%m-%d %H:%M}")
    out.print(table if cases else say(language, "terminal.no_cases"))


def _paused(pause: Pause, language: str) -> str:
    key = "terminal.paused_all" if pause.case == EVERY else "terminal.paused"
    return say(language, key, at=f"{pause.at:%Y-%m-%d %H:%M}", by=pause.by, why=pause.why)


def _readable(home: House, case: Case, language: str) -> None:
    from takeback.terminal.readable import show as show_investigation

    inquiry, out = inquire(home, case), Console(highlight=False)
    out.print(f"{case.id}  {say(language, f'stage.{case.stage}')}", style="bold")
    if (paused := home.pauses.of(case.id)) is not None:
        out.print(_paused(paused, language), style="yellow", markup=False)
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
