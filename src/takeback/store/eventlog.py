"""What happened, as it was told? Every accepted event, durable when `append` returns, in a SQLite file of its own.

The table lies in the order in which it is read: by account, then by time. `synchronous=FULL` syncs at every commit (in
WAL mode `NORMAL` does not), so one writer thread gathers the appends that wait and pays for one sync for all of them.
"""

from collections.abc import Sequence
from pathlib import Path
from sqlite3 import Connection

from takeback.casework.ports import Accepted
from takeback.core.events import Event, read_event
from takeback.store.contactindex import ContactIndex
from takeback.store.eventfile import Readers, open_for_writing
from takeback.store.groupcommit import GroupCommit
from takeback.store.sentrows import SqliteSentBook, keep_sent, microseconds

Batch = Sequence[tuple[Event, bytes]]

# Not OR IGNORE, which would pass over every other fault as well.
_INSERT = """
INSERT INTO event (account, ts, seq, source, id, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO NOTHING
"""
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
        self._writer = GroupCommit(lambda: open_for_writing(path), self._write)
        self.sent = SqliteSentBook(path, self._readers.connection)

    def append(self, events: Batch) -> Accepted:
        """Store events with their text, all or nothing; a known `(source, id)` is counted and left as it is."""
        if not events:
            return Accepted(0, 0)
        return self._writer.submit(events)

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

    def _write(self, connection: Connection, events: Batch) -> Accepted:
        """Insert one batch inside the writer's transaction."""
        (first,) = connection.execute("SELECT next FROM arrival").fetchone()
        before = connection.total_changes
        connection.executemany(
            _INSERT,
            (
                (event.account, microseconds(event.time), first + place, event.source, event.id, text)
                for place, (event, text) in enumerate(events)
            ),
        )
        stored = connection.total_changes - before
        if contacts := [pair for event, _ in events for pair in self._contacts.of(event)]:
            connection.executemany(_CONTACT, contacts)
        keep_sent(connection, (event for event, _ in events))
        connection.execute("UPDATE arrival SET next = next + ?", (len(events),))
        return Accepted(stored, len(events) - stored)
