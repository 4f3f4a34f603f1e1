"""What happened, as it was told? The event log on PostgreSQL: what `takeback.store.eventlog` is on SQLite.

Many processes may write at once. What one of them writes in a transaction is in order of keys, so that two never wait
for each other; an event that comes through two at the same moment waits in one of them until the other has committed,
and is then a repeat.
"""

from collections.abc import Sequence
from concurrent.futures import Future

import psycopg
from psycopg import Connection, sql

from takeback.casework.ports import Accepted
from takeback.core.events import Event, read_event
from takeback.store.contactindex import ContactIndex
from takeback.store.groupcommit import GroupCommit
from takeback.store.pg.connecting import PostgresLine, Readers, Row
from takeback.store.pg.months import Months, table_of
from takeback.store.pg.sent import PostgresSentBook
from takeback.store.pg.writing import Batch, write

_TRIES = 3  # of a look at an account: once, and again when a month's table was removed between two statements


class PostgresEventLog:
    """The event log in the database at `url`. Safe to use from many threads; close it, or let the process end.

    `contact_key` keys the contact index: e-mail addresses and telephone numbers are not kept there in the clear.
    `phone_country` is the calling code that a number without one is taken to have. Nothing is connected to before it
    is needed: a process can start while the server is away.
    """

    def __init__(self, url: str, *, contact_key: bytes, phone_country: str = "81") -> None:
        self._url = str(url)
        self._contacts = ContactIndex(contact_key, phone_country)
        self._months = Months()
        self._readers = Readers(self._url)
        self._writer: GroupCommit[PostgresLine, Batch, Accepted] = GroupCommit(
            lambda: PostgresLine(self._url), self._write
        )
        self.sent = PostgresSentBook(self._url, self._readers)

    @property
    def waiting(self) -> int:
        """How many events were handed in and are not committed yet."""
        return self._writer.waiting

    def append(self, events: Batch) -> Accepted:
        """Store events with their text, all or nothing; a known `(source, id)` is counted and left as it is.

        `psycopg.Error` when they could not be stored, or when the line was cut while they were being committed: then
        they may be stored or not, and whoever sends them again has each stored once.
        """
        if not events:
            return Accepted(0, 0)
        return self._writer.submit(events)

    def submit_soon(self, events: Batch) -> "Future[Accepted]":
        """The same without waiting: a second batch can be made ready while the first is written."""
        return self._writer.submit_soon(events)

    def account(self, account: str) -> list[Event]:
        """The account's events in order of time (ties in order of arrival)."""
        if "\0" in account:
            return []  # no event has it, and PostgreSQL cannot even be asked
        for last in (False,) * (_TRIES - 1) + (True,):
            try:
                rows = self._readers.read(lambda line: _events_of(line, account))
                break
            except psycopg.errors.UndefinedTable:
                if last:
                    raise
        return [read_event(body) for (body,) in rows]

    def accounts_with_contact(self, value: str) -> list[str]:
        """Accounts that have, or ever had, this e-mail address or telephone number."""
        sought = self._contacts.hash(value)
        return self._accounts("SELECT account FROM takeback.contact WHERE hash = %s ORDER BY account", sought)

    def accounts(self) -> list[str]:
        """Every account that has an event."""
        return self._accounts("SELECT DISTINCT account FROM takeback.account_month ORDER BY account")

    def count(self) -> int:
        """How many events are stored."""
        ((count,),) = self._readers.rows("SELECT count(*) FROM takeback.event")
        return int(count)

    def close(self) -> None:
        """Let go of the database, after what has been handed in was written."""
        self._writer.close()
        self._readers.close()

    def _accounts(self, statement: str, *values: object) -> list[str]:
        return [account for (account,) in self._readers.rows(statement, values)]

    def _write(self, line: PostgresLine, batches: Sequence[Batch]) -> list[Accepted]:
        try:
            return write(line.connection, batches, self._contacts, self._months)
        except psycopg.errors.CheckViolation:  # a month's table was removed, as it was empty
            line.rollback()
            self._months.forget()
            return write(line.connection, batches, self._contacts, self._months)


def _events_of(line: Connection[Row], account: str) -> list[Row]:
    """The bodies, from the tables of those months alone in which the account has any."""
    months = line.execute("SELECT month FROM takeback.account_month WHERE account = %s", (account,)).fetchall()
    if not months:
        return []
    one = sql.SQL("SELECT body, ts, seq FROM {} WHERE account = {}")
    parts = [one.format(sql.Identifier("takeback", table_of(month)), sql.Placeholder("account")) for (month,) in months]
    whole = sql.SQL("SELECT body FROM ({}) AS found ORDER BY ts, seq").format(sql.SQL(" UNION ALL ").join(parts))
    # Not kept prepared: each account has months of its own, and there would be a statement for every set of them.
    return line.execute(whole, {"account": account}, prepare=False, binary=True).fetchall()
