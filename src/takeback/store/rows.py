"""What does a row mean? Rows of `models` as the frozen values of `casework.ports`, and what those write."""

from typing import Any

from takeback.casework.ports import ActionRecord, Approval, Code, Entry, Said, SentLetter, Sign, Task
from takeback.core.case import Case, Language, Stage
from takeback.core.service import Outcome
from takeback.store import models

Values = dict[str, Any]  # of one row: Django's own signatures say no more


def case_values(case: Case) -> Values:
    """All but the id."""
    return {
        "account": case.account,
        "stage": case.stage.value,
        "language": case.language.value,
        "opened_at": case.opened_at,
        "report_text": case.report_text,
        "token_hash": case.token_hash,
        "frozen_at": case.frozen_at,
        "plan_hash": case.plan_hash,
        "approved_hash": case.approved_hash,
        "undone_at": case.undone_at,
        "hold_until": case.hold_until,
        "proven_at": case.proven_at,
        "proven_after_hold_at": case.proven_after_hold_at,
        "handed_back_at": case.handed_back_at,
    }


def case_of(row: models.CaseRow) -> Case:
    """The case."""
    return Case(
        id=row.id,
        account=row.account,
        stage=Stage(row.stage),
        language=Language(row.language),
        opened_at=row.opened_at,
        report_text=row.report_text,
        token_hash=row.token_hash,
        frozen_at=row.frozen_at,
        plan_hash=row.plan_hash,
        approved_hash=row.approved_hash,
        undone_at=row.undone_at,
        hold_until=row.hold_until,
        proven_at=row.proven_at,
        proven_after_hold_at=row.proven_after_hold_at,
        handed_back_at=row.handed_back_at,
    )


def entry_of(row: models.EntryRow) -> Entry:
    """A line of the log."""
    return Entry(row.case_id, row.at, row.who, row.what, row.why, row.evidence, row.seq, row.digest)


def entry_values(entry: Entry, digest: str) -> Values:
    """A line in its place, with what chains it to the line before."""
    return {
        "case_id": entry.case,
        "seq": entry.seq,
        "at": entry.at,
        "who": entry.who,
        "what": entry.what,
        "why": entry.why,
        "evidence": dict(entry.evidence),
        "digest": digest,
    }


def action_values(record: ActionRecord) -> Values:
    """All but the id."""
    return {
        "case_id": record.case,
        "phase": record.phase,
        "source": record.source,
        "action": record.action,
        "args": dict(record.args),
        "undoes": list(record.undoes),
        "position": record.position,
        **outcome_values(record),
    }


def outcome_values(record: ActionRecord) -> Values:
    """What becomes of an action, and nothing of what was meant."""
    return {
        "outcome": None if record.outcome is None else record.outcome.value,
        "reason": record.reason,
        "attempts": record.attempts,
        "done_at": record.done_at,
        "read_back_at": record.read_back_at,
        "read_back_ok": record.read_back_ok,
    }


def task_values(task: Task) -> Values:
    """All but the id."""
    return {
        "case_id": task.case,
        "what": task.what,
        "source": task.source,
        "reason": task.reason,
        "evidence": dict(task.evidence),
        "opened_at": task.opened_at,
        "closed_at": task.closed_at,
    }


def action_of(row: models.ActionRow) -> ActionRecord:
    """A row of the action ledger."""
    return ActionRecord(
        id=row.id,
        case=row.case_id,
        phase=row.phase,
        source=row.source,
        action=row.action,
        args=row.args,
        undoes=tuple(row.undoes),
        position=row.position,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        reason=row.reason,
        attempts=row.attempts,
        done_at=row.done_at,
        read_back_at=row.read_back_at,
        read_back_ok=row.read_back_ok,
    )


def task_of(row: models.TaskRow) -> Task:
    """A task for staff."""
    return Task(row.id, row.case_id, row.what, row.source, row.reason, row.evidence, row.opened_at, row.closed_at)


def approval_of(row: models.ApprovalRow) -> Approval:
    """An approval."""
    return Approval(row.case_id, row.plan_hash, row.by, row.role, row.at)


def approval_values(approval: Approval) -> Values:
    """All of it: a row has no name of its own."""
    return {
        "case_id": approval.case,
        "plan_hash": approval.plan_hash,
        "by": approval.by,
        "role": approval.role,
        "at": approval.at,
    }


def said_of(row: models.SaidRow) -> Said:
    """A word of the customer's."""
    return Said(row.case_id, row.kind, row.thing, row.mine, row.proven, row.at)


def code_of(row: models.CodeRow) -> Code:
    """A one-time code."""
    return Code(
        id=row.id,
        case=row.case_id,
        purpose=row.purpose,
        contact=row.contact,
        code_hash=row.code_hash,
        made_at=row.made_at,
        expires_at=row.expires_at,
        tries=row.tries,
        used_at=row.used_at,
    )


def sign_of(row: models.SignRow) -> Sign:
    """A sign."""
    return Sign(row.account, row.at, row.probability, tuple(row.reasons), row.session)


def letter_of(row: models.LetterRow) -> SentLetter:
    """A row of the message ledger."""
    return SentLetter(row.id, row.case_id, row.template, row.to, row.intended_at, row.sent_at)


def letter_values(letter: SentLetter) -> Values:
    """All of it."""
    return {
        "id": letter.id,
        "case_id": letter.case,
        "template": letter.template,
        "to": letter.to,
        "intended_at": letter.intended_at,
        "sent_at": letter.sent_at,
    }
