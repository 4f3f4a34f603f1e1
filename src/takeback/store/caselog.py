"""How does a case's log grow? By lines, each chained to the one before (`chain`), and a head that says where it ends.

What a line needs is worked out before the transaction begins, as the head then stands: while one writes, everybody else
waits. Only if the head turns out to be another one it is worked out again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from takeback.casework.ports import Entry
from takeback.store import bulk, chain, chainaside, rows
from takeback.store.columns import storable, storable_json
from takeback.store.models import EntryRow, LogHeadRow


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one case for its log. `after`: the head after which they are ready to be written (None: they are not
    ready).
    """

    entries: Sequence[Entry]
    after: tuple[int, str, str] | None = None
    writings: Sequence[bulk.Writing] = ()


class CaseLog:
    """The logs of all cases. `key` keys their digests; `told` hears that one of them has grown."""

    def __init__(self, key: bytes, told: Callable[[], None]) -> None:
        self._key, self._told = key, told

    def first(self, case_id: str, entry: Entry | None) -> Lines:
        """The head of a new log, and the line with which it begins."""
        head, lines = self._placed(chain.Head(), [] if entry is None else [entry])
        begun = bulk.inserting(LogHeadRow, [self._head_values(case_id, head, whole=True)])
        return Lines([], None, [begun, bulk.inserting(EntryRow, lines)])

    def ready(self, *entries: Entry | None) -> Lines:
        """These lines (None: none), worked out as far as that can be done without the turn to write."""
        given = [entry for entry in entries if entry is not None]
        if not given or any(entry.aside for entry in given):  # what lies aside is written with the line
            return Lines(given)
        found = bulk.select(LogHeadRow, case_id=given[0].case)
        return self._after(found[0], given) if found else Lines(given)

    def append(self, lines: Lines) -> None:
        """Write them, inside the caller's transaction; the head is held from here to its end."""
        if lines.entries:
            case = lines.entries[0].case
            row = bulk.held(LogHeadRow, case_id=case)
            if row is None:
                raise LogHeadRow.DoesNotExist(f"the log of case {case} has no head")
            if lines.after != _seen(row):
                lines = self._after(row, lines.entries)
        for writing in lines.writings:
            writing.run()
        if lines.writings:
            self._told()

    def _after(self, row: Any, given: Sequence[Entry]) -> Lines:
        """`row`: the head as it lies in the database."""
        case, before = given[0].case, chain.Head(row.count, row.digest)
        whole = chain.is_sealed(self._key, case, before, row.seal)
        head, lines = self._placed(before, given)
        values = self._head_values(case, head, whole=whole)
        writings = [bulk.inserting(EntryRow, lines), bulk.updating(LogHeadRow, [values], key="case_id")]
        return Lines(given, _seen(row), writings)

    def _placed(self, head: chain.Head, given: Sequence[Entry]) -> tuple[chain.Head, list[bulk.Values]]:
        """The rows of these lines after this head, and the head after them."""
        lines = []
        for entry in given:
            try:
                placed = self._line(head, entry)
            except UnicodeEncodeError:  # half a character, as the terminal or a mail may bring
                placed = self._line(head, replace(entry, evidence=storable_json(entry.evidence)))
            head = chain.Head(placed.seq, placed.digest)
            lines.append(rows.entry_values(placed, head.digest))
        return head, lines

    def _line(self, head: chain.Head, entry: Entry) -> Entry:
        """The line after this head, as it will be read, with its digest."""
        who, what, why = (storable(text) for text in (entry.who, entry.what, entry.why))
        evidence = chainaside.put_aside(self._key, entry)
        placed = Entry(entry.case, entry.at, who, what, why, evidence, head.count + 1)
        return replace(placed, digest=chain.next_digest(self._key, head, placed))

    def _head_values(self, case_id: str, head: chain.Head, *, whole: bool) -> bulk.Values:
        """The head. One that was not whole is not sealed again: the case goes on, the damage stays to be seen."""
        sealed = chain.seal(self._key, case_id, head) if whole else chain.BROKEN_SEAL
        return {"case_id": case_id, "count": head.count, "digest": head.digest, "seal": sealed}


def _seen(row: Any) -> tuple[int, str, str]:
    return row.count, row.digest, row.seal
