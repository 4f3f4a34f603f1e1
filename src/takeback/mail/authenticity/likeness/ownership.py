"""Whose is a domain: the shop's, made to be taken for the shop's, or somebody else's?"""

from functools import lru_cache

from takeback.core.authenticity.facts import Ours, Trick, Whose
from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.likeness.profile import Profile, profile_of
from takeback.mail.authenticity.likeness.reading import LONGEST, Reading, read_domain
from takeback.mail.authenticity.likeness.seen import look_at
from takeback.mail.authenticity.likeness.suffixes import registrable
from takeback.mail.authenticity.likeness.tricks import NEIGHBOUR_TESTS, TESTS
from takeback.mail.authenticity.likeness.vocabulary import CARRIERS

REMEMBERED = 8192  # answers kept: a mail names few domains, and the same ones come again


@lru_cache(maxsize=REMEMBERED)
def whose(domain: str, shop: Shop) -> Whose:
    """Whose is `domain`, in any spelling: capitals, A-labels, U-labels, a final dot?

    Never raises. A name longer than 255 characters is nobody's: `OTHER`, cut, with "…" at the end of `shown`. An
    address in numbers is `OTHER` too. What looks exactly like the shop's domain without being it (full-width letters,
    an invisible character) is a lookalike even where a browser would lead to the shop.
    """
    if len(domain) > LONGEST:
        cut = domain[:LONGEST]
        return Whose(cut, Ours.OTHER, shown=f"{read_domain(cut).shown[:LONGEST]}…")
    reading = read_domain(domain)
    profile = profile_of(shop)
    name = reading.machine
    shown = reading.shown if reading.shown != name else ""
    if reading.plain and (name in profile.domains or name.endswith(profile.below)) and _whole(name):
        return Whose(name, Ours.SHOP, shown=shown)
    like, trick = _likeness(reading, profile)
    return Whose(name, Ours.LOOKALIKE if trick else Ours.OTHER, like=like, trick=trick, shown=shown)


def _whole(name: str) -> bool:
    return ".." not in name and name[0] != "."


def _likeness(reading: Reading, profile: Profile) -> tuple[str, Trick | None]:
    """What the domain resembles and how; "" and None where it resembles nothing of the shop's."""
    name = reading.machine
    owner = registrable(name)
    if name.rpartition(".")[2].isdigit() or ":" in name or owner in CARRIERS:
        return "", None
    seen = look_at(reading, owner)
    best = len(TESTS)
    found: tuple[str, Trick | None] = "", None
    for brand in profile.brands:
        if len(brand.letters - seen.letters) > brand.points:
            continue  # too many of its letters are not there at all
        neighbours = seen.plain and owner == brand.owner
        for rank, test in enumerate(NEIGHBOUR_TESTS if neighbours else TESTS[:best]):
            if trick := test(seen, brand):
                best, found = rank, (brand.like, trick)
                break
        if not best:
            break
    return found
