"""How does a log come to hold millions of events in a few minutes? The databases make them up by themselves.

Each account has `EACH` events in forty visits over three years. A table that lies by account is filled in that order,
as if it had just been rebuilt; one that lies by arrival in the order in which the events would have come.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

EACH = 200  # events of an account
VISIT = 5  # events of a visit
SINCE = datetime(2023, 11, 1, tzinfo=UTC)
BETWEEN = timedelta(days=27)  # from visit to visit
SOURCE = "/shops/oscar"
SECONDS = f"{int(SINCE.timestamp())} + (k / {VISIT}) * {int(BETWEEN.total_seconds())} + (k % {VISIT}) * 60 + a % 7919"
_BODY = """
'{"specversion":"1.0","id":"h-' || arrival || '","source":"/shops/oscar","type":"' ||
CASE k % 5 WHEN 0 THEN 'account.signed_in' WHEN 3 THEN 'order.placed' WHEN 4 THEN 'account.signed_out'
ELSE 'account.viewed' END || '","subject":"' || account || '","time":"' || told || 'Z","data":{' ||
CASE k % 5 WHEN 0 THEN '"method":"password",' WHEN 1 THEN '"what":"orders",' WHEN 2 THEN '"what":"addresses",'
WHEN 3 THEN '"order":{"id":"o' || arrival || '","lines":[{"sku":"TEA","name":"tea","quantity":1}],"total":' ||
'{"amount":"2980","currency":"JPY"}},' ELSE '' END || '"client":{"session":"s' || a || '-' || (k / 5) ||
'","device":"d' || a || '","ip":"203.0.113.' || (a % 250) || '","user_agent":"Mozilla/5.0 (iPhone)","country":"JP"}}}'
"""


def account(number: int) -> str:
    """The name of an account; names sort as numbers do."""
    return f"a{number:06}"


def text(name: str, number: int, at: datetime) -> bytes:
    """One more event of an account: a page that was looked at."""
    return (
        f'{{"specversion":"1.0","id":"{name}","source":"{SOURCE}","type":"account.viewed","subject":"{account(number)}",'
        f'"time":"{at.isoformat()}","data":{{"what":"orders","client":{{"session":"n{number}","device":"d{number}",'
        f'"ip":"203.0.113.{number % 250}","user_agent":"Mozilla/5.0 (iPhone)","country":"JP"}}}}}}'
    ).encode()


def fill_sqlite(path: Path, size: int) -> None:
    """Make the event log `path` with so many events. Its indexes are made at the end, as after a bulk load."""
    from takeback.store.eventfile import open_for_writing

    open_for_writing(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144", "temp_store = FILE"):
        connection.execute(f"PRAGMA {pragma}")
    told = connection.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'event' AND type = 'index'")
    indexes = [(name, statement) for name, statement in told.fetchall() if statement]
    (table,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'event' AND type = 'table'").fetchone()
    accounts = size // EACH
    if "WITHOUT ROWID" in table:  # it lies by account
        number, k, arrival = f"n / {EACH}", f"n % {EACH}", f"(n % {EACH}) * {accounts} + n / {EACH} + 1"
    else:
        number, k, arrival = f"n % {accounts}", f"n / {accounts}", "n + 1"
    connection.execute("BEGIN")
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute(
        f"""
        INSERT INTO event (account, ts, seq, source, id, body)
        SELECT account, at * 1000000, arrival, '{SOURCE}', 'h-' || arrival, CAST({_BODY} AS BLOB) FROM (
            SELECT *, strftime('%Y-%m-%dT%H:%M:%S', at, 'unixepoch') AS told FROM (
                SELECT *, {SECONDS} AS at, printf('a%06d', a) AS account FROM (
                    WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < {size - 1})
                    SELECT {number} AS a, {k} AS k, {arrival} AS arrival FROM number
                )
            )
        )
        """  # noqa: S608 - our own numbers
    )
    for _, statement in indexes:
        connection.execute(statement)
    connection.execute("UPDATE arrival SET next = ?", (size + 1,))
    connection.execute("COMMIT")
    connection.close()


@contextmanager
def a_postgres(folder: Path, size: int) -> Iterator[str]:
    """The address of a PostgreSQL of its own with a log of so many events, durable as it comes from the box."""
    from takeback.store.pg.tables import make_tables
    from tests.postgres import a_server

    folder.mkdir()
    with a_server(folder, quick=False) as url:
        make_tables(url)
        fill_postgres(url, size)
        yield url


def fill_postgres(url: str, size: int) -> None:
    """Make so many events in the event log's tables, as they would have arrived. Its indexes are made at the end.

    The digests of what is there already are drawn: nobody sends these events again.
    """
    from takeback.store.pg.connecting import connect
    from takeback.store.pg.months import Months, month_of

    connection, accounts = connect(url, write=True), size // EACH
    Months().see_to(connection, {month_of(SINCE + BETWEEN * visit) for visit in range(EACH // VISIT + 1)})
    for statement in (
        "SET synchronous_commit = off",
        "SET maintenance_work_mem = '512MB'",
        "DROP INDEX takeback.event_of_account",
        "ALTER TABLE takeback.once DROP CONSTRAINT once_pkey",
    ):
        connection.execute(statement.encode())
    for first in range(0, size, PART):
        connection.execute(_MADE.format(first=first, last=min(size, first + PART) - 1, accounts=accounts).encode())
    for statement in (
        f"INSERT INTO takeback.once SELECT md5(n::text)::uuid FROM generate_series(1, {size}) AS n",  # noqa: S608 - as above
        "ALTER TABLE takeback.once ADD PRIMARY KEY (digest)",
        "CREATE INDEX event_of_account ON takeback.event (account)",
        f"INSERT INTO takeback.account_month SELECT DISTINCT account, {_MONTH} FROM takeback.event",  # noqa: S608 - as above
        "VACUUM (FREEZE, ANALYZE)",
        "CHECKPOINT",
    ):
        connection.execute(statement.encode())
    connection.close()


PART = 1_000_000  # events of a transaction
_MONTH = (
    "(SELECT 12 * extract(year FROM t) + extract(month FROM t) - 1 FROM (SELECT to_timestamp(ts / 1000000)) AS x (t))"
)
_MADE = f"""
INSERT INTO takeback.event (ts, account, body)
SELECT at * 1000000, account, convert_to({_BODY.replace("{", "{{").replace("}", "}}")}, 'UTF8') FROM (
    SELECT *, to_char(to_timestamp(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') AS told FROM (
        SELECT *, ({SECONDS})::bigint AS at, 'a' || lpad(a::text, 6, '0') AS account FROM (
            SELECT n % {{accounts}} AS a, n / {{accounts}} AS k, n + 1 AS arrival
            FROM generate_series({{first}}::bigint, {{last}}::bigint) AS n
        ) AS numbered
    ) AS placed
) AS told
"""  # noqa: S608 - as above
