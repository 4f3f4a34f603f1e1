"""What does the DNS of the table say? The shop's two domains, a list, a mailbox, and whoever else a row needs.

`example-shop.jp` asks for unproved mail to be refused (p=reject); its brand `example-books.jp` publishes no policy.
"""

from collections.abc import Iterable
from functools import cache

SHOP, BRAND = "example-shop.jp", "example-books.jp"
FLOWER, KYOTO, BARE = (
    "sunflower-market.jp",
    "kyoto-shop.co.jp",
    "shop.example",
)  # other shops, for tricks that need them
OURS = (SHOP, BRAND, FLOWER, KYOTO, BARE)
RECEIVER, LIST, DESK = "mx.mailbox.example", "lists.example", "desk.example"
HELPFUL = (LIST, DESK, "mailbox.example", "forwarder.example", "parcel.example", "other-company.example")
SHOPS_MACHINE, STRANGERS_MACHINE = "203.0.113.5", "198.51.100.66"

Zone = dict[str, list[str]]


def records(domain: str, machines: str, policy: str = "v=DMARC1; p=reject") -> Zone:
    """All of one domain: it exists, has mail, keys, SPF and a DMARC policy ("" for none)."""
    from tests.mail.table.sealing import key_of

    keys = {selector: key_of(domain, selector).record for selector in ("s1", "s2", "ed", "weak")}
    keys["testing"] = keys["s1"].replace("v=DKIM1;", "v=DKIM1; t=y;")
    keys["revoked"] = "v=DKIM1; k=rsa; p="
    zone = {f"{selector}._domainkey.{domain} TXT": [record] for selector, record in keys.items()}
    zone |= {
        f"{domain} A": [machines.partition("/")[0]],
        f"{domain} MX": [f"10 mail.{domain}"],
        f"{domain} TXT": [f"v=spf1 ip4:{machines} -all"],
        f"mail.{domain} A": [machines.partition("/")[0]],
    }
    return zone | ({f"_dmarc.{domain} TXT": [policy]} if policy else {})


@cache
def _known() -> Zone:
    zone: Zone = {}
    for ours in OURS:
        zone |= records(ours, SHOPS_MACHINE, "" if ours == BRAND else "v=DMARC1; p=reject; adkim=r")
    for other in HELPFUL:
        zone |= records(other, "192.0.2.0/24")
    zone |= records(f"mail.{SHOP}", SHOPS_MACHINE, "")
    return zone


def zone(strangers: Iterable[str] = ()) -> Zone:
    """The known domains and those strangers' own, in perfect order: a forger's mail is signed too."""
    whole = dict(_known())
    for stranger in strangers:
        whole |= records(stranger, STRANGERS_MACHINE)
    return whole
