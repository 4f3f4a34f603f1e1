"""With what does an intruder come? Lines and browsers, from the crude to what passes for the owner's own."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.world import devices, lines, networks
from benchmarks.world.chance import Chance
from benchmarks.world.devices import COMPUTERS, PHONES, Browser, Device, Make
from benchmarks.world.lines import Line
from benchmarks.world.story import Story

_EVERY_MAKE = {Make.WINDOWS: 52.0, Make.MAC: 10.0, Make.ANDROID: 20.0, Make.IPHONE: 18.0}
# where a line abroad most often is: Bursztein et al. (2014) found CN, CI, MY, NG, ZA at the head; shops see others too
_HOMES = {
    "CN": 22.0,
    "VN": 14.0,
    "NG": 8.0,
    "CI": 6.0,
    "RU": 9.0,
    "BR": 7.0,
    "PH": 8.0,
    "ID": 7.0,
    "IN": 5.0,
    "US": 9.0,
    "TH": 5.0,
}


@dataclass(eq=False, slots=True)
class Tools:
    """`lines` are taken in turn or by chance, `fresh` throws the cookie away before each visit, `agent` is what the
    browser says where that is not its own name (`None`: its own). `pace` is the median of seconds between two acts.
    """

    device: Device
    browser: Browser
    lines: list[Line]
    agent: Callable[[int], str] | None
    fresh: bool
    pace: float


def line_of(chance: Chance, story: Story, kind: str) -> Line:
    """A line of a named kind."""
    owner = story.owner
    if kind == "foreign_server":
        return lines.server(chance, chance.pick(tuple(networks.HOSTING_ABROAD.values())))
    if kind == "foreign_vpn":
        return lines.vpn(chance, chance.pick(tuple(networks.VPN_ABROAD.values())))
    if kind == "foreign_home":
        return lines.abroad(chance, chance.weighted(_HOMES))
    if kind == "server_here":
        return lines.server(chance, networks.HOSTING_HERE)
    if kind == "vpn_here":
        return lines.vpn(chance, networks.VPN_HERE)
    if kind == "home_here":
        return lines.home(chance)
    if kind == "mobile_here":
        return lines.mobile(chance)
    if kind == "proxy_here":
        return lines.proxy(chance, chance.weighted(networks.HOME if chance.odds(0.6) else networks.MOBILE))
    own = owner.home if owner.home and chance.odds(0.5) else owner.mobile  # own_provider
    return lines.near(chance, own) if chance.odds(0.4) else lines.proxy(chance, own.network)


_MIXED_LINES = {
    "foreign_server": 14.0,
    "foreign_vpn": 14.0,
    "foreign_home": 13.0,
    "server_here": 13.0,
    "vpn_here": 12.0,
    "proxy_here": 14.0,
    "home_here": 5.0,
    "mobile_here": 5.0,
    "own_provider": 10.0,
}
_LINES_OF = {
    "foreign_datacentre": {"foreign_server": 70.0, "foreign_vpn": 30.0},
    "domestic_datacentre": {"server_here": 65.0, "vpn_here": 35.0},
    "carrier_proxy": {"own_provider": 100.0},
    "copied_browser": {
        "server_here": 15.0,
        "vpn_here": 15.0,
        "proxy_here": 30.0,
        "home_here": 12.0,
        "mobile_here": 8.0,
        "own_provider": 10.0,
        "foreign_vpn": 10.0,
    },
    "stolen_cookie": {
        "foreign_server": 10.0,
        "foreign_vpn": 18.0,
        "foreign_home": 12.0,
        "server_here": 12.0,
        "vpn_here": 14.0,
        "proxy_here": 22.0,
        "mobile_here": 4.0,
        "own_provider": 8.0,
    },
}
# how the browser passes itself off: the owner's exact name, the same make, or whatever he has
_GUISES_OF = {
    "copied_browser": {"exact": 100.0},
    "stolen_cookie": {"exact": 70.0, "make": 15.0, "own": 15.0},
    "carrier_proxy": {"exact": 15.0, "make": 35.0, "own": 50.0},
}


def tools(chance: Chance, story: Story, kind: str) -> Tools:
    """What an intruder of a kind has at hand."""
    shares = _LINES_OF.get(kind, _MIXED_LINES)
    ways = [line_of(chance, story, chance.weighted(shares)) for _ in range(chance.pick((1, 1, 1, 2, 3)))]
    owners = story.owner.devices[0] if chance.odds(0.8) else chance.pick(story.owner.devices)
    guise = chance.weighted(_GUISES_OF.get(kind, {"exact": 18.0, "make": 27.0, "own": 55.0}))
    make = owners.make if guise != "own" else chance.weighted(_EVERY_MAKE)
    device = devices.device(chance, make, story.now)
    agent = None
    if guise == "exact":
        agent = _copied(chance, story, owners)
    elif guise == "own" and chance.odds(0.08):
        agent = _script(chance)
    browser = device.browsers[0]
    if story.shop.app and device.mobile and guise != "exact" and chance.odds(0.15):
        browser = devices.browser(chance, device.make, "app")
    if guise == "exact" and kind != "stolen_cookie" and chance.odds(0.2):
        browser.cookie = chance.pick(owners.browsers).cookie  # a whole profile was sold, cookies and all
        return Tools(device, browser, ways, agent, False, chance.around(28, 0.8))
    return Tools(device, browser, ways, agent, chance.odds(0.4), chance.around(28, 0.8))


def _copied(chance: Chance, story: Story, owners: Device) -> Callable[[int], str]:
    """The owner's name for the browser: as it was when it was stolen, or kept up to date by the tool."""
    browser = next((one for one in owners.browsers if one.name != "app"), owners.browsers[0])
    then = devices.user_agent(owners, browser, story.now)
    if chance.odds(0.5):
        return lambda _now: then
    return lambda now: devices.user_agent(owners, browser, now)


def _script(chance: Chance) -> Callable[[int], str]:
    """A tool that does not hide."""
    name = chance.pick(("python-requests/2.31.0", "okhttp/4.9.3", "Go-http-client/2.0", "Mozilla/5.0 (compatible)"))
    return lambda _now: name


def passer_by(chance: Chance, story: Story) -> Tools:
    """One of a list-tester's thousand clients: another address and another browser for every try."""
    kind = chance.weighted(
        {"proxy_here": 28, "foreign_home": 30, "foreign_server": 18, "server_here": 12, "foreign_vpn": 12}
    )
    device = devices.device(chance, chance.weighted(PHONES if chance.odds(0.3) else COMPUTERS), story.now)
    agent = _script(chance) if chance.odds(0.2) else None
    return Tools(device, device.browsers[0], [line_of(chance, story, kind)], agent, fresh=True, pace=2)
