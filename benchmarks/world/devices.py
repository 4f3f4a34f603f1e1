"""What does a visitor hold in the hand? Devices with browsers, and the user agent each shows on a given day.

Forms as the makers' browsers send them; Chrome's are the reduced ones (frozen platform, only the major version), which
is why so many strangers show exactly the owner's string.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from benchmarks.world import versions
from benchmarks.world.chance import Chance
from benchmarks.world.timeline import DAY


class Make(StrEnum):
    """The kind of a device."""

    IPHONE = "iphone"
    ANDROID = "android"
    IPAD = "ipad"
    WINDOWS = "windows"
    MAC = "mac"


PHONES = {Make.IPHONE: 58.0, Make.ANDROID: 42.0}
COMPUTERS = {Make.WINDOWS: 74.0, Make.MAC: 26.0}
_MODELS = {
    Make.IPHONE: (
        "iPhone12,8",
        "iPhone13,2",
        "iPhone14,5",
        "iPhone14,6",
        "iPhone15,2",
        "iPhone15,4",
        "iPhone16,1",
        "iPhone17,3",
    ),
    Make.ANDROID: (
        "SO-52C",
        "SO-51D",
        "SH-53C",
        "SCG14",
        "SC-51D",
        "Pixel 6a",
        "Pixel 7",
        "Pixel 8",
        "A302SH",
        "CPH2477",
    ),
    Make.IPAD: ("iPad12,1", "iPad13,18"),
    Make.WINDOWS: ("",),
    Make.MAC: ("",),
}
_BROWSERS = {
    Make.IPHONE: {"safari": 66.0, "chrome": 14.0, "line": 8.0, "yahoo": 7.0, "google": 5.0},
    Make.ANDROID: {"chrome": 76.0, "samsung": 5.0, "line": 9.0, "yahoo": 6.0, "firefox": 2.0, "google": 2.0},
    Make.IPAD: {"safari": 88.0, "chrome": 12.0},
    Make.WINDOWS: {"chrome": 60.0, "edge": 33.0, "firefox": 7.0},
    Make.MAC: {"safari": 52.0, "chrome": 43.0, "firefox": 5.0},
}
IN_APPS = frozenset({"line", "yahoo", "google", "instagram"})


@dataclass(eq=False, slots=True)
class Browser:
    """A browser or app on a device. `cookie` is the long-lived id that a shop gave it; `lag` is how many seconds its
    updates come after their release. `session` is kept by the visits.
    """

    name: str
    cookie: str
    lag: float
    session: object = None
    token: str | None = None


@dataclass(eq=False, slots=True)
class Device:
    """A phone, tablet or computer; `lag` as for a browser, of its system."""

    make: Make
    model: str
    lag: float
    android: int
    browsers: list[Browser] = field(default_factory=list)

    @property
    def mobile(self) -> bool:
        """True where it has a carrier's line of its own."""
        return self.make in PHONES


def browser(chance: Chance, make: Make, name: str | None = None) -> Browser:
    """A fresh browser: its cookie is new to every shop."""
    lag = chance.log_within(1, 40) if chance.odds(0.9) else chance.log_within(60, 500)
    return Browser(name or chance.weighted(_BROWSERS[make]), f"d-{chance.letters(12)}", lag * DAY)


def device(chance: Chance, make: Make, now: int, *, app: bool = False) -> Device:
    """A device with one or two browsers, and the shop's app where it has one."""
    lag = chance.log_within(3, 90) if chance.odds(0.85) else chance.log_within(120, 900)
    current = versions.android(now - int(chance.within(0, 900) * DAY))
    made = Device(make, chance.pick(_MODELS[make]), lag * DAY, max(10, current))
    made.browsers.append(browser(chance, make))
    if chance.odds(0.22):
        made.browsers.append(browser(chance, make))
    if app and make in PHONES:
        made.browsers.insert(0, browser(chance, make, "app"))
    return made


