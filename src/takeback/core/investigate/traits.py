"""What does a client show of itself? Device, browser, address block, network and country, where the shop knows them.

Versions are left out of the browser: an update is not a new browser. The address block is the /24 of IPv4 and the /48
of IPv6 (RFC 6177), which is about what a provider hands to one place or one pool.
"""

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

from takeback.core.events import Client

# In the order in which they are told apart: an Edge calls itself Chrome and Safari too.
_FAMILY = re.compile(
    r"(Edg|OPR|SamsungBrowser|FxiOS|Firefox|CriOS|Chrome|Safari|curl|python|okhttp|CFNetwork|Dart|Go-http)", re.I
)
_FAMILIES = ("edg", "opr", "samsungbrowser", "fxios", "firefox", "crios", "chrome", "safari")
_SYSTEM = re.compile(r"(Android|iPhone|iPad|iOS|Windows|Mac ?OS|Macintosh|CrOS|Linux)", re.I)
_SYSTEMS = {"ios": "iphone", "macintosh": "mac", "macos": "mac", "mac os": "mac"}
_ONE = {"crios": "chrome", "fxios": "firefox"}  # a family's name on an iPhone


class Traits(NamedTuple):
    """One client's values; None for what the shop does not know. `address` is exact, `block` its neighbourhood."""

    device: str | None
    browser: str | None
    system: str | None
    address: str | None
    block: str | None
    network: str | None
    country: str | None


def traits(client: Client) -> Traits:
    """The values of a client. Equal clients give equal traits."""
    asn = client.asn
    return _traits(client.device, client.user_agent, client.ip, None if asn is None else str(asn), client.country)


@lru_cache(maxsize=65536)
def _traits(device: str | None, user_agent: str | None, ip: str | None, asn: str | None, country: str | None) -> Traits:
    browser, system = _browser(user_agent) if user_agent else (None, None)
    return Traits(
        device or None,
        browser,
        system,
        ip or None,
        block_of(ip) if ip else None,
        asn.upper().removeprefix("AS") if asn else None,
        country.upper() if country else None,
    )


@lru_cache(maxsize=65536)
def block_of(ip: str) -> str:
    """The address's neighbourhood, or the text itself where it is no address."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


@lru_cache(maxsize=16384)
def _browser(user_agent: str) -> tuple[str, str]:
    """Family with system, and the system alone."""
    names = {name.lower() for name in _FAMILY.findall(user_agent)}
    family = next((name for name in _FAMILIES if name in names), None) or next(iter(sorted(names)), user_agent[:24])
    found = _SYSTEM.search(user_agent)
    system = found[1].lower() if found else "?"
    system = _SYSTEMS.get(system, system)
    return f"{_ONE.get(family, family)} / {system}", system
