"""Is everything that was written down still as it was written? What can be wrong, and the verdict on all of it.

Three things hold each other: each log is a chain of its own (`store.chain`); the book of the installation names the
ends of the cases' logs now and then; and the anchor, a file outside of the database, names the end of the book. So a
line, a case, or the whole database that is not what it was stands against something that was written elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from takeback.core.events import Json

PINNED = "audit.pinned"  # a line of the book that names the ends of cases' logs
VERIFIED = "audit.verified"
BEHIND = "audit.behind"  # a process saw that the database is older than the anchor
RESTORED = "audit.restored"  # somebody says that the database was put back to a copy, and why
ANCHORED = "audit.anchor_given"  # somebody took the anchor's line, to keep it elsewhere
MOST_TOLD = 100  # troubles with words of their own; the others are counted


class Wrong(StrEnum):
    """What is wrong with what was written."""

    ALTERED = "entry.altered"  # a line is not what was written
    MISSING = "entry.missing"
    MOVED = "entry.moved"  # it stands at another place, or something was put in before it
    CUT = "log.cut"  # the end is missing
    HEAD = "head.altered"
    ASIDE = "aside.altered"  # what is kept beside the log is not what was written
    PUT_BACK = "case.put_back"  # one case's log is not what the book said of it
    LEDGER = "ledger.altered"  # a row of the ledger of actions is not as the log says
    LEDGER_GONE = "ledger.gone"  # a row of which the log speaks is not there
    GONE = "case.gone"  # the book speaks of a case that is not there
    OLDER = "database.older"  # all of it is an older copy of itself
    PARTED = "database.parted"  # an older copy, to which was written since
    FEWER = "lines.fewer"  # an anchor counted more lines of cases than there are
    ENDS = "ends.others"  # an anchor counted as many lines of cases, which ended otherwise
    ANCHOR = "anchor.altered"
    ANCHOR_UNUSABLE = "anchor.unusable"  # it cannot be read or written
    ANCHOR_GONE = "anchor.gone"
    ANCHOR_CUT = "anchor.cut"
    UNREADABLE = "table.unreadable"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong. `case` is empty for the book; `seq` counts from 1; `values` fill the words in."""

    what: Wrong
    case: str = ""
    seq: int = 0
    values: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and what is wrong. `whole`: everything was looked at, not only as much as there was time for.

    `troubles` are at most `MOST_TOLD`, of `wrong` in all. `excused` are those that somebody answered for (`RESTORED`).
    """

    at: datetime
    lines: int  # of the book
    cases: int
    case_lines: int
    anchors: int
    whole: bool
    wrong: int
    troubles: tuple[Trouble, ...]
    excused: tuple[Trouble, ...] = ()

    @property
    def good(self) -> bool:
        """True where all was looked at and nothing is wrong."""
        return self.whole and not self.wrong


class Verifier(Protocol):
    """Looks at everything that was written. It reads one moment of the database and keeps nobody from writing."""

    def verify(
        self,
        *,
        against: Iterable[str] = (),
        told: Callable[[int, int], None] = lambda _done, _of: None,
        go_on: Callable[[], bool] = lambda: True,
    ) -> Verdict:
        """Look at every line. `against` is text with lines of the anchor in it that were kept elsewhere; `told` hears
        how many lines of how many were read; it ends early when `go_on` says False.
        """

    def pin(self) -> None:
        """Let the book name the ends of the logs that have grown since it last did."""

    def anchor(self) -> str:
        """Write how things stand to the anchor now, and give its line."""
