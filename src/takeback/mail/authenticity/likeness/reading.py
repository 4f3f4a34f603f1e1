"""What is written in a domain name, for machines and for people? Any string at all comes out as something."""

import unicodedata
from typing import NamedTuple

from takeback.mail.authenticity.likeness.letters import visible

LONGEST = 255  # octets of a name in the DNS (RFC 1035); more is no domain
FULL_STOPS = str.maketrans("。．｡", "...")  # what IDNA takes for a dot (RFC 3490, section 3.1)


class Reading(NamedTuple):
    """One domain name."""

    machine: str  # lower-case A-labels without the final dot
    shown: str  # lower-case U-labels, as a person sees it; the same as `machine` for a plain name
    plain: bool  # written in ASCII or in the very characters that its A-labels stand for


def read_domain(domain: str) -> Reading:
    """Read a name of at most `LONGEST` characters."""
    written = domain.strip().lower()
    if written.isascii() and "xn--" not in written:
        name = written.removesuffix(".")
        return Reading(name, visible(name), True)
    dotted = written.translate(FULL_STOPS).removesuffix(".")
    machine = ".".join(map(to_ascii, dotted.split(".")))
    shown = ".".join(map(to_unicode, dotted.split(".")))
    return Reading(machine, visible(shown), dotted == written.removesuffix("."))


def to_ascii(label: str) -> str:
    """The A-label. Nothing is mapped first, so a full-width letter never becomes the name that it imitates.

    The codec is the same Punycode (RFC 3492) as in the package idna, whose checks only refuse labels: what a registry
    would not register must be judged here all the same.
    """
    if label.isascii():
        return label
    try:
        return "xn--" + unicodedata.normalize("NFC", label).encode("punycode").decode("ascii")
    except (UnicodeError, ValueError, OverflowError):
        return "".join(each if each.isascii() else "?" for each in label)


def to_unicode(label: str) -> str:
    """The U-label of an A-label; any other label, and one that cannot be decoded, as it is."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").lower() or label
    except (UnicodeError, ValueError, OverflowError):
        return label
