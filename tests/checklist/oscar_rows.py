"""Which items does the real shop have, and what of those that it has not?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from examples.shop.customer import ADDRESS
from tests.checklist.oscar_night import HERE, NEW_PASSWORD, THERE, OscarNight
from tests.oscar.running_shop import PASSWORD

Act = Callable[[OscarNight], Any]
Sees = Callable[[OscarNight], bool]
ELSEWHERE = {**ADDRESS, "line1": "どこか9-9", "postcode": "1000001"}
OFFICE = {**ADDRESS, "line1": "丸の内2-2", "postcode": "1000005"}
HIS_CARD, HER_NEXT_CARD = "5555555555554444", "378282246310005"


def nothing(_: OscarNight) -> None:
    """Nothing happens."""


def so(_: OscarNight) -> bool:
    """There is nothing to see."""
    return True


@dataclass(frozen=True)
class OscarRow:
    """As `row.Row`; `refused` are the reasons for which the shop leaves a part to staff."""

    number: int
    title: str
    plant: Act
    later: Act
    gone: Sees
    still_there: Sees
    before: Act = nothing
    again: Act = nothing
    held: Sees = so
    lost: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.number:02}-{self.title.replace(' ', '-')}"


def keep(name: str, act: Act) -> Act:
    """Does it, and remembers what came of it."""

    def kept(night: OscarNight) -> None:
        night.kept[name] = act(night)

    return kept


def both(*acts: Act) -> Act:
    """One after the other."""

    def done(night: OscarNight) -> None:
        for act in acts:
            act(night)

    return done


def she_gets_in(night: OscarNight) -> bool:
    return night.gets_in(NEW_PASSWORD, str(night.now.fields["email"]), **HERE)


def he_is_out(night: OscarNight) -> bool:
    return not night.his.is_signed_in()


def resets(night: OscarNight) -> None:
    """His new password has ended her session; she has a link sent to herself."""
    with night.shop.browser(**HERE, clock=night.her.clock) as browser:
        assert browser.reset_password(night.shop.reset_link(night.email), "her-own-idea-77")


def session_row(night: OscarNight) -> Any:
    return night.shop.ask("SELECT * FROM django_session WHERE session_key = ?", night.his.session_cookie)[0]


def row_is_dead(night: OscarNight) -> bool:
    night.shop.write("INSERT INTO django_session VALUES (?, ?, ?)", *night.kept["row"])
    return he_is_out(night)


def leaves_the_list(night: OscarNight) -> None:
    """Out of the table that says whose each session is; it goes on all the same."""
    night.shop.write("DELETE FROM takeback_oscar_accountsession WHERE account = ?", night.account)
    assert night.shop.ask("SELECT 1 FROM django_session WHERE session_key = ?", night.his.session_cookie)


def contact(email: str, phone: str, who: str) -> Act:
    def write(night: OscarNight) -> None:
        browser = getattr(night, who)
        browser.change_email(f"{email}-{night.account}@example.jp")
        browser.change_phone(phone)

    return write


def asks_for_links(night: OscarNight) -> None:
    """One to the old address, then one to his own."""
    night.kept["links"] = [night.shop.reset_link(night.email)]
    his = f"his-{night.account}@example.jp"
    night.his.change_email(his)
    night.kept["links"].append(night.shop.reset_link(his))


def links_are_void(night: OscarNight) -> bool:
    with night.shop.browser(**THERE) as browser:
        return not any(browser.reset_password(link, "chosen-by-him-77") for link in night.kept["links"])


def plants_an_address(night: OscarNight) -> None:
    night.kept["x"] = night.his.add_address(ELSEWHERE)
    night.his.http.get(f"/accounts/addresses/{night.kept['x']}/default_for_shipping/")
    assert night.now.fields["default_address"] == night.kept["x"]


def addresses_are_hers(night: OscarNight) -> bool:
    now = night.now
    return night.kept["x"] not in now.collections["addresses"] and now.fields["default_address"] == night.kept["a"]


def makes_default(night: OscarNight) -> str:
    address = night.her.add_address(ADDRESS)
    night.her.http.get(f"/accounts/addresses/{address}/default_for_shipping/")
    return address


def pays(night: OscarNight, card: str) -> bool:
    return bool(night.signs_in_again().place_order(["TEA-SENCHA"], f"card:{card}", ADDRESS))


def orders_and_ships(night: OscarNight) -> None:
    night.kept["house"] = night.his.place_order(["WATCH-SPORT"], "konbini", ELSEWHERE)
    night.kept["road"] = night.his.place_order(["LAMP-DESK"], "konbini", ELSEWHERE)
    night.shop.manage("ship_order", night.kept["road"])


def shows_her(night: OscarNight) -> None:
    night.his.write_review("MUG-BLUE", "最高", "すぐ買うべき")
    night.his.change_wish_list(night.kept["list"], "誕生日", "Public")


def strangers_see(night: OscarNight, key: str) -> bool:
    with night.shop.browser() as stranger:
        return stranger.sees_wish_list(key)


def reviews(night: OscarNight) -> set[object]:
    values = night.now.collections["reviews"].values()
    return {value["title"] for value in values if isinstance(value, dict)}


def looks_at_everything(night: OscarNight) -> None:
    night.his.view_cards()
    night.his.view_orders()
    night.his.view_addresses()


ROWS = (
    OscarRow(
        1,
        "the password that he knows",
        plant=lambda night: night.his.view_orders(),
        later=lambda night: night.her.change_password(PASSWORD, "her-own-idea-77"),
        gone=lambda night: not night.gets_in(PASSWORD),
        still_there=she_gets_in,
    ),
    OscarRow(
        2,
        "the password that he set",
        plant=lambda night: night.his.change_password(PASSWORD, "chosen-by-him-77"),
        later=resets,
        gone=lambda night: not night.gets_in("chosen-by-him-77"),
        still_there=she_gets_in,
    ),
    OscarRow(
        10,
        "a live web session",
        plant=lambda night: night.his.view_orders(),
        later=lambda night: night.her.view_orders(),
        held=he_is_out,
        gone=he_is_out,
        still_there=she_gets_in,
    ),
    OscarRow(
        11,
        "a session kept alive by machine",
        plant=lambda night: [night.his.view_orders() for _ in range(5)],
        later=lambda night: night.her.view_orders(),
        held=he_is_out,
        gone=he_is_out,
        still_there=she_gets_in,
        lost=frozenset({"viewed.orders"}),
    ),
    OscarRow(
        17,
        "a session that comes back after the stop",
        plant=keep("row", session_row),
        later=lambda night: night.her.view_orders(),
        gone=row_is_dead,
        still_there=she_gets_in,
    ),
    OscarRow(
        19,
        "a session in no list of devices",
        plant=leaves_the_list,
        later=lambda night: night.her.view_orders(),
        held=he_is_out,
        gone=he_is_out,
        still_there=she_gets_in,
    ),
    OscarRow(
        20,
        "e mail address and telephone",
        plant=contact("his", "+40700000000", "his"),
        later=contact("hers", "03-2222-0000", "her"),
        again=contact("his", "+40700000000", "his"),
        gone=lambda night: not night.gets_in(PASSWORD, f"his-{night.account}@example.jp"),
        still_there=lambda night: (
            (night.now.fields["email"], night.now.fields["phone"])
            == (f"hers-{night.account}@example.jp", "03-2222-0000")
        ),
    ),
    OscarRow(
        24,
        "a reset link that is still out",
        plant=asks_for_links,
        later=lambda night: night.her.change_name("佐藤 はな"),
        held=links_are_void,
        gone=links_are_void,
        still_there=lambda night: night.now.fields["name"] == "佐藤 はな" and she_gets_in(night),
    ),
    OscarRow(
        40,
        "delivery addresses",
        before=keep("a", makes_default),
        plant=plants_an_address,
        later=keep("o", lambda night: night.her.add_address(OFFICE)),
        gone=addresses_are_hers,
        still_there=lambda night: night.kept["o"] in night.now.collections["addresses"],
    ),
    OscarRow(
        41,
        "a card",
        plant=keep("x", lambda night: night.his.add_card(HIS_CARD)),
        later=keep("o", lambda night: night.her.add_card(HER_NEXT_CARD)),
        gone=lambda night: night.kept["x"] not in night.now.collections["cards"],
        still_there=lambda night: pays(night, night.kept["o"]),
    ),
    OscarRow(
        42,
        "the owners card",
        before=keep("c", lambda night: night.her.add_card()),
        plant=both(
            lambda night: night.his.view_cards(),
            keep("x", lambda night: night.his.place_order(["WATCH-SPORT"], "card", ELSEWHERE)),
        ),
        later=keep("o", lambda night: night.her.add_card(HER_NEXT_CARD)),
        held=lambda night: night.now.cards_locked and night.now.cards_masked,
        gone=lambda night: night.status(night.kept["x"]) == "cancelled",
        still_there=lambda night: pays(night, night.kept["c"]) and pays(night, night.kept["o"]),
        lost=frozenset({"viewed.cards"}),
    ),
    OscarRow(
        44,
        "orders at each stage",
        plant=orders_and_ships,
        later=keep("o", lambda night: night.her.place_order(["TEA-SENCHA"], "konbini", ADDRESS)),
        gone=lambda night: night.status(night.kept["house"]) == "cancelled",
        still_there=lambda night: night.status(night.kept["o"]) == "placed",
        lost=frozenset({"order.shipped"}),
        refused=frozenset({"action.unsupported"}),  # no carrier is connected: a person calls one
    ),
    OscarRow(
        46,
        "a download that was handed out",
        plant=lambda night: night.his.place_order(["EBOOK-TEA"], "konbini", ADDRESS),
        later=keep("o", lambda night: night.her.place_order(["EBOOK-TEA"], "konbini", ADDRESS)),
        gone=lambda night: "order.digital" in night.lost,
        still_there=lambda night: night.status(night.kept["o"]) == "placed",
        lost=frozenset({"order.digital"}),
    ),
    OscarRow(
        50,
        "wish list and reviews",
        before=keep("list", lambda night: night.her.make_wish_list("誕生日")),
        plant=shows_her,
        later=both(
            keep("o", lambda night: night.her.make_wish_list("引っ越し", "Public")),
            lambda night: night.her.write_review("TEA-SENCHA", "良いお茶", "毎日飲んでいます"),
        ),
        gone=lambda night: not strangers_see(night, night.kept["list"]) and "最高" not in reviews(night),
        still_there=lambda night: strangers_see(night, night.kept["o"]) and reviews(night) == {"良いお茶"},
    ),
    OscarRow(
        53,
        "what was looked at",
        plant=looks_at_everything,
        later=lambda night: night.her.view_orders(),
        gone=lambda night: {"viewed.cards", "viewed.orders", "viewed.addresses"} <= night.lost,
        still_there=so,
        lost=frozenset({"viewed.cards", "viewed.orders", "viewed.addresses"}),
    ),
)

Asked = tuple[str, Mapping[str, Any]]


def item(collection: str) -> Asked:
    return "remove_item", {"collection": collection, "id": "1"}


def written(name: str) -> Asked:
    return "set_field", {"field": name, "value": "x"}


# What it has not. Asked all the same, it says that it cannot, and that becomes a task.
MISSING: Mapping[int, Asked] = {
    3: item("passkeys"),
    4: written("two_step"),
    5: item("backup_codes"),
    6: item("app_passwords"),
    7: item("trusted_devices"),
    8: written("security_question"),
    18: item("api_tokens"),
    21: item("pending_email_changes"),
    22: item("contacts"),
    23: written("recovery_email"),
    25: written("username"),
    28: item("contacts"),
    29: item("linked_identities"),
    30: item("linked_identities"),
    31: item("app_grants"),
    32: item("delegates"),
    33: item("merged_accounts"),
    34: item("webhooks"),
    35: written("notifications"),
    36: item("hidden_orders"),
    39: written("security_events"),
    43: ("adjust_balance", {"balance": "points", "change": {"amount": "1", "currency": "JPY"}}),
    47: item("returns"),
    48: item("subscriptions"),
    49: item("sellers_payouts"),
    51: item("pickup_codes"),
    52: item("playback_devices"),
}
# What it has of the same kind, or a shop may add to it, ends or is set right with the rest.
COVERED: Mapping[int, str] = {
    9: "expire_links",
    12: "end_sessions",
    13: "end_sessions",
    14: "end_sessions",
    15: "end_sessions",
    16: "end_sessions",
    37: "set_field",
    45: "set_order_field",
}
# What lies outside of every shop: the customer is advised.
OUTSIDE: Mapping[int, str] = {26: "page.advice_phone", 27: "page.advice_mailbox", 38: "page.advice_mailbox"}
