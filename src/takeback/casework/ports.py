"""What does casework need of the world? Each need is a small protocol; `bootstrap` says who meets it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from takeback.casework.accepted import Accepted as Accepted
from takeback.casework.leaks import Leaks
from takeback.casework.phones import Phones
from takeback.casework.post import Letter as Letter
from takeback.casework.post import Mailer as Mailer
from takeback.casework.post import Notices as Notices
from takeback.casework.records import ActionRecord as ActionRecord
from takeback.casework.records import Approval as Approval
from takeback.casework.records import Code as Code
from takeback.casework.records import Entry as Entry
from takeback.casework.records import Said as Said
from takeback.casework.records import SentLetter as SentLetter
from takeback.casework.records import Sign as Sign
from takeback.casework.records import Task as Task
from takeback.casework.sentbook import SentBook as SentBook
from takeback.core.case import Case, Stage
from takeback.core.events import Event
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Capabilities

if TYPE_CHECKING:
    from takeback.casework.alone import Locks
    from takeback.casework.auditbook import AuditBook
    from takeback.casework.claims import Claims
    from takeback.casework.keys import Keys
    from takeback.casework.ledgerpage import Page
    from takeback.casework.online_ports import AskedBook, Profiles
    from takeback.casework.pauses import Pauses
    from takeback.casework.people import People
    from takeback.casework.retention_store import Eraser
    from takeback.casework.rulebook import RuleBook
    from takeback.casework.talks import OldLinks, Talks
    from takeback.casework.verifying import Verifier
    from takeback.configuration import Configuration


class Service(Protocol):
    """A shop or another service that holds a part of the account. Every method raises `OutsideError`."""

    @property
    def source(self) -> str:
        """The `source` of its events, e.g. `/shops/oscar`; unique among the services."""

    def capabilities(self) -> Capabilities:
        """What it can do."""

    def account(self, account: str) -> AccountSnapshot | None:
        """The account as it now is, or None where it has no such account."""

    def act(self, request: ActionRequest) -> ActionAnswer:
        """Carry out one action, once per id."""

    def outcome(self, action_id: str) -> ActionAnswer:
        """What became of an action that was `accepted`."""


class EventLog(Protocol):
    """Every event that was accepted, durable when `append` returns."""

    @property
    def sent(self) -> SentBook:
        """What the events, and Takeback's own letters, say was sent."""

    def append(self, events: Sequence[tuple[Event, bytes]]) -> Accepted:
        """Store events with their text, all or nothing; a known `(source, id)` is counted and left as it is."""

    def account(self, account: str) -> list[Event]:
        """The account's events in order of time (ties in order of arrival)."""

    def accounts_with_contact(self, value: str) -> list[str]:
        """Accounts that have, or ever had, this e-mail address or telephone number."""

    def accounts(self) -> list[str]:
        """Every account that has an event."""

    def close(self) -> None:
        """Let go of the log after what was handed in has been stored."""


