"""What do honest people do that looks like a takeover? New devices and browsers, new lines, journeys: hard negatives.

Each is a process that starts with the episode; `marks` of the owner tells which later visits belong to it.
"""

from collections.abc import Callable

from benchmarks.world import devices, errands, lines, networks, routine, things
from benchmarks.world.devices import COMPUTERS, IN_APPS, PHONES, Browser, Device, Make
from benchmarks.world.lines import Line
from benchmarks.world.owner import Owner, forget_cookies
from benchmarks.world.story import Story
from benchmarks.world.timeline import DAY, HOUR, Process
from benchmarks.world.visits import Visit

_FOR_A_WHILE = 30 * DAY
_JOURNEYS = {
    "US": 22,
    "KR": 18,
    "TW": 16,
    "TH": 9,
    "HK": 6,
    "SG": 7,
    "CN": 6,
    "VN": 5,
    "FR": 5,
    "DE": 3,
    "GB": 4,
    "AU": 5,
    "PH": 3,
    "ID": 3,
}


def mark(story: Story, wanted: Callable[[Device, Browser, Line], bool]) -> None:
    """The owner's visits that fit are the episode, for a while."""
    until = story.now + _FOR_A_WHILE
    story.owner.marks = lambda device, browser, line: story.now < until and wanted(device, browser, line)


def _phone(owner: Owner) -> Device:
    return next((device for device in owner.devices if device.mobile), owner.devices[0])


def browser_update(story: Story) -> Process:
    """A system that was years behind is brought up to date; or another browser on the same device."""
    owner, chance = story.owner, story.owner.chance
    device = owner.devices[0] if chance.odds(0.7) else chance.pick(owner.devices)
    yield routine.at_own_hour(story)
    browser = device.browsers[0]
    if chance.odds(0.55):
        device.lag = browser.lag = chance.within(0, 3) * DAY
        device.android += chance.between(1, 3)
    else:
        browser = devices.browser(chance, device.make)
        device.browsers.insert(0, browser)
    if chance.odds(0.25):  # the old cookies did not come along
        forget_cookies(owner, device)
    mark(story, lambda _device, used, _line: used is browser)
    yield from routine.visit(story, device, browser)


def carrier_pool(story: Story) -> Process:
    """The carrier's addresses change within the visit; or the owner takes the number to another carrier."""
    owner, chance = story.owner, story.owner.chance
    yield routine.at_own_hour(story)
    if chance.odds(0.45):
        owner.mobile = lines.mobile(chance)
    owner.mobile.hold = chance.log_within(40, 900)
    line, kept = owner.mobile, owner.home
    if chance.odds(0.4):  # the home line is out, or given up
        owner.home = None
    mark(story, lambda _device, _browser, used: used is line)
    for _ in range(chance.between(2, 5)):
        yield from routine.visit(story, _phone(owner), line=line)
        yield routine.later(story, 0.3, 40)
    if chance.odds(0.6):
        owner.home = kept


def holiday(story: Story) -> Process:
    """Abroad with the known phone: hotel, a travel card, seldom a desk in a business lounge."""
    owner, chance = story.owner, story.owner.chance
    country = chance.weighted(_JOURNEYS)
    ways = [lines.abroad(chance, country) for _ in range(chance.between(1, 3))]
    if chance.odds(0.25):  # a travel card that comes out in a third country
        ways.append(lines.abroad(chance, chance.pick(("SG", "HK", "GB"))))
    if chance.odds(0.35):  # roaming that goes home through the own carrier
        ways.append(owner.mobile)
    usual, awake = owner.interval, owner.awake
    shift = {"US": 9, "GB": 9, "FR": 8, "DE": 8}.get(country, 1)
    owner.away, owner.interval = tuple(ways), min(usual, 3 * DAY)
    owner.awake = {hour: awake[(hour - shift) % 24] for hour in range(24)}
    mark(story, lambda _device, _browser, line: line in ways)
    until = story.now + chance.log_within(3, 16) * DAY
    yield routine.later(story, 1, 20)
    yield from routine.visit(story, _phone(owner), line=ways[0])
    if chance.odds(0.35):
        yield routine.later(story, 1, 30)
        yield from routine.visit(story, _phone(owner), line=ways[0], plan=errands.buy)
    yield max(1.0, until - story.now)
    owner.away, owner.interval, owner.awake = (), usual, awake


