"""In which way does a domain resemble one name? One test for each trick, the plainest explanation first."""

from collections.abc import Callable

from takeback.core.authenticity.facts import Trick
from takeback.mail.authenticity.likeness.letters import paired
from takeback.mail.authenticity.likeness.profile import Brand
from takeback.mail.authenticity.likeness.seen import Label, Seen
from takeback.mail.authenticity.likeness.typing_errors import SLIP, slips
from takeback.mail.authenticity.likeness.vocabulary import HOSTS
from takeback.mail.authenticity.likeness.wording import adds_words, presses


def same_whole(seen: Seen, brand: Brand) -> Trick | None:
    """The whole domain looks like the shop's whole domain, сom for com included."""
    if not brand.whole or not (seen.whole == brand.whole or seen.whole.endswith(f".{brand.whole}")):
        return None
    return Trick.DIGIT if seen.digits and seen.org.shape != brand.shape else Trick.SAME_LOOK


def same_name(seen: Seen, brand: Brand) -> Trick | None:
    """The label before the suffix is the name, or looks like it."""
    return _same(seen.org, brand, Trick.OTHER_SUFFIX if seen.plain else Trick.SAME_LOOK)


def before_another(seen: Seen, brand: Brand) -> Trick | None:
    """shop.example.evil.top and shop-example.evil.top: the shop's whole domain stands before another's."""
    if not seen.subs or not brand.run:
        return None
    run = "-".join([label.undigited for label in seen.subs] + [seen.org.undigited])
    return Trick.SUBDOMAIN if f"-{brand.run}-" in f"-{run}-" else None


def split_by_dots(seen: Seen, brand: Brand) -> Trick | None:
    """ama.zon.co.jp, amazonco.jp: the shop's letters with the dots elsewhere."""
    if seen.subs and not brand.careful:
        joined = "".join([label.undigited for label in seen.subs] + [seen.org.undigited])
        if joined == brand.undigited or paired(joined) == brand.paired:
            return Trick.SUBDOMAIN
    return Trick.SUBDOMAIN if brand.flat and seen.whole.replace(".", "") == brand.flat else None


def inside(seen: Seen, brand: Brand) -> Trick | None:
    """shop.evil.top, and shop-login.evil.top."""
    if not seen.subs:
        return None
    if brand.shape not in HOSTS and any(_same(label, brand) for label in seen.subs):
        return Trick.NAME_INSIDE
    return Trick.ADDED_WORD if any(_with_words(label, brand) for label in seen.subs) else None


def hyphen(seen: Seen, brand: Brand) -> Trick | None:
    """sh-op.example, and shop-example.com or shopexample.com: the dot written as a hyphen, or left out."""
    name = seen.org.undigited
    joined = name.replace("-", "")
    if joined == brand.joined or paired(joined) == brand.joined_paired:
        return Trick.HYPHEN
    if brand.run and (joined == brand.run.replace("-", "") or f"-{brand.run}-" in f"-{name}-"):
        return Trick.HYPHEN
    return None


def added(seen: Seen, brand: Brand) -> Trick | None:
    """shop-security.example, loginshop.top; of a name in two parts (yodobashi-camera) the first may do."""
    if _with_words(seen.org, brand):
        return Trick.ADDED_WORD
    parts = seen.org.undigited.split("-")
    half = len(parts) > 1 and brand.half in parts and adds_words(seen.org.undigited, brand.half, careful=True)
    return Trick.ADDED_WORD if half else None


def mistyped(seen: Seen, brand: Brand) -> Trick | None:
    """A typing error away; or one of several parts is, and the others are words: amazom-security."""
    if not brand.points:
        return None
    org = seen.org
    if _near(org.shape, org.undigited, brand):
        return Trick.TYPO
    if (
        "-" in org.shape
        and brand.points > SLIP
        and _near(org.shape.replace("-", ""), org.undigited.replace("-", ""), brand)
    ):
        return Trick.TYPO
    for label in (org, *seen.subs):
        if "-" not in label.shape:
            continue
        parts = label.undigited.split("-")
        for part in parts:
            if _near(part, part, brand) and all(presses(other) for other in parts if other != part):
                return Trick.TYPO
    return None


def next_door(seen: Seen, brand: Brand) -> Trick | None:
    """Another host below the same owner, where the shop has only a part: shop-login.mall.example, sh0p.mall.example."""
    if brand.main and seen.plain:
        return None
    for label in seen.subs:
        if label.shape == brand.shape:
            continue
        if trick := _same(label, brand):
            return trick
        if _with_words(label, brand):
            return Trick.ADDED_WORD
    return None


Test = Callable[[Seen, Brand], Trick | None]
TESTS: tuple[Test, ...] = (same_whole, same_name, before_another, split_by_dots, inside, hyphen, added, mistyped)
NEIGHBOUR_TESTS: tuple[Test, ...] = (next_door,)


def _same(label: Label, brand: Brand, exactly: Trick = Trick.SAME_LOOK) -> Trick | None:
    """How a label reads as the name; None where it does not."""
    if label.loosened != brand.loosened:
        return None
    if label.shape == brand.shape:
        return exactly
    if label.undigited == brand.undigited:
        return Trick.DIGIT
    if label.paired == brand.paired:
        return Trick.LETTER_PAIR
    if brand.points:
        return Trick.SAME_LOOK if label.shape == label.undigited else Trick.DIGIT
    # A short name with i for l is another word (mail, mall); with 1 for i it is not.
    read = all(a == b or (a == "1" and b in "il") for a, b in zip(label.shape, brand.shape, strict=False))
    return Trick.DIGIT if read and len(label.shape) == len(brand.shape) else None


def _with_words(label: Label, brand: Brand) -> bool:
    if not brand.latin:
        return brand.shape in label.shape
    return (
        adds_words(label.shape, brand.shape, brand.careful)
        or (label.undigited != label.shape and adds_words(label.undigited, brand.undigited, brand.careful))
        or adds_words(label.paired, brand.paired, brand.careful, pairs=True)
    )


def _near(shaped: str, undigited: str, brand: Brand) -> bool:
    if shaped in HOSTS:
        return False  # "mail" is no misspelt gmail
    return slips(shaped, brand.shape, brand.points) is not None or (
        shaped != undigited and slips(undigited, brand.undigited, brand.points) is not None
    )
