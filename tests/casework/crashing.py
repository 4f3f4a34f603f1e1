"""What does the crash test stand on? Two pretend shops as processes, a mail server, and a worker to be ended."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from aiosmtpd.controller import Controller

from takeback.bootstrap import House, build_house
from takeback.casework.engine import run_worker
from takeback.configuration import load_configuration
from takeback.core.events import parse_event
from takeback.shops.pretend import PretendShop
from takeback.shops.pretend.journal import Journal
from tests.casework.life import bad_night, ordinary_days
from tests.conftest import SHOP_SECRET, VIDEO_SECRET, use_database

STARTS_WITHIN, HAS_TIME = 20.0, 0.7  # seconds
SERVICES = {"/shops/oscar": SHOP_SECRET, "/services/video": VIDEO_SECRET}
_server = multiprocessing.get_context("forkserver")  # a process that has imported everything: a worker starts at once
_server.set_forkserver_preload(["tests.casework.preloaded", "tests.casework.crashing", "pytest"])


@dataclass
class Sink:
    """A mail server that keeps everything it is sent, repeats too."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def ids(self, subject: str) -> set[tuple[str, str]]:
        """Recipient and Message-ID of the mails with this in the subject: a mail program shows as many."""
        return {(str(mail["To"]), str(mail["Message-ID"])) for mail in self.mails if subject in str(mail["Subject"])}

    def codes(self, account: str) -> list[str]:
        """The codes sent to this account's owner, newest first."""
        found = []
        for mail in reversed(self.mails):
            body = mail.get_body(("plain",))
            if str(mail["To"]) == mail_of(account) and body is not None:
                found += [
                    line[6:].strip() for line in body.get_content().splitlines() if line.startswith("確認コード：")
                ]
        return found


@contextmanager
def sink_at(port: int) -> Iterator[Sink]:
    """The mail server, while this lasts."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def mail_of(account: str) -> str:
    """The address that was hers before the night."""
    return f"c{account}@example.jp"


@contextmanager
def shops(folder: Path, accounts: list[str]) -> Iterator[dict[str, str]]:
    """The two services as processes, in which each account has lived; their base addresses by source."""
    running, addresses = [], {}
    for source, secret in SERVICES.items():
        shop = PretendShop(source)
        for account in accounts:
            ordinary_days(shop, account=account, email=mail_of(account))
            if source == "/shops/oscar":
                bad_night(shop, account=account, spend=True)
        Journal(folder / f"{source.rpartition('/')[2]}.db").save(shop)
        command = [sys.executable, "-m", "takeback.shops.pretend", "--source", source]
        command += ["--data", str(folder / f"{source.rpartition('/')[2]}.db")]
        process = subprocess.Popen(
            command, env=os.environ | {"PRETEND_SECRET": secret}, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        addresses[source] = process.stdout.readline().strip()
        running.append(process)
    try:
        yield addresses
    finally:
        for process in running:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def seen_by(folder: Path, source: str) -> PretendShop:
    """The shop as its file has it."""
    shop = PretendShop(source)
    Journal(folder / f"{source.rpartition('/')[2]}.db").load(shop)
    return shop


def settings(folder: Path, addresses: dict[str, str], smtp_port: int, database: str | None) -> Path:
    """A file of settings with a hold of a second."""
    lines = [f'data_dir = "{folder}"\nsecret_key = "a secret of the crash test, long enough"\nhold_seconds = 1\n']
    if database is not None:
        lines.append(f'database_url = "{database}"\n')
    lines.append(f"[smtp]\nport = {smtp_port}\n")
    for source, secret in SERVICES.items():
        lines.append(f'[[services]]\nsource = "{source}"\nbase_url = "{addresses[source]}"\nsecret = "{secret}"\n')
    path = folder / "takeback.toml"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def tell(house: House, folder: Path) -> None:
    """Let the shops tell all that has happened so far."""
    for source in SERVICES:
        texts = [msgspec.json.encode(event) for event in seen_by(folder, source).events]
        house.event_log.append([(parse_event(text), text) for text in texts])


def _work(ready: Path) -> None:
    os.environ["TAKEBACK_CONFIG"] = str(ready.parent / "takeback.toml")  # the server has that of the first test
    use_database(load_configuration())
    run_worker(build_house(load_configuration()), ready=ready.touch)


@dataclass
class Killer:
    """Starts workers and ends them with SIGKILL at random points; `done` counts them."""

    chance: random.Random
    ready: Path  # a file that a worker makes when it is at work
    moved: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    hit: int = 0  # of them, those in which the worker had got on with a case

    def round(self) -> None:
        """One life of a worker: it is ended a random while after it has got on with a case, or has had time to."""
        self.done += 1
        self.ready.unlink(missing_ok=True)
        self.moved.clear()
        worker = _server.Process(target=_work, args=(self.ready,))
        worker.start()
        self.hit += self._gets_on()
        time.sleep(self.chance.uniform(0.0, 0.5))
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()

    def _gets_on(self) -> bool:
        """Wait until the worker gets on with a case; from when it is at work it has a while for that."""
        until = time.monotonic() + STARTS_WITHIN
        while not self.ready.exists() and time.monotonic() < until:
            if self.moved.wait(0.02):
                return True
        return self.moved.wait(HAS_TIME)

    @contextmanager
    def mercy(self) -> Iterator[None]:
        """A worker that is left alone, and ended as it should be."""
        self.ready.unlink(missing_ok=True)
        worker = _server.Process(target=_work, args=(self.ready,))
        worker.start()
        while not self.ready.exists():  # before that it would be ended as by anything that has not begun
            time.sleep(0.02)
        try:
            yield
        finally:
            worker.terminate()
            worker.join(40)
            assert worker.exitcode == 0


@contextmanager
def another_worker(folder: Path) -> Iterator[None]:
    """A second worker, which nobody kills."""
    ready = folder / "another"
    worker = _server.Process(target=_work, args=(ready,))
    worker.start()
    try:
        yield
    finally:
        worker.terminate()
        worker.join(40)
        assert worker.exitcode == 0


def cut_lines(database: str, chance: random.Random) -> None:
    """End the server's side of up to three lines to the database, as a broken network does."""
    with psycopg.connect(database, autocommit=True) as session:
        ask = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        lines = [row[0] for row in session.execute(ask)]
        for line in chance.sample(lines, min(3, len(lines))):
            session.execute("SELECT pg_terminate_backend(%s)", [line])


def counted(folder: Path) -> Counter[str]:
    """By action id, how often a shop was changed by it."""
    return sum((seen_by(folder, source).effects for source in SERVICES), Counter())
