"""Which shops are under the contract? The pretend shop twice, and the video service as a process of its own."""

import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from examples.video import database
from examples.video.customer import VideoCustomer
from examples.video.customers import create_customer
from takeback.casework.ports import Service
from takeback.shops.http import HttpService
from takeback.shops.pretend import PretendShop, ShopRefused

from .contract import PASSWORD, Door, Subject
from .receiver import Receiver

SECRET = "whsec_" + b64encode(b"a secret for the tests of shops").decode()
ROOT = Path(__file__).parents[2]
numbers = count(1001)


class PretendSubject(Subject):
    """The pretend shop; `service` may be the shop itself or the client of a served one."""

    def __init__(self, shop: PretendShop, service: Service, door: Door | None = None) -> None:
        self.shop, self.service, self.door = shop, service, door
        self.account = str(next(numbers))
        self.collections = tuple(sorted(shop.can.collections - {"pending_email_changes"}))
        self._sessions = count(1)
        fields = {"email": f"{self.account}@example.jp", "name": "佐藤花子", "language": "ja"}
        shop.register(self.account, self._at(), fields, password=PASSWORD)

    def _at(self) -> datetime:
        return self.shop.log.next_moment()

    def sign_in(self, password: str) -> Any:
        client = {"session": f"s{next(self._sessions)}"}
        event = self.shop.sign_in(self.account, self._at(), client, password=password)
        return client if event["type"] == "account.signed_in" else None

    def is_in(self, session: Any) -> bool:
        return self.shop.is_signed_in(self.account, session["session"])

    def rename(self, session: Any, name: str) -> bool:
        return self._does(lambda: self.shop.change_field(self.account, self._at(), session, "name", name))

    def told(self) -> list[dict[str, Any]]:
        return [event for event in self.shop.events if event["subject"] == self.account]

    def make_token(self, session: Any) -> Any:
        return self.add_item(session, "api_tokens")

    def token_works(self, token: Any) -> bool:
        client = {"session": f"s{next(self._sessions)}"}
        event = self.shop.sign_in(self.account, self._at(), client, method="token", credential=token)
        return bool(event["type"] == "account.signed_in")

    def make_link(self, session: Any) -> Any:
        link = f"l{next(self._sessions)}"
        self.shop.request_link(self.account, self._at(), session, link)
        return link

    def link_works(self, link: Any) -> bool:
        client = {"session": f"s{next(self._sessions)}"}
        return self._does(lambda: self.shop.use_link(self.account, self._at(), client, link))

    def add_item(self, session: Any, collection: str) -> str:
        item_id = f"i{next(self._sessions)}"
        value = {"brand": "Visa", "last4": "4242"} if collection == "cards" else {"name": f"{collection} {item_id}"}
        self.shop.add_item(self.account, self._at(), session, collection, item_id, value)
        return item_id

    def take_item(self, session: Any, collection: str, item_id: str) -> None:
        self.shop.remove_item(self.account, self._at(), session, collection, item_id)

    def place_order(self, session: Any, *, card: str | None = None) -> str | None:
        order = {"id": f"o{next(self._sessions)}", "address": {"line1": "1-1"}, "card": card}
        placed = self._does(lambda: self.shop.place_order(self.account, self._at(), session, order))
        return str(order["id"]) if placed else None

    def ship(self, order: str) -> None:
        self.shop.ship(self.account, self._at(), order)

    def _does(self, act: Any) -> bool:
        try:
            act()
        except ShopRefused:
            return False
        return True


class VideoProcess:
    """The video service as a real process, which a test may end and start again on the same data."""

    def __init__(self, data_dir: Path, takeback_url: str = "") -> None:
        self.data_dir, self.takeback_url = data_dir, takeback_url
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        database.create(self.database)

    @property
    def database(self) -> Path:
        return self.data_dir / "video.sqlite3"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.port = self.port or free_port()
        environment = {
            **os.environ,
            "VIDEO_DATA_DIR": str(self.data_dir),
            "VIDEO_TAKEBACK_URL": self.takeback_url,
            "VIDEO_TAKEBACK_SECRET": SECRET,
            "VIDEO_DEMO_CLOCK": "1",
        }
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port)]
        command += ["--blocking-threads", "4", "--no-log", "examples.video.wsgi:application"]
        self._process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
        wait_for(lambda: answers(self.url + "/sign-in"), "the video service did not start")

    def end(self, signal_number: int = 15) -> None:
        """Ends the server and its worker, and nothing else: they have a process group of their own."""
        if self._process:
            os.killpg(self._process.pid, signal_number)
            self._process.wait(20)
            self._process = None

    def waiting(self) -> int:
        """How many events the outbox still holds."""
        with closing(database.connect(self.database)) as db:
            return int(db.execute("SELECT count(*) FROM outbox WHERE refused IS NULL").fetchone()[0])


class VideoSubject(Subject):
    collections = ("api_tokens", "trusted_devices")

    def __init__(self, video: VideoProcess, service: Service, receiver: Receiver) -> None:
        self.video, self.service, self.receiver = video, service, receiver
        self.door = Door(f"{video.url}/takeback", SECRET)
        self.account = str(next(numbers))
        self.email = f"{self.account}@example.jp"
        self._browsers: list[VideoCustomer] = []
        with closing(database.connect(video.database)) as db:
            create_customer(
                db,
                customer_id=self.account,
                email=self.email,
                password=PASSWORD,
                name="佐藤花子",
                language="ja",
                at=datetime.now(UTC) - timedelta(days=300),
            )

    def browser(self, user_agent: str = "Firefox") -> VideoCustomer:
        browser = VideoCustomer(self.video.url, ip="203.0.113.7", country="JP", asn="2516", user_agent=user_agent)
        self._browsers.append(browser)
        return browser

    def leave(self) -> None:
        for browser in self._browsers:
            browser.close()

    def sign_in(self, password: str) -> Any:
        browser = self.browser()
        return browser if browser.sign_in(self.email, password) else None

    def is_in(self, session: Any) -> bool:
        return bool(session.is_signed_in())

    def rename(self, session: Any, name: str) -> bool:
        return bool(session.change(name=name))

    def told(self) -> list[dict[str, Any]]:
        wait_for(lambda: self.video.waiting() == 0, "the outbox was not emptied")
        return self.receiver.of(self.account)

    def make_token(self, session: Any) -> Any:
        return session.register_tv("居間のテレビ")

    def token_works(self, token: Any) -> bool:
        return self.browser().watch_with_token(token)

    def make_link(self, session: Any) -> Any:
        return session.make_link()

    def link_works(self, link: Any) -> bool:
        return self.browser().use_link(link)

    def add_item(self, session: Any, collection: str) -> str:
        before = set(self.now().collections[collection])
        if collection == "api_tokens":
            session.register_tv("寝室のテレビ")
        else:
            self.browser("another device").sign_in(self.email, PASSWORD, trust=True)
        [added] = set(self.now().collections[collection]) - before
        return str(added)

    def take_item(self, session: Any, collection: str, item_id: str) -> None:
        assert session.remove(collection, item_id)


@contextmanager
def client_of(source: str, base_url: str, timeout: float = 20) -> Iterator[HttpService]:
    service = HttpService(source, base_url, SECRET, timeout)
    try:
        yield service
    finally:
        service.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.HTTPError:
        return False


def wait_for(is_so: Any, otherwise: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, otherwise
        time.sleep(0.02)