def user_agent(device: Device, browser: Browser, now: int) -> str:
    """What the browser calls itself at `now`."""
    day = int(now - browser.lag)
    if device.make in (Make.IPHONE, Make.IPAD):
        return _apple(device, browser, day, versions.ios(int(now - device.lag)))
    if browser.name == "app" or browser.name in IN_APPS:
        return _android_app(device, browser, day)
    return _open_browser(device, browser, day)


def _apple(device: Device, browser: Browser, day: int, system: tuple[int, int]) -> str:
    major, minor = system
    frozen = "18_6" if major >= 26 else f"{major}_{minor}"
    if browser.name == "app":
        shop = versions.app(day, 3, 21)
        return f"TownShop/{shop[0]}.{shop[1]} ({device.model}; iOS {major}.{minor})"
    if device.make is Make.IPAD and browser.name == "safari":
        return f"{_MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{major}.{minor} Safari/605.1.15"
    kind = "iPad; CPU OS" if device.make is Make.IPAD else "iPhone; CPU iPhone OS"
    base = f"Mozilla/5.0 ({kind} {frozen} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    if browser.name == "chrome":
        return f"{base} CriOS/{versions.chrome(day)}.0.0.0 Mobile/15E148 Safari/604.1"
    if browser.name in IN_APPS:
        return f"{base} Mobile/15E148 {_app_mark(browser, day)}"
    return f"{base} Version/{major}.{minor} Mobile/15E148 Safari/604.1"


_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"


def _app_mark(browser: Browser, day: int) -> str:
    if browser.name == "line":
        major, minor = versions.app(day, 12, 20)
        return f"Safari Line/{major}.{minor}.0"
    if browser.name == "yahoo":
        major, minor = versions.app(day, 4, 30)
        return f"YJApp-IOS jp.co.yahoo.ipn.appli/{major}.{minor}"
    major, minor = versions.app(day, 240, 9)
    return f"GSA/{major}.{minor}.0 Safari/604.1"


def _android_app(device: Device, browser: Browser, day: int) -> str:
    if browser.name == "app":
        major, minor = versions.app(day, 3, 21)
        return f"TownShop/{major}.{minor} (Linux; Android {device.android}; {device.model}) okhttp/4.12.0"
    chrome = versions.chrome(day)
    base = f"Mozilla/5.0 (Linux; Android {device.android}; {device.model}; wv) AppleWebKit/537.36 (KHTML, like Gecko)"
    return f"{base} Version/4.0 Chrome/{chrome}.0.0.0 Mobile Safari/537.36 {_app_mark(browser, day)}"


def _open_browser(device: Device, browser: Browser, day: int) -> str:
    chrome = versions.chrome(day)
    if browser.name == "firefox":
        major = versions.firefox(day)
        if device.make is Make.ANDROID:
            return f"Mozilla/5.0 (Android {device.android}; Mobile; rv:{major}.0) Gecko/{major}.0 Firefox/{major}.0"
        platform = f"{_WINDOWS[:-1]}" if device.make is Make.WINDOWS else "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15"
        return f"{platform}; rv:{major}.0) Gecko/20100101 Firefox/{major}.0"
    if device.make is Make.MAC and browser.name == "safari":
        major, minor = versions.ios(int(day - device.lag))
        return f"{_MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{major}.{minor} Safari/605.1.15"
    tail = "AppleWebKit/537.36 (KHTML, like Gecko)"
    if device.make is Make.ANDROID:
        samsung = f"SamsungBrowser/{19 + (chrome - 109) // 4}.0 " if browser.name == "samsung" else ""
        return f"Mozilla/5.0 (Linux; Android 10; K) {tail} {samsung}Chrome/{chrome}.0.0.0 Mobile Safari/537.36"
    edge = f" Edg/{chrome}.0.0.0" if browser.name == "edge" else ""
    platform = _WINDOWS if device.make is Make.WINDOWS else _MAC
    return f"{platform} {tail} Chrome/{chrome}.0.0.0 Safari/537.36{edge}"
