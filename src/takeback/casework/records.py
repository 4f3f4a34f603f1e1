"""What is written down of a case? Rows of its ledger and log, its tasks, approvals, words, codes and letters, as
frozen values; `ports.CaseStore` keeps them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from takeback.core.events import Json
from takeback.core.service import Outcome


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
