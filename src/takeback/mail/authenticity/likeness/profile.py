"""What of the shop can be imitated? Each of its domains and names, worked out once in every form to compare."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from takeback.core.authenticity.shop import Shop
from takeback.core.errors import InputError
from takeback.mail.authenticity.likeness.letters import loosened, paired, shape, undigited
from takeback.mail.authenticity.likeness.reading import LONGEST, read_domain, to_unicode
from takeback.mail.authenticity.likeness.suffixes import registrable
from takeback.mail.authenticity.likeness.typing_errors import allowed
from takeback.mail.authenticity.likeness.vocabulary import EVERYDAY, HOSTS

SHORTEST_LATIN = 5  # letters of a name made of Latin letters that stands for itself in other domains
SHORTEST_OTHER = 2  # 楽天


class Brand(NamedTuple):
    """One name to imitate: the label that carries a domain, or a name of the shop without its spaces."""

    like: str  # what a likeness is reported as: the shop's domain, or the name
    label: str  # as written, in U-labels
    shape: str
    undigited: str
    paired: str
    loosened: str
    joined: str  # undigited, without hyphens
    careful: bool  # short or everyday: needs a pressing word beside it
    points: int  # how far a typing error may lead away from it
    owner: str = ""  # the registrable domain, "" for a name
    whole: str = ""  # the shop's whole domain, undigited; "" for a name
    main: bool = True  # False for a label below the registrable domain: "shop" of shop.mall.example
    latin: bool = True
    joined_paired: str = ""
    half: str = ""  # the first part of a hyphenated name, where it says enough by itself; undigited
    run: str = ""  # the whole domain with hyphens for dots
    flat: str = ""  # the whole domain without dots
    letters: frozenset[str] = frozenset()  # of the coarsest form, which any likeness must mostly have


class Profile(NamedTuple):
    """All that likeness asks of a shop."""

    domains: frozenset[str]
    below: tuple[str, ...]  # ".shop.example"
    owners: frozenset[str]
    brands: tuple[Brand, ...]


@lru_cache(maxsize=64)
def profile_of(shop: Shop) -> Profile:
    """Work the shop out. A domain that is a public suffix counts for nothing: everybody is under it."""
    owned = {domain: owner for domain in shop.domains if (owner := registrable(domain))}
    brands: dict[tuple[str, str], Brand] = {}
    for domain, owner in owned.items():
        main = owner.partition(".")[0]
        below = domain.removesuffix(owner).split(".")[:-1]
        for label in (main, *(label for label in below if label not in HOSTS)):
            made = brand(to_unicode(label), like=domain, owner=owner, whole=domain, main=label is main)
            brands.setdefault((made.shape, domain), made)
    known = {made.shape for made in brands.values()}
    for name in shop.names:
        made = brand("".join(name.split()), like=name)
        enough = SHORTEST_LATIN if made.latin else SHORTEST_OTHER
        if len(made.shape) >= enough and made.shape not in known:
            brands.setdefault((made.shape, ""), made)
    return Profile(
        domains=frozenset(owned),
        below=tuple(f".{domain}" for domain in owned),
        owners=frozenset(owned.values()),
        brands=tuple(brands.values()),
    )


def brand(label: str, *, like: str, owner: str = "", whole: str = "", main: bool = True) -> Brand:
    """Every form of one name."""
    domain = undigited(shape(".".join(map(to_unicode, whole.split(".")))))
    shaped = shape(label)
    plain = undigited(shaped)
    length = len(shaped.replace("-", ""))
    latin = shaped.isascii()
    half = shaped.partition("-")[0]
    return Brand(
        like=like,
        label=label,
        shape=shaped,
        undigited=plain,
        paired=paired(plain),
        loosened=loosened(paired(plain)),
        joined=plain.replace("-", ""),
        careful=latin and (length < SHORTEST_LATIN or shaped in EVERYDAY),
        points=allowed(length) if latin else 0,
        owner=owner,
        whole=domain,
        main=main,
        latin=latin,
        joined_paired=paired(plain.replace("-", "")),
        half=undigited(half) if half != shaped and len(half) >= SHORTEST_LATIN and half not in EVERYDAY else "",
        run=domain.replace(".", "-"),
        flat=domain.replace(".", ""),
        letters=frozenset(loosened(paired(plain)).replace("-", "")),
    )


def make_shop(
    domains: Iterable[str], names: Iterable[str] = (), receivers: Iterable[str] = (), sealers: Iterable[str] = ()
) -> Shop:
    """Build a `Shop` from what a person typed.

    Raises `InputError` for a domain that is empty, too long, no name at all, or a public suffix such as `co.jp`.
    """
    return Shop(
        domains=tuple(dict.fromkeys(_own(domain) for domain in domains)),
        names=tuple(dict.fromkeys(name.strip() for name in names if name.strip())),
        receivers=tuple(dict.fromkeys(_host(one, "receivers") for one in receivers)),
        sealers=tuple(dict.fromkeys(_host(one, "sealers") for one in sealers)),
    )


def _own(domain: str) -> str:
    name = _host(domain, "shop domains")
    if not registrable(name):
        raise InputError(
            f'"{name}" is a public suffix, under which anybody can have a name: give the domain of the shop itself',
            field="shop domains",
        )
    return name


def _host(domain: str, field: str) -> str:
    reading = read_domain(domain[: LONGEST + 1])
    name = reading.machine
    labels = name.split(".")
    fits = all(0 < len(one) <= 63 and not set(one) - _HOST_LETTERS for one in labels)
    if not fits or len(name) > LONGEST or labels[-1].isdigit():
        raise InputError(f'"{reading.shown[:80]}" is not a domain name such as "shop.example"', field=field)
    return name


_HOST_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
