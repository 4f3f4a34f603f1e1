"""How did it end? What was read back from the services, what the intruder's replays came to, and how long it took."""

from msgspec import Struct

from takeback.core.account import OrderStatus
from takeback.core.service import AccountSnapshot
from takeback.demo.lives import ABROAD, EMAIL, INTRUDER_EMAIL, INTRUDER_PASSWORD, PASSWORD, Lives, Loot

OWNER_NAME = "佐藤"


class Outcome(Struct, frozen=True):
    """The demo as data (`--json`). Times in seconds; `replays` and `results` say whether each is as it should be."""

    case: str
    account: str
    report_to_frozen: float
    report_to_result_mail: float
    whole_demo: float
    orders_placed: int
    orders_cancelled: int
    orders_shipped: int
    results: dict[str, bool]
    replays_refused: dict[str, bool]
    owner_signed_in: dict[str, bool]
    tasks: int
    addresses: dict[str, str]

    @property
    def good(self) -> bool:
        """True when everything came out as it should."""
        return all((*self.results.values(), *self.replays_refused.values(), *self.owner_signed_in.values()))


def five_results(shop: AccountSnapshot, loot: Loot, shipped: list[str]) -> tuple[dict[str, bool], int]:
    """The five results of the story as the shop itself has them now, and how many orders it has as cancelled."""
    status = {order: str(told.get("status")) for order, told in shop.orders.items()}
    cancelled = [order for order in loot.orders if status.get(order) == OrderStatus.CANCELLED]
    addresses = [str(address) for address in shop.collections.get("addresses", {}).values()]
    undone = (
        shop.fields.get("email") == EMAIL
        and OWNER_NAME in str(shop.fields.get("name"))
        and bool(addresses)
        and not any("南港" in address for address in addresses)
    )
    return {
        "cards_locked": shop.cards_locked and bool(shop.collections.get("cards")),
        "cards_masked": shop.cards_masked,
        "password_void": shop.password == "disabled",  # noqa: S105 - the state's name
        "changes_undone": undone,
        "orders_cancelled": set(cancelled) == set(loot.orders) - set(shipped),
    }, len(cancelled)


def replays(lives: Lives, loot: Loot) -> dict[str, bool]:
    """Everything that the intruder holds, tried again on both services: True where it was refused."""
    shop, film = lives.shop(**ABROAD, session_cookie=loot.shop_session), lives.video(**ABROAD)
    film.session_cookie = loot.video_session
    tried = {
        "shop_session": shop.is_signed_in(),
        "video_session": film.is_signed_in(),
        "video_token": lives.video(**ABROAD).watch_with_token(loot.television_token),
    }
    for name, address, password in (
        ("old_password", EMAIL, PASSWORD),
        ("new_password", EMAIL, INTRUDER_PASSWORD),
    ):
        tried[f"shop_{name}"] = lives.shop(**ABROAD).sign_in(address, password)
        tried[f"video_{name}"] = lives.video(**ABROAD).sign_in(address, password)
    tried["shop_new_email"] = lives.shop(**ABROAD).sign_in(INTRUDER_EMAIL, INTRUDER_PASSWORD)
    return {name: not let_in for name, let_in in tried.items()}
