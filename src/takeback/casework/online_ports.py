"""What does noticing online need of the store? Profiles, which may be lost, and what customers were asked, which may
not. Each is a small protocol.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored profile: its `stamp`, another at each writing, and its bytes, None where the stamp was known already."""

    stamp: int
    packed: bytes | None


@dataclass(frozen=True, slots=True)
class Written:
    """A profile to be stored over the one with the stamp `over` (0: there was none). `since` is the oldest event that
    it remembers anything of, in seconds of the epoch.
    """

    account: str
    over: int
    stamp: int
    since: int
    packed: bytes


class Profiles(Protocol):
    """Keeps the profiles of accounts. A lost one is made anew from the event log, so nothing here need be durable."""

    def load(self, known: Mapping[str, int]) -> dict[str, Kept]:
        """The profiles that there are of these accounts, with the stamp (0: none) that the caller holds of each."""

    def save(self, profiles: Iterable[Written]) -> set[str]:
        """Store them. The accounts whose profile somebody else has written meanwhile, which is left as it is."""

    def drop(self, accounts: Collection[str]) -> None:
        """Let go of the profiles of these accounts."""

    def forget(self, before: datetime) -> None:
        """Let go of every profile that remembers anything of before this."""

    def close(self) -> None:
        """Let go of files and lines."""


class MayAsk(StrEnum):
    """May a customer be asked now?"""

    YES = "yes"
    ASKED = "asked"  # it has been done
    OFTEN = "often"  # she was asked often enough lately
    LATER = "later"  # the shop asks as many as it may in an hour


class AskedBook(Protocol):
    """The ledger of what customers were asked. Every write commits before it returns."""

    def begin(self, question: str, account: str, at: datetime, *, most_of_one: int, most_in_all: int) -> MayAsk:
        """Write that a question is about to be sent: of one account at most so many in `LATELY`, of all in an hour."""

    def finish(self, question: str, at: datetime) -> None:
        """Write that the mail server took it."""
