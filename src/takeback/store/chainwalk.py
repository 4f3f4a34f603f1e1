"""Is every line of every log as it was written, and are they all there? One walk over the whole database.

It reads one moment, keeps nobody from writing, and holds no log in memory. The chains show what was altered, removed,
moved or cut within a log; what the book names of the cases' logs shows one case that was put back or removed whole; and
what the anchor names of the book shows a database that was (`anchorwalk`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hmac import compare_digest
from typing import TypeVar

from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.casework.verifying import MOST_TOLD, PINNED, Trouble, Verdict, Wrong
from takeback.store import anchor, anchorwalk, book, bookread, chain, chainaside, ledgerwalk
from takeback.store.moment import Moment, Unreadable

_TELL = 1000  # lines between two words on how far it is
_ALL = 1 << 62
_Line = TypeVar("_Line", Act, Entry)
TABLES = ("pin (log TEXT COLLATE BINARY, seq BIGINT, digest TEXT, line BIGINT)", anchorwalk.TABLE)
_COUNTED = "coalesce(sum(CAST(count AS DOUBLE PRECISION)), 0)"  # whatever somebody made of them: it is only told
_TOTAL = f"SELECT (SELECT {_COUNTED} FROM store_log_head) + (SELECT {_COUNTED} FROM store_book_head)"  # noqa: S608 - ours
_CASES = (
    "SELECT id FROM (SELECT id FROM store_case UNION SELECT case_id FROM store_log_head "
    "UNION SELECT case_id FROM store_entry) AS every ORDER BY id COLLATE BINARY"
)
_GONE = (
    'SELECT a."case", min(a.seq) FROM store_act a LEFT JOIN store_case c ON c.id = a."case" '
    'WHERE a."case" <> \'\' AND c.id IS NULL GROUP BY a."case" ORDER BY a."case" COLLATE BINARY'
)
_PINNED_GONE = (
    "SELECT p.log, min(p.line) FROM pin p LEFT JOIN store_case c ON c.id = p.log "
    "WHERE c.id IS NULL GROUP BY p.log ORDER BY p.log"
)
_PUT_BACK = (
    "SELECT log, seq, line FROM (SELECT p.log, p.seq, p.line, "
    "row_number() OVER (PARTITION BY p.log ORDER BY p.line, p.seq) AS place "
    "FROM pin p JOIN store_case c ON c.id = p.log LEFT JOIN store_entry e ON e.case_id = p.log AND e.seq = p.seq "
    "WHERE e.digest IS NULL OR substr(e.digest, 1, length(p.digest)) <> p.digest) AS others "
    "WHERE place = 1 ORDER BY log"
)
_ASIDE = "SELECT content FROM store_aside WHERE case_id = ? AND digest = ?"


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

    def __init__(self, moment: Moment, keys: Keys, told: Callable[[int, int], None], go_on: Callable[[], bool]) -> None:
        self._moment, self._keys, self._told, self._go_on = moment, keys, told, go_on
        self._seen = self._of = 0
        self._count = _Count()

    def verdict(self, at: datetime, kept: Iterable[anchorwalk.Kept]) -> Verdict:
        """Look at everything."""
        count, whole = self._count, True
        try:
            self._of = int((self._moment.one(_TOTAL) or (0,))[0])
            self._anchors(kept, self._book(), at)
            self._pins()
            self._cases()
        except _EnoughError:
            whole = False
        except Unreadable as error:
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

        head, sealed = bookread.book_head(self._moment)
        fault = book.first_fault(key, self._read(bookread.acts(self._moment)), head, sealed)
        self._count.lines = self._seen
        if fault is None:
            return _ALL
        self._fault("", fault, bookread.acts(self._moment, fault.seq - 1), digest_of)
        return max(fault.seq, 1)

    def _anchors(self, kept: Iterable[anchorwalk.Kept], faulty_from: int, at: datetime) -> None:
        try:
            for trouble in anchorwalk.load(self._moment, kept, self._keys.anchor):
                if trouble is None:
                    self._count.anchors += 1
                else:
                    self._add(trouble)
        except anchor.AnchorUnwritable as error:
            self._add(Trouble(Wrong.ANCHOR_UNUSABLE, values={"says": str(error)}))
        excused = anchorwalk.excused_until(self._moment)
        known = False
        for trouble, is_excused in anchorwalk.behind(self._moment, excused, faulty_from):
            if is_excused:
                self._count.excused.append(trouble)
            else:
                known = True
                self._add(trouble)
        if not known:  # else it is the same thing told twice
            now = anchor.mark_now(self._moment, self._keys.anchor, at)
            for trouble in anchorwalk.fewer(self._moment, excused, now):
                self._add(trouble)

    def _pins(self) -> None:
        """What the book says of the ends of logs, held against the lines that stand there."""
        for act in bookread.saying(self._moment, PINNED):
            ends = (act.evidence or {}).get("ends")
            for end in ends if isinstance(ends, list) else []:
                if isinstance(end, list) and len(end) == 3 and isinstance(end[1], int):
                    row = (str(end[0]), end[1], str(end[2]), act.seq)
                    self._moment.put("pin", row)

    def _cases(self) -> None:
        for (case,) in self._moment.rows(_CASES):
            self._case(str(case))
        gone: dict[str, int] = {}
        for query in (_GONE, _PINNED_GONE):
            for case, line in self._moment.rows(query):
                gone.setdefault(str(case), line)
        for case, line in gone.items():
            self._add(Trouble(Wrong.GONE, case, values={"line": line}))
        for case, seq, line in self._moment.rows(_PUT_BACK):
            self._add(Trouble(Wrong.PUT_BACK, str(case), seq, {"line": line}))

    def _case(self, case: str) -> None:
        key, before = self._keys.cases, self._seen

        def digest_of(here: chain.Head, entry: Entry) -> str:
            return chain.next_digest(key, here, entry)

        head, sealed = bookread.case_head(self._moment, case)
        lines = self._asides(case, self._read(bookread.entries(self._moment, case)))
        fault = chain.first_fault(key, case, lines, head, sealed)
        if fault is not None:
            self._fault(case, fault, bookread.entries(self._moment, case), digest_of)
        else:  # a log that is itself not what was written says nothing of the ledger
            for trouble in ledgerwalk.troubles(self._moment, case):
                self._add(trouble)
        self._count.cases += 1
        self._count.case_lines += self._seen - before

    def _asides(self, case: str, lines: Iterable[Entry]) -> Iterator[Entry]:
        """The lines, each with a look at what lies beside it. What is no longer there was erased (`retention`)."""
        for line in lines:
            for digest in chainaside.marks_in(line.evidence).values():
                row = self._moment.one(_ASIDE, (case, digest))
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