def new_phone(story: Story) -> Process:
    """A new phone: at home first, or still on the way; the old one goes after a few days."""
    owner, chance = story.owner, story.owner.chance
    old = _phone(owner)
    yield routine.at_own_hour(story)
    make = old.make if old.make in PHONES and chance.odds(0.82) else chance.weighted(PHONES)
    new = devices.device(chance, make, story.now, app=any(browser.name == "app" for browser in old.browsers))
    if chance.odds(0.25):
        owner.mobile = lines.mobile(chance)  # bought with a new contract
    owner.devices.insert(0, new)
    mark(story, lambda device, _browser, _line: device is new)
    first = owner.home if owner.home and chance.odds(0.6) else routine.on_the_road(story)
    yield from routine.visit(story, new, line=first)
    if chance.odds(0.3):
        yield routine.later(story, 1, 40)
        yield from routine.visit(story, new)
    yield chance.log_within(0.5, 12) * DAY
    if old.mobile and old in owner.devices and len(owner.devices) > 1:
        owner.devices.remove(old)


def household_member(story: Story) -> Process:
    """Partner or child on their own device: the same home, their own carrier, at times their own flat and address."""
    owner, chance = story.owner, story.owner.chance
    theirs = devices.device(chance, chance.weighted(PHONES | {Make.WINDOWS: 12.0, Make.IPAD: 10.0}), story.now)
    mobile = lines.mobile(chance, owner.mobile.network if chance.odds(0.5) else None)
    flat = lines.home(chance) if chance.odds(0.2) else None
    mark(story, lambda device, _browser, _line: device is theirs)
    yield routine.at_own_hour(story)
    for visit in range(chance.between(2, 9)):
        at_home = owner.home if owner.home and chance.odds(0.75 if visit else 0.85) else None
        line = (
            flat if flat and chance.odds(0.6) else at_home or (mobile if theirs.mobile else owner.home or owner.mobile)
        )
        yield from routine.visit(story, theirs, line=line, plan=_present if chance.odds(0.1) else None)
        yield routine.later(story, 5, 480)


def _present(one: Visit) -> Process:
    """Somebody else's order: their own name and door."""
    address = things.address(one.chance, things.name(one.chance))
    one.add_item("addresses", address)
    yield one.chance.within(5, 60)
    yield from errands.buy(one, address=address, dear=0.3)


def vpn_habit(story: Story) -> Process:
    """A commercial VPN on the known devices, with an exit here or abroad, always or now and then."""
    owner, chance = story.owner, story.owner.chance
    abroad = chance.pick(tuple(networks.VPN_ABROAD))
    shares = networks.VPN_HERE if chance.odds(0.5) else networks.VPN_ABROAD[abroad]
    owner.tunnel, owner.tunnel_share = lines.vpn(chance, shares), chance.within(0.3, 1)
    tunnel = owner.tunnel
    mark(story, lambda _device, _browser, line: line is tunnel)
    yield routine.at_own_hour(story)
    for _ in range(chance.between(1, 4)):
        yield from routine.visit(story, line=tunnel)
        yield routine.later(story, 2, 200)


def new_job(story: Story) -> Process:
    """Another employer's network, and perhaps its computer, by day."""
    owner, chance = story.owner, story.owner.chance
    owner.office = office = lines.office(chance)
    computer = devices.device(chance, chance.weighted(COMPUTERS), story.now) if chance.odds(0.5) else None
    if computer:
        owner.devices.append(computer)
    mark(story, lambda device, _browser, line: line is office or device is computer)
    for _ in range(chance.between(1, 4)):
        yield max(600.0, (chance.within(9, 18) * HOUR - (story.now + 9 * HOUR) % DAY) % DAY)
        yield from routine.visit(story, computer or _phone(owner), line=office)


def cookies_cleared(story: Story) -> Process:
    """Everything cleared on one device or on all; or from now on only private windows."""
    owner, chance = story.owner, story.owner.chance
    yield routine.at_own_hour(story)
    cleared = owner.devices if chance.odds(0.6) else owner.devices[:1]
    for device in cleared:
        forget_cookies(owner, device)
    owner.private = chance.odds(0.2)
    browser = next((one for one in cleared[0].browsers if one.name != "app" and one.name not in IN_APPS), None)
    if browser is None:  # only apps on it: taken off and put on again
        browser = cleared[0].browsers[0]
        browser.cookie, browser.session, browser.token = f"d-{chance.letters(12)}", None, None
    mark(story, lambda device, _browser, _line: device in cleared)
    yield from routine.visit(story, cleared[0], browser)


def worry(story: Story) -> Process:
    """One in eight takes fright at a notice about themselves, and changes the password."""
    yield routine.later(story, 0.1, 60)
    yield from routine.visit(story, plan=_change_password)


def _change_password(one: Visit) -> Process:
    one.view("orders")
    yield one.chance.within(20, 200)
    one.set_field("password")
