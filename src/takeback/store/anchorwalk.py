"""Does the database know everything that the anchor knows? What an anchor names of the book, held against the book.

Somebody who puts a copy back on purpose says so (`RESTORED`), and what the anchor knows from before is then excused,
and still told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from takeback.casework.verifying import PINNED, RESTORED, Trouble, Wrong
from takeback.store import anchor, bookread
from takeback.store.moment import Moment

TABLE = "mark (at TEXT COLLATE BINARY, seq BIGINT, digest TEXT, cases BIGINT, lines BIGINT, ends TEXT)"
_BEYOND = (
    "SELECT m.seq, m.at, a.digest IS NULL FROM mark m LEFT JOIN store_act a ON a.seq = m.seq "
    "WHERE m.seq > 0 AND m.at %s ? AND (a.digest IS NULL OR (a.digest <> m.digest AND m.seq < ?)) "
    "ORDER BY m.seq DESC, m.at DESC LIMIT 1"
)
_BEFORE, _SINCE = _BEYOND % "<=", _BEYOND % ">"
_AGREES = (
    "SELECT max(m.seq) FROM mark m JOIN store_act a ON a.seq = m.seq AND a.digest = m.digest "
    "WHERE m.seq < ? AND m.at <= ?"  # what was written since the copy was put back agrees as well, and tells nothing
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines of an anchor that were kept somewhere, with their numbers. `ours` is the installation's own file; `known`
    is what the book calls it, where there are several.
    """

    name: str
    lines: Iterable[tuple[int, str]]
    ours: bool
    known: str = ""


def load(moment: Moment, kept: Iterable[Kept], key: bytes) -> Iterator[Trouble | None]:
    """Read the lines into `TABLE`: for each line, None or what is wrong with it."""
    for file in kept:
        latest = ""
        for number, text in file.lines:
            for told in [text] if file.ours else anchor.ANY.findall(text):
                mark = anchor.mark_of(key, told)
                if mark is None:
                    yield Trouble(Wrong.ANCHOR, seq=number, values={"name": file.name})
                    continue
                at = mark.at.isoformat()
                latest = max(latest, at)
                values = (at, mark.book.count, mark.book.digest, mark.cases, mark.lines, mark.ends)
                moment.put("mark", values)
                yield None
        if file.ours:
            yield from _cut(moment, file, latest)


def _cut(moment: Moment, file: Kept, latest: str) -> Iterator[Trouble]:
    """The book remembers until when there was an anchor: this one. A line that does not say which speaks of the only
    one that there was.
    """
    for line in bookread.saying(moment, PINNED, newest_first=True):
        evidence = line.evidence or {}
        if evidence.get("anchor", file.known) == file.known:
            known = str(evidence.get("anchored", ""))
            if known > latest:
                what = Wrong.ANCHOR_CUT if latest else Wrong.ANCHOR_GONE
                yield Trouble(what, values={"name": file.name, "at": known})
            return


def excused_until(moment: Moment) -> str:
    """The last time at which somebody said that a copy was put back; empty where nobody did."""
    line = bookread.last_saying(moment, RESTORED)
    return line.at.isoformat() if line is not None else ""


def behind(moment: Moment, excused: str, faulty_from: int) -> Iterator[tuple[Trouble, bool]]:
    """Where the book is not what an anchor knew of it, and whether that is excused. From line `faulty_from` on the book
    is known to be damaged, and only what is missing there is told.
    """
    for is_excused, statement in ((True, _BEFORE), (False, _SINCE)):
        row = moment.one(statement, (excused, faulty_from))
        if row is None:
            continue
        seq, at, missing = row
        (agrees,) = moment.one(_AGREES, (seq, at)) or (None,)
        (length,) = moment.one("SELECT coalesce(max(seq), 0) FROM store_act") or (0,)
        if missing:
            yield Trouble(Wrong.OLDER, seq=seq, values={"at": at, "missing": seq - length}), is_excused
        else:
            yield Trouble(Wrong.PARTED, seq=seq, values={"at": at, "kept": agrees or 0}), is_excused


def fewer(moment: Moment, excused: str, now: anchor.Mark) -> Iterator[Trouble]:
    """Where an anchor counted more lines of cases than there are, or as many that ended otherwise."""
    row = moment.one(
        "SELECT at, max(lines), max(cases) FROM mark WHERE at > ? AND (lines > ? OR cases > ?) GROUP BY at "
        "ORDER BY max(lines) DESC, max(cases) DESC, at LIMIT 1",
        (excused, now.lines, now.cases),
    )
    if row is not None:
        values = {"at": row[0], "lines": max(0, row[1] - now.lines), "cases": max(0, row[2] - now.cases)}
        yield Trouble(Wrong.FEWER, values=dict(values))
        return
    row = moment.one(
        "SELECT at FROM mark WHERE at > ? AND lines = ? AND cases = ? AND ends <> ? ORDER BY at LIMIT 1",
        (excused, now.lines, now.cases, now.ends),
    )
    if row is not None:
        yield Trouble(Wrong.ENDS, values={"at": row[0]})
