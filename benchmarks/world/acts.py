"""What does an intruder do inside? Rates by temper, each bent by chance; no script is played twice."""

from dataclasses import dataclass, replace

from benchmarks.world import errands, things
from benchmarks.world.account import Side, Status
from benchmarks.world.chance import Chance
from benchmarks.world.timeline import Process
from benchmarks.world.visits import Visit, while_open


@dataclass(frozen=True, slots=True)
class Temper:
    """The chance of each act in a visit, and the mean number of orders."""

    look: float = 0.5
    export: float = 0.05
    mute: float = 0.1
    email: float = 0.05
    phone: float = 0.04
    password: float = 0.06
    recovery: float = 0.03
    two_step: float = 0.03
    passkey: float = 0.03
    token: float = 0.02
    address: float = 0.3
    redirect: float = 0.05
    orders: float = 1.0
    digital: float = 0.5
    dear: float = 0.6
    drain: float = 0.2
    hide: float = 0.15
    reviews: float = 0.03


TEMPERS = {
    "look": Temper(
        look=0.9,
        export=0.3,
        mute=0,
        email=0,
        phone=0,
        password=0,
        recovery=0,
        two_step=0,
        passkey=0,
        token=0,
        address=0,
        redirect=0,
        orders=0,
        drain=0,
        hide=0,
        reviews=0,
    ),
    "buy": Temper(orders=1.8, address=0.5, hide=0.2, mute=0.2),
    "slow": Temper(
        look=0.4, orders=0.8, digital=0.4, dear=0.25, address=0.25, mute=0.1, hide=0.2, drain=0.1, email=0.0, password=0
    ),
    "change": Temper(
        email=0.6, phone=0.45, password=0.6, recovery=0.3, mute=0.35, two_step=0.25, passkey=0.25, token=0.1, orders=0.5
    ),
    "drain": Temper(orders=0.5, digital=0.85, drain=0.95, mute=0.15, hide=0.25, address=0.1),
    "mixed": Temper(),
    "quiet": Temper(
        look=0.35,
        export=0.02,
        mute=0.04,
        email=0,
        phone=0,
        password=0,
        recovery=0.02,
        two_step=0,
        passkey=0.04,
        token=0.03,
        address=0.02,
        redirect=0,
        orders=0,
        drain=0,
        hide=0,
        reviews=0,
    ),
}


def bent(chance: Chance, temper: Temper) -> Temper:
    """The same temper in another person: every rate between a third of it and half as much again."""
    changes = {name: getattr(temper, name) * chance.within(0.33, 1.5) for name in Temper.__slots__}
    return replace(temper, **changes)


def work(one: Visit, temper: Temper, pace: float) -> Process:
    """One visit's acts, mostly in the order of looking round, making safe, taking; `pace` as in `Tools`."""
    chance = one.chance
    yield chance.around(pace, 0.7)
    for step in (_look, _secure, _take, _cover):
        yield from while_open(one, step(one, temper, pace))


def _look(one: Visit, temper: Temper, pace: float) -> Process:
    for what in one.chance.some(("orders", "cards", "addresses"), 3):
        if one.chance.odds(temper.look):
            one.view(what)
            yield one.chance.around(pace, 0.8)
    if one.chance.odds(temper.export):
        one.view("export")
        yield one.chance.around(pace, 0.8)


def _secure(one: Visit, temper: Temper, pace: float) -> Process:
    """Mails muted, contacts turned to himself, the owner shut out, a second door left open."""
    chance = one.chance
    wishes = {
        "notifications": temper.mute,
        "email": temper.email,
        "phone": temper.phone,
        "password": temper.password,
        "recovery_email": temper.recovery,
        "two_step": temper.two_step,
        "passkeys": temper.passkey,
        "api_tokens": temper.token,
    }
    for name in chance.some(list(wishes), len(wishes)):
        if not chance.odds(wishes[name]):
            continue
        errands.set_up(one, name)
        yield chance.around(pace, 0.8)


def _take(one: Visit, temper: Temper, pace: float) -> Process:
    chance = one.chance
    orders = one.story.orders_of(Side.OWNER)
    waiting = [order for order in orders if order.status is Status.PLACED and not order.digital]
    if waiting and chance.odds(temper.redirect * 4):
        one.redirect(waiting[-1], things.address(chance, things.name(chance)))
        yield chance.around(pace, 0.8)
    for _ in range(chance.count(temper.orders)):
        yield from _order(one, temper, pace)
    if chance.odds(temper.drain):
        for balance in ("points", "gift_card"):
            errands.move_points(one, 1.0 if chance.odds(0.6) else chance.within(0.3, 0.9), balance)
            yield chance.around(pace, 0.8)
    if chance.odds(temper.reviews):
        one.add_item("reviews", {"stars": 5})


def _order(one: Visit, temper: Temper, pace: float) -> Process:
    """An order for a code, to a new address, or to the owner's own door where a parcel is caught on the way."""
    chance, account = one.chance, one.story.account
    digital = chance.odds(temper.digital)
    address: object = next(iter(account.of("addresses").values()), None)
    if not digital and chance.odds(0.85):
        address = things.address(chance, things.name(chance) if chance.odds(0.7) else one.story.owner.name)
        if chance.odds(temper.address * 1.6):
            one.add_item("addresses", address)
            yield chance.around(pace, 0.8)
    cards = [card for card in account.of("cards").values() if isinstance(card, dict)]
    payment = chance.pick(("postpay", "konbini", "postpay"))
    if cards and chance.odds(0.8):
        card = chance.pick(cards)
        payment = f"{card['brand']} {card['last4']}"
    spend = chance.pick(("points", "gift_card")) if chance.odds(temper.drain) else None
    one.order(address=address, payment=payment, digital=digital, dear=temper.dear, spend=spend)
    yield chance.around(pace * 1.5, 0.8)


def _cover(one: Visit, temper: Temper, pace: float) -> Process:
    taken = one.story.orders_of(Side.INTRUDER)
    if taken and one.chance.odds(temper.hide):
        one.add_item("hidden_orders", {"hidden": True}, name=taken[-1].id)
        yield one.chance.around(pace, 0.8)
    if one.chance.odds(0.12):
        one.sign_out()
