"""How are events erased on PostgreSQL? Account by account; a month's table that is empty in the end is dropped.

Who erases takes the writers' lock alone for the milliseconds of a batch. So nobody can add an event to an account
between the look at what it has left and the removal of what it is found by.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg import Connection, sql

from takeback.core.events import read_event
from takeback.store.eventeraser import Gone, Hash
from takeback.store.pg.connecting import Row, connect
from takeback.store.pg.digest import digest_of
from takeback.store.pg.months import WRITING, month_of, table_of
from takeback.store.pg.packing import digests
from takeback.store.sentrows import moment

_PATIENCE = "SET LOCAL lock_timeout = '2s'"  # all that would write or read waits behind this: rather another day
_DUE = "SELECT account, ts, seq, body FROM takeback.event WHERE account = ANY(%s) AND ts < %s"
_ERASE = "DELETE FROM takeback.event WHERE account = ANY(%s) AND ts < %s RETURNING account, ts, seq, body"
_ONCE = "DELETE FROM takeback.once WHERE digest = ANY(%s)"
_SENT = "SELECT count(*) FROM takeback.sent WHERE account = ANY(%s) AND ts < %s"
_ERASE_SENT = "DELETE FROM takeback.sent WHERE account = ANY(%s) AND ts < %s"
# Nothing is left of the months before; of the one in which the limit lies there may be.
_MONTHS = "DELETE FROM takeback.account_month AS of WHERE account = ANY(%s) AND (month < %s OR {})"
_ITS_OWN = "month = {} AND NOT EXISTS (SELECT FROM {} WHERE account = of.account)"
_CONTACTS = (
    "DELETE FROM takeback.contact AS of WHERE account = ANY(%s) AND NOT EXISTS "
    "(SELECT FROM takeback.account_month WHERE account = of.account)"
)
_PARTS = (
    "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
    "WHERE inhparent = 'takeback.event'::regclass"
)
_CHANGED = "VACUUM takeback.event, takeback.once, takeback.account_month, takeback.contact, takeback.sent"


class PostgresEventEraser:
    """Erases in the database at `url`."""

    def __init__(self, url: str) -> None:
        self._url = str(url)

    def accounts(self, since: int) -> Iterable[str]:
        """Accounts that have events in the month of this moment, or before."""
        asked = "SELECT account FROM takeback.account_month GROUP BY account HAVING min(month) <= %s ORDER BY account"
        with closing(connect(self._url, write=False)) as line:
            return [account for (account,) in line.execute(asked, (month_of(moment(since)),)).fetchall()]

    @contextmanager
    def erasing(self, accounts: list[str], since: int, hashed: Hash, *, dry: bool) -> Iterator[Gone]:
        """One transaction for the block."""
        with closing(connect(self._url, write=True)) as line, line.transaction():
            if dry:
                yield _count(line, accounts, since, hashed)
            else:
                line.execute("SELECT pg_advisory_xact_lock(%s)", (WRITING,))
                yield _erase(line, accounts, since, hashed)

    def finish(self) -> None:
        """Drop the tables that are empty, and let the room in the others be used again."""
        with closing(connect(self._url, write=True)) as line:
            for (name,) in line.execute(_PARTS).fetchall():
                try:
                    _drop_if_empty(line, name)
                except psycopg.errors.LockNotAvailable:
                    continue  # somebody looks at it right now: the next time will do
            line.execute(_CHANGED)


def _count(line: Connection[Row], accounts: list[str], since: int, hashed: Hash) -> Gone:
    found = line.execute(_DUE, (accounts, since)).fetchall()
    ((sent,),) = line.execute(_SENT, (accounts, since)).fetchall()
    return Gone(len(_hash(accounts, found, hashed)), sent, len({account for account, *_ in found}))


def _erase(line: Connection[Row], accounts: list[str], since: int, hashed: Hash) -> Gone:
    found = line.execute(_ERASE, (accounts, since)).fetchall()
    events = [read_event(body) for body in _hash(accounts, found, hashed)]
    line.execute(_ONCE, (digests(sorted(digest_of(event.source, event.id) for event in events)),))
    sent = line.execute(_ERASE_SENT, (accounts, since)).rowcount
    last = month_of(moment(since))
    its_own: sql.Composable = sql.SQL("false")
    if line.execute("SELECT to_regclass(%s)", (f"takeback.{table_of(last)}",)).fetchone() != (None,):
        its_own = sql.SQL(_ITS_OWN).format(last, sql.Identifier("takeback", table_of(last)))
    line.execute(sql.SQL(_MONTHS).format(its_own), (accounts, last))
    line.execute(_CONTACTS, (accounts,))
    return Gone(len(events), sent, len({account for account, *_ in found}))


def _hash(accounts: list[str], rows: list[Row], hashed: Hash) -> list[bytes]:
    """Add the texts in the order in which SQLite has them: by account, by time, by arrival."""
    place = {account: number for number, account in enumerate(accounts)}
    bodies = [body for *_, body in sorted(rows, key=lambda row: (place[row[0]], row[1], row[2]))]
    for body in bodies:
        hashed.update(body + b"\n")
    return bodies


def _drop_if_empty(line: Connection[Row], name: str) -> None:
    part = sql.Identifier("takeback", name)
    empty = sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(part)
    if line.execute(empty).fetchone() != (True,):
        return
    with line.transaction():
        line.execute(_PATIENCE)
        line.execute("SELECT pg_advisory_xact_lock(%s)", (WRITING,))
        line.execute("LOCK TABLE ONLY takeback.event IN ACCESS EXCLUSIVE MODE")
        if line.execute(empty).fetchone() == (True,):  # nobody wrote to it meanwhile
            line.execute(sql.SQL("DROP TABLE {}").format(part))
