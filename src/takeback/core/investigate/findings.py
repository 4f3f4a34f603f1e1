"""What does an investigation say? The findings, whose JSON form is section 2 of the contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Actor(StrEnum):
    """Who acted, as the evidence has it. `unknown` is an answer: it is never undone by the machine alone."""

    OWNER = "owner"
    INTRUDER = "intruder"
    UNKNOWN = "unknown"


# For what asks of each event or strand: in Python 3.11 it takes 100 ns to read a member off its class.
OWNER, INTRUDER, UNKNOWN = Actor.OWNER, Actor.INTRUDER, Actor.UNKNOWN


class Reason(Struct, frozen=True, gc=False):
    """A piece of evidence: a key that the templates put into words, and its weight in log-odds (above 0: the
    intruder).
    """

    key: str
    weight: float
    events: tuple[str, ...]


class Reasons(Protocol):
    """Reasons in a row; a tuple of them is one."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[Reason]:
        """Each in its turn."""


class SessionFinding(Struct, frozen=True, gc=False):
    """What one client did in one session (a strand): who, how probably the intruder (0..1), and why, the weightiest
    reason first.

    `session` is the shop's id of the session, or a name of ours where it gave none. A session that two clients shared
    has a finding for each; `strand` tells them apart. `events` are the ids of its events, in order of time.
    """

    session: str
    actor: Actor
    probability: float
    reasons: Reasons
    start: datetime
    end: datetime
    strand: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """From the intruder's first act to the last; `end` is None while the account is not contained."""

    start: datetime
    end: datetime | None


class Contact(Struct, frozen=True, gc=False):
    """A contact point the account has or had. `value` is whole here; whoever shows it masks it
    (`core.contacts.masked`).
    """

    source: str
    field: str
    value: str
    trusted: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Findings:
    """Who did what in one account. `events` speaks of the customer's events and of what followed from them."""

    account: str
    compromised: bool
    window: Window | None
    sessions: tuple[SessionFinding, ...]
    events: Mapping[str, Actor]
    contacts: tuple[Contact, ...]
