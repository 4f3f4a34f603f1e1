"""What erases, and what does one batch of it come to? The values and the protocol; `retention` says what is due."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from takeback.casework.auditbook import Act
from takeback.core.events import Json
from takeback.core.retention import Part, Standing

AT_ONCE = 50  # cases, conversations or accounts in one transaction


@dataclass(frozen=True, slots=True)
class Erased:
    """What one batch erased, or would: how many of what, of which cases, and the keyed digest of it all."""

    part: Part
    counts: Mapping[str, int]
    cases: tuple[str, ...] = ()
    accounts: int = 0
    digest: str = ""


class Eraser(Protocol):
    """Erases. Every batch commits together with its line in the book, or not at all."""

    def standings(self, *, after: str, most: int) -> list[Standing]:
        """The cases in order of their ids, from after this one; none says that it is in dispute."""

    def cases(self, part: Part, cases: Iterable[str], note: Act, *, dry: bool) -> Erased | None:
        """Erase this part of these cases and write `note` with what it was. None where nothing of it is there."""

    def talks(self, before: datetime, keep: Iterable[str], note: Act, *, dry: bool) -> Iterator[Erased]:
        """Erase conversations that began before this, but those of the cases `keep`, batch by batch."""

    def events(self, before: datetime, keep: Iterable[str], note: Act, *, dry: bool) -> Iterator[Erased]:
        """Erase events that happened before this, but those of the accounts `keep`, batch by batch."""

    def finish(self) -> None:
        """See to it that what was erased is in no file of the database any more."""


def noted(note: Act, erased: Erased) -> Act:
    """The line of the book on a batch."""
    evidence: dict[str, Json] = {
        "counts": dict(erased.counts),
        "cases": list(erased.cases),
        "accounts": erased.accounts,
        "digest": erased.digest,
    }
    return Act(note.at, note.who, note.what, note.why, note.case, evidence)
