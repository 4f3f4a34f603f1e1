"""Who works on which case, and who has which task until when? The values, and what keeping them needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claim:
    """A case is one person's until then; times are aware UTC."""

    case: str
    by: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Hand:
    """A task was given to somebody, to be done by then."""

    task: str
    to: str
    by: str
    at: datetime
    until: datetime | None


class Claims(Protocol):
    """Keeps claims and hands. Every write commits before it returns."""

    def claim(self, claim: Claim, *, over: bool = False) -> Claim:
        """Take the case, or say who has it: of two at once, one gets it. A claim that has run out is nobody's; `over`
        takes it from whoever has it.
        """

    def release(self, case: str, by: str) -> None:
        """Give the case back, where it is this person's."""

    def of_case(self, case: str, now: datetime) -> Claim | None:
        """Whose the case is now."""

    def every(self, now: datetime) -> dict[str, Claim]:
        """All claims that stand, by case."""

    def hand(self, hand: Hand) -> None:
        """Give a task to somebody; the last one has it."""

    def hands(self, tasks: Iterable[str]) -> dict[str, Hand]:
        """Who has these tasks, by task id."""
