"""In which table does an event lie? One for each month of its time, made when the first event of the month comes.

Months from 2015 to 2099 have tables of their own; one table takes what is older, one what is later. So whatever times a
broken or a malicious sender makes up, there are never more than 1,022 tables. PostgreSQL opens every one of them to
look for an account, which takes 1 ms with 60 of them and 17 ms with 300 (measured); so a small table says which months
an account has events in, and only those are looked at.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from psycopg import Connection, sql

from takeback.store.pg.connecting import Row

FIRST_YEAR, LAST_YEAR = 2015, 2099  # with a table for each month
BEFORE, AFTER = 0, 12 * (LAST_YEAR + 1)  # the two tables for everything else, by the number that months have here
_FIRST = 12 * FIRST_YEAR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
MAKING = 0x7A6B_0001  # advisory lock: one process at a time makes tables
WRITING = 0x7A6B_0002  # advisory lock: shared by those who write events, taken alone by who erases


def month_of(at: datetime) -> int:
    """The month of a moment: 12 * year + month - 1 in UTC, or `BEFORE`, or `AFTER`."""
    at = at.astimezone(UTC)
    number = 12 * at.year + at.month - 1
    return BEFORE if number < _FIRST else min(number, AFTER)


def table_of(month: int) -> str:
    """The name of the month's table, in the schema `takeback`."""
    if month == BEFORE:
        return "event_before"
    return "event_after" if month == AFTER else f"event_{month // 12}_{month % 12 + 1:02d}"


def begins(month: int) -> int:
    """Microseconds since 1970 at which the month begins."""
    return (datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND


class Months:
    """The months that a writer knows to have a table."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def see_to(self, connection: Connection[Row], months: Iterable[int]) -> None:
        """Make the tables that are missing, outside of any transaction."""
        for month in sorted(set(months) - self._known):
            _make(connection, month)
            self._known.add(month)

    def forget(self) -> None:
        """Somebody may have removed one that was empty."""
        self._known.clear()


def _make(connection: Connection[Row], month: int) -> None:
    name = sql.Identifier("takeback", table_of(month))
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
        if connection.execute("SELECT to_regclass(%s)", (f"takeback.{table_of(month)}",)).fetchone() != (None,):
            return
        since = sql.SQL("MINVALUE") if month == BEFORE else sql.Literal(begins(month))
        until = sql.SQL("MAXVALUE") if month == AFTER else sql.Literal(begins(_FIRST if month == BEFORE else month + 1))
        # Made by itself and attached, which lets others go on; `PARTITION OF` would make all of them wait.
        connection.execute(sql.SQL("CREATE TABLE {} (LIKE takeback.event INCLUDING DEFAULTS)").format(name))
        connection.execute(
            sql.SQL("ALTER TABLE takeback.event ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
                name, since, until
            )
        )
