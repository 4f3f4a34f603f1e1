"""What does casework need of the world? Each need is a small protocol; `bootstrap` says who meets it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from takeback.casework.leaks import Leaks
from takeback.casework.phones import Phones
from takeback.casework.post import Letter as Letter
from takeback.casework.post import Mailer as Mailer
from takeback.casework.post import Notices as Notices
from takeback.casework.sentbook import SentBook as SentBook
from takeback.core.case import Case
from takeback.core.events import Event, Json
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Capabilities, Outcome

if TYPE_CHECKING:
    from takeback.casework.auditbook import AuditBook
    from takeback.casework.claims import Claims
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


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many events an append stored and how many were repeats."""

    stored: int
    repeated: int


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

    def close(self) -> None:
        """Let go of the log after what was handed in has been stored."""


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """A row of the action ledger: one action at one service, from intent to read-back."""

    id: str  # the idempotency key sent to the service
    case: str
    phase: str  # freeze, undo, hand_back
    source: str
    action: str
    args: Mapping[str, Json]  # never a password
    undoes: tuple[str, ...]  # event ids
    position: int
    outcome: Outcome | None = None
    reason: str | None = None
    attempts: int = 0
    done_at: datetime | None = None
    read_back_at: datetime | None = None
    read_back_ok: bool | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a case's append-only log. `digest` chains it to the line before; see `takeback.store.chain`.

    `aside` names what of the evidence tells of a person's account: it is kept beside the log, where it can be erased.
    """

    case: str
    at: datetime
    who: str  # system, customer, staff:<name>
    what: str  # a key, e.g. report.received, action.done, mail.sent
    why: str  # a rule or reason key
    evidence: Mapping[str, Json]
    seq: int = 0
    digest: str = ""
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """Something that only a person can do, because a service could not.

    `what` and `reason` are keys; id unique per case and cause.
    """

    id: str
    case: str
    what: str  # an action's name, or a key such as mail.undeliverable
    source: str
    reason: str
    evidence: Mapping[str, Json]
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A person, or the shop's standing rule, approved one plan hash. `role` is rule, agent or lead."""

    case: str
    plan_hash: str
    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer said of one order, session or event (contract, `--said`).

    `proven` says whether she had proven who she is.
    """

    case: str
    kind: str  # order, session, event
    id: str
    mine: bool
    proven: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code sent to a contact point. Only its keyed hash is kept. `purpose` is report, proof or hand_back."""

    id: str
    case: str
    purpose: str
    contact: str  # masked
    code_hash: str
    made_at: datetime
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """Stage 1: what was noticed on an account as its events arrived. `reasons` are keys in order of weight."""

    account: str
    at: datetime
    probability: float
    reasons: tuple[str, ...]
    session: str


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A row of the message ledger: what was sent, to whom (masked), when it was handed over."""

    id: str
    case: str
    template: str
    to: str
    intended_at: datetime
    sent_at: datetime | None = None


class CaseStore(Protocol):
    """Cases and all that is known of them. Every write commits before it returns."""

    def open(self, case: Case) -> Case:
        """Store a new case; if the account already has one that is not closed, that one instead."""

    def case(self, case_id: str) -> Case | None:
        """The case, or None."""

    def by_token(self, token_hash: str) -> Case | None:
        """The case whose page this token opens."""

    def cases(self, *, open_only: bool = True) -> list[Case]:
        """All cases, newest first."""

    def of_account(self, account: str) -> list[Case]:
        """The account's cases, open and closed, newest first."""

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

    def letter_sent(self, letter_id: str, at: datetime) -> None:
        """Write that the mail server took it."""

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

    def released(self) -> AbstractContextManager[None]:
        """Around the work of a thread that is no web request: what it held (database connections) is let go."""
