"""Do all workers together carry what one of them left? Locks of a real PostgreSQL, and workers that are ended."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from takeback.bootstrap import House
from takeback.casework import alone as alone_module
from takeback.casework import engine, guard
from takeback.casework.alone import alone
from takeback.casework.phases import PHASES
from takeback.casework.progress import Progress
from takeback.store.pg.locks import LockLost, PostgresLocks

pytestmark = pytest.mark.on_store("postgres")


@pytest.fixture
def locks(house: House) -> PostgresLocks:
    """The locks of this house."""
    assert isinstance(house.locks, PostgresLocks)
    return house.locks


@contextmanager
def elsewhere(url: str | None) -> Iterator[psycopg.Connection[Any]]:
    """A session of another process."""
    with psycopg.connect(str(url), autocommit=True) as session:
        yield session


def cut(house: House, which: str) -> int:
    """End the server's side of these lines, as a restart or a broken network does."""
    with elsewhere(house.configuration.database_url) as session:
        found = session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = %s AND datname = current_database() AND pid <> pg_backend_pid()",
            [which],
        ).fetchall()
    return len(found)


def test_a_workers_name_is_free_only_when_it_has_ended(locks: PostgresLocks) -> None:
    presence = locks.presence("w1")
    assert presence.holds()
    with locks.instead_of("w1") as dead:
        assert not dead
    presence.let_go()
    with locks.instead_of("w1") as dead:
        assert dead
        assert not locks.presence("w1").holds()  # nobody begins to live under it while its phases are put back


def test_a_worker_whose_line_was_cut_has_its_lock_back_at_the_next_look(house: House, locks: PostgresLocks) -> None:
    presence = locks.presence("w1")
    assert presence.holds()
    assert cut(house, "takeback locks") == 1
    with locks.instead_of("w1") as dead:
        assert dead
    assert presence.holds()
    with locks.instead_of("w1") as dead:
        assert not dead
    presence.let_go()


def test_two_processes_do_not_work_on_a_case_at_once_and_nobody_waits_for_ever(
    house: House, locks: PostgresLocks
) -> None:
    with elsewhere(house.configuration.database_url) as other:
        with locks.alone("c1", 0.0) as mine:
            assert mine
            key = _held(other)
            assert other.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone() == (False,)
        assert other.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone() == (True,)
        with locks.alone("c1", 0.1) as mine:
            assert not mine
        with locks.alone("c2", 0.0) as mine:
            assert mine


def test_after_a_statement_that_failed_the_cases_lock_is_given_back(house: House, locks: PostgresLocks) -> None:
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError), locks.alone("c1", 0.0), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT of_nothing")
    with elsewhere(house.configuration.database_url) as other:
        assert _held(other) is None


def test_who_lost_the_cases_lock_writes_nothing_more(house: House, locks: PostgresLocks) -> None:
    from django.db import OperationalError

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    with locks.alone("c1", 0.0):
        assert cut(house, "takeback") >= 1
        with pytest.raises(OperationalError):
            ask()
        connection.close()  # as Django does by itself when it ends a transaction on a broken line
        with pytest.raises(LockLost):
            ask()


def test_a_phase_that_another_one_of_its_case_holds_up_comes_later_and_notes_no_failure(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Any, ...]] = []
    monkeypatch.setattr(type(house.starter), "start", lambda _self, *args, **more: started.append((*args, more)))
    monkeypatch.setattr(alone_module, "WITHIN", 0.05)
    ran: list[str] = []

    def work(_house: House, case: str) -> Progress:
        ran.append(case)
        return Progress.DONE

    done, begun = threading.Event(), threading.Event()

    def hold() -> None:
        with house.released(), alone("c1", house.locks, 0.0):
            begun.set()
            done.wait(5)

    other = threading.Thread(target=hold)
    other.start()
    assert begun.wait(5)
    assert engine.run_phase(house, "undo", work, ("c1",), "c1/undo/why") == Progress.AGAIN
    done.set()
    other.join()
    assert not ran
    assert [(args[0], args[1], args[2]["because"]) for args in started] == [("undo", "c1", "why~1")]


def test_what_a_dead_worker_was_running_is_run_by_another_also_after_a_new_release(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ended as by `kill -9`: its lock goes and its row stays."""
    ran: list[str] = []

    def call(_house: House, request: str, *_: str) -> Progress:
        ran.append(request)
        return Progress.DONE

    monkeypatch.setitem(PHASES, "call", call)
    monkeypatch.setattr(guard, "LOOKED", 0.2)
    house.starter.start("call", "r1", because="x")
    house.starter.start("call", "r2", because="x")
    with elsewhere(house.configuration.database_url) as other:
        for case, version in (("r1", engine.VERSION), ("r2", "0")):
            claimed = other.execute(
                "UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'worker-gone', "
                "application_version = %s, owner_xid = 'x', recovery_attempts = 1 WHERE workflow_uuid LIKE %s",
                [version, f"{case}/%"],
            )
            assert claimed.rowcount == 1
        with engine.working(house):
            _until(lambda: {*ran} == {"r1", "r2"})
        left = other.execute("SELECT count(*) FROM dbos.workflow_status WHERE status = 'PENDING'").fetchone()
    assert left == (0,)


def _held(session: psycopg.Connection[Any]) -> int | None:
    row = session.execute(
        "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone()
    return None if row is None else int(row[0])


def _until(so: Any) -> None:
    until = time.monotonic() + 15
    while not so():
        assert time.monotonic() < until
        time.sleep(0.05)
