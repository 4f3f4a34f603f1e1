"""Who is the owner? Devices, lines, hours and habits; they change over the years, and much of it by chance."""

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.world import devices, lines
from benchmarks.world.chance import Chance
from benchmarks.world.devices import COMPUTERS, IN_APPS, PHONES, Browser, Device, Make
from benchmarks.world.lines import Line
from benchmarks.world.shops import Shop
from benchmarks.world.timeline import DAY, HOUR, hour_of, midnight_of, weekday_of

# how active people are by the hour of their day
_HOURS = (3, 1.5, 0.8, 0.4, 0.4, 0.8, 2, 4, 5, 5, 6, 6, 9, 7, 5, 5, 5, 6, 7, 8, 10, 12, 11, 7)


@dataclass(eq=False, slots=True)
class Owner:
    """A person with an account. `interval` is the mean time between visits in seconds; `method` how they sign in where
    the app does not remember them. `away` are the lines of a journey, `tunnel` a VPN that is switched on in
    `tunnel_share` of visits. `marks` tells which visits belong to the episode that is being lived.
    """

    chance: Chance
    name: str
    interval: float
    shift: int
    home: Line | None
    mobile: Line
    office: Line | None
    relay: Line | None
    devices: list[Device]
    method: str
    credential: str | None
    fails: float
    orders: float
    signs_out: float
    forgets_cookies: float
    private: bool
    curious: float
    cards: tuple[str, ...] = ()
    away: tuple[Line, ...] = ()
    tunnel: Line | None = None
    tunnel_share: float = 0.0
    silent_until: float = 0
    awake: dict[int, float] = field(default_factory=dict)
    marks: Callable[[Device, Browser, Line], bool] | None = None

    def next_visit(self, now: int) -> float:
        """Seconds until the owner next feels like it, at an hour of theirs."""
        rough = now + max(HOUR, self.chance.wait(self.interval))
        when = midnight_of(rough) + self.chance.weighted(self.awake) * HOUR + self.chance.below(HOUR)
        return float(when - now if when > now + 600 else when + DAY - now)

    def choose(self, now: int) -> tuple[Device, Browser, Line]:
        """What the owner takes into the hand, and how it is connected just then."""
        working = bool(self.office) and weekday_of(now) < 5 and 9 <= hour_of(now) < 18
        weights = {number: 0.55**number for number in range(len(self.devices))}
        device = self.devices[self.chance.weighted(weights)]
        if (working or self.away) and not device.mobile and self.chance.odds(0.7):
            device = next((one for one in self.devices if one.mobile), device)
        browser = device.browsers[0] if self.chance.odds(0.88) else self.chance.pick(device.browsers)
        return device, browser, self.line_for(device, browser, now)

    def line_for(self, device: Device, browser: Browser, now: int) -> Line:
        """The line that a device of theirs is on."""
        chance = self.chance
        if self.tunnel and chance.odds(self.tunnel_share):
            return self.tunnel
        line = self._line(device, now)
        if self.relay and device.make is Make.IPHONE and browser.name == "safari" and not self.away:
            return self.relay if chance.odds(0.85) else line
        return line

    def _line(self, device: Device, now: int) -> Line:
        chance = self.chance
        if self.away:
            return chance.pick(self.away)
        working = bool(self.office) and weekday_of(now) < 5 and 9 <= hour_of(now) < 18
        if self.office and working and (not device.mobile or chance.odds(0.25)):
            return self.office
        at_home = 0.85 if hour_of(now) < 8 or hour_of(now) >= 19 else 0.3 if working else 0.55
        if self.home and (not device.mobile or chance.odds(at_home)):
            return self.home
        return lines.cafe(chance) if chance.odds(0.03) else self.mobile


def owner(chance: Chance, shop: Shop, name: str, interval: float, now: int) -> Owner:
    """Somebody, as people are."""
    app = shop.app and chance.odds(0.45)
    owned = [devices.device(chance, chance.weighted(PHONES), now, app=app)]
    if chance.odds(0.55):
        owned.append(devices.device(chance, chance.weighted(COMPUTERS), now))
    if chance.odds(0.12):
        owned.append(devices.device(chance, Make.IPAD, now))
    if chance.odds(0.2):
        owned.reverse()
    shift = chance.between(-2, 3) if chance.odds(0.88) else chance.between(6, 14)
    iphone = any(device.make is Make.IPHONE for device in owned)
    method = chance.weighted({"password": 76, "passkey": 10, "sso": 10, "link": 4})
    return Owner(
        chance=chance,
        name=name,
        interval=interval,
        shift=shift,
        home=lines.home(chance) if chance.odds(0.86) else None,
        mobile=lines.mobile(chance),
        office=lines.office(chance) if chance.odds(0.4) else None,
        relay=lines.relay(chance) if iphone and chance.odds(0.12) else None,
        devices=owned,
        method=method,
        credential=f"{method[:2]}-{chance.letters(8)}" if method in {"passkey", "sso"} else None,
        fails=chance.log_within(0.01, 0.25),
        orders=chance.within(0.1, 0.7),
        signs_out=chance.pick((0.0, 0.02, 0.1, 0.6)),
        forgets_cookies=chance.pick((0.0, 0.005, 0.005, 0.03)),
        private=chance.odds(0.03),
        curious=chance.within(0.1, 0.7),
        awake={hour: _HOURS[(hour - shift) % 24] + 0.1 for hour in range(24)},
    )


def forget_cookies(owner: Owner, device: Device) -> None:
    """Clear a device's browsers: the shop meets them as strangers. Apps keep what they have."""
    for browser in device.browsers:
        if browser.name != "app" and browser.name not in IN_APPS:
            browser.cookie, browser.session = f"d-{owner.chance.letters(12)}", None
