"""Who looked at what, and did what, at the desk and around it? The book of the whole installation, which shows whether
it was altered.

What is done in a case is in the case's own log as well (`ports.Entry`); this book also holds what belongs to no case:
who signed in, who looked at whose data, who changed a rule, what was erased.
"""

from collections.abc import Mapping
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


class AuditBook(Protocol):
    """Keeps the book. Every write commits before it returns; nothing is ever changed or removed."""

    def note(self, act: Act) -> None:
        """Append a line."""

    def acts(
        self, *, case: str = "", who: str = "", what: str = "", before: int | None = None, most: int = 200
    ) -> list[Act]:
        """The newest lines first, of this case, person or verb, from below `before` (a `seq`)."""
