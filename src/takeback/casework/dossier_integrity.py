"""Is the log of this case as it was written? Its length, its end, and what looking at every line said."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from takeback.casework.ports import Entry, House
from takeback.core.case import Case


@runtime_checkable
class VerifiesCases(Protocol):
    """A store that can look at every line of one case's log."""

    def verify(self, case_id: str) -> object | None:
        """The first place at which the log is not what was written; None when all is well."""


@dataclass(frozen=True, slots=True)
class Integrity:
    """`holds` is None where the store cannot tell. `end` is the digest of the last line, which covers all before it."""

    lines: int
    end: str
    holds: bool | None


def integrity_of(house: House, case: Case, log: tuple[Entry, ...]) -> Integrity:
    """Look at every line of the case's log now."""
    cases: object = house.cases
    holds = cases.verify(case.id) is None if isinstance(cases, VerifiesCases) else None
    return Integrity(len(log), log[-1].digest if log else "", holds)
