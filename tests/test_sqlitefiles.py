"""Many write to one SQLite file: in turns, and one wait for the disk serves all who have committed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy
from sqlalchemy import text

from takeback.sqlitefiles import syncing as module
from takeback.sqlitefiles.alchemy import engine_on
from takeback.sqlitefiles.syncing import Syncing, sync
from takeback.sqlitefiles.turns import turns_of

_WRITER = """
import sys
from sqlalchemy import text
from takeback.sqlitefiles.alchemy import engine_on
engine = engine_on(f"sqlite:///{sys.argv[1]}", sys.argv[1], lasting=True)
for number in range(100000):
    with engine.begin() as line:
        line.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})
    print(number, flush=True)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one table."""
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE t (n INTEGER UNIQUE)")
    made.close()
    return path


@pytest.fixture
def engine(file: Path) -> Iterator[sqlalchemy.Engine]:
    made = engine_on(f"sqlite:///{file}", str(file), lasting=True)
    yield made
    made.dispose()


def is_free(file: Path) -> bool:
    """Whether somebody else can have the turn at once."""
    with ThreadPoolExecutor(1) as pool:
        give = pool.submit(turns_of(str(file)).take)
        give.result(5)()
    return True


def test_those_who_come_while_the_disk_works_share_the_next_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, synced = Event(), Event(), []

    def slow(_: Path) -> None:
        synced.append(1)
        begun.set()
        assert go.wait(10)

    monkeypatch.setattr(module, "sync", slow)
    syncing = Syncing(str(tmp_path / "x.db"))
    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(syncing.wait)
        assert begun.wait(10)
        others = [pool.submit(syncing.wait) for _ in range(20)]
        time.sleep(0.1)
        assert not any(other.done() for other in others)  # the one under way may have missed them
        go.set()
        for one in (first, *others):
            one.result(10)
    assert len(synced) == 2


def test_nobody_is_told_that_it_is_stored_when_the_disk_says_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([OSError(5, "Input/output error"), None])

    def failing(_: Path) -> None:
        if (error := next(answers)) is not None:
            raise error

    monkeypatch.setattr(module, "sync", failing)
    syncing = Syncing(str(tmp_path / "x.db"))
    with pytest.raises(OSError, match="Input/output"):
        syncing.wait()
    syncing.wait()  # and whoever comes next asks the disk again


def test_a_log_that_has_been_written_back_needs_no_sync(tmp_path: Path) -> None:
    sync(tmp_path / "none-wal")


def test_a_transaction_holds_the_turn_until_it_ends(engine: sqlalchemy.Engine, file: Path) -> None:
    with engine.begin() as line:
        line.execute(text("SELECT n FROM t"))
        assert is_free(file)  # who only reads needs none
        line.execute(text("INSERT INTO t VALUES (1)"))
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(turns_of(str(file)).take)
            time.sleep(0.05)
            assert not waiting.done()
            line.commit()
            waiting.result(5)()
    assert is_free(file)


def test_a_statement_that_fails_gives_the_turn_up(engine: sqlalchemy.Engine, file: Path) -> None:
    with engine.begin() as line:
        line.execute(text("INSERT INTO t VALUES (1)"))
    with pytest.raises(sqlalchemy.exc.IntegrityError), engine.begin() as line:
        line.execute(text("INSERT INTO t VALUES (1)"))
    assert is_free(file)
    with pytest.raises(sqlalchemy.exc.OperationalError), engine.begin() as line:
        line.execute(text("INSERT INTO nothing VALUES (1)"))
    assert is_free(file)


def test_a_disk_that_fails_is_said_as_sqlite_says_it(
    engine: sqlalchemy.Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(module, "sync", failing)
    with pytest.raises(sqlalchemy.exc.OperationalError, match="disk I/O error"), engine.begin() as line:
        line.execute(text("INSERT INTO t VALUES (1)"))
    assert is_free(file)


def test_many_write_at_once_and_nobody_is_refused(engine: sqlalchemy.Engine) -> None:
    def write(number: int) -> None:
        with engine.begin() as line:
            line.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(200)))
    with engine.connect() as line:
        assert line.execute(text("SELECT count(*) FROM t")).scalar() == 200


def test_what_was_committed_outlives_a_kill(file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _WRITER, str(file)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            told = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
    with sqlite3.connect(file) as opened:
        assert opened.execute("SELECT count(*) FROM t WHERE n <= ?", [told]).fetchone() == (told + 1,)
    opened.close()
    assert is_free(file)
