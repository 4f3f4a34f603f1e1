"""Which host do these letters name, as a browser or mail program would take them?

Everything that two spellings of one host can differ in is taken away here: width, case, ideographic dots, soft hyphens,
percent signs, numbers in any base. Source of the rules: the URL standard of WHATWG ("host parsing") and UTS 46.
"""

import ipaddress
import re
import unicodedata
from functools import cache, lru_cache
from urllib.parse import unquote

import idna
from publicsuffixlist import PublicSuffixList

from takeback.mail.authenticity.likeness import suffixes

HOST_CHARS = 255
RESERVED = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "onion"})  # RFC 2606, 6761, 7686

_PLAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]++(?:\.[a-z0-9_-]++)*+\Z")
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f\ufeff"
)
_ANY_UNSEEN = re.compile(f"[{_UNSEEN}]")
_NUMBER = re.compile(r"0x[0-9a-f]*\Z|[0-9]+\Z")
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})


def without_unseen(text: str) -> str:
    """The text without the characters that nobody sees (soft hyphen, zero width, direction marks)."""
    if text.isascii() or not any(sign in text for sign in _UNSEEN):  # ten times as quick as to look with the pattern
        return text
    return _ANY_UNSEEN.sub("", text)


def is_number(host: str) -> bool:
    """Is this normal form of a host an address in numbers?"""
    return host.startswith("[") or (host[-1:].isdigit() and host.count(".") == 3 and host.replace(".", "").isdigit())


@lru_cache(maxsize=2048)
def normal(host: str) -> str:
    """The host as lower-case A-labels without a final dot, `1.2.3.4` or `[2001:db8::1]`; "" where it cannot be one."""
    if len(host) > HOST_CHARS:
        return ""
    lowered = host.lower().removesuffix(".")
    if _PLAIN.match(lowered) and "xn--" not in lowered:
        return lowered if not _ends_in_number(lowered) else _number(lowered)
    return _unusual(lowered)


def _unusual(host: str) -> str:
    if "%" in host:
        host = unquote(host, errors="replace")
    host = without_unseen(unicodedata.normalize("NFKC", host)).translate(_DOTS).lower().strip().strip(".")
    if host.startswith("["):
        return _six(host)
    if _PLAIN.match(host):
        return host if not _ends_in_number(host) else _number(host)
    try:
        named = idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, ValueError, IndexError):
        named = ".".join(_label(label) for label in host.split("."))
    return named if _PLAIN.match(named) else ""


def _ends_in_number(host: str) -> bool:
    """A host whose last label is a number is an address in numbers or nothing (URL standard, "ends in a number")."""
    return bool(_NUMBER.match(host.rpartition(".")[2]))


def _label(label: str) -> str:
    """A label that the registries would not take (emoji, mixed marks), which some of them took all the same."""
    if label.isascii():
        return label
    try:
        return "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return "?"


def _six(host: str) -> str:
    try:
        return f"[{ipaddress.IPv6Address(host[1:].partition(']')[0].partition('%')[0]).compressed}]"
    except ValueError:
        return ""


def _number(host: str) -> str:
    """`2130706433`, `0x7f.1`, `0177.0.0.01` as `127.0.0.1`; "" where no such address exists."""
    pieces = host.split(".")
    if len(pieces) > 4 or not all(_NUMBER.match(piece) for piece in pieces):
        return ""
    try:
        values = [_value(piece) for piece in pieces]
    except ValueError:
        return ""
    last = values.pop()
    if any(value > 255 for value in values) or last >= 256 ** (4 - len(values)):
        return ""
    whole = last + sum(value << (8 * (3 - place)) for place, value in enumerate(values))
    return str(ipaddress.IPv4Address(whole))


def _value(piece: str) -> int:
    if piece.startswith("0x"):
        return int(piece[2:] or "0", 16)
    return int(piece, 8) if piece.startswith("0") and len(piece) > 1 else int(piece)


@lru_cache(maxsize=2048)
def organisation(host: str) -> str:
    """The registered domain of a host in normal form: `shop.co.jp` of `www.shop.co.jp`; the host itself of a number."""
    if is_number(host):
        return host
    return suffixes.registrable(host) or host


@cache
def _known_suffixes() -> PublicSuffixList:
    """The list without its last rule, by which anything is a suffix. Read when first asked for."""
    return PublicSuffixList(accept_unknown=False)


@lru_cache(maxsize=2048)
def plausible(host: str) -> bool:
    """Could people register this? Tells `shop.top` from `Node.js` by a public suffix or reserved name at the end."""
    if "." not in host:
        return False
    last = host.rpartition(".")[2]
    return last in RESERVED or bool(_known_suffixes().publicsuffix(host))
