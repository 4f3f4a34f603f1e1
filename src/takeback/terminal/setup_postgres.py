"""`takeback check`, of PostgreSQL: does it answer, does it keep what it says it keeps, do its locks hold?"""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, LiteralString

from takeback.configuration import Configuration
from takeback.terminal.finding import Finding, State

if TYPE_CHECKING:
    from psycopg import Connection

WHAT = "postgresql"
OLDEST = 140_000  # server_version_num of 14
ANSWERS_WITHIN = 10  # seconds
CLOCK_MIND, CLOCK_WRONG = 5.0, 60.0  # seconds between the two clocks
FOR_A_PROCESS = 40  # connections that a web process or a worker may hold at its busiest
_SHOWN = """
SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('fsync'),
       current_setting('full_page_writes'), current_setting('synchronous_commit'),
       current_setting('max_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       has_database_privilege(current_database(), 'CREATE'), has_schema_privilege('public', 'CREATE'),
       to_regclass('dbos.workflow_status') IS NOT NULL
"""

_ALIVE = """
SELECT count(DISTINCT pid) FROM pg_stat_activity JOIN pg_locks USING (pid)
WHERE application_name = 'takeback locks' AND locktype = 'advisory' AND granted AND datname = current_database()
"""


def looked_at(configuration: Configuration) -> Iterator[Finding]:
    """The server, its settings, its clock, its locks and our rights."""
    import psycopg  # not loaded where nobody needs it

    url = str(configuration.database_url)
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=ANSWERS_WITHIN) as first:
            yield from _server(first)
            yield _clock(first)
            with psycopg.connect(url, autocommit=True, connect_timeout=ANSWERS_WITHIN) as second:
                yield _locks(first, second)
    except psycopg.Error as error:
        says = f"The database of database_url does not answer: {type(error).__name__}."
        yield Finding(WHAT, State.WRONG, f"{says} Compare host, name, user and password, and pg_hba.conf.")


def _server(connection: "Connection") -> Iterator[Finding]:
    row = connection.execute(_SHOWN).fetchone()
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    number, version, fsync, whole_pages, commit, most, used, may_make, may_fill, made = row
    if number < OLDEST:
        yield Finding(WHAT, State.WRONG, f"PostgreSQL is {version}; 14 or newer is needed.")
    else:
        yield Finding(WHAT, State.GOOD, f"PostgreSQL is {version}.")
    loose = [
        f"{name} is {value}"
        for name, value in (("fsync", fsync), ("full_page_writes", whole_pages), ("synchronous_commit", commit))
        if value == "off"
    ]
    if loose:
        says = f"{' and '.join(loose)}: what was acknowledged can be lost with the power. Turn it on."
        yield Finding("durability", State.WRONG, says)
    else:
        yield Finding("durability", State.GOOD, "What is committed is on the server's disk.")
    if not made and not (may_make and may_fill):
        says = "This user may not make tables here. GRANT CREATE on the database and on its schema public."
        yield Finding("rights", State.WRONG, says)
    yield _connections(int(most), int(used))


def _connections(most: int, used: int) -> Finding:
    says = f"{used} of {most} connections are taken."
    if most - used < FOR_A_PROCESS:
        return Finding(
            "connections",
            State.MIND,
            f"{says} Each web process and each worker may want {FOR_A_PROCESS}: raise max_connections.",
        )
    return Finding("connections", State.GOOD, says)


def _clock(connection: "Connection") -> Finding:
    before = datetime.now(UTC)
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    after = datetime.now(UTC)
    assert row is not None  # noqa: S101 - as above
    apart = abs((row[0] - (before + (after - before) / 2)).total_seconds())
    says = f"This machine's clock and the database's are {apart:.1f} s apart."
    if apart > CLOCK_WRONG:
        return Finding("clock", State.WRONG, f"{says} Codes and holds would end at the wrong time. Start NTP on both.")
    if apart > CLOCK_MIND:
        return Finding("clock", State.MIND, f"{says} Start NTP on both.")
    return Finding("clock", State.GOOD, says)


def _locks(first: "Connection", second: "Connection") -> Finding:
    """Two sessions are two for as long as they last, and a lock that one holds is refused to the other."""
    key = secrets.randbits(62)
    mine, other = _asked(first, "SELECT pg_backend_pid()"), _asked(second, "SELECT pg_backend_pid()")
    taken = _asked(first, "SELECT pg_try_advisory_lock(%s)", key)
    refused = not _asked(second, "SELECT pg_try_advisory_lock(%s)", key)
    given_back = _asked(first, "SELECT pg_advisory_unlock(%s)", key)
    still = [_asked(first, "SELECT pg_backend_pid()") == mine for _ in range(2)]
    if mine != other and taken and refused and given_back and all(still):
        return Finding("locks", State.GOOD, "A session keeps its locks.")
    says = "A session does not keep its locks: a pooler in between lends connections for a transaction at a time."
    return Finding("locks", State.WRONG, f"{says} Connect to PostgreSQL itself, or set the pooler to whole sessions.")


def workers(configuration: Configuration) -> Finding:
    """Every worker holds a lock in a session of its own for as long as it lives."""
    import psycopg  # as above

    try:
        with psycopg.connect(str(configuration.database_url), autocommit=True, connect_timeout=ANSWERS_WITHIN) as line:
            count = _asked(line, _ALIVE)
    except psycopg.Error as error:
        return Finding("worker", State.WRONG, f"The database cannot be asked who is at work: {type(error).__name__}.")
    if not count:
        return Finding("worker", State.MIND, "No worker is at work: reports wait. Start `takeback work`.")
    return Finding("worker", State.GOOD, f"Workers at work: {count}.")


def _asked(connection: "Connection", sql: LiteralString, *values: int) -> object:
    row = connection.execute(sql, values).fetchone()
    return None if row is None else row[0]
