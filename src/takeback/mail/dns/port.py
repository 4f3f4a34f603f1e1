"""What can be asked of the DNS, and what may the answer be?

Whoever needs the DNS takes a `Resolver` as an argument, so that a verdict uses one source for all its questions: the
live DNS, or a zone that somebody wrote down. A resolver answers; it never raises.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class AnswerState(StrEnum):
    """What came of a question."""

    FOUND = "found"
    EMPTY = "empty"  # the name exists, without a record of this kind
    NO_NAME = "no_name"  # neither this name nor anything under it exists (RFC 8020)
    UNREACHABLE = "unreachable"  # nobody answered in time, or the answer was an error


@dataclass(frozen=True, slots=True)
class Answer:
    """What the DNS said.

    `records` are texts: TXT with its strings joined, MX as `10 host`, addresses as usual, host names without the final
    dot. `secure` is true where the resolver says that it checked DNSSEC (the AD bit), None where that cannot be known.
    """

    records: tuple[str, ...] = ()
    state: AnswerState = AnswerState.EMPTY
    secure: bool | None = None


UNREACHABLE = Answer(state=AnswerState.UNREACHABLE)
NO_NAME = Answer(state=AnswerState.NO_NAME)
EMPTY = Answer(state=AnswerState.EMPTY)


class Resolver(Protocol):
    """Answers questions to the DNS."""

    def ask(self, name: str, kind: str) -> Answer:
        """The records of `kind` (TXT, A, AAAA, MX, PTR) at `name`. Never raises, and takes a few seconds at most."""
        ...


@runtime_checkable
class HurriedResolver(Protocol):
    """A resolver that can be told how long it may take."""

    def ask_within(self, name: str, kind: str, seconds: float) -> Answer:
        """As `Resolver.ask`, in at most `seconds`."""
        ...


def plain(name: str) -> str:
    """The name as it is compared: lower-case, without the final dot."""
    return name.strip().rstrip(".").lower()


def sendable(name: str) -> bool:
    """Can this (plain) name be asked at all? Labels of 1 to 63 octets, 253 in all (RFC 1035, section 2.3.4)."""
    return 0 < len(name) <= 253 and name.isascii() and all(0 < len(label) <= 63 for label in name.split("."))
