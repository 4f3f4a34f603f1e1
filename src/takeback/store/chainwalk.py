"""Is every line of every log as it was written, and are they all there? One walk over the whole database.

It reads one moment, keeps nobody from writing, and holds no log in memory. The chains show what was altered, removed,
moved or cut within a log; what the book names of the cases' logs shows one case that was put back or removed whole; and
what the anchor names of the book shows a database that was (`anchorwalk`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hmac import compare_digest
from sqlite3 import Connection, Error
from typing import TypeVar

from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.casework.verifying import MOST_TOLD, PINNED, Trouble, Verdict, Wrong
from takeback.store import anchor, anchorwalk, book, bookread, chain, chainaside, ledgerwalk

_TELL = 1000  # lines between two words on how far it is
_ALL = 1 << 62
_Line = TypeVar("_Line", Act, Entry)
_TOTAL = "SELECT (SELECT total(count) FROM main.store_log_head) + (SELECT total(count) FROM main.store_book_head)"
_CASES = (
    "SELECT id FROM main.store_case UNION SELECT case_id FROM main.store_log_head "
    "UNION SELECT case_id FROM main.store_entry ORDER BY 1"
)
_GONE = (
    'SELECT a."case", min(a.seq) FROM main.store_act a LEFT JOIN main.store_case c ON c.id = a."case" '
    'WHERE a."case" <> \'\' AND c.id IS NULL GROUP BY a."case" ORDER BY 1'
)
_PINNED_GONE = (
    "SELECT p.log, min(p.line) FROM pin p LEFT JOIN main.store_case c ON c.id = p.log "
    "WHERE c.id IS NULL GROUP BY p.log ORDER BY 1"
)
_PUT_BACK = (
    "SELECT p.log, p.seq, min(p.line) FROM pin p JOIN main.store_case c ON c.id = p.log "
    "LEFT JOIN main.store_entry e ON e.case_id = p.log AND e.seq = p.seq "
    "WHERE e.digest IS NULL OR substr(e.digest, 1, length(p.digest)) <> p.digest GROUP BY p.log ORDER BY p.log"
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the digests are keyed with: of the cases' logs, the book and the anchor."""

    cases: bytes
    book: bytes
    anchor: bytes


class _EnoughError(Exception):
    """There is no more time."""


@dataclass
class _Count:
    lines: int = 0
    cases: int = 0
    case_lines: int = 0
    anchors: int = 0
    wrong: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    excused: list[Trouble] = field(default_factory=list)


