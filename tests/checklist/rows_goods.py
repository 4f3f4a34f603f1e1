"""Items 47 to 53: returns, subscriptions, what strangers see, collection, devices; and what was looked at."""

from tests.checklist.night import Night, order_of
from tests.checklist.row import Row, item_row

SEEN = ("cards", "addresses", "orders", "contacts", "export")


def her_return(night: Night) -> None:
    night.owner("add_item", "returns", "r1", {"order": "42-4", "refund_to": "card 3"})


def her_shop(night: Night) -> None:
    night.owner("add_item", "sellers_payouts", "p1", {"iban": "JP-HERS"})


def her_list(night: Night) -> None:
    night.owner("add_item", "wish_lists", "w1", {"name": "誕生日", "shared": False})


def shows_her_to_the_world(night: Night) -> None:
    night.intruder("change_field", "profile", "public")
    night.intruder("change_item", "wish_lists", "w1", {"name": "誕生日", "shared": True})
    night.intruder("add_item", "reviews", "x", {"sku": "s1", "stars": 5, "text": "best shop"})
    night.intruder("add_item", "carts", "x", {"sku": "phone", "quantity": 9})


def writes_herself(night: Night) -> None:
    night.owner("add_item", "wish_lists", "o", {"name": "引っ越し", "shared": True})
    night.owner("add_item", "reviews", "o", {"sku": "s1", "stars": 4, "text": "良いお茶でした"})


def world_sees_nothing(night: Night) -> bool:
    seen = night.shop.public_page(night.account)
    shown = [*(seen["wish_lists"] or []), *(seen["reviews"] or [])]  # type: ignore[misc]
    return seen["profile"] is None and not {"w1", "x"} & set(shown) and night.item("carts", "x") is None


def ordered_by(night: Night, name: str) -> bool:
    """True when the day of the subscriptions brings an order for this one."""
    return any(number.startswith(f"{name}-") for number in night.shop_does("renew"))


def looks_at_everything(night: Night) -> None:
    for what in SEEN:
        night.intruder("view", what)


ROWS = (
    Row(
        47,
        "a refund sent elsewhere",
        before=her_return,
        plant=lambda night: night.intruder("change_item", "returns", "r1", {"order": "42-4", "refund_to": "card 6"}),
        later=lambda night: night.owner("add_item", "returns", "o", {"order": "42-3", "refund_to": "points"}),
        gone=lambda night: night.shop.pay_return(night.account, "r1") == "card 3",
        still_there=lambda night: night.shop.pay_return(night.account, "o") == "points",
    ),
    item_row(
        48,
        "a subscription",
        "subscriptions",
        his={"sku": "phone", "every": "month"},
        hers={"sku": "tea", "every": "month"},
        gone=lambda night: not ordered_by(night, "x"),
        still_there=lambda night: ordered_by(night, "o"),
    ),
    Row(
        49,
        "where sales are paid out to",
        before=her_shop,
        plant=lambda night: night.intruder("change_item", "sellers_payouts", "p1", {"iban": "RO-HIS"}),
        later=lambda night: night.owner("add_item", "sellers_payouts", "o", {"iban": "JP-HERS-TOO"}),
        gone=lambda night: (
            "RO-HIS" not in night.shop.pay_out(night.account) and "JP-HERS" in night.shop.pay_out(night.account)
        ),
        still_there=lambda night: "JP-HERS-TOO" in night.shop.pay_out(night.account),
    ),
    Row(
        50,
        "cart and wish list and profile and reviews",
        before=her_list,
        plant=shows_her_to_the_world,
        later=writes_herself,
        gone=world_sees_nothing,
        still_there=lambda night: (
            night.shop.public_page(night.account) == {"profile": None, "wish_lists": ["o"], "reviews": ["o"]}
        ),
    ),
    item_row(
        51,
        "a collection code",
        "pickup_codes",
        his={"locker": "station"},
        hers={"locker": "office"},
        secrets=(("x-7",), ("o-7",)),
        gone=lambda night: not night.shop.collect(night.account, "x-7"),
        still_there=lambda night: night.shop.collect(night.account, "o-7"),
    ),
    item_row(
        52,
        "a device that plays and buys",
        "playback_devices",
        his={"name": "his loudspeaker"},
        hers={"name": "her loudspeaker"},
        gone=lambda night: (
            not night.gets_in(night.intruder, method="device", credential="x")
            and night.refuses(night.shop_does, "order_by_voice", "x", order_of("x-voice"))
        ),
        still_there=lambda night: not night.refuses(night.shop_does, "order_by_voice", "o", order_of("o-voice")),
    ),
    Row(
        53,
        "what was looked at",
        for_good=True,
        plant=looks_at_everything,
        later=lambda night: night.owner("view", "recently_viewed"),
        # What has been seen stays seen: the customer gets the list of it, and of nothing that she looked at herself.
        gone=lambda night: {f"viewed.{what}" for what in SEEN} == night.kept["lost"],
        still_there=lambda night: "viewed.recently_viewed" not in night.kept["lost"],
        lost=frozenset(f"viewed.{what}" for what in SEEN),
        says=tuple(f"viewed.{what}" for what in SEEN),
    ),
)
