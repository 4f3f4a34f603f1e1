"""`takeback backup` and `takeback restore`: a copy taken in the middle of everything is as good as the real one."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from django.db import connections

from takeback.bootstrap import build_house, make_tables, move_into
from takeback.casework.proof import enter
from takeback.configuration import load_configuration
from takeback.core.case import Case, Stage
from takeback.core.events import parse_event
from tests.casework.crashing import counted, mail_of, seen_by, settings, shops, sink_at, tell
from tests.casework.test_crash import RESULT, WELCOME, Customers
from tests.conftest import event_text
from tests.terminal.test_setup import a_port

ACCOUNTS = ["1", "2", "3"]
FILES = ("cases.db", "engine.db", "events.db")


def call(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TAKEBACK_")}
    command = [sys.executable, "-m", "takeback.cli", *arguments]
    environment |= {"TAKEBACK_CONFIG": str(config)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as `takeback migrate` makes it, with a line in the anchor, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "takeback.toml"
    path.write_text('data_dir = "data"\n', encoding="utf-8")
    assert call(path, "migrate").returncode == 0
    assert call(path, "audit", "anchor").returncode == 0
    return path.parent


@pytest.fixture
def config(tmp_path: Path, empty: Path) -> Path:
    """An installation in which nothing has happened."""
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    return tmp_path / "takeback.toml"


def elsewhere(config: Path, more: str = "") -> Path:
    """The settings of another machine."""
    path = config.parent / "other" / "takeback.toml"
    path.parent.mkdir()
    path.write_text(f'data_dir = "data"\n{more}', encoding="utf-8")
    return path


def backed_up(config: Path, *options: str) -> Path:
    done = call(config, "backup", str(config.parent / "copies"), *options)
    assert done.returncode == 0, done.stderr
    (made,) = (config.parent / "copies").glob("takeback-*")
    return made


def test_a_backup_leaves_the_secret_out_unless_it_is_asked_for(config: Path) -> None:
    assert sorted(path.name for path in backed_up(config).iterdir()) == ["anchor.log", "backup.json", *FILES]
    made = backed_up(config, "--with-secret", "--keep", "1")
    assert (made / "secret_key").read_bytes() == (config.parent / "data" / "secret_key").read_bytes()
    assert {path.stat().st_mode & 0o077 for path in (made, *made.iterdir())} == {0}


def test_a_backup_that_was_altered_is_not_put_back(config: Path) -> None:
    made, there = backed_up(config, "--with-secret"), elsewhere(config)
    with (made / "cases.db").open("r+b") as file:
        file.seek(2000)
        file.write(b"x")
    done = call(there, "restore", str(made))
    assert done.returncode == 2
    assert done.stderr == f"takeback: {made / 'cases.db'} is not as it was when the backup was made\n"
    assert not (there.parent / "data").exists()


def test_nothing_is_written_over(config: Path) -> None:
    made = backed_up(config)
    before = {name: (config.parent / "data" / name).read_bytes() for name in FILES}
    done = call(config, "restore", str(made))
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert {name: (config.parent / "data" / name).read_bytes() for name in FILES} == before


def test_a_backup_is_put_back_under_its_own_secret_alone(config: Path) -> None:
    made, there = backed_up(config), elsewhere(config)
    assert "The secret is not in the backup" in call(there, "restore", str(made)).stderr
    there.write_text('data_dir = "data"\nsecret_key = "another secret, which is also long enough"\n')
    done = call(there, "restore", str(made))
    assert (done.returncode, "under another secret_key" in done.stderr) == (2, True)
    assert not any((there.parent / "data" / name).exists() for name in FILES)


def test_a_folder_that_is_no_backup_is_told_so_with_the_newest_below_it(config: Path) -> None:
    made = backed_up(config)
    done = call(config, "restore", str(made.parent))
    assert done.returncode == 2
    assert (
        done.stderr
        == f"takeback: {made.parent} is no backup: it has no backup.json; the newest one below it is {made}\n"
    )


def test_a_restoration_that_was_cut_short_is_done_again(config: Path) -> None:
    made, there = backed_up(config, "--with-secret"), elsewhere(config)
    data = there.parent / "data"
    data.mkdir(mode=0o700)
    (data / "restoring").touch()
    (data / "events.db").write_bytes(b"half of a file")
    assert call(there, "restore", str(made)).returncode == 0
    assert not (data / "restoring").exists()
    assert call(there, "audit", "verify").returncode == 0


class Three(Customers):
    """Three customers, and no more of them."""

    def act(self) -> None:
        """What each does now, if it is her turn."""
        for account in ACCOUNTS:
            self.act_for(account)


class Again(Three):
    """Customers who ask for a new code: those that were sent after the copy are known to nobody any more."""

    def _return_code(self, case: Case, account: str, purpose: str) -> None:
        self.house.starter.start("code", case.id, purpose, because=f"asked-again-{purpose}")
        for code in [code for code in self.sink.codes(account) if code not in self.tried]:
            self.tried.add(code)
            if enter(self.house, case.id, code):
                return


@pytest.fixture
def customers(cases_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Customers]:
    """Shops and a mail server as they run, and three customers who find their accounts taken."""
    folder, smtp_port = cases_path.parent, a_port()
    with shops(folder, ACCOUNTS) as addresses, sink_at(smtp_port) as sink:
        monkeypatch.setenv("TAKEBACK_CONFIG", str(settings(folder, addresses, smtp_port, None)))
        make_tables(load_configuration())
        house = build_house(load_configuration())
        tell(house, folder)
        made = Three(house, sink, begun=list(ACCOUNTS))
        yield made
        move_into(None)
        made.house.close()


@pytest.mark.timeout(170)
def test_a_copy_taken_while_a_worker_works_and_events_stream_completes_every_case_elsewhere(
    customers: Customers, cases_path: Path
) -> None:
    folder = cases_path.parent
    config, copies = folder / "takeback.toml", folder / "copies"
    stream = Stream(customers)
    with worker(config, end=signal.SIGKILL):
        stream.start()
        _until(lambda: all(customers.case(account) for account in ACCOUNTS), customers.act)
        _until(lambda: any(stage.reached(Stage.UNDO) for stage in customers.stages()), customers.act)
        before = stream.accepted
        done = call(config, "backup", str(copies))
        assert done.returncode == 0, done.stderr
        _until(lambda: any(stage.reached(Stage.HOLD) for stage in customers.stages()), customers.act)
    stream.stop()
    customers.house.close()
    connections.close_all()
    for path in folder.glob("*.db*"):  # the machine is gone; the shops are not
        if path.name.partition("-")[0] in FILES:
            path.unlink()

    (made,) = copies.glob("takeback-*")
    done = call(config, "restore", str(made), "--why", "the disk had died")
    assert done.returncode == 0, done.stderr
    customers.house = build_house(load_configuration())
    old = {code for account in ACCOUNTS for code in customers.sink.codes(account)}
    again = Again(customers.house, customers.sink, list(ACCOUNTS), old)
    told = {event.id for event in customers.house.event_log.account("stream")}
    assert len(told) >= before > 0
    with worker(config, end=signal.SIGTERM):
        _until(lambda: set(again.stages()) == {Stage.CLOSED}, again.act)
        _until(lambda: len(customers.sink.ids(WELCOME)) == len(ACCOUNTS), again.act)
    assert set(counted(folder).values()) == {1}
    assert len(customers.sink.ids(RESULT)) == len(ACCOUNTS)
    for account in ACCOUNTS:
        shop = seen_by(folder, "/shops/oscar").accounts[account].snapshot()
        assert (shop.frozen, shop.fields["email"]) == (False, mail_of(account))
        assert shop.balances["points"].value == 1200
    verdict = json.loads(call(config, "audit", "verify", "--json").stdout)
    assert (verdict["good"], verdict["troubles"]) == (True, [])


@contextmanager
def worker(config: Path, *, end: signal.Signals) -> Iterator[None]:
    """A worker as it is started on a machine, ended by this signal."""
    environment = os.environ | {"TAKEBACK_CONFIG": str(config)}
    process = subprocess.Popen([sys.executable, "-m", "takeback.cli", "work"], env=environment)
    try:
        yield
    finally:
        process.send_signal(end)
        process.wait(20)


class Stream:
    """Events that come in all the time; `accepted` counts those that were answered for."""

    def __init__(self, customers: Customers) -> None:
        self.accepted = 0
        self._house, self._over = customers.house, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.005):
            text = event_text(id=f"s{self.accepted}", subject="stream")
            self._house.event_log.append([(parse_event(text), text)])
            self.accepted += 1


def _until(holds: Callable[[], bool], meanwhile: Callable[[], None]) -> None:
    until = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        meanwhile()
        time.sleep(0.05)


def test_all_files_are_copied_as_of_one_moment(config: Path) -> None:
    """A pair of rows that are always written one after the other is never seen the wrong way round."""
    data, over = config.parent / "data", threading.Event()
    for name in ("engine.db", "events.db"):
        with closing(sqlite3.connect(data / name)) as file, file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("CREATE TABLE pair (n INTEGER)")

    def write() -> None:
        number = 0
        with (
            closing(sqlite3.connect(data / "engine.db")) as first,
            closing(sqlite3.connect(data / "events.db")) as last,
        ):
            while not over.is_set():
                number += 1
                for file in (first, last):
                    with file:
                        file.execute("INSERT INTO pair VALUES (?)", (number,))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = backed_up(config)
    finally:
        over.set()
        writer.join()
    counts = []
    for name in ("engine.db", "events.db"):
        with closing(sqlite3.connect(made / name)) as file:
            counts.append(file.execute("SELECT count(*) FROM pair").fetchone()[0])
    assert counts[0] - counts[1] in (0, 1)


def test_old_backups_are_removed_and_nothing_else(config: Path) -> None:
    copies = config.parent / "copies"
    (copies / "notes").mkdir(parents=True)
    (copies / "takeback-20200101T000000000000Z.partial").mkdir()
    for _ in range(3):
        assert call(config, "backup", str(copies), "--keep", "2").returncode == 0
    left = sorted(path.name for path in copies.iterdir() if not path.name.startswith("."))
    assert (len(left), left[0]) == (3, "notes")
    shutil.rmtree(copies)


def test_a_manifest_is_json_of_the_form_that_is_written_down(config: Path) -> None:
    told = msgspec.json.decode((backed_up(config) / "backup.json").read_bytes())
    assert sorted(told) == ["files", "form", "made_at", "secret", "store", "version"]
    assert (told["form"], told["store"]) == (1, "sqlite")
