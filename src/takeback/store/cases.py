"""How does each case stand, and what was done in it? `CaseStore` on Django's tables.

Every write is one transaction that takes the database's write lock at its start (`BEGIN IMMEDIATE`), so what it reads
first is still true when it writes.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from takeback.casework.ports import ActionRecord, Approval, Code, Entry, Said, SentLetter, Sign, Task
from takeback.core.case import Case, Stage
from takeback.store import chain, chainaside, rows
from takeback.store.models import (
    ActionRow,
    ApprovalRow,
    CaseRow,
    CodeRow,
    EntryRow,
    LetterRow,
    LogHeadRow,
    SaidRow,
    SignRow,
    TaskRow,
)


class DjangoCaseStore:
    """The cases in Django's default database. `chain_key` keys the digests of the logs; `told` hears that one of them
    has grown.
    """

    def __init__(self, chain_key: bytes, told: Callable[[], None] = lambda: None) -> None:
        self._key, self._told = chain_key, told

    def open(self, case: Case) -> Case:
        """Store a new case; if the account already has one that is not closed, that one instead."""
        try:
            with transaction.atomic():
                CaseRow.objects.create(id=case.id, **rows.case_values(case))
                self._write_head(case.id, chain.Head(), whole=True)
        except IntegrityError:
            existing = CaseRow.objects.filter(account=case.account).exclude(stage=Stage.CLOSED.value).first()
            if existing is None:
                raise
            return rows.case_of(existing)
        return case

    def case(self, case_id: str) -> Case | None:
        """The case, or None."""
        row = CaseRow.objects.filter(id=case_id).first()
        return None if row is None else rows.case_of(row)

    def by_token(self, token_hash: str) -> Case | None:
        """The case whose page this token opens."""
        row = CaseRow.objects.filter(token_hash=token_hash).first()
        return None if row is None else rows.case_of(row)

    def cases(self, *, open_only: bool = True) -> list[Case]:
        """All cases, newest first."""
        found = CaseRow.objects.order_by("-opened_at", "id")
        return [rows.case_of(row) for row in (found.exclude(stage=Stage.CLOSED.value) if open_only else found)]

    def of_account(self, account: str) -> list[Case]:
        """The account's cases, open and closed, newest first."""
        return [rows.case_of(row) for row in CaseRow.objects.filter(account=account).order_by("-opened_at", "id")]

    def save(self, case: Case, *, entry: Entry | None = None) -> None:
        """Write the case, and its log entry in the same transaction."""
        with transaction.atomic():
            self._save(case)
            self._note(entry)

    def change(self, case_id: str, change: Callable[[Case], Case], *, entry: Entry | None = None) -> Case:
        """Read the case, change it and write it, with its log entry, in one transaction."""
        with transaction.atomic():
            case = change(rows.case_of(CaseRow.objects.get(id=case_id)))
            self._save(case)
            self._note(entry)
        return case

    def note(self, entry: Entry) -> None:
        """Append a line to the case's log."""
        with transaction.atomic():
            self._note(entry)

    def log(self, case_id: str) -> list[Entry]:
        """The case's log, oldest first."""
        entries = self._written(case_id)
        if not any(chainaside.marks_in(entry.evidence) for entry in entries):
            return entries
        beside = chainaside.contents_of(case_id)
        return [replace(one, evidence=chainaside.with_asides(dict(one.evidence), beside)) for one in entries]

    def verify(self, case_id: str) -> chain.Fault | None:
        """The first place at which the case's log is not what was written; None when all is well."""
        with transaction.atomic():  # the lines and the head of one moment
            entries = self._written(case_id)
            row = LogHeadRow.objects.filter(case_id=case_id).first()
        head = None if row is None else chain.Head(row.count, row.digest)
        return chain.first_fault(self._key, case_id, entries, head, "" if row is None else row.seal)

    def intend(self, records: Iterable[ActionRecord]) -> None:
        """Write rows for actions to come; rows whose id exists are left as they are."""
        made = [ActionRow(id=record.id, **rows.action_values(record)) for record in records]
        with transaction.atomic():
            ActionRow.objects.bulk_create(made, ignore_conflicts=True)

    def actions(self, case_id: str, phase: str | None = None) -> list[ActionRecord]:
        """The case's ledger rows in order of position."""
        found = ActionRow.objects.filter(case_id=case_id).order_by("position", "id")
        return [rows.action_of(row) for row in (found if phase is None else found.filter(phase=phase))]

    def settle(self, record: ActionRecord, *, entry: Entry | None = None) -> None:
        """Write what became of an action, with its log entry in the same transaction."""
        with transaction.atomic():
            values = rows.action_values(record)
            if not ActionRow.objects.filter(id=record.id).update(**values):
                ActionRow.objects.create(id=record.id, **values)
            self._note(entry)

    def open_task(self, task: Task) -> None:
        """Write a task for staff; one whose id exists is left as it is."""
        values = {
            "case_id": task.case,
            "what": task.what,
            "source": task.source,
            "reason": task.reason,
            "evidence": dict(task.evidence),
            "opened_at": task.opened_at,
            "closed_at": task.closed_at,
        }
        with transaction.atomic():
            TaskRow.objects.get_or_create(id=task.id, defaults=values)

    def close_task(self, task_id: str, at: datetime) -> None:
        """Write that a task is done; one that is not there, or done already, is left as it is."""
        with transaction.atomic():
            TaskRow.objects.filter(id=task_id, closed_at=None).update(closed_at=at)

    def tasks(self, case_id: str) -> list[Task]:
        """The case's tasks, oldest first."""
        return [rows.task_of(row) for row in TaskRow.objects.filter(case_id=case_id).order_by("opened_at", "id")]

    def task(self, task_id: str) -> Task | None:
        """The task of this id, done or not."""
        row = TaskRow.objects.filter(id=task_id).first()
        return None if row is None else rows.task_of(row)

    def open_tasks(self) -> list[Task]:
        """The tasks of all cases that are not done, oldest first."""
        return [rows.task_of(row) for row in TaskRow.objects.filter(closed_at=None).order_by("opened_at", "id")]

    def log_lengths(self) -> dict[str, int]:
        """How many lines the log of each open case has."""
        open_cases = CaseRow.objects.exclude(stage=Stage.CLOSED.value).values("id")
        return dict(LogHeadRow.objects.filter(case_id__in=open_cases).values_list("case_id", "count"))

    def approve(self, approval: Approval) -> None:
        """Record an approval; the same person's second approval of the same hash is one."""
        with transaction.atomic():
            ApprovalRow.objects.get_or_create(
                case_id=approval.case,
                plan_hash=approval.plan_hash,
                by=approval.by,
                defaults={"role": approval.role, "at": approval.at},
            )

    def approvals(self, case_id: str) -> list[Approval]:
        """The case's approvals, oldest first."""
        return [rows.approval_of(row) for row in ApprovalRow.objects.filter(case_id=case_id).order_by("at", "pk")]

    def hear(self, said: Iterable[Said]) -> None:
        """Record what the customer said; a later word on the same thing replaces the earlier."""
        with transaction.atomic():
            for word in said:
                SaidRow.objects.update_or_create(
                    case_id=word.case,
                    kind=word.kind,
                    thing=word.id,
                    defaults={"mine": word.mine, "proven": word.proven, "at": word.at},
                )

    def said(self, case_id: str) -> list[Said]:
        """What the customer said, as it now stands."""
        return [rows.said_of(row) for row in SaidRow.objects.filter(case_id=case_id).order_by("at", "pk")]

    def put_code(self, code: Code) -> None:
        """Write a code, or its new count of tries, or its use. A count never falls, and a used code stays used."""
        values = {
            "case_id": code.case,
            "purpose": code.purpose,
            "contact": code.contact,
            "code_hash": code.code_hash,
            "made_at": code.made_at,
            "expires_at": code.expires_at,
        }
        with transaction.atomic():
            known = CodeRow.objects.filter(id=code.id).first()
            tries, used_at = (0, None) if known is None else (known.tries, known.used_at)
            values |= {"tries": max(code.tries, tries), "used_at": used_at or code.used_at}
            CodeRow.objects.update_or_create(id=code.id, defaults=values)

    def try_code(self, code_id: str) -> Code:
        """Count one more try of a code, and give the code as it then stands."""
        with transaction.atomic():
            CodeRow.objects.filter(id=code_id).update(tries=F("tries") + 1)
            return rows.code_of(CodeRow.objects.get(id=code_id))

    def use_code(self, code_id: str, at: datetime) -> bool:
        """Mark a code as used. False when it had been used before: of two at once, one is told True."""
        with transaction.atomic():
            return CodeRow.objects.filter(id=code_id, used_at=None).update(used_at=at) == 1

    def codes(self, case_id: str) -> list[Code]:
        """The case's codes, newest first."""
        return [rows.code_of(row) for row in CodeRow.objects.filter(case_id=case_id).order_by("-made_at", "id")]

    def notice(self, sign: Sign) -> None:
        """Write a sign; one sign per account and session, the later replaces the earlier."""
        values = {"at": sign.at, "probability": sign.probability, "reasons": list(sign.reasons)}
        with transaction.atomic():
            SignRow.objects.update_or_create(account=sign.account, session=sign.session, defaults=values)

    def signs(self, account: str) -> list[Sign]:
        """The account's signs, oldest first."""
        return [rows.sign_of(row) for row in SignRow.objects.filter(account=account).order_by("at", "pk")]

    def intend_letter(self, letter: SentLetter) -> SentLetter:
        """Write that a letter is about to be sent, or return the row that its id already has."""
        values = {
            "case_id": letter.case,
            "template": letter.template,
            "to": letter.to,
            "intended_at": letter.intended_at,
            "sent_at": letter.sent_at,
        }
        with transaction.atomic():
            row, _ = LetterRow.objects.get_or_create(id=letter.id, defaults=values)
        return rows.letter_of(row)

    def letter_sent(self, letter_id: str, at: datetime) -> None:
        """Write that the mail server took it."""
        with transaction.atomic():
            LetterRow.objects.filter(id=letter_id).update(sent_at=at)

    def letters(self, case_id: str) -> list[SentLetter]:
        """The case's letters, oldest first."""
        return [rows.letter_of(row) for row in LetterRow.objects.filter(case_id=case_id).order_by("intended_at", "id")]

    def _written(self, case_id: str) -> list[Entry]:
        """The log as its lines are, without what lies beside it."""
        return [rows.entry_of(row) for row in EntryRow.objects.filter(case_id=case_id).order_by("seq")]

    def _save(self, case: Case) -> None:
        if not CaseRow.objects.filter(id=case.id).update(**rows.case_values(case)):
            raise CaseRow.DoesNotExist(f"there is no case {case.id}")

    def _note(self, entry: Entry | None) -> None:
        if entry is None:
            return
        row = LogHeadRow.objects.get(case_id=entry.case)
        head = chain.Head(row.count, row.digest)
        placed = replace(entry, seq=head.count + 1, evidence=chainaside.put_aside(self._key, entry), aside=())
        digest = chain.next_digest(self._key, head, placed)
        EntryRow.objects.create(
            case_id=placed.case,
            seq=placed.seq,
            at=placed.at,
            who=placed.who,
            what=placed.what,
            why=placed.why,
            evidence=dict(placed.evidence),
            digest=digest,
        )
        whole = chain.is_sealed(self._key, entry.case, head, row.seal)
        self._write_head(entry.case, chain.Head(placed.seq, digest), whole=whole)
        self._told()

    def _write_head(self, case_id: str, head: chain.Head, *, whole: bool) -> None:
        """Write the head. One that was not whole is not sealed again: the case goes on, the damage stays to be seen."""
        sealed = chain.seal(self._key, case_id, head) if whole else chain.BROKEN_SEAL
        values = {"count": head.count, "digest": head.digest, "seal": sealed}
        if not LogHeadRow.objects.filter(case_id=case_id).update(**values):
            LogHeadRow.objects.create(case_id=case_id, **values)
