"""What do people come to a shop for? Mostly to buy or to look where the parcel is, seldom to put something in order."""

from benchmarks.world import things
from benchmarks.world.account import Side, Status
from benchmarks.world.timeline import Process
from benchmarks.world.visits import Visit


def errands(one: Visit) -> Process:
    """One visit's worth of them."""
    owner, chance = one.story.owner, one.chance
    steps = chance.pick((1, 1, 1, 2, 2, 3))
    for _ in range(steps):
        yield chance.log_within(8, 400)
        if one.line is owner.home and one.device.mobile and chance.odds(0.03):
            one.line = owner.mobile  # out of the door
        shares = {"order": owner.orders, "look": 0.55, "tend": 0.09, "cancel": 0.02, "review": 0.05, "redirect": 0.008}
        what = chance.weighted(shares)
        if what == "order":
            yield from buy(one)
        elif what == "look":
            one.view("orders")
            if chance.odds(owner.curious * 0.3):
                yield chance.within(4, 60)
                one.view(chance.pick(("cards", "addresses", "addresses")))
        elif what == "tend":
            yield from tend(one)
        elif what == "review":
            one.add_item("reviews", {"stars": chance.between(2, 5)})
        else:
            yield from _correct(one, what)


def _correct(one: Visit, what: str) -> Process:
    chance, story = one.chance, one.story
    waiting = [order for order in story.orders_of(Side.OWNER) if order.status is Status.PLACED]
    if waiting:
        one.view("orders")
        yield chance.within(5, 60)
        if what == "cancel":
            one.cancel(waiting[-1])
        elif not waiting[-1].digital:
            one.redirect(waiting[-1], things.address(chance, things.name(chance)))


def buy(one: Visit, *, address: object = None, digital: bool | None = None, dear: float = 0.08) -> Process:
    """An order: mostly home and on the usual card, at times a gift, a code, the points, another way to pay."""
    chance, account = one.chance, one.story.account
    if digital is None:
        digital = chance.odds(0.07)
    if chance.odds(0.5):
        one.view("addresses")
        yield chance.within(4, 60)
    if address is None and chance.odds(0.03) and not digital:
        address = things.address(chance, things.name(chance))
        one.add_item("addresses", address)
        yield chance.within(5, 40)
    saved = list(account.of("addresses").values())
    if address is None:
        address = saved[0] if saved and chance.odds(0.88) else chance.pick(saved) if saved else None
    if chance.odds(0.35):
        one.view("cards")
        yield chance.within(4, 60)
    if chance.odds(0.015):
        one.add_item("cards", things.card(chance))
        yield chance.within(10, 90)
    spend = chance.pick(("points", "points", "gift_card")) if chance.odds(0.22) else None
    one.order(address=address, payment=payment(one), digital=digital, dear=dear, spend=spend)
    yield chance.within(4, 30)


def payment(one: Visit) -> str:
    """The name of a saved card, mostly the first, or cash at the corner shop."""
    cards = list(one.story.account.of("cards").values())
    if not cards or one.chance.odds(0.12):
        return one.chance.pick(("konbini", "postpay"))
    card = cards[0] if one.chance.odds(0.9) else one.chance.pick(cards)
    assert isinstance(card, dict)
    return f"{card['brand']} {card['last4']}"


# what an owner does beside buying and looking, and how often, next to each other; an intruder does each of these too
_TENDING = {
    "notifications": 18,
    "card": 16,
    "address": 15,
    "gift_card": 12,
    "exchange": 9,
    "password": 8,
    "one_click": 6,
    "default_card": 6,
    "remove_address": 6,
    "subscriptions": 6,
    "passkeys": 5,
    "export": 4,
    "two_step": 4,
    "language": 4,
    "hide": 3,
    "recovery_email": 3,
    "phone": 3,
    "email": 2,
    "name": 2,
    "api_tokens": 1,
}


def tend(one: Visit) -> Process:
    """Putting something in order."""
    chance, account = one.chance, one.story.account
    what = chance.weighted(_TENDING)
    yield chance.within(10, 120)
    addresses, mine = account.of("addresses"), one.story.orders_of(Side.OWNER)
    if what == "card":
        one.view("cards")
        yield chance.within(10, 90)
        one.add_item("cards", things.card(chance))
    elif what == "address":
        name = things.name(chance) if chance.odds(0.5) else one.story.owner.name
        one.add_item("addresses", things.address(chance, name))
    elif what == "remove_address":
        one.view("addresses")
        yield chance.within(10, 90)
        if len(addresses) > 1:
            one.remove_item("addresses", list(addresses)[-1])
    elif what == "gift_card":
        one.change_balance("gift_card", chance.pick((1000, 3000, 5000)), "gift_card")
    elif what == "exchange":
        move_points(one, 1.0 if chance.odds(0.4) else chance.within(0.2, 0.9))
    elif what == "export":
        one.view("export")
    elif what == "hide" and mine:
        one.add_item("hidden_orders", {"hidden": True}, name=mine[-1].id)
    elif what != "hide":
        set_up(one, what)


def move_points(one: Visit, share: float, balance: str = "points") -> None:
    """Points or a gift card go elsewhere: another programme's points, a friend."""
    held = one.story.account.balances[balance]
    if held > 0:
        one.change_balance(balance, -max(1, int(held * share)), one.chance.pick(("exchange", "transfer", "gift")))


def set_up(one: Visit, what: str) -> None:
    """A setting, a contact point or a key: anybody who is in may change it, to a value such as anybody may have."""
    chance, account = one.chance, one.story.account
    fields, cards = account.fields, list(account.of("cards"))
    if what in {"notifications", "one_click"}:
        one.set_field(what, "off" if fields.get(what) != "off" else "on")
    elif what == "password":
        one.set_field(what)
    elif what == "two_step":
        one.set_field(what, "none" if account.two_step else chance.pick(("sms", "totp")))
    elif what == "default_card":
        if cards:
            one.set_field(what, chance.pick(cards))
    elif what == "language":
        one.set_field(what, "en" if fields.get(what) != "en" else "ja")
    elif what in {"passkeys", "api_tokens", "subscriptions"}:
        _add_key(one, what)
    else:
        made = {"phone": things.phone, "name": things.name}.get(what, things.email)
        one.set_field(what, made(chance))


def _add_key(one: Visit, what: str) -> None:
    name = one.add_item(what, {"name": one.device.make.value} if what == "passkeys" else {"name": "1"})
    if what == "passkeys":
        one.story.account.keys[one.side] = name
        if one.side is Side.OWNER and one.chance.odds(0.6):
            one.story.owner.method, one.story.owner.credential = "passkey", name
