"""What turns in honest lives change the account itself? Moves, forgotten passwords, new contacts, presents, returns."""

from benchmarks.world import devices, errands, lines, recovery, routine, things
from benchmarks.world.account import Side
from benchmarks.world.devices import PHONES
from benchmarks.world.honest import mark
from benchmarks.world.story import Story
from benchmarks.world.timeline import DAY, HOUR, Process, midnight_of
from benchmarks.world.visits import Visit


def forgotten_password(story: Story) -> Process:
    """Failures, a link, a new password; at home or on the way, now and then on a borrowed or new browser."""
    owner, chance = story.owner, story.owner.chance
    yield routine.at_own_hour(story)
    device, browser, line = owner.choose(story.now)
    if device.mobile and chance.odds(0.4):
        line = routine.on_the_road(story)
    if chance.odds(0.2):
        browser = devices.browser(chance, device.make)
    one = Visit(story, Side.OWNER, device, browser, line, chance, marked=True)
    for _ in range(chance.between(1, 7)):
        one.fail()
        yield chance.within(6, 70)
    yield from recovery.reset_password(story, one)
    yield from errands.errands(one)


def house_move(story: Story) -> Process:
    """Another provider in another place; the old address goes, orders go to the new one."""
    owner, chance = story.owner, story.owner.chance
    old = owner.home
    owner.home = None
    yield routine.at_own_hour(story)
    new = lines.home(chance, old.network if old and chance.odds(0.3) else None)
    if chance.odds(0.35):  # the line comes weeks after the boxes
        yield from routine.visit(story, plan=_move_in, marked=True)
        yield chance.log_within(2, 30) * DAY
        owner.home = new
    else:
        owner.home = new
        yield from routine.visit(story, line=new, plan=_move_in, marked=True)
    mark(story, lambda _device, _browser, line: line is new)
    for _ in range(chance.between(0, 3)):
        yield routine.later(story, 2, 90)
        yield from routine.visit(story, line=new, plan=errands.buy)


def _move_in(one: Visit) -> Process:
    chance, addresses = one.chance, one.story.account.of("addresses")
    yield chance.within(20, 200)
    one.view("addresses")
    old = next(iter(addresses), None)
    address = things.address(chance, one.story.owner.name)
    if old and chance.odds(0.3):
        one.change_item("addresses", old, address)
    else:
        name = one.add_item("addresses", address)
        yield chance.within(10, 60)
        if chance.odds(0.6):
            one.set_field("default_address", name)
        if old and chance.odds(0.5):
            one.remove_item("addresses", old)
    if chance.odds(0.2):
        one.set_field("phone", things.phone(chance))
    if chance.odds(0.6):
        yield chance.within(20, 200)
        yield from errands.buy(one, address=address, dear=0.35)


def gift_season(story: Story) -> Process:
    """Many orders in a day or two: new addresses, codes, points and gift cards, at any hour."""
    chance = story.owner.chance
    yield routine.at_own_hour(story)
    for _ in range(chance.between(1, 3)):
        yield from routine.visit(story, plan=_presents, marked=True)
        yield routine.later(story, 0.5, 30)


def _presents(one: Visit) -> Process:
    chance = one.chance
    if chance.odds(0.4):
        yield chance.within(20, 200)
        one.change_balance("gift_card", chance.pick((5000, 10000, 30000)), "gift_card")
    for _ in range(chance.between(2, 6)):
        yield chance.within(30, 500)
        address = None
        if chance.odds(0.6):
            address = things.address(chance, things.name(chance))
            if chance.odds(0.7):
                one.add_item("addresses", address)
                yield chance.within(5, 60)
        yield from errands.buy(one, address=address, digital=chance.odds(0.25), dear=0.3)


def phone_number_change(story: Story) -> Process:
    """A new number, often with a new carrier, at times with a new phone."""
    owner, chance = story.owner, story.owner.chance
    yield routine.at_own_hour(story)
    if chance.odds(0.6):
        owner.mobile = lines.mobile(chance)
    if chance.odds(0.3):
        owner.devices.insert(0, devices.device(chance, chance.weighted(PHONES), story.now))
    line = owner.mobile if owner.devices[0].mobile and chance.odds(0.5) else None
    yield from routine.visit(story, owner.devices[0], line=line, plan=_new_number, marked=True)


def _new_number(one: Visit) -> Process:
    chance = one.chance
    yield chance.within(15, 200)
    one.set_field("phone", things.phone(chance))
    if chance.odds(0.25):
        yield chance.within(15, 200)
        one.set_field("two_step", "sms")
    if chance.odds(0.3):
        yield from errands.errands(one)


def email_change(story: Story) -> Process:
    """A new mail address, as when the carrier's is given up; the password often with it."""
    owner, chance = story.owner, story.owner.chance
    yield routine.at_own_hour(story)
    if chance.odds(0.35):
        owner.mobile = lines.mobile(chance)
    yield from routine.visit(story, plan=_new_address, marked=True)


def _new_address(one: Visit) -> Process:
    chance = one.chance
    yield chance.within(15, 200)
    shares = {"email": 1.0, "password": 0.35, "recovery_email": 0.15, "notifications": 0.1, "phone": 0.1}
    for name, share in shares.items():
        if chance.odds(share):
            errands.set_up(one, name)
            yield chance.within(15, 200)
    if chance.odds(0.3):
        yield from errands.errands(one)


def long_absence(story: Story) -> Process:
    """Back after a year: new phone, new line, an old password that no longer comes to mind."""
    owner, chance = story.owner, story.owner.chance
    yield routine.at_own_hour(story)
    new = devices.device(chance, chance.weighted(PHONES), story.now)
    owner.devices = [new, *(device for device in owner.devices if not device.mobile and chance.odds(0.5))]
    owner.home = lines.home(chance) if chance.odds(0.5) else owner.home
    owner.mobile = lines.mobile(chance)
    mark(story, lambda device, _browser, line: device is new or line in (owner.home, owner.mobile))
    if owner.method == "password" and chance.odds(0.6):
        line = owner.line_for(new, new.browsers[0], story.now)
        one = Visit(story, Side.OWNER, new, new.browsers[0], line, chance, marked=True)
        for _ in range(chance.between(1, 5)):
            one.fail()
            yield chance.within(6, 70)
        yield from recovery.reset_password(story, one)
        yield from _move_in(one) if chance.odds(0.4) else errands.errands(one)
    else:
        yield from routine.visit(story, new, plan=_move_in if chance.odds(0.4) else None)
    yield routine.later(story, 2, 200)
    yield from routine.visit(story, new)


def night_owl_order(story: Story) -> Process:
    """Somebody who sleeps at night orders at three, at times something dear."""
    owner, chance = story.owner, story.owner.chance
    night = midnight_of(story.now) + DAY + int(chance.within(0.8, 4.9) * HOUR)
    yield float(night - story.now)
    device = owner.devices[0]
    line = owner.home if owner.home and chance.odds(0.7) else owner.line_for(device, device.browsers[0], story.now)
    for _ in range(chance.pick((1, 1, 2, 3))):
        yield from routine.visit(story, device, line=line, plan=_something_dear, marked=True)
        yield chance.within(5, 60) * 60


def _something_dear(one: Visit) -> Process:
    yield one.chance.within(30, 600)
    yield from errands.buy(one, dear=0.6, digital=one.chance.odds(0.2))
