"""Was this message really sent? The ledger of what was: a row for each `message.sent` and for each letter of our own.

The rows lie in the event log's file and are written in the same transaction as the event. They are found by the
Message-ID and by the account; a row says what its event says, nothing more.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from threading import Lock

from msgspec import Struct
from msgspec.json import Decoder

from takeback.core.authenticity.facts import Sent
from takeback.core.authenticity.ledger import bare_id, sent_by
from takeback.core.events import Event, EventType, read_event

MOST_OF_ID = 50  # rows: a Message-ID is used once, but nobody can be kept from using one again
MOST_OF_ACCOUNT = 500  # rows, the newest: a mail that somebody doubts is not years old

# WITHOUT ROWID: a row is its key. The partial indexes leave out what has nothing to be found by.
TABLES = """
CREATE TABLE IF NOT EXISTS sent (
    source TEXT NOT NULL, id TEXT NOT NULL, message_id TEXT NOT NULL, order_id TEXT NOT NULL, ts INTEGER NOT NULL,
    account TEXT NOT NULL, channel TEXT NOT NULL, recipient TEXT NOT NULL, template TEXT NOT NULL,
    PRIMARY KEY (source, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sent_by_id ON sent (message_id) WHERE message_id <> '';
CREATE INDEX IF NOT EXISTS sent_of_account ON sent (account, ts)
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KEEP = (
    "INSERT INTO sent (source, id, message_id, channel, recipient, ts, template, order_id, account) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, id)"
)
_FIND = "SELECT message_id, channel, recipient, ts, template, order_id, account, source FROM sent"
_BY_ID = f"{_FIND} WHERE message_id = ? AND message_id <> '' ORDER BY ts LIMIT {MOST_OF_ID}"
_OF_ACCOUNT = f"{_FIND} WHERE account = ? ORDER BY ts DESC LIMIT {MOST_OF_ACCOUNT}"
_TIMEOUT = 30.0  # seconds for another process's commit


class _Kind(Struct):
    type: str


_kind = Decoder(_Kind)


class SqliteSentBook:
    """Meets `casework.ports.SentBook` on the table in the event log's file. Safe to use from many threads."""

    def __init__(self, path: Path, reading: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._path, self._reading = path, reading
        self._own: Connection | None = None  # to open one takes longer than to write a row
        self._turn = Lock()

    def with_id(self, message_id: str) -> tuple[Sent, ...]:
        """The rows of this Message-ID, with or without its angle brackets, oldest first."""
        with self._reading() as connection:
            return tuple(sent_from(row) for row in connection.execute(_BY_ID, (bare_id(message_id),)))

    def of_account(self, account: str) -> tuple[Sent, ...]:
        """The newest 500 rows of this account, newest first."""
        with self._reading() as connection:
            return tuple(sent_from(row) for row in connection.execute(_OF_ACCOUNT, (account,)))

    def record(self, letter: str, sent: Sent) -> None:
        """Write, or write anew, the row of a letter that Takeback itself sends. It is on the disk on return."""
        with self._turn:
            self._line().execute(f"{_KEEP} DO UPDATE SET ts = excluded.ts", _row_of(letter, sent))

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            if self._own is not None:
                self._own.close()
                self._own = None

    def _line(self) -> Connection:
        if self._own is None:
            line = sqlite3.connect(self._path, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False)
            line.execute("PRAGMA synchronous = FULL")
            self._own = line
        return self._own


def keep_sent(connection: Connection, events: Iterable[Event]) -> None:
    """Write the rows of those events that tell of a message, inside the caller's transaction."""
    rows = [_row_of(event.id, sent) for event in events if (sent := sent_by(event)) is not None]
    if rows:
        connection.executemany(f"{_KEEP} DO NOTHING", rows)


def fill(connection: Connection) -> None:
    """Write the rows of all events that were stored before there was this table, inside the caller's transaction."""
    keep_sent(connection, _messages(connection))


def _messages(connection: Connection) -> Iterator[Event]:
    for (body,) in connection.execute("SELECT body FROM event"):
        if _kind.decode(body).type == EventType.MESSAGE_SENT:
            yield read_event(body)


def microseconds(at: datetime) -> int:
    """Since 1970, exactly: a float would round."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """The other way round."""
    return _EPOCH + at * _MICROSECOND


def _row_of(row_id: str, sent: Sent) -> tuple[str | int, ...]:
    return (
        *(sent.source, row_id, bare_id(sent.message_id), sent.channel, sent.to),
        *(microseconds(sent.time), sent.template, sent.order, sent.account),
    )


def sent_from(row: tuple[str, str, str, int, str, str, str, str]) -> Sent:
    """What a row says, whose columns are in the order of `Sent`'s fields."""
    message_id, channel, to, ts, template, order, account, source = row
    return Sent(message_id, channel, to, moment(ts), template, order, account, source)
