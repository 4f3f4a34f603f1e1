"""Who looked at what, and did what, at the desk and around it? The book of the whole installation, which shows whether
it was altered.

What is done in a case is in the case's own log as well (`ports.Entry`); this book also holds what belongs to no case:
who signed in, who looked at whose data, who changed a rule, what was erased.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from takeback.core.events import Json


@dataclass(frozen=True, slots=True)
class Act:
    """A line of the book. `what` is a verb of the desk (`core.permission`) or a key such as `staff.signed_in`; `why` is
    what the person said, or the key of a rule. `evidence` holds ids, keys and numbers, never a contact point, a name of
    a customer or a secret. Times are aware UTC.
    """

    at: datetime
    who: str  # staff:<name>, system, or the command line's user as cli:<name>
    what: str
    why: str = ""
    case: str = ""
    evidence: Mapping[str, Json] | None = None
    seq: int = 0  # given by the book, from 1
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often somebody did something, on how many cases and days; `case_days` counts a case anew each day."""

    who: str
    what: str
    times: int
    cases: int
    days: int
    case_days: int


class AuditBook(Protocol):
    """Keeps the book. Every write commits before it returns; nothing is ever changed or removed."""

    def note(self, act: Act) -> None:
        """Append a line."""

    def acts(
        self,
        *,
        case: str = "",
        who: str = "",
        what: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        without: Iterable[str] = (),
        most: int = 200,
    ) -> list[Act]:
        """The newest lines first: of this case, person or verb, of the time from `since` to before `until`, from below
        `before` (a `seq`), and none of the verbs `without`.
        """

    def read(self, *, since: datetime | None, until: datetime | None, after: int, most: int) -> list[Act]:
        """The oldest lines first, of this time, from above `after` (a `seq`)."""

    def tallies(self, what: Iterable[str], since: datetime, until: datetime) -> list[Tally]:
        """How often each person did each of these things in this time, and on how many cases."""

    def people(self) -> list[str]:
        """Everybody whom the book names."""

    def verbs(self) -> list[str]:
        """Everything that the book says was done."""
