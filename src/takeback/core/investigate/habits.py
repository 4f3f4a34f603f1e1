"""What is usual for this owner? Counts of what her own sessions showed: devices, networks, countries, browsers, hours.

Only sessions that the evidence gave to the owner are learned, so that an intruder cannot teach it his own ways.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from takeback.core.events import Client

_BROWSER = re.compile(
    r"(Edg|OPR|Firefox|FxiOS|CriOS|Chrome|Safari|curl|python-requests|python-httpx|okhttp|Dart)", re.I
)
_SYSTEM = re.compile(r"(Android|iPhone|iPad|Windows|Mac OS X|Macintosh|CrOS|Linux)", re.I)


@dataclass(slots=True)
class Habits:
    """Counts of sessions by value, and how much past stands behind them."""

    sessions: int = 0
    seen: dict[tuple[str, str], tuple[int, datetime]] = field(default_factory=dict)  # (kind, value): count, first seen
    hours: list[int] = field(default_factory=lambda: [0] * 24)
    most_orders: int = 0
    kinds: set[str] = field(default_factory=set)

    @property
    def weight(self) -> float:
        """How much "never seen before" means: 0 for a new account, towards 1 with a long past."""
        return self.sessions / (self.sessions + 3)

    def knows(self, kind: str, value: str, at: datetime) -> bool:
        """True for a value that stood for at least a day, or came up in at least two sessions of the owner's."""
        count, first = self.seen.get((kind, value), (0, at))
        return count >= 2 or (count == 1 and at - first >= timedelta(days=1))

    def learn(self, values: Mapping[str, str], at: datetime, orders: int) -> None:
        """Take in one session of the owner's."""
        self.sessions += 1
        for kind, value in values.items():
            self.kinds.add(kind)
            count, first = self.seen.get((kind, value), (0, at))
            self.seen[(kind, value)] = (count + 1, first)
        self.hours[at.hour] += 1
        self.most_orders = max(self.most_orders, orders)

    def unusual_hour(self, at: datetime) -> bool:
        """True when, of at least twenty sessions, none was within two hours of this time of day."""
        if self.sessions < 20 or self.hours[at.hour]:
            return False
        return not any(self.hours[(at.hour + shift) % 24] for shift in (-2, -1, 1, 2))


def values_of(client: Client) -> dict[str, str]:
    """What a client shows of itself, by kind; what the shop does not know is left out."""
    values: dict[str, str] = {}
    if client.device:
        values["device"] = client.device
    if client.asn is not None or client.ip:
        values["network"] = _network(client.ip, str(client.asn) if client.asn is not None else None)
    if client.country:
        values["country"] = client.country.upper()
    if client.user_agent:
        values["browser"] = _browser(client.user_agent)
    return values


@lru_cache(maxsize=4096)
def _network(ip: str | None, asn: str | None) -> str:
    """The network's number where known, else the address block: /24 of IPv4, /48 of IPv6 (RFC 6177)."""
    if asn is not None:
        return asn.upper().removeprefix("AS")
    try:
        address = ipaddress.ip_address(ip or "")
    except ValueError:
        return ip or ""
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))


@lru_cache(maxsize=4096)
def _browser(user_agent: str) -> str:
    """Family and system, without versions: an update is not a new browser."""
    family, system = _BROWSER.search(user_agent), _SYSTEM.search(user_agent)
    return f"{family[1].lower() if family else user_agent[:24]} / {system[1].lower() if system else '?'}"
