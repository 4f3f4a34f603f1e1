"""The Oscar shop as the contract suite of `tests/shops` asks for it: one customer who lives in it."""

from typing import Any

from examples.shop.customer import ShopRefused
from takeback.casework.ports import Service
from tests.shops.contract import Door, Subject
from tests.shops.receiver import Receiver

from .running_shop import SECRET, RunningShop


class OscarSubject(Subject):
    """A customer of the real shop, going through its pages. `service` reaches its API."""

    collections = ("addresses", "cards")

    def __init__(self, shop: RunningShop, service: Service, receiver: Receiver) -> None:
        self.shop, self.service, self.receiver = shop, service, receiver
        self.door = Door(shop.base_url, SECRET)
        self.account, self.email = shop.customer()

    def sign_in(self, password: str) -> Any:
        browser = self.shop.browser()
        return browser if browser.sign_in(self.email, password) else None

    def is_in(self, session: Any) -> bool:
        return bool(session.is_signed_in())

    def rename(self, session: Any, name: str) -> bool:
        return _does(lambda: session.change_name(name))

    def told(self) -> list[dict[str, Any]]:
        self.shop.all_told()
        return self.receiver.of(self.account)

    def make_link(self, session: Any) -> Any:  # noqa: ARG002 - asked for in no session
        return self.shop.reset_link(self.email)

    def link_works(self, link: Any) -> bool:
        with self.shop.browser() as browser:
            return browser.reset_password(link, "somebody-chose-this-one")

    def add_item(self, session: Any, collection: str) -> str:
        return str(session.add_card() if collection == "cards" else session.add_address())

    def take_item(self, session: Any, collection: str, item_id: str) -> None:
        (session.remove_card if collection == "cards" else session.remove_address)(item_id)

    def place_order(self, session: Any, *, card: str | None = None) -> str | None:
        payment = "konbini" if card is None else f"card:{card}"
        address = {"last_name": "佐藤", "line1": "青葉1-2-3", "postcode": "2270062"}
        try:
            return str(session.place_order(["TEA-SENCHA"], payment, address))
        except ShopRefused:
            return None

    def ship(self, order: str) -> None:
        self.shop.manage("ship_order", order)

    def leave(self) -> None:
        self.shop.close_browsers()


def _does(act: Any) -> bool:
    try:
        act()
    except ShopRefused:
        return False
    return True
