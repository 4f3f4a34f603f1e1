"""What happened, as it was told? Every accepted event, durable when `append` returns, in a SQLite file of its own.

The table lies in the order in which it is read: by account, then by time. `synchronous=FULL` syncs at every commit (in
WAL mode `NORMAL` does not), so one writer thread gathers the appends that wait and pays for one sync for all of them.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from operator import itemgetter
from pathlib import Path
from sqlite3 import Connection

from takeback.casework.ports import Accepted
from takeback.core.events import Event, read_event
from takeback.store.contactindex import ContactIndex
from takeback.store.eventfile import Readers, SqliteLine, open_for_writing
from takeback.store.groupcommit import GroupCommit
from takeback.store.sentrows import SqliteSentBook, keep_sent, microseconds

Batch = Sequence[tuple[Event, bytes]]

# Not OR IGNORE, which would pass over every other fault as well.
_INSERT = """
INSERT INTO event (account, ts, seq, source, id, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO NOTHING
"""
_STORED = "SELECT 1 FROM event WHERE account = ? AND ts = ? AND seq = ?"
_IN_TABLE = itemgetter(0, 1, 2)
_CONTACT = "INSERT INTO contact (hash, account) VALUES (?, ?) ON CONFLICT DO NOTHING"


class SqliteEventLog:
    """The event log in the file `path`. Safe to use from many threads; close it, or let the process end.

    `contact_key` keys the contact index: e-mail addresses and telephone numbers are not kept there in the clear.
    `phone_country` is the calling code that a number without one is taken to have.
    """

    def __init__(self, path: Path, *, contact_key: bytes, phone_country: str = "81") -> None:
        self._contacts = ContactIndex(contact_key, phone_country)
        open_for_writing(path).close()  # makes the tables, so that a reader never meets a file without them
        self._readers = Readers(path)
        self._writer: GroupCommit[SqliteLine, Batch, Accepted] = GroupCommit(lambda: SqliteLine(path), self._write)
        self.sent = SqliteSentBook(path, self._readers.connection)

    def append(self, events: Batch) -> Accepted:
        """Store events with their text, all or nothing; a known `(source, id)` is counted and left as it is."""
        if not events:
            return Accepted(0, 0)
        return self._writer.submit(events)

    @property
    def waiting(self) -> int:
        """How many events were handed in and are not committed yet."""
        return self._writer.waiting

    def submit_soon(self, events: Batch) -> "Future[Accepted]":
        """`append` without waiting: a second batch can be made ready while the first is written."""
        return self._writer.submit_soon(events)

    def account(self, account: str) -> list[Event]:
        """The account's events in order of time (ties in order of arrival)."""
        with self._readers.connection() as connection:
            rows = connection.execute("SELECT body FROM event WHERE account = ? ORDER BY ts, seq", (account,))
            return [read_event(body) for (body,) in rows]

    def accounts_with_contact(self, value: str) -> list[str]:
        """Accounts that have, or ever had, this e-mail address or telephone number."""
        sought = self._contacts.hash(value)
        with self._readers.connection() as connection:
            rows = connection.execute("SELECT account FROM contact WHERE hash = ? ORDER BY account", (sought,))
            return [account for (account,) in rows]

    def accounts(self) -> list[str]:
        """Every account that has an event."""
        with self._readers.connection() as connection:
            return [account for (account,) in connection.execute("SELECT DISTINCT account FROM event ORDER BY account")]

    def count(self) -> int:
        """How many events are stored."""
        with self._readers.connection() as connection:
            (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
        return int(count)

    def close(self) -> None:
        """Let go of the file, after what has been handed in was written."""
        self._writer.close()
        self._readers.close()
        self.sent.close()

    def _write(self, line: SqliteLine, batches: Sequence[Batch]) -> list[Accepted]:
        """Insert all of a group inside the writer's transaction: one statement for all of it, in the table's own order,
        takes half as long as one for each batch.
        """
        connection = line.connection
        (first,) = connection.execute("SELECT next FROM arrival").fetchone()
        events = [event for batch in batches for event, _ in batch]
        texts = (text for batch in batches for _, text in batch)
        rows = [
            (event.account, microseconds(event.time), place, event.source, event.id, text)
            for place, (event, text) in enumerate(zip(events, texts, strict=True), start=first)
        ]
        if len({(event.source, event.id) for event in events}) == len(events):  # else the first that came is to stay
            rows.sort(key=_IN_TABLE)
        before = connection.total_changes
        connection.executemany(_INSERT, rows)
        stored = connection.total_changes - before
        if contacts := [pair for event in events for pair in self._contacts.of(event)]:
            connection.executemany(_CONTACT, contacts)
        keep_sent(connection, events)
        connection.execute("UPDATE arrival SET next = next + ?", (len(events),))
        if stored == len(events):
            return [Accepted(len(batch), 0) for batch in batches]
        accepted, place = [], first
        for batch in batches:
            fresh = _fresh(connection, batch, place)
            accepted.append(Accepted(len(fresh), len(batch) - len(fresh), fresh))
            place += len(batch)
        return accepted


def _fresh(connection: Connection, events: Batch, first: int) -> frozenset[int]:
    """The positions of those that were stored: a repeat never got the place in the table that was meant for it."""
    return frozenset(
        place
        for place, (event, _) in enumerate(events)
        if connection.execute(_STORED, (event.account, microseconds(event.time), first + place)).fetchone()
    )
