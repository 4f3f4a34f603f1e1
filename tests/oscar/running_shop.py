"""A real shop, running: granian, its own database from the kept template, a mailbox, and a receiver of its events."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from examples.shop.customer import ShopCustomer
from tests.shops.receiver import Receiver, receiving

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "examples" / "shop"
SECRET = "whsec_" + b64encode(b"a secret for the tests of oscar!").decode()
SOURCE = "/shops/oscar"
PASSWORD = "owner-knows-this-one"
numbers = count(1001)


@dataclass
class Mailbox:
    """Takes every mail that the shop sends."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - SMTP's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]


@dataclass
class RunningShop:
    """One shop as a process of its own. `end` and `start` again keep its database."""

    data_dir: Path
    takeback_url: str
    smtp_port: int
    mailbox: Mailbox
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _browsers: list[ShopCustomer] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The shop API's base."""
        return f"{self.url}/takeback"

    @property
    def database(self) -> Path:
        return self.data_dir / "shop.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "SHOP_DATA_DIR": str(self.data_dir),
            "SHOP_TAKEBACK_URL": self.takeback_url,
            "SHOP_TAKEBACK_SECRET": SECRET,
            "SHOP_SMTP_PORT": str(self.smtp_port),
            "SHOP_DEMO_CLOCK": "1",
            "SHOP_QUICK_PASSWORDS": "1",
            "SHOP_LOG_LEVEL": "ERROR",
            **self.settings,
        }

    def prepare(self) -> None:
        self.manage("prepare")

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Runs `manage.py` in the shop's environment; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=SHOP, env=self.environment, check=False, capture_output=True
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return (done.stdout if check else done.stdout + done.stderr).decode().strip()

    def start(self) -> None:
        self.port = self.port or free_port()
        command = [sys.executable, "manage.py", "serve", str(self.port)]
        self._process = subprocess.Popen(command, cwd=SHOP, env=self.environment, start_new_session=True)
        wait_for(self._answers, "the shop did not start")

    def end(self, signal_number: int = signal.SIGTERM) -> None:
        """Ends the server and its worker, which have a process group of their own."""
        if self._process is not None:
            os.killpg(self._process.pid, signal_number)
            self._process.wait(20)
            self._process = None

    def browser(self, **claims: Any) -> ShopCustomer:
        """A new browser on a new device; closed with `close_browsers` at the latest."""
        self._browsers.append(ShopCustomer(self.url, **claims))
        return self._browsers[-1]

    def close_browsers(self) -> None:
        for browser in self._browsers:
            browser.close()
        self._browsers.clear()

    def customer(self, name: str = "佐藤花子") -> tuple[str, str]:
        """A new customer, registered and signed out: account id and e-mail address."""
        address = f"c{next(numbers)}@example.jp"
        with self.browser() as browser:
            browser.register(address, PASSWORD, name)
            browser.sign_out()
        [[account]] = self.ask("SELECT id FROM members_user WHERE email = ?", address)
        return str(account), address

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Looks into the shop's own database."""
        with closing(sqlite3.connect(self.database, timeout=20)) as db:
            return db.execute(question, values).fetchall()

    def write(self, statement: str, *values: object) -> None:
        """Changes the shop's database behind its back."""
        with closing(sqlite3.connect(self.database, timeout=20)) as db, db:
            db.execute(statement, values)

    def waiting(self) -> int:
        """How many events have not been delivered yet."""
        return int(self.ask("SELECT count(*) FROM takeback_oscar_outboxevent WHERE state = 'waiting'")[0][0])

    def all_told(self) -> None:
        """Returns when Takeback has heard everything."""
        wait_for(lambda: self.waiting() == 0, "the outbox was not emptied")

    def reset_link(self, address: str) -> str:
        """Has a reset link mailed, and reads it out of the mail."""
        before = len(self.mailbox.to(address))
        with self.browser() as browser:
            browser.request_password_reset(address)
        wait_for(lambda: len(self.mailbox.to(address)) > before, "no mail came")
        body = self.mailbox.to(address)[-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"/password-reset/confirm/\S+", body.get_content())
        assert found is not None
        return found[0]

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url + "/accounts/login/", timeout=5, trust_env=False).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def running_shop(
    data_dir: Path, takeback_url: str = "", *, start: bool = True, **settings: str
) -> Iterator[RunningShop]:
    """A prepared shop with its mailbox, started unless told otherwise, ended at the end."""
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    shop = RunningShop(data_dir, takeback_url, smtp.port, mailbox, settings)
    try:
        shop.prepare()
        if start:
            shop.start()
        yield shop
    finally:
        shop.close_browsers()
        shop.end()
        smtp.stop()


@contextmanager
def shop_and_receiver(data_dir: Path) -> Iterator[tuple[RunningShop, Receiver]]:
    """A running shop and the receiver that it tells its events to."""
    with receiving(SECRET) as receiver, running_shop(data_dir, receiver.url) as shop:
        yield shop, receiver


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(is_so: Callable[[], object], otherwise: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.02)
