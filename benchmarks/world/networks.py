"""Who runs the networks that people come from? A table of carriers, home lines, offices, hosting and VPN providers.

The numbers are public autonomous systems; which addresses are theirs is made up here (valid public space, the same for
every account of every seed), so that people and intruders share providers, address blocks and at times addresses.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

# name: (number, address blocks of 65,536, share among the customers of its kind)
_MOBILE_JP = {
    "docomo": (9605, 10, 34.0),
    "kddi-mobile": (2516, 8, 26.0),
    "softbank-mobile": (17676, 8, 21.0),
    "rakuten": (138384, 4, 9.0),
    "iijmio": (2497, 2, 4.0),
    "mineo": (17511, 2, 4.0),
    "nuro-mobile": (2527, 1, 2.0),
}
_HOME_JP = {
    "ocn": (4713, 14, 24.0),
    "softbank-bb": (17676, 10, 16.0),
    "kddi-hikari": (2516, 9, 14.0),
    "so-net": (2527, 6, 9.0),
    "biglobe": (2518, 5, 8.0),
    "nifty": (2510, 4, 7.0),
    "jcom": (9824, 6, 10.0),
    "optage-eo": (17511, 4, 5.0),
    "asahi": (4685, 2, 3.0),
    "iij-home": (2497, 2, 2.0),
    "ctc": (18144, 2, 2.0),
}
_OFFICE_JP = {
    "ocn-business": (4713, 4, 34.0),
    "iij-business": (2497, 4, 24.0),
    "kddi-business": (2516, 3, 16.0),
    "softbank-business": (17676, 3, 10.0),
    "sinet": (2907, 3, 8.0),
    "zscaler": (22616, 1, 6.0),
    "netskope": (55256, 1, 2.0),
}
_HOSTING_JP = {
    "sakura": (9371, 3, 16.0),
    "gmo": (7506, 3, 14.0),
    "xserver": (131965, 1, 6.0),
    "aws-tokyo": (16509, 3, 22.0),
    "vultr-tokyo": (20473, 1, 12.0),
    "linode-tokyo": (63949, 1, 8.0),
    "google-tokyo": (396982, 2, 10.0),
    "azure-tokyo": (8075, 2, 8.0),
    "kagoya": (24282, 1, 4.0),
}
_VPN_JP = {
    "m247-tokyo": (9009, 1, 24.0),
    "datacamp-tokyo": (212238, 1, 28.0),
    "packethub-tokyo": (147049, 1, 16.0),
    "xtom-tokyo": (3258, 1, 10.0),
    "vultr-vpn": (20473, 1, 10.0),
    "warp": (13335, 1, 12.0),
}
_RELAY_JP = {"relay-akamai": (36183, 1, 45.0), "relay-cloudflare": (13335, 1, 35.0), "relay-fastly": (54113, 1, 20.0)}
_CAFE_JP = {"wi2": (2516, 1, 40.0), "ntt-bp": (4713, 1, 35.0), "hotel-jp": (4685, 1, 25.0)}
# country: the same, abroad
_PEOPLE = {
    "US": {
        "comcast": (7922, 3, 3.0),
        "t-mobile": (21928, 2, 2.0),
        "verizon": (22394, 2, 2.0),
        "hawaiian": (36149, 1, 3.0),
    },
    "KR": {"kt": (4766, 2, 3.0), "sk-telecom": (9644, 2, 3.0), "lg-uplus": (3786, 1, 2.0)},
    "TW": {"chunghwa": (3462, 2, 4.0), "fareastone": (4780, 1, 2.0)},
    "TH": {"ais": (131445, 1, 2.0), "true": (132061, 1, 3.0)},
    "HK": {"hkt": (4760, 1, 3.0), "csl": (9304, 1, 2.0)},
    "SG": {"singtel": (9506, 1, 3.0), "starhub": (4657, 1, 2.0)},
    "CN": {"china-telecom": (4134, 3, 4.0), "china-unicom": (4837, 2, 3.0), "china-mobile": (9808, 2, 3.0)},
    "VN": {"viettel": (7552, 2, 4.0), "vnpt": (45899, 2, 3.0)},
    "PH": {"pldt": (9299, 2, 3.0), "globe": (4775, 1, 2.0)},
    "ID": {"telkom": (7713, 2, 3.0), "telkomsel": (23693, 1, 3.0)},
    "GB": {"bt": (2856, 2, 3.0), "virgin": (5089, 1, 2.0)},
    "DE": {"telekom": (3320, 2, 3.0), "vodafone": (3209, 1, 2.0)},
    "FR": {"orange": (3215, 2, 3.0), "free": (12322, 1, 2.0)},
    "AU": {"telstra": (1221, 2, 3.0), "optus": (4804, 1, 2.0)},
    "NG": {"mtn": (29465, 1, 3.0), "airtel-ng": (36873, 1, 2.0)},
    "CI": {"orange-ci": (29571, 1, 3.0)},
    "RU": {"rostelecom": (12389, 2, 3.0), "mts": (8359, 1, 2.0)},
    "BR": {"vivo": (26599, 2, 3.0), "claro": (28573, 1, 3.0)},
    "IN": {"jio": (55836, 2, 3.0), "airtel": (24560, 1, 2.0)},
}
_HOSTING = {
    "US": {
        "aws-us": (16509, 3, 8.0),
        "digitalocean": (14061, 2, 8.0),
        "vultr": (20473, 1, 5.0),
        "azure": (8075, 1, 3.0),
    },
    "DE": {"hetzner": (24940, 2, 7.0), "contabo": (51167, 1, 4.0)},
    "NL": {"leaseweb": (60781, 1, 4.0), "digitalocean-nl": (14061, 1, 3.0)},
    "FR": {"ovh": (16276, 2, 6.0)},
    "SG": {"aws-sg": (16509, 1, 3.0), "alibaba": (45102, 1, 4.0)},
    "HK": {"tencent": (132203, 1, 4.0), "ucloud": (135377, 1, 2.0)},
    "RU": {"selectel": (49505, 1, 2.0)},
}
_VPN = {
    "US": {"m247-us": (9009, 1, 5.0), "datacamp-us": (60068, 1, 5.0), "tzulo": (11878, 1, 3.0)},
    "NL": {"m247-nl": (9009, 1, 3.0)},
    "SG": {"m247-sg": (9009, 1, 3.0), "datacamp-sg": (212238, 1, 3.0)},
    "HK": {"datacamp-hk": (212238, 1, 3.0)},
    "CH": {"proton": (62371, 1, 3.0)},
}


@dataclass(frozen=True, slots=True)
class Network:
    """A provider: `blocks` are /16s as (first, second) octet; `v6` is the first two groups of its /32."""

    name: str
    asn: int
    country: str
    share: float
    blocks: tuple[tuple[int, int], ...]
    v6: str


def _public_blocks() -> Iterator[tuple[int, int]]:
    """All /16s of public space in a scrambled order; none of the reserved, private, shared or documentation ones."""
    firsts = [n for n in range(1, 224) if n not in {10, 100, 127, 169, 172, 192, 198, 203}]
    everything = [(first, second) for first in firsts for second in range(256)]
    yield from sorted(everything, key=lambda block: hashlib.sha256(f"{block}".encode()).digest())


_free = _public_blocks()
Shares = dict[Network, float]


def _made(table: dict[str, tuple[int, int, float]], country: str) -> Shares:
    networks: Shares = {}
    for name, (asn, count, share) in table.items():
        blocks = tuple(next(_free) for _ in range(count))
        networks[Network(name, asn, country, share, blocks, f"{0x2400 + asn % 11:x}:{asn % 65000:x}")] = share
    return networks


def _made_abroad(table: dict[str, dict[str, tuple[int, int, float]]]) -> dict[str, Shares]:
    return {country: _made(rows, country) for country, rows in table.items()}


MOBILE = _made(_MOBILE_JP, "JP")
HOME = _made(_HOME_JP, "JP")
OFFICE = _made(_OFFICE_JP, "JP")
HOSTING_HERE = _made(_HOSTING_JP, "JP")
VPN_HERE = _made(_VPN_JP, "JP")
RELAY = _made(_RELAY_JP, "JP")
CAFE = _made(_CAFE_JP, "JP")
PEOPLE_ABROAD = _made_abroad(_PEOPLE)
HOSTING_ABROAD = _made_abroad(_HOSTING)
VPN_ABROAD = _made_abroad(_VPN)


def _wrongly_placed(country: str, shares: Shares) -> dict[tuple[int, int], str]:
    """Blocks that lookup tables place in a wrong country: leased space moves faster than the tables."""
    wrong = {}
    for network in shares:
        for block in network.blocks:
            mark = hashlib.sha256(f"geo {block}".encode()).digest()[0]
            if mark < 18:
                wrong[block] = ("US", "GB", "HK")[mark % 3] if country == "JP" else ("JP", "US", "NL")[mark % 3]
    return wrong


MISPLACED: dict[tuple[int, int], str] = {}
for _country, _shares in [("JP", HOSTING_HERE), ("JP", VPN_HERE), *HOSTING_ABROAD.items(), *VPN_ABROAD.items()]:
    MISPLACED |= _wrongly_placed(_country, _shares)
