"""What is a conversation at the door, and who keeps it? The values, and what keeping them needs, as protocols."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from takeback.core.case import Language
from takeback.core.talk import Choice, Line
from takeback.core.triage import Need


class Voice(StrEnum):
    """Who speaks."""

    CUSTOMER = "customer"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: her `text`, or the key of our line."""

    voice: Voice
    at: datetime
    text: str = ""
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation. `named` is the account as she typed it; `token_hash` is SHA-256 of the secret in its address.

    Which cases came of it is known inside alone, and never shown on its page.
    """

    id: str
    token_hash: str
    language: Language
    named: str
    choice: Choice
    need: Need
    harmless: bool
    opened_at: datetime
    tries: int = 0


class Talks(Protocol):
    """Keeps conversations. Every write commits before it returns."""

    def open(self, talk: Talk, turns: Sequence[Turn]) -> None:
        """Store a new conversation with its first turns."""

    def talk(self, talk_id: str) -> Talk | None:
        """The conversation, or None."""

    def by_token(self, token_hash: str) -> Talk | None:
        """The conversation that this token opens."""

    def turns(self, talk_id: str) -> list[Turn]:
        """Its turns, oldest first."""

    def add(self, talk: Talk, turns: Sequence[Turn]) -> None:
        """Append turns, and write the need as `talk` has it."""

    def link(self, talk_id: str, cases: Sequence[str]) -> None:
        """Write which cases came of it; those of before stay."""

    def cases(self, talk_id: str) -> list[str]:
        """The ids of the cases that came of it."""

    def of_case(self, case_id: str) -> list[Talk]:
        """The conversations of a case, oldest first."""

    def try_code(self, talk_id: str) -> int:
        """Count one more try of a code, before it is compared; the count with it."""

    def tries_at_door(self, case_id: str, since: datetime) -> int:
        """How many codes were tried in the conversations of a case that began after `since`."""


class OldLinks(Protocol):
    """Keeps the addresses of case pages that were replaced, as hashes."""

    def add(self, case_id: str, token_hash: str, at: datetime) -> None:
        """Write that this address of the case's page was replaced."""

    def known(self, token_hash: str) -> bool:
        """True for an address that was replaced."""
