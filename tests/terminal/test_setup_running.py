"""`takeback check` of what runs: work that waited too long, and PostgreSQL as it really is."""

import re
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg import Connection

from takeback.bootstrap import House, make_tables
from takeback.casework.keys import Key, Scope
from takeback.casework.pauses import EVERY, Pause
from takeback.configuration import Configuration, Secret
from takeback.store.keys import DjangoKeys
from takeback.store.pauses import DjangoPauses
from takeback.terminal import setup_postgres, setup_running
from takeback.terminal.finding import Finding, State
from tests.postgres import a_server


@pytest.fixture
def working(house: House) -> House:
    """A house whose engine has its tables."""
    make_tables(house.configuration)
    return house


def found(findings: Iterator[Finding], what: str) -> Finding:
    return next(one for one in findings if one.what == what)


def test_a_freeze_that_has_waited_too_long_is_wrong(working: House, monkeypatch: pytest.MonkeyPatch) -> None:
    working.starter.start("freeze", "c1", because="report")
    assert found(setup_running.looked_at(working.configuration), "queues").state is State.GOOD
    later = time.time() + 100
    monkeypatch.setattr(setup_running, "time", type("Later", (), {"time": staticmethod(lambda: later)}))
    told = found(setup_running.looked_at(working.configuration), "queues")
    assert told.state is State.WRONG
    waited = r"Work has waited too long: freeze \(oldest 10\d s, 1 due\)\. Start a worker, or one more\."
    assert re.fullmatch(waited, told.says), told.says


def test_a_hold_that_is_not_over_waits_for_nobody(working: House) -> None:
    working.starter.start("hold", "c1", because="later", after=600)
    told = found(setup_running.looked_at(working.configuration), "queues")
    assert (told.state, told.says) == (State.GOOD, "Phases that are due: 0; that wait for their time: 1.")


@pytest.mark.parametrize(
    ("hard", "state"), [(1024, State.MIND), (4096, State.GOOD), (resource.RLIM_INFINITY, State.GOOD)]
)
def test_too_few_open_files_are_told(working: House, monkeypatch: pytest.MonkeyPatch, hard: int, state: State) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, hard))
    assert found(setup_running.looked_at(working.configuration), "files").state is state


@pytest.mark.parametrize(
    ("days", "state"), [((-1,), State.WRONG), ((-1, 3), State.MIND), ((3, 90), State.GOOD), ((3, None), State.GOOD)]
)
def test_a_source_is_told_before_its_last_key_ends(working: House, days: tuple[int | None, ...], state: State) -> None:
    now = working.clock.now()
    for number, left in enumerate(days):
        ends = None if left is None else now + timedelta(days=left)
        DjangoKeys().add(Key(f"k{number}", "/shops/oscar", frozenset({Scope.EVENTS}), "", "0", now, ends))
    assert found(setup_running.looked_at(working.configuration), "keys").state is state


def test_what_is_paused_is_told(working: House) -> None:
    assert "pauses" not in [one.what for one in setup_running.looked_at(working.configuration)]
    DjangoPauses().begin(Pause(EVERY, working.clock.now(), "cli:mori", "a bad day"))
    assert found(setup_running.looked_at(working.configuration), "pauses").state is State.MIND


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of this file's own, as it is after it was installed."""
    with a_server(tmp_path_factory.mktemp("postgres"), quick=False) as address:
        yield address


def looked_at(address: str, folder: Path) -> dict[str, Finding]:
    said = Configuration(data_dir=folder, database_url=Secret(address), secret_key=Secret("x" * 32))
    return {one.what: one for one in setup_postgres.looked_at(said)}


def test_a_postgresql_as_it_is_installed_is_good(server: str, tmp_path: Path) -> None:
    told = looked_at(server, tmp_path)
    assert {one.what: one.state for one in told.values()} == dict.fromkeys(
        ("postgresql", "durability", "connections", "clock", "locks"), State.GOOD
    )


def test_a_database_that_may_forget_what_it_acknowledged_is_wrong(server: str, tmp_path: Path) -> None:
    told = looked_at(f"{server}{'&' if '?' in server else '?'}options=-c%20synchronous_commit%3Doff", tmp_path)
    assert told["durability"].state is State.WRONG
    assert told["durability"].says.startswith("synchronous_commit is off: what was acknowledged can be lost")


def test_a_user_without_rights_is_told_which(server: str, tmp_path: Path) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    told = looked_at(server.replace("postgres:@", "guest:@", 1), tmp_path)
    assert told["rights"].state is State.WRONG


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(tmp_path: Path) -> None:
    told = looked_at("postgresql://takeback:hush-hush@127.0.0.1:9/takeback", tmp_path)
    assert told["postgresql"].state is State.WRONG
    assert "hush" not in told["postgresql"].says


class Lent:
    """A pooler that lends another connection for each statement, as one does for each transaction."""

    def __init__(self, *lines: "Connection[Any]") -> None:
        self._lines, self._turn = lines, 0

    def execute(self, *said: Any) -> Any:
        self._turn += 1
        return self._lines[self._turn % len(self._lines)].execute(*said)


def test_a_pooler_that_lends_connections_for_a_transaction_is_wrong(server: str) -> None:
    with ExitStack() as open_:
        lines = [open_.enter_context(psycopg.connect(server, autocommit=True)) for _ in range(2)]
        pooled = cast("Connection[Any]", Lent(*lines))
        assert setup_postgres._locks(pooled, pooled).state is State.WRONG
        assert setup_postgres._locks(lines[0], lines[1]).state is State.GOOD


def test_a_clock_that_is_far_away_is_wrong(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        assert setup_postgres._clock(connection).state is State.GOOD
        for name, state in (("CLOCK_MIND", State.MIND), ("CLOCK_WRONG", State.WRONG)):
            monkeypatch.setattr(setup_postgres, name, -1.0)
            assert setup_postgres._clock(connection).state is state
