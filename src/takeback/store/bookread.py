"""What do the logs say, read past Django? As they lie in the file, at one moment, without keeping anybody from writing.

Whoever altered the file may have left anything there: text where a number was, JSON that is none, bytes that are no
text. A line that cannot be read is given as one that nobody could have written, and is found as altered.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NoReturn

import msgspec

from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.core.events import Json
from takeback.store.chain import Head

_WAIT = 30.0  # seconds for another process's commit
_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_ENTRIES = (
    "SELECT seq, at, who, what, why, evidence, digest FROM main.store_entry WHERE case_id = ? ORDER BY case_id, seq"
)
_ACTS = 'SELECT seq, at, who, what, why, "case", evidence, digest FROM main.store_act WHERE seq >= ? ORDER BY seq'


@contextmanager
def one_moment(database: Path) -> Iterator[Connection]:
    """A connection that can only read, and for which the database stands still."""
    address = f"{database.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.execute("PRAGMA temp_store = FILE")  # what grows with the logs does not lie in memory
        yield connection


def entries(connection: Connection, case: str) -> Iterator[Entry]:
    """The lines of a case's log, in order."""
    for seq, at, who, what, why, evidence, digest in connection.execute(_ENTRIES, (case,)):
        try:
            read = _evidence(evidence)
            yield Entry(case, _time(at), _text(who), _text(what), _text(why), read, _number(seq), _text(digest))
        except ValueError:
            yield Entry(case, _NEVER, "", "", "", {}, _place(seq), "")


def acts(connection: Connection, first: int = 1) -> Iterator[Act]:
    """The lines of the book from `first` on, in order."""
    for seq, at, who, what, why, case, evidence, digest in connection.execute(_ACTS, (first,)):
        try:
            texts = (_text(who), _text(what), _text(why), _text(case))
            yield Act(_time(at), *texts, _evidence(evidence), _number(seq), _text(digest))
        except ValueError:
            yield Act(_NEVER, "", "", seq=_place(seq))


def content(text: object) -> object:
    """What lies beside a log; None where it cannot be read."""
    try:
        return json.loads(_text(text), parse_constant=_no_constant)
    except ValueError:
        return None


def case_head(connection: Connection, case: str) -> tuple[Head | None, str]:
    """Where a case's log ends, and the seal on it; None where nothing readable says so."""
    row = connection.execute(
        "SELECT count, digest, seal FROM main.store_log_head WHERE case_id = ?", (case,)
    ).fetchone()
    return _head(row)


def book_head(connection: Connection) -> tuple[Head | None, str]:
    """Where the book ends, and the seal on it."""
    return _head(connection.execute("SELECT count, digest, seal FROM main.store_book_head WHERE id = 1").fetchone())


def _head(row: tuple[Any, ...] | None) -> tuple[Head | None, str]:
    if row is None:
        return None, ""
    try:
        return Head(_number(row[0]), _text(row[1])), _text(row[2])
    except ValueError:
        return None, ""


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("not a number")
    return value


def _place(value: object) -> int:
    return value if isinstance(value, int) else 0


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value


def _time(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _evidence(value: object) -> dict[str, Json]:
    """As Django reads it; and what the chain could not put into its line is no evidence."""
    read = json.loads(_text(value), parse_constant=_no_constant)
    if not isinstance(read, dict):
        raise ValueError("not an object")
    try:
        msgspec.json.encode(read)
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise ValueError("not JSON") from None
    return read


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
