"""Who lives in the town? Customers with a year behind them and one bad night, lived through the shop's own pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from examples.shop.customer import ShopCustomer
from examples.video.customer import VideoCustomer
from takeback.demo.lives import ABROAD, ELSEWHERE, ON_PC, ON_PHONE

HER_COMPUTER: dict[str, Any] = {**ON_PC}
HER_PHONE: dict[str, Any] = {**ON_PHONE}
HIS: dict[str, Any] = {**ABROAD}
ODD: dict[str, Any] = {
    "ip": "198.51.100.9",
    "country": "JP",
    "asn": "AS17676",
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130.0 Mobile Safari/537.36",
}
VISITS = 4
MANY_VISITS = 12  # of an owner whose habits are well known
OLD_PASSWORD, HIS_PASSWORD = "sakura-mochi-2019", "qwerty-99-taken"
STOLEN = ("PHONES-ANC", "WATCH-SPORT", "KETTLE-01")


@dataclass(frozen=True)
class Person:
    """A customer: her mail address, her name, her telephone, the password that she will choose, the language of her
    browser and that of her account, where she is.
    """

    email: str
    name: str
    phone: str
    new_password: str
    language: str
    letters: str
    zone: str

    @property
    def his_email(self) -> str:
        """The address that the intruder gives the account."""
        return f"x-{self.email.replace('example.jp', 'mail.example.net')}"


HANAKO = Person(
    "hanako@example.jp", "佐藤 花子", "+819012345678", "夕立のあと 静かな図書館で待つ", "ja", "ja", "Asia/Tokyo"
)
EMMA = Person("emma@example.jp", "Woods Emma", "+819087654321", "four quiet boats at noon", "en", "en", "Europe/London")
YUKI = Person("yuki@example.jp", "Snow Yuki", "+819011112222", "a long letter on rainy days", "en", "ja", "Asia/Tokyo")


def register(shop_url: str, person: Person) -> None:
    """A year ago she became a customer of the shop."""
    with ShopCustomer(shop_url, **HER_COMPUTER) as computer:
        computer.clock = _now() - timedelta(days=365)
        computer.register(person.email, OLD_PASSWORD, name=person.name, phone=person.phone)
        computer.add_address()
        computer.add_card()
        computer.place_order(["TEA-SENCHA"])


def live(shop_url: str, person: Person, before: Callable[[str, Person], None] | None = None) -> list[str]:
    """Her year, what happened `before`, and his night half an hour ago; the numbers of the orders that he placed."""
    visits = VISITS if before is None else MANY_VISITS
    _her_year(shop_url, person, _now() - timedelta(days=364), _now() - timedelta(days=3), visits)
    if before is not None:
        before(shop_url, person)
    return _his_night(shop_url, person, _now() - timedelta(minutes=30))


def _her_year(shop_url: str, person: Person, start: datetime, end: datetime, visits: int) -> None:
    with ShopCustomer(shop_url, **HER_COMPUTER) as computer, ShopCustomer(shop_url, **HER_PHONE) as phone:
        for visit in range(1, visits + 1):
            browser = computer if visit % 3 == 0 else phone
            browser.clock = (start + (end - start) * visit / visits).replace(hour=11 + visit % 3)
            browser.sign_in(person.email, OLD_PASSWORD)
            if visit == 2:
                browser.clock += timedelta(minutes=4)
                browser.place_order(["TEA-SENCHA"])
            browser.sign_out()


def read_in(video_url: str, person: Person) -> None:
    """At the video service she says in which language she is written to; the shop never asks."""
    with VideoCustomer(video_url, **HER_PHONE).at(_now() - timedelta(days=360)) as film:
        film.sign_in(person.email, OLD_PASSWORD)
        film.change(language=person.letters)


def an_odd_visit(shop_url: str, person: Person) -> None:
    """A week ago somebody was there with the password, on a telephone and a network that are new. Was it she?

    One thing was ordered, to her own address.
    """
    with ShopCustomer(shop_url, **ODD) as somebody:
        somebody.clock = (_now() - timedelta(days=6)).replace(hour=8)
        somebody.sign_in(person.email, OLD_PASSWORD)
        somebody.clock += timedelta(minutes=4)
        somebody.place_order(["LAMP-DESK"])


def _his_night(shop_url: str, person: Person, at: datetime) -> list[str]:
    with ShopCustomer(shop_url, **HIS) as thief:
        thief.clock = at
        thief.sign_in(person.email, OLD_PASSWORD)
        thief.view_cards()
        thief.clock = at + timedelta(minutes=3)
        thief.change_name("山田 太郎")
        thief.change_password(OLD_PASSWORD, HIS_PASSWORD)
        thief.clock = at + timedelta(minutes=5)
        address = thief.add_address(ELSEWHERE)
        orders = []
        for minutes, stolen in enumerate(STOLEN, start=7):
            thief.clock = at + timedelta(minutes=minutes)
            orders.append(thief.place_order([stolen], payment="konbini", address=address))
        thief.change_email(person.his_email)
    return orders


def _now() -> datetime:
    return datetime.now(UTC)
