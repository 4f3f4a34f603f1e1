"""Items 40 to 46: addresses, cards, balances and orders."""

from tests.checklist.night import Night, order_of
from tests.checklist.row import Row

HIS_HOUSE = {"line1": "どこか9-9", "country": "JP"}
HER_OFFICE = {"line1": "丸の内2-2", "country": "JP"}
HER_HOUSE = {"line1": "銀座1-1", "country": "JP"}
HIS_CARD = {"brand": "Visa", "last4": "6666"}
HER_CARD = {"brand": "JCB", "last4": "1111"}


def address_book(night: Night) -> None:
    night.owner("change_field", "default_address", "1")


def plants_addresses(night: Night) -> None:
    """One of his own, made the default, and hers rewritten under its old name."""
    night.intruder("add_item", "addresses", "x", HIS_HOUSE)
    night.intruder("change_field", "default_address", "x")
    night.intruder("change_item", "addresses", "1", HIS_HOUSE)


def adds_an_address(night: Night) -> None:
    night.owner("add_item", "addresses", "o", HER_OFFICE)
    night.owner("change_field", "default_address", "o")


def wallet(night: Night) -> None:
    night.owner("change_field", "default_card", "3")
    night.owner("change_field", "one_click", False)


def plants_a_card(night: Night) -> None:
    night.intruder("add_item", "cards", "x", HIS_CARD)
    night.intruder("change_field", "default_card", "x")
    night.intruder("change_field", "one_click", True)


def adds_a_card(night: Night) -> None:
    night.owner("add_item", "cards", "o", HER_CARD)
    night.owner("change_field", "default_card", "o")


def one_click_is_off(night: Night) -> bool:
    night.owner("sign_in", session="for-click", password=night.password)
    refused = night.refuses(night.owner, "buy_with_one_click", order_of("click"), session="for-click")
    return refused and night.item("cards", "x") is None and night.fields["default_card"] != "x"


def pays(night: Night, card: str) -> bool:
    """True when the card pays for an order of hers today."""
    night.owner("sign_in", session="for-card", password=night.password)
    return not night.refuses(
        night.owner, "place_order", order_of(f"pay-{card}", card=card), session="for-card"
    ) and not night.refuses(night.shop.charge, night.account, card)


def buys_with_her_card(night: Night) -> None:
    night.intruder("view", "cards")
    night.intruder("place_order", order_of("x-1", card="3"))
    assert "0000" in night.shop.card_shown(night.account, "3")


def card_is_of_no_use(night: Night) -> bool:
    """Locked: not even the shop can charge it. Masked: its last digits are all that is shown to anybody."""
    shown = night.shop.card_shown(night.account, "3")
    return night.refuses(night.shop.charge, night.account, "3") and sum(sign.isdigit() for sign in shown) <= 4


def savings(night: Night) -> None:
    night.shop.register("666", night.at, {"email": "666@example.jp"}, password="of its own")
    night.shop_does("earn", "gift_card", "2000")
    night.shop_does("earn", "store_credit", "700")


def takes_the_savings(night: Night) -> None:
    night.intruder("spend", "points", "500")
    night.intruder("transfer", "gift_card", "1500", "666")
    night.intruder("spend", "store_credit", "700")


def balances(night: Night) -> dict[str, int]:
    return {name: night.balance(name) for name in ("points", "gift_card", "store_credit")}


def orders_three(night: Night) -> None:
    """One in the house, one on the road, one at the door."""
    for number in ("x-house", "x-road", "x-door"):
        night.intruder("place_order", order_of(number, address=HIS_HOUSE))
    for number in ("x-road", "x-door"):
        night.shop_does("ship", number)
    night.shop_does("deliver", "x-door")


def her_orders(night: Night) -> None:
    night.owner("place_order", order_of("o-1", address=HER_HOUSE))
    night.owner("place_order", order_of("o-2", address=HER_HOUSE))


def goes_to(night: Night, number: str) -> object:
    order = night.order(number)
    return order["address"] if isinstance(order, dict) and order["status"] == "placed" else None


ROWS = (
    Row(
        40,
        "delivery addresses",
        before=address_book,
        plant=plants_addresses,
        later=adds_an_address,
        again=lambda night: night.intruder("change_field", "default_address", "x"),
        gone=lambda night: (
            night.item("addresses", "x") is None
            and night.item("addresses", "1") == HER_HOUSE
            and night.fields["default_address"] != "x"
        ),
        still_there=lambda night: night.item("addresses", "o") == HER_OFFICE and night.fields["default_address"] == "o",
    ),
    Row(
        41,
        "a card and one click purchase",
        before=wallet,
        plant=plants_a_card,
        later=adds_a_card,
        again=lambda night: night.intruder("change_field", "default_card", "x"),
        gone=one_click_is_off,
        still_there=lambda night: night.fields["default_card"] == "o" and pays(night, "o"),
    ),
    Row(
        42,
        "the owners card",
        plant=buys_with_her_card,
        later=lambda night: night.owner("add_item", "cards", "o", HER_CARD),
        held=card_is_of_no_use,
        gone=lambda night: night.status("x-1") == "cancelled" and "0000" not in night.shop.card_shown("42", "3"),
        still_there=lambda night: pays(night, "3") and pays(night, "o"),
        lost=frozenset({"viewed.cards"}),
        says=("viewed.cards",),
    ),
    Row(
        43,
        "points and gift cards",
        before=savings,
        plant=takes_the_savings,
        later=lambda night: night.owner("spend", "points", "100"),
        gone=lambda night: balances(night)["gift_card"] == 2000 and balances(night)["store_credit"] == 700,
        still_there=lambda night: balances(night)["points"] == 1100,
    ),
    Row(
        44,
        "orders at each stage",
        plant=orders_three,
        later=lambda night: night.owner("place_order", order_of("o-1")),
        gone=lambda night: [night.status(f"x-{at}") for at in ("house", "road")] == ["cancelled", "cancelled"],
        still_there=lambda night: night.status("o-1") == "placed",
        lost=frozenset({"order.delivered"}),
        says=("lost.order.shipped", "advice.intercept_order", "lost.order.delivered", "advice.collect_order"),
    ),
    Row(
        45,
        "an order of the owner sent elsewhere",
        before=her_orders,
        plant=lambda night: night.intruder("change_order", "o-1", "address", HIS_HOUSE),
        later=lambda night: night.owner("change_order", "o-2", "address", HER_OFFICE),
        gone=lambda night: goes_to(night, "o-1") == HER_HOUSE,
        still_there=lambda night: goes_to(night, "o-2") == HER_OFFICE,
    ),
    Row(
        46,
        "a code that was handed out",
        for_good=True,
        plant=lambda night: night.intruder("place_order", order_of("x-code", digital=True)),
        later=lambda night: night.owner("place_order", order_of("o-code", digital=True)),
        # Nothing takes a code back that somebody has read: it is said, with what is done instead.
        gone=lambda night: night.order("x-code") is not None,
        still_there=lambda night: night.status("o-code") == "placed",
        lost=frozenset({"order.digital"}),
        says=("lost.order.digital", "advice.revoke_code"),
    ),
)
