"""Does the database know everything that the anchor knows? What an anchor names of the book, held against the book.

Somebody who puts a copy back on purpose says so (`RESTORED`), and what the anchor knows from before is then excused,
and still told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from takeback.casework.verifying import PINNED, RESTORED, Trouble, Wrong
from takeback.store import anchor, bookread

TABLE = "CREATE TEMP TABLE mark (at TEXT, seq INTEGER, digest TEXT, cases INTEGER, lines INTEGER, ends TEXT)"
_BEYOND = (
    "SELECT m.seq, m.at, a.digest IS NULL FROM mark m LEFT JOIN main.store_act a ON a.seq = m.seq "
    "WHERE m.seq > 0 AND m.at {excused} ? AND (a.digest IS NULL OR (a.digest <> m.digest AND m.seq < ?)) "
    "ORDER BY m.seq DESC, m.at DESC LIMIT 1"
)
_AGREES = (
    "SELECT max(m.seq) FROM mark m JOIN main.store_act a ON a.seq = m.seq AND a.digest = m.digest "
    "WHERE m.seq < ? AND m.at <= ?"  # what was written since the copy was put back agrees as well, and tells nothing
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines of an anchor that were kept somewhere, with their numbers. `ours` is the installation's own file."""

    name: str
    lines: Iterable[tuple[int, str]]
    ours: bool


def load(connection: Connection, kept: Iterable[Kept], key: bytes) -> Iterator[Trouble | None]:
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
                connection.execute("INSERT INTO temp.mark VALUES (?, ?, ?, ?, ?, ?)", values)
                yield None
        if file.ours:
            yield from _cut(connection, file.name, latest)


def _cut(connection: Connection, name: str, latest: str) -> Iterator[Trouble]:
    """The book remembers until when there was an anchor."""
    (seq,) = connection.execute("SELECT max(seq) FROM main.store_act WHERE what = ?", (PINNED,)).fetchone()
    act = next(bookread.acts(connection, seq), None) if seq else None
    known = str((act.evidence or {}).get("anchored", "")) if act is not None else ""
    if known > latest:
        yield Trouble(Wrong.ANCHOR_CUT if latest else Wrong.ANCHOR_GONE, values={"name": name, "at": known})


def excused_until(connection: Connection) -> str:
    """The last time at which somebody said that a copy was put back; empty where nobody did."""
    (seq,) = connection.execute("SELECT max(seq) FROM main.store_act WHERE what = ?", (RESTORED,)).fetchone()
    act = next(bookread.acts(connection, seq), None) if seq else None
    return act.at.isoformat() if act is not None else ""


def behind(connection: Connection, excused: str, faulty_from: int) -> Iterator[tuple[Trouble, bool]]:
    """Where the book is not what an anchor knew of it, and whether that is excused. From line `faulty_from` on the book
    is known to be damaged, and only what is missing there is told.
    """
    for is_excused, compare in ((True, "<="), (False, ">")):
        row = connection.execute(_BEYOND.format(excused=compare), (excused, faulty_from)).fetchone()
        if row is None:
            continue
        seq, at, missing = row
        (agrees,) = connection.execute(_AGREES, (seq, at)).fetchone()
        (length,) = connection.execute("SELECT coalesce(max(seq), 0) FROM main.store_act").fetchone()
        if missing:
            yield Trouble(Wrong.OLDER, seq=seq, values={"at": at, "missing": seq - length}), is_excused
        else:
            yield Trouble(Wrong.PARTED, seq=seq, values={"at": at, "kept": agrees or 0}), is_excused


def fewer(connection: Connection, excused: str, now: anchor.Mark) -> Iterator[Trouble]:
    """Where an anchor counted more lines of cases than there are, or as many that ended otherwise."""
    row = connection.execute(
        "SELECT at, max(lines), max(cases) FROM mark WHERE at > ? AND (lines > ? OR cases > ?) GROUP BY at "
        "ORDER BY lines DESC, cases DESC LIMIT 1",
        (excused, now.lines, now.cases),
    ).fetchone()
    if row is not None:
        values = {"at": row[0], "lines": max(0, row[1] - now.lines), "cases": max(0, row[2] - now.cases)}
        yield Trouble(Wrong.FEWER, values=dict(values))
        return
    row = connection.execute(
        "SELECT at FROM mark WHERE at > ? AND lines = ? AND cases = ? AND ends <> ? LIMIT 1",
        (excused, now.lines, now.cases, now.ends),
    ).fetchone()
    if row is not None:
        yield Trouble(Wrong.ENDS, values={"at": row[0]})