class CaseStore(Protocol):
    """Cases and all that is known of them. Every write commits before it returns."""

    def open(self, case: Case, *, entry: Entry | None = None, meant: Iterable[ActionRecord] = ()) -> Case:
        """Store a new case with the first line of its log and rows for actions to come; if the account already has one
        that is not closed, that one instead, as it is.
        """

    def case(self, case_id: str) -> Case | None:
        """The case, or None."""

    def by_token(self, token_hash: str) -> Case | None:
        """The case whose page this token opens."""

    def cases(self, *, open_only: bool = True, stage: Stage | None = None, limit: int | None = None) -> list[Case]:
        """All cases, or all at one stage, newest first, at most so many."""

    def open_after(self, after: str, most: int) -> list[Case]:
        """Open cases in order of their ids, those after this one, at most so many."""

    def of_account(self, account: str) -> list[Case]:
        """The account's cases, open and closed, newest first."""

    def watched(self, accounts: Iterable[str], *, since: datetime) -> set[str]:
        """Those of these accounts that have an open case, or were handed back since then."""

    def save(self, case: Case, *, entry: Entry | None = None) -> None:
        """Write the case, and its log entry in the same transaction."""

    def change(self, case_id: str, change: Callable[[Case], Case], *, entry: Entry | None = None) -> Case:
        """Read the case, change it and write it in one transaction: of two who change it at once, neither undoes the
        other.
        """

    def note(self, entry: Entry) -> None:
        """Append a line to the case's log."""

    def log(self, case_id: str) -> list[Entry]:
        """The case's log, oldest first."""

    def intend(self, records: Iterable[ActionRecord]) -> None:
        """Write rows for actions to come; rows whose id exists are left as they are."""

    def actions(self, case_id: str, phase: str | None = None) -> list[ActionRecord]:
        """The case's ledger rows in order of position."""

    def settle(self, record: ActionRecord, *, entry: Entry | None = None) -> None:
        """Write what became of an action, with its log entry in the same transaction."""

    def write(self, page: "Page", at: datetime) -> None:
        """Write all of a page in one transaction; its tasks are done `at`. What it says of no row is left as it is."""

    def open_task(self, task: Task) -> None:
        """Write a task for staff; one whose id exists is left as it is."""

    def close_task(self, task_id: str, at: datetime) -> None:
        """Write that a task is done; one that is not there, or done already, is left as it is."""

    def tasks(self, case_id: str) -> list[Task]:
        """The case's tasks, oldest first."""

    def task(self, task_id: str) -> Task | None:
        """The task of this id, done or not."""

    def open_tasks(self) -> list[Task]:
        """The tasks of all cases that are not done, oldest first."""

    def log_lengths(self) -> dict[str, int]:
        """How many lines the log of each open case has: as long as that is the same, nothing was done in it."""

    def approve(self, approval: Approval) -> None:
        """Record an approval; the same person's second approval of the same hash is one."""

    def approvals(self, case_id: str) -> list[Approval]:
        """The case's approvals, oldest first."""

    def hear(self, said: Iterable[Said]) -> None:
        """Record what the customer said; a later word on the same thing replaces the earlier."""

    def said(self, case_id: str) -> list[Said]:
        """What the customer said, as it now stands."""

    def put_code(self, code: Code) -> None:
        """Write a code, or its new count of tries, or its use. A count never falls, and a used code stays used."""

    def try_code(self, code_id: str) -> Code:
        """Count one more try of a code before it is compared, and give the code as it then stands: guesses sent at
        once all count.
        """

    def use_code(self, code_id: str, at: datetime) -> bool:
        """Mark a code as used. False when it had been used before: of two at once, one is told True."""

    def codes(self, case_id: str) -> list[Code]:
        """The case's codes, newest first."""

    def notice(self, sign: Sign) -> None:
        """Write a sign; one sign per account and session, the later replaces the earlier."""

    def signs(self, account: str) -> list[Sign]:
        """The account's signs, oldest first."""

    def intend_letter(self, letter: SentLetter) -> SentLetter:
        """Write that a letter is about to be sent, or return the row that its id already has."""

    def letter_sent(self, letter_id: str, at: datetime, *, entry: Entry | None = None) -> None:
        """Write that the mail server took it, with a log entry in the same transaction."""

    def letters(self, case_id: str) -> list[SentLetter]:
        """The case's letters, oldest first."""


class Starter(Protocol):
    """Starts phases, durably: what was started happens, if need be after a crash."""

    def start(self, phase: str, *args: str, because: str, after: float = 0.0) -> None:
        """Start `phase` for `args`, the first of which names the case, in `after` seconds.

        The same `because` twice starts it once.
        """

    def move(self, phase: str, case: str, because: str, after: float) -> None:
        """Let a phase that waits begin in `after` seconds from now."""

    def prune(self, before: datetime) -> int:
        """Remove what is kept of phases that have ended before then; how many."""


class Clock(Protocol):
    """What time is it?"""

    def now(self) -> datetime:
        """The time, aware, UTC."""


class House(Protocol):
    """All that casework works with; `takeback.bootstrap.House` is one."""

    @property
    def configuration(self) -> "Configuration":
        """The settings."""

    @property
    def clock(self) -> Clock:
        """What time is it?"""

    @property
    def event_log(self) -> EventLog:
        """What happened."""

    @property
    def cases(self) -> CaseStore:
        """Cases and their ledger."""

    @property
    def services(self) -> tuple[Service, ...]:
        """Every service that may hold a part of an account."""

    @property
    def notices(self) -> Notices:
        """The mails of a case."""

    @property
    def mailer(self) -> Mailer:
        """What hands a letter to the mail server."""

    @property
    def starter(self) -> Starter:
        """What begins the next phase."""

    @property
    def phones(self) -> Phones | None:
        """What sends text messages and calls, where there is one."""

    @property
    def leaks(self) -> tuple[Leaks, ...]:
        """What knows leaked passwords."""

    @property
    def talks(self) -> "Talks":
        """What was said at the door."""

    @property
    def old_links(self) -> "OldLinks":
        """The addresses of case pages that were replaced."""

    @property
    def claims(self) -> "Claims":
        """Who works on what."""

    @property
    def audit(self) -> "AuditBook":
        """What was looked at and done at the desk."""

    @property
    def verifier(self) -> "Verifier":
        """What sees whether anything that was written down was altered."""

    @property
    def eraser(self) -> "Eraser":
        """What erases what is kept no longer."""

    @property
    def rules(self) -> "RuleBook":
        """What may happen by itself, within what limits, and who is told."""

    @property
    def people(self) -> "People":
        """Who works at the desk."""

    @property
    def profiles(self) -> "Profiles":
        """What is remembered of each account between its events."""

    @property
    def asked(self) -> "AskedBook":
        """Which customers were asked whether it was them."""

    @property
    def keys(self) -> "Keys":
        """With what services send events."""

    @property
    def pauses(self) -> "Pauses":
        """What is paused."""

    @property
    def locks(self) -> "Locks":
        """What all processes of the installation see that this one holds."""

    def released(self) -> AbstractContextManager[None]:
        """Around the work of a thread that is no web request: what it held (database connections) is let go."""