class Walk:
    """One walk. `told` hears how many lines of how many were read; it ends early when `go_on` says False."""

    def __init__(
        self, connection: Connection, keys: Keys, told: Callable[[int, int], None], go_on: Callable[[], bool]
    ) -> None:
        self._connection, self._keys, self._told, self._go_on = connection, keys, told, go_on
        self._seen = self._of = 0
        self._count = _Count()

    def verdict(self, at: datetime, kept: Iterable[anchorwalk.Kept]) -> Verdict:
        """Look at everything."""
        count, whole = self._count, True
        try:
            self._connection.execute("CREATE TEMP TABLE pin (log TEXT, seq INTEGER, digest TEXT, line INTEGER)")
            self._connection.execute(anchorwalk.TABLE)
            self._connection.execute("BEGIN")
            self._of = int(self._connection.execute(_TOTAL).fetchone()[0])
            self._anchors(kept, self._book(), at)
            self._pins()
            self._cases()
        except _EnoughError:
            whole = False
        except Error as error:
            self._add(Trouble(Wrong.UNREADABLE, values={"says": str(error)}))
            whole = False
        self._told(self._seen, self._seen if whole else max(self._of, self._seen))
        numbers = (count.lines, count.cases, count.case_lines, count.anchors)
        return Verdict(at, *numbers, whole, count.wrong, tuple(count.troubles), tuple(count.excused))

    def _add(self, trouble: Trouble) -> None:
        self._count.wrong += 1
        if len(self._count.troubles) < MOST_TOLD:
            self._count.troubles.append(trouble)

    def _read(self, lines: Iterable[_Line]) -> Iterator[_Line]:
        """The lines, counted."""
        for line in lines:
            self._seen += 1
            if self._seen % _TELL == 0:
                self._told(self._seen, max(self._of, self._seen))
                if not self._go_on():
                    raise _EnoughError
            yield line

    def _book(self) -> int:
        """The line from which on the book is not what was written; `_ALL` where it is whole."""
        key = self._keys.book

        def digest_of(here: chain.Head, act: Act) -> str:
            return book.next_digest(key, here, act)

        head, sealed = bookread.book_head(self._connection)
        fault = book.first_fault(key, self._read(bookread.acts(self._connection)), head, sealed)
        self._count.lines = self._seen
        if fault is None:
            return _ALL
        self._fault("", fault, bookread.acts(self._connection, fault.seq - 1), digest_of)
        return max(fault.seq, 1)

    def _anchors(self, kept: Iterable[anchorwalk.Kept], faulty_from: int, at: datetime) -> None:
        try:
            for trouble in anchorwalk.load(self._connection, kept, self._keys.anchor):
                if trouble is None:
                    self._count.anchors += 1
                else:
                    self._add(trouble)
        except anchor.AnchorUnwritable as error:
            self._add(Trouble(Wrong.ANCHOR_UNUSABLE, values={"says": str(error)}))
        excused = anchorwalk.excused_until(self._connection)
        known = False
        for trouble, is_excused in anchorwalk.behind(self._connection, excused, faulty_from):
            if is_excused:
                self._count.excused.append(trouble)
            else:
                known = True
                self._add(trouble)
        if not known:  # else it is the same thing told twice
            now = anchor.mark_now(self._connection, self._keys.anchor, at)
            for trouble in anchorwalk.fewer(self._connection, excused, now):
                self._add(trouble)

    def _pins(self) -> None:
        """What the book says of the ends of logs, held against the lines that stand there."""
        every = self._connection.execute("SELECT seq FROM main.store_act WHERE what = ? ORDER BY seq", (PINNED,))
        for (seq,) in every:
            act = next(bookread.acts(self._connection, seq))
            ends = (act.evidence or {}).get("ends")
            for end in ends if isinstance(ends, list) else []:
                if isinstance(end, list) and len(end) == 3 and isinstance(end[1], int):
                    row = (str(end[0]), end[1], str(end[2]), act.seq)
                    self._connection.execute("INSERT INTO temp.pin VALUES (?, ?, ?, ?)", row)

    def _cases(self) -> None:
        for (case,) in self._connection.execute(_CASES):
            self._case(str(case))
        gone: dict[str, int] = {}
        for query in (_GONE, _PINNED_GONE):
            for case, line in self._connection.execute(query):
                gone.setdefault(str(case), line)
        for case, line in gone.items():
            self._add(Trouble(Wrong.GONE, case, values={"line": line}))
        for case, seq, line in self._connection.execute(_PUT_BACK):
            self._add(Trouble(Wrong.PUT_BACK, str(case), seq, {"line": line}))

    def _case(self, case: str) -> None:
        key, before = self._keys.cases, self._seen

        def digest_of(here: chain.Head, entry: Entry) -> str:
            return chain.next_digest(key, here, entry)

        head, sealed = bookread.case_head(self._connection, case)
        lines = self._asides(case, self._read(bookread.entries(self._connection, case)))
        fault = chain.first_fault(key, case, lines, head, sealed)
        if fault is not None:
            self._fault(case, fault, bookread.entries(self._connection, case), digest_of)
        else:  # a log that is itself not what was written says nothing of the ledger
            for trouble in ledgerwalk.troubles(self._connection, case):
                self._add(trouble)
        self._count.cases += 1
        self._count.case_lines += self._seen - before

    def _asides(self, case: str, lines: Iterable[Entry]) -> Iterator[Entry]:
        """The lines, each with a look at what lies beside it. What is no longer there was erased (`retention`)."""
        for line in lines:
            for digest in chainaside.marks_in(line.evidence).values():
                row = self._connection.execute(
                    "SELECT content FROM main.store_aside WHERE case_id = ? AND digest = ?", (case, digest)
                ).fetchone()
                if row is not None:
                    right = chainaside.digest_of(self._keys.cases, case, bookread.content(row[0]))
                    if not compare_digest(right.encode(), digest.encode()):
                        self._add(Trouble(Wrong.ASIDE, case, line.seq))
            yield line

    def _fault(
        self, case: str, fault: chain.Fault, lines: Iterable[_Line], digest_of: Callable[[chain.Head, _Line], str]
    ) -> None:
        """Say what is wrong; of a line that is not what was written, where that which was stands now."""
        place = _stands_at(fault.seq, lines, digest_of) if fault.what is Wrong.ALTERED else None
        if place is None:
            self._add(Trouble(fault.what, case, fault.seq))
        else:
            self._add(Trouble(Wrong.MOVED, case, fault.seq, {"to": place}))


def _stands_at(seq: int, lines: Iterable[_Line], digest_of: Callable[[chain.Head, _Line], str]) -> int | None:
    """Where the line that was written as the `seq`-th stands now; None where it is nowhere."""
    here = chain.Head()
    for line in lines:
        if line.seq < seq:
            here = chain.Head(line.seq, line.digest)
        elif line.seq > seq and compare_digest(digest_of(here, replace(line, seq=seq)).encode(), line.digest.encode()):
            return line.seq
    return None
