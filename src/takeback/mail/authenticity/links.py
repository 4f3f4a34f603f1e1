"""Where does the mail lead to, and does it say so?

Every address that a person can follow: links, areas, forms and their buttons, a page that forwards by itself, and what
mail programs make a link of in plain text. Pictures are not followed. Hidden links count, hidden text does not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from takeback.core.authenticity.facts import Link, LinkTrick, Ours, Whose
from takeback.mail.authenticity import hosts, pages, targets
from takeback.mail.authenticity.pages import READ_CHARS, SHOWN_CHARS, Found
from takeback.mail.authenticity.parts import Text

LINKS = 1_000  # different addresses that are looked at

WhoseOf = Callable[[str], Whose]

_READS = re.compile(
    r"(?:(?:https?|hxxps?|ftp):\s?[/\\]{1,3})?(?:[^\s/@:]{1,100}@)?"
    r"((?:[\w-]{1,63}+[.\u3002\uff61]){1,10}[^\W_][\w-]{1,62}+)\.?(?::\d{1,5})?(?:[/?#][^\s]*)?\Z",
    re.IGNORECASE,
)
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc", "-"))
_PLAIN = re.compile(r"https?://([a-z0-9.-]++)(?:[/?#][!-$&-\[\]-~]*+)?+\Z")  # no % and no backslash
_SCHEME_BEFORE = re.compile(r"(?:https?|hxxps?|ftp)\Z", re.IGNORECASE)
_GOES_ON = re.compile(r"[^\s<>\"'`「」『』（）()【】《》〈〉、，|\\^{}]{1,2000}+")
_ASCII_HOST = re.compile(r"[A-Za-z0-9._~%:@\[\]-]*+")
_ROUND = " \u3000<>[]()（）「」【】\"'.,。…»›→"  # what people put round an address
_TRAILING = ".,;:!?。．｡！？…*_-~'\u201d\u2019"


class Reading(NamedTuple):
    """What all texts lead to and show."""

    links: tuple[Link, ...]
    shown: str  # what the person reads, HTML and plain, one after the other
    cut: tuple[str, ...]


def read_links(texts: Iterable[Text], whose: WhoseOf) -> Reading:
    """All links of all texts, each host with the same tricks once, and the text that a person sees. Never raises."""
    collected = _Collected(whose)
    shown: list[str] = []
    whole = True
    budget = pages.Budget()
    for text in texts:
        if text.html:
            page = pages.read_page(text.content, budget)
            whole = whole and page.whole
            for found in page.found:
                collected.add(found, page.base)
            seen = page.shown
        else:
            seen = text.content[:SHOWN_CHARS]
        for address in in_text(seen if text.html else text.content):
            collected.add(Found(address))
        if text.shown:
            shown.append(seen)
    cut = ("links",) if collected.full or not whole else ()
    return Reading(tuple(collected.links.values()), "\n".join(shown)[:SHOWN_CHARS], cut)


class _Collected:
    """The links so far; each different address is looked at once."""

    def __init__(self, whose: WhoseOf) -> None:
        self.whose = whose
        self.seen: set[tuple[str, str, bool]] = set()
        self.links: dict[tuple[str, frozenset[LinkTrick], bool, str], Link] = {}
        self.plain: set[str] = set()  # hosts as spelled whose addresses have no trick in them
        self.full = False

    def add(self, found: Found, base: str = "") -> None:
        text = " ".join(found.text[:READ_CHARS].split()) if found.text else ""
        reads = reads_as(text) if "." in text or "。" in text or "．" in text or "｡" in text else ""
        plain = None if reads or found.asks else _PLAIN.match(found.address)
        if plain and plain[1] in self.plain and "http" not in found.address[8:]:
            return  # the same host again, with nothing that could make a difference
        key = (found.address, reads, found.asks)
        if key in self.seen:
            return
        if len(self.seen) >= LINKS:
            self.full = True
            return
        self.seen.add(key)
        target = targets.read_target(found.address, base)
        if plain and not target.tricks and not target.inner and not targets.may_send_on(target.host):
            self.plain.add(plain[1])
        self._target(target, reads, asks=found.asks)

    def _target(self, target: targets.Target, reads: str, *, asks: bool, depth: int = 0) -> None:
        if not target.host and not target.tricks:
            return
        whose = self.whose(target.host)
        tricks = target.tricks
        if reads and target.host and self._differs(reads, target.host, whose):
            tricks |= {LinkTrick.TEXT_DIFFERS}
        else:
            reads = ""
        self._keep(Link(target.host, whose, tricks, reads, asks))
        if target.other:
            self._keep(Link(target.other, self.whose(target.other), tricks, "", asks))
        if depth < targets.INNER:
            self._carried(target, whose, asks=asks, depth=depth)

    def _carried(self, target: targets.Target, whose: Whose, *, asks: bool, depth: int) -> None:
        """Addresses that a link carries. The shop counts its own clicks: there only what imitates it is of interest."""
        for address in target.inner:
            inner = targets.read_target(address)
            if not inner.host or hosts.organisation(inner.host) == hosts.organisation(target.host):
                continue
            ours = self.whose(inner.host).ours
            elsewhere = whose.ours is not Ours.SHOP and ours is not Ours.SHOP
            if elsewhere or ours is Ours.LOOKALIKE or LinkTrick.REDIRECTOR in target.tricks:
                self._target(inner, "", asks=asks, depth=depth + 1)

    def _differs(self, reads: str, host: str, whose: Whose) -> bool:
        if hosts.organisation(reads) == hosts.organisation(host):
            return False
        return not (whose.ours is Ours.SHOP and self.whose(reads).ours is Ours.SHOP)

    def _keep(self, link: Link) -> None:
        self.links.setdefault((link.host, link.tricks, link.asks, link.reads_as), link)


def reads_as(text: str) -> str:
    """The host that a text shows if it reads as an address (`shop.example`, `https://shop.example/login`), else ""."""
    clear = text
    if not text.isascii():
        clear = unicodedata.normalize("NFKC", hosts.without_unseen(text)).translate(_HYPHENS)
    clear = clear.strip(_ROUND)
    if len(clear) > READ_CHARS or not clear:
        return ""
    if "@" in clear and "/" not in clear and clear.count("@") == 1:
        host = hosts.normal(clear.rpartition("@")[2])
        return host if hosts.plausible(host) else ""
    found = _READS.match(clear)
    if not found:
        return ""
    host = hosts.normal(found[1])
    return host if host and (hosts.plausible(host) or hosts.is_number(host)) else ""


def in_text(text: str) -> list[str]:
    """The addresses that mail programs make a link of in plain text."""
    found: list[str] = []
    for mark in ("://", "www.", "WWW."):
        at = text.find(mark)
        while at != -1 and len(found) <= LINKS:
            address, at = _at(text, at, mark)
            if address:
                found.append(address)
            at = text.find(mark, at)
    return found


def _at(text: str, at: int, mark: str) -> tuple[str, int]:
    """The address at a mark, "" where there is none, and where to look on."""
    after = at + len(mark)
    if mark == "://":
        before = _SCHEME_BEFORE.search(text[max(0, at - 5) : at])
        if before is None:
            return "", after
        scheme = "ftp" if before[0].lower() == "ftp" else "http" + before[0].lower()[4:]
        begin = f"{scheme}://"
    elif at and (text[at - 1].isalnum() or text[at - 1] in "@./-_"):
        return "", after
    else:
        begin = f"http://{mark}"
    goes_on = _GOES_ON.match(text, after)
    if goes_on is None:
        return "", after
    address = begin + goes_on[0]
    address = address.rstrip(_TRAILING)
    return (address if address.isascii() else _ends_before_words(address)), goes_on.end()


def _ends_before_words(address: str) -> str:
    """Japanese goes on without a space behind an address: is `。` the dot of a host, or the end of a sentence?"""
    scheme, _, rest = address.partition("://")
    ascii_part = _ASCII_HOST.match(rest)
    end = ascii_part.end() if ascii_part else 0
    if rest[end : end + 1] in ("/", "?", "#"):
        return address
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if hosts.plausible(hosts.normal(host.rpartition("@")[2].partition(":")[0])):
        return address
    return f"{scheme}://{rest[:end].rstrip(_TRAILING)}" if end else address
