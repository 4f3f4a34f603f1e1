"""What do the logs say, read past Django? As they lie in the database at one moment (`moment`).

Whoever altered the database may have left anything there: text where a number was, JSON that is none, bytes that are no
text. A line that cannot be read is given as one that nobody could have written, and is found as altered.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NoReturn

import msgspec

from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.core.events import Json
from takeback.store.chain import Head
from takeback.store.moment import Moment, Row

_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_ENTRIES = "SELECT seq, {at}, who, what, why, evidence, digest FROM store_entry WHERE case_id = ? ORDER BY case_id, seq"
_ACT = 'SELECT seq, {at}, who, what, why, "case", evidence, digest FROM store_act'
_ACTS = f"{_ACT} WHERE seq >= ? ORDER BY seq"
_SAYING = f"{_ACT} WHERE what = ? ORDER BY seq"


def entries(moment: Moment, case: str) -> Iterator[Entry]:
    """The lines of a case's log, in order."""
    for seq, at, who, what, why, evidence, digest in moment.rows(_ENTRIES, (case,)):
        try:
            read = evidence_of(evidence)
            yield Entry(case, _time(at), _text(who), _text(what), _text(why), read, _number(seq), _text(digest))
        except ValueError:
            yield Entry(case, _NEVER, "", "", "", {}, _place(seq), "")


def acts(moment: Moment, first: int = 1) -> Iterator[Act]:
    """The lines of the book from `first` on, in order."""
    return (_act(row) for row in moment.rows(_ACTS, (first,)))


def act(moment: Moment, seq: int) -> Act | None:
    """The first line of the book from there on."""
    row = moment.one(f"{_ACTS} LIMIT 1", (seq,))
    return None if row is None else _act(row)


def saying(moment: Moment, what: str, *, newest_first: bool = False) -> Iterator[Act]:
    """The lines of the book that say this was done, in order."""
    return (_act(row) for row in moment.rows(_SAYING + (" DESC" if newest_first else ""), (what,)))


def last_saying(moment: Moment, what: str) -> Act | None:
    """The newest of them."""
    row = moment.one(f"{_SAYING} DESC LIMIT 1", (what,))
    return None if row is None else _act(row)


def _act(row: Row) -> Act:
    seq, at, who, what, why, case, evidence, digest = row
    try:
        texts = (_text(who), _text(what), _text(why), _text(case))
        return Act(_time(at), *texts, evidence_of(evidence), _number(seq), _text(digest))
    except ValueError:
        return Act(_NEVER, "", "", seq=_place(seq))


def content(text: object) -> object:
    """What lies beside a log; None where it cannot be read."""
    try:
        return json.loads(_text(text), parse_constant=_no_constant)
    except ValueError:
        return None


def case_head(moment: Moment, case: str) -> tuple[Head | None, str]:
    """Where a case's log ends, and the seal on it; None where nothing readable says so."""
    return _head(moment.one("SELECT count, digest, seal FROM store_log_head WHERE case_id = ?", (case,)))


def book_head(moment: Moment) -> tuple[Head | None, str]:
    """Where the book ends, and the seal on it."""
    return _head(moment.one("SELECT count, digest, seal FROM store_book_head WHERE id = 1"))


def _head(row: Row | None) -> tuple[Head | None, str]:
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


def evidence_of(value: object) -> dict[str, Json]:
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
