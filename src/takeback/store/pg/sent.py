"""Was this message really sent? The ledger of what was, on PostgreSQL: what `takeback.store.sentrows` is on SQLite."""

from collections.abc import Iterable
from contextlib import closing

from psycopg import Connection

from takeback.core.authenticity.facts import Sent
from takeback.core.authenticity.ledger import bare_id, sent_by
from takeback.core.events import Event
from takeback.store.pg.connecting import Readers, Row, connect
from takeback.store.pg.digest import digest_of
from takeback.store.sentrows import MOST_OF_ACCOUNT, MOST_OF_ID, microseconds, sent_from

_COLUMNS = "message_id, channel, recipient, ts, template, order_id, account, source"
_KEEP = (
    f"INSERT INTO takeback.sent (digest, {_COLUMNS}) "  # noqa: S608 - our own names
    "VALUES (encode(%s, 'hex')::uuid, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (digest)"
)
_FIND = f"SELECT {_COLUMNS} FROM takeback.sent"  # noqa: S608 - our own names
_BY_ID = f"{_FIND} WHERE message_id = %s AND message_id <> '' ORDER BY ts LIMIT {MOST_OF_ID}"
_OF_ACCOUNT = f"{_FIND} WHERE account = %s ORDER BY ts DESC LIMIT {MOST_OF_ACCOUNT}"


class PostgresSentBook:
    """Meets `casework.ports.SentBook`. Safe to use from many threads."""

    def __init__(self, url: str, readers: Readers) -> None:
        self._url, self._readers = url, readers

    def with_id(self, message_id: str) -> tuple[Sent, ...]:
        """The rows of this Message-ID, with or without its angle brackets, oldest first."""
        return tuple(sent_from(row) for row in self._readers.rows(_BY_ID, (_plain(bare_id(message_id)),)))

    def of_account(self, account: str) -> tuple[Sent, ...]:
        """The newest 500 rows of this account, newest first."""
        return tuple(sent_from(row) for row in self._readers.rows(_OF_ACCOUNT, (_plain(account),)))

    def record(self, letter: str, sent: Sent) -> None:
        """Write, or write anew, the row of a letter that Takeback itself sends. It is on the disk on return."""
        with closing(connect(self._url, write=True)) as line:
            line.execute(f"{_KEEP} DO UPDATE SET ts = excluded.ts".encode(), _row_of(letter, sent))


def keep_sent(connection: Connection[Row], events: Iterable[Event]) -> None:
    """Write the rows of those events that tell of a message, in order of keys, inside the caller's transaction."""
    rows = sorted(_row_of(event.id, sent) for event in events if (sent := sent_by(event)) is not None)
    if rows:
        connection.cursor().executemany(f"{_KEEP} DO NOTHING".encode(), rows)


def _row_of(row_id: str, sent: Sent) -> tuple[bytes | str | int, ...]:
    return (
        *(digest_of(sent.source, row_id), _plain(bare_id(sent.message_id)), _plain(sent.channel), _plain(sent.to)),
        *(microseconds(sent.time), _plain(sent.template), _plain(sent.order), sent.account, sent.source),
    )


def _plain(text: str) -> str:
    """What a sender may write into a field and PostgreSQL can't keep in a text."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
