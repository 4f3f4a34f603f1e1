"""How does each case stand, and what was done in it? `CaseStore` on Django's tables.

Every write is one transaction, in which what it reads first is still true when it writes (`holding`).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from takeback.casework.ledgerpage import Page
from takeback.casework.ports import ActionRecord, Approval, Code, Entry, Said, SentLetter, Sign, Task
from takeback.core.case import Case, Stage
from takeback.store import bulk, chain, chainaside, rows
from takeback.store.caselog import CaseLog
from takeback.store.holding import hold
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

AT_ONCE = 500  # accounts in one question


class DjangoCaseStore:
    """The cases in Django's default database. `chain_key` keys the digests of the logs; `told` hears that one of them
    has grown.
    """

    def __init__(self, chain_key: bytes, told: Callable[[], None] = lambda: None) -> None:
        self._key, self._log = chain_key, CaseLog(chain_key, told)

    def open(self, case: Case, *, entry: Entry | None = None, meant: Iterable[ActionRecord] = ()) -> Case:
        """Store a new case with the first line of its log and rows for actions to come; if the account already has one
        that is not closed, that one instead, as it is.
        """
        row = bulk.inserting(CaseRow, [{"id": case.id, **rows.case_values(case)}])
        actions, lines = _meant(meant), self._log.first(case.id, entry)
        try:
            with transaction.atomic():
                row.run()
                actions.run()
                self._log.append(lines)
        except IntegrityError:
            existing = CaseRow.objects.filter(account=case.account).exclude(stage=Stage.CLOSED.value).first()
            if existing is None:
                raise
            return rows.case_of(existing)
        return case

    def case(self, case_id: str) -> Case | None:
        """The case, or None."""
        found = bulk.select(CaseRow, id=case_id)
        return rows.case_of(found[0]) if found else None

    def by_token(self, token_hash: str) -> Case | None:
        """The case whose page this token opens."""
        found = bulk.select(CaseRow, token_hash=token_hash)
        return rows.case_of(found[0]) if found else None

    def cases(self, *, open_only: bool = True, stage: Stage | None = None, limit: int | None = None) -> list[Case]:
        """All cases, newest first."""
        found = CaseRow.objects.order_by("-opened_at", "id")
        if stage is not None:
            found = found.filter(stage=stage.value)
        elif open_only:
            found = found.exclude(stage=Stage.CLOSED.value)
        return [rows.case_of(row) for row in found[:limit]]

    def open_after(self, after: str, most: int) -> list[Case]:
        """Open cases in order of their ids, those after this one."""
        found = CaseRow.objects.filter(id__gt=after).exclude(stage=Stage.CLOSED.value).order_by("id")
        return [rows.case_of(row) for row in found[:most]]

    def of_account(self, account: str) -> list[Case]:
        """The account's cases, open and closed, newest first."""
        return [rows.case_of(row) for row in bulk.select(CaseRow, ("-opened_at", "id"), account=account)]

    def watched(self, accounts: Iterable[str], *, since: datetime) -> set[str]:
        """Those of these accounts that have an open case, or were handed back since then."""
        is_watched = ~Q(stage=Stage.CLOSED.value) | Q(handed_back_at__gte=since)
        found: set[str] = set()
        rest = iter(dict.fromkeys(accounts))
        while some := list(islice(rest, AT_ONCE)):
            found.update(CaseRow.objects.filter(is_watched, account__in=some).values_list("account", flat=True))
        return found

    def save(self, case: Case, *, entry: Entry | None = None) -> None:
        """Write the case, and its log entry in the same transaction."""
        lines = self._log.ready(entry)
        with transaction.atomic():
            self._save(case)
            self._log.append(lines)

    def change(self, case_id: str, change: Callable[[Case], Case], *, entry: Entry | None = None) -> Case:
        """Read the case, change it and write it, with its log entry, in one transaction."""
        lines = self._log.ready(entry)
        with transaction.atomic():
            case = self._change(case_id, change)
            self._log.append(lines)
        return case

    def note(self, entry: Entry) -> None:
        """Append a line to the case's log."""
        lines = self._log.ready(entry)
        with transaction.atomic():
            hold([entry.case])
            self._log.append(lines)

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
            hold([case_id])
            entries = self._written(case_id)
            row = LogHeadRow.objects.filter(case_id=case_id).first()
        head = None if row is None else chain.Head(row.count, row.digest)
        return chain.first_fault(self._key, case_id, entries, head, "" if row is None else row.seal)

    def intend(self, records: Iterable[ActionRecord]) -> None:
        """Write rows for actions to come; rows whose id exists are left as they are."""
        meant = _meant(records)
        with transaction.atomic():
            meant.run()

    def actions(self, case_id: str, phase: str | None = None) -> list[ActionRecord]:
        """The case's ledger rows in order of position."""
        asked = {"case_id": case_id} if phase is None else {"case_id": case_id, "phase": phase}
        return [rows.action_of(row) for row in bulk.select(ActionRow, ("position", "id"), **asked)]

    def settle(self, record: ActionRecord, *, entry: Entry | None = None) -> None:
        """Write what became of an action, with its log entry in the same transaction."""
        row, lines = {"id": record.id, **rows.action_values(record)}, self._log.ready(entry)
        with transaction.atomic():
            hold([record.case])
            if not bulk.update(ActionRow, [row]):
                bulk.insert(ActionRow, [row])
            self._log.append(lines)

    def write(self, page: Page, at: datetime) -> None:
        """Write all of a page in one transaction; its tasks are done `at`."""
        meant, lines = _meant(page.meant), self._log.ready(*page.entries)
        settled = bulk.updating(ActionRow, [{"id": one.id, **rows.outcome_values(one)} for one in page.rows.values()])
        opened = [{"id": task.id, **rows.task_values(task)} for task in page.opened]
        tasks = bulk.inserting(TaskRow, opened, known_stay=True)
        is_closing = page.closed and any(
            task.closed_at is None and task.id in page.closed for task in bulk.select(TaskRow, case_id=page.case)
        )
        with transaction.atomic():
            hold([page.case])
            if page.change is not None:
                self._change(page.case, page.change)
            meant.run()
            settled.run()
            if is_closing:
                TaskRow.objects.filter(id__in=page.closed, closed_at=None).update(closed_at=at)
            tasks.run()
            self._log.append(lines)

    def open_task(self, task: Task) -> None:
        """Write a task for staff; one whose id exists is left as it is."""
        with transaction.atomic():
            bulk.insert(TaskRow, [{"id": task.id, **rows.task_values(task)}], known_stay=True)

    def close_task(self, task_id: str, at: datetime) -> None:
        """Write that a task is done; one that is not there, or done already, is left as it is."""
        with transaction.atomic():
            TaskRow.objects.filter(id=task_id, closed_at=None).update(closed_at=at)

    def tasks(self, case_id: str) -> list[Task]:
        """The case's tasks, oldest first."""
        return [rows.task_of(row) for row in bulk.select(TaskRow, ("opened_at", "id"), case_id=case_id)]

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
            bulk.insert(ApprovalRow, [rows.approval_values(approval)], known_stay=True)

    def approvals(self, case_id: str) -> list[Approval]:
        """The case's approvals, oldest first."""
        return [rows.approval_of(row) for row in bulk.select(ApprovalRow, ("at", "id"), case_id=case_id)]

    def hear(self, said: Iterable[Said]) -> None:
        """Record what the customer said; a later word on the same thing replaces the earlier."""
        words = list(said)
        with transaction.atomic():
            hold(word.case for word in words)
            for word in words:
                SaidRow.objects.update_or_create(
                    case_id=word.case,
                    kind=word.kind,
                    thing=word.id,
                    defaults={"mine": word.mine, "proven": word.proven, "at": word.at},
                )

    def said(self, case_id: str) -> list[Said]:
        """What the customer said, as it now stands."""
        return [rows.said_of(row) for row in bulk.select(SaidRow, ("at", "id"), case_id=case_id)]

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
            hold([code.case])
            known = CodeRow.objects.select_for_update().filter(id=code.id).first()
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
        return [rows.code_of(row) for row in bulk.select(CodeRow, ("-made_at", "id"), case_id=case_id)]

    def notice(self, sign: Sign) -> None:
        """Write a sign; one sign per account and session, the later replaces the earlier."""
        values = {"at": sign.at, "probability": sign.probability, "reasons": list(sign.reasons)}
        with transaction.atomic():
            SignRow.objects.update_or_create(account=sign.account, session=sign.session, defaults=values)

    def signs(self, account: str) -> list[Sign]:
        """The account's signs, oldest first."""
        return [rows.sign_of(row) for row in bulk.select(SignRow, ("at", "id"), account=account)]

    def intend_letter(self, letter: SentLetter) -> SentLetter:
        """Write that a letter is about to be sent, or return the row that its id already has."""
        with transaction.atomic():
            bulk.insert(LetterRow, [rows.letter_values(letter)], known_stay=True)
            (row,) = bulk.select(LetterRow, id=letter.id)
        return rows.letter_of(row)

    def letter_sent(self, letter_id: str, at: datetime, *, entry: Entry | None = None) -> None:
        """Write that the mail server took it, with a log entry in the same transaction."""
        lines = self._log.ready(entry)
        with transaction.atomic():
            if entry is not None:
                hold([entry.case])
            bulk.update(LetterRow, [{"id": letter_id, "sent_at": at}])
            self._log.append(lines)

    def letters(self, case_id: str) -> list[SentLetter]:
        """The case's letters, oldest first."""
        return [rows.letter_of(row) for row in bulk.select(LetterRow, ("intended_at", "id"), case_id=case_id)]

    def _written(self, case_id: str) -> list[Entry]:
        """The log as its lines are, without what lies beside it."""
        return [rows.entry_of(row) for row in bulk.select(EntryRow, ("seq",), case_id=case_id)]

    def _change(self, case_id: str, change: Callable[[Case], Case]) -> Case:
        row = bulk.held(CaseRow, id=case_id)
        if row is None:
            raise CaseRow.DoesNotExist(f"there is no case {case_id}")
        case = change(rows.case_of(row))
        self._save(case)
        return case

    def _save(self, case: Case) -> None:
        if not bulk.update(CaseRow, [{"id": case.id, **rows.case_values(case)}]):
            raise CaseRow.DoesNotExist(f"there is no case {case.id}")


def _meant(records: Iterable[ActionRecord]) -> bulk.Writing:
    return bulk.inserting(ActionRow, [{"id": one.id, **rows.action_values(one)} for one in records], known_stay=True)
