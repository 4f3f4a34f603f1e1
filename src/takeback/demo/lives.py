"""Who lives in the town? An ordinary customer, for a year, and one night an intruder: both through the services' own
pages.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from takeback.demo.town import Town

EMAIL, PASSWORD, PHONE = "hanako@example.jp", "sakura-mochi-2019", "+819012345678"
NEW_PASSWORD = "夕立のあと 静かな図書館で待つ"  # noqa: S105 - of a customer who does not exist
INTRUDER_EMAIL, INTRUDER_PASSWORD = "hanako.sato@mail.example.net", "qwerty-99-taken"
ORDERS, SHIPPED, NOTICED = 12, 2, 8
HOME = {"ip": "203.0.113.20", "country": "JP", "asn": "AS2527"}
ON_PHONE = {
    **HOME,
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1",
}
ON_PC = {**HOME, "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36"}
ABROAD = {
    "ip": "198.51.100.77",
    "country": "NL",
    "asn": "AS64500",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/128.0 Safari/537.36",
}
ELSEWHERE = {"last_name": "山田", "first_name": "太郎", "line1": "南港北1-1", "line4": "大阪市", "state": "大阪府",
             "postcode": "5590034", "country": "JP"}  # fmt: skip
TAKEN = ("PHONES-ANC", "WATCH-SPORT", "KETTLE-01", "LAMP-DESK")


@dataclass
class Loot:
    """What the intruder holds in his hands when the night is over: it is all tried again at the end."""

    shop_session: str = ""
    video_session: str = ""
    television_token: str = ""
    orders: list[str] = field(default_factory=list)


class Lives:
    """The customer and the intruder, as browsers. `examples` are the drivers in the source tree."""

    def __init__(self, town: Town) -> None:
        self.town = town
        sys.path.insert(0, str(town.root))
        self._shop: Any = importlib.import_module("examples.shop.customer").ShopCustomer
        self._video: Any = importlib.import_module("examples.video.customer").VideoCustomer
        self._stack = ExitStack()
        self.phone = self.shop(**ON_PHONE)
        self.computer = self.shop(**ON_PC)
        self.film = self.video(**ON_PHONE)

    def shop(self, **client: str) -> Any:
        """A new browser at the shop."""
        return self._stack.enter_context(self._shop(self.town.shop_url, **client))

    def video(self, **client: str) -> Any:
        """A new browser at the video service."""
        return self._stack.enter_context(self._video(self.town.video_url, **client))

    def close(self) -> None:
        """Close every browser."""
        self._stack.close()

    def register(self, at: datetime) -> None:
        """A year ago she became a customer of the shop."""
        self.computer.clock = at
        self.computer.register(EMAIL, PASSWORD, name="佐藤 花子", phone=PHONE)
        self.computer.clock = at + timedelta(minutes=3)
        self.computer.add_address()
        self.computer.add_card()
        self.computer.clock = at + timedelta(minutes=5)
        self.computer.place_order(["TEA-SENCHA"])

    def a_year(self, start: datetime, end: datetime) -> Iterator[int]:
        """Lives the year; yields the percentage that is over."""
        visits = 14
        for visit in range(1, visits):
            at = start + (end - start) * visit / visits
            at = at.replace(hour=11 + visit % 3, minute=7 * visit % 60)  # 20 to 22 o'clock in Japan, in UTC
            browser = self.computer if visit % 3 == 0 else self.phone
            browser.clock = at
            browser.sign_in(EMAIL, PASSWORD)
            if visit % 2 == 0:
                browser.clock = at + timedelta(minutes=4)
                browser.place_order(["TEA-SENCHA"] if visit % 4 else ["BOOK-GARDEN"])
            if visit % 5 == 2:
                browser.view_orders()
            browser.clock = at + timedelta(minutes=9)
            if visit % 4 == 1:
                self.film.at(at + timedelta(minutes=15)).sign_in(EMAIL, PASSWORD)
                self.film.watch()
            if visit != visits - 1:
                browser.sign_out()
            yield round(100 * visit / (visits - 1))

    def tonight(self, at: datetime) -> None:
        """She is watching a film."""
        self.film.at(at).sign_in(EMAIL, PASSWORD)
        self.film.watch()

    def the_night(self, at: datetime, ordered: Callable[[str], None]) -> Loot:
        """The intruder's night; `ordered` hears of each order's number."""
        loot, shop = Loot(), self.shop(**ABROAD)

        def after(minutes: float) -> None:
            shop.clock = at + timedelta(minutes=minutes)

        after(0)
        shop.sign_in(EMAIL, PASSWORD)
        after(1)
        shop.view_cards()
        after(3)
        shop.change_name("山田 太郎")
        after(4)
        shop.change_password(PASSWORD, INTRUDER_PASSWORD)
        after(5)
        address = shop.add_address(ELSEWHERE)
        for order in range(ORDERS):
            if order == NOTICED:
                shop.change_email(INTRUDER_EMAIL)  # by now her telephone has been ringing
            after(7 + order * 0.5)
            number = shop.place_order(
                [TAKEN[order % 4 if order < 4 else 2 + order % 2]], payment="konbini", address=address
            )
            loot.orders.append(number)
            ordered(number)
        film = self.video(**ABROAD).at(at + timedelta(minutes=15))
        film.sign_in(EMAIL, PASSWORD)
        loot.television_token = film.register_tv("TV")
        loot.shop_session, loot.video_session = shop.session_cookie or "", film.session_cookie
        return loot


@contextmanager
def lives_of(town: Town) -> Iterator[Lives]:
    """The people of a town, whose browsers close at the end."""
    lives = Lives(town)
    try:
        yield lives
    finally:
        lives.close()
