"""Does a text that people read (a display name, a subject, a mail's words) show the shop's name, domain or address?"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.likeness.letters import loosened, paired, shape, undigited
from takeback.mail.authenticity.likeness.profile import profile_of
from takeback.mail.authenticity.likeness.reading import to_unicode
from takeback.mail.authenticity.likeness.vocabulary import EVERYDAY, HOSTS

HEAD = 4_000  # characters read from the beginning of a long text, where a sender names itself,
TAIL = 1_000  # and from its end, where the signature stands
REMEMBERED = 2048  # answers kept, for short texts only
SHORT = 256
LONGEST_LOCAL = 64  # octets before the @ (RFC 5321, section 4.5.3.1.1)
LONGEST_SPACED = 512  # a trick of names and subjects
SHORTEST_FREE = 5  # letters of a domain's label that is taken for a name though the shop names no such name
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-")
_GAPS = "-_.,:;!?()[]{}<>\"'&+*/\\|~#・「」『』【】〔〕（）　"

_GAP_TABLE = str.maketrans(dict.fromkeys(_GAPS, " "))


class _Name(NamedTuple):
    """One name in the forms that a text is searched for."""

    said: str  # what is answered
    words: str  # `shape`, words a space apart
    undigited: str
    paired: str
    loosened: str
    joined: str  # `shape` without any gap
    cased: str  # as the shop writes it, for a short name: "LINE" is not the "line" of a page
    latin: bool
    bounded: bool  # a short katakana name: not inside a longer katakana word
    digits: bool  # consists of letters that digits may stand for, so that a number could read as the name


def claims(text: str, shop: Shop) -> str:
    """The shop's name, domain or address that `text` shows, "" where it shows none.

    A domain is answered as the shop's, an address as `local@domain`, a name as the shop writes it. Sees through
    homoglyphs, full width, invisible characters, letters set apart and look-alike pairs (rn for m). Of a text over
    `HEAD + TAIL` characters it reads the beginning and the end. Never raises.
    """
    return _remembered(text, shop) if len(text) <= SHORT else _claims(text, shop)


@lru_cache(maxsize=REMEMBERED)
def _remembered(text: str, shop: Shop) -> str:
    return _claims(text, shop)


def _claims(text: str, shop: Shop) -> str:
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]} {text[-TAIL:]}"
    shaped = shape(text)
    return _domain(shaped, shop) or _named(text, shaped, shop)


def _domain(shaped: str, shop: Shop) -> str:
    """The shop's domain, with what stands before an @."""
    plain: str | None = None
    for domain, looks, looks_plain in _wanted_domains(shop):
        found = _host_at(shaped, looks)
        if found < 0:
            plain = undigited(shaped) if plain is None else plain
            if (found := _host_at(plain, looks_plain)) < 0:
                continue
        if found and shaped[found - 1] == "@":
            start = found - 1
            while start and found - start <= LONGEST_LOCAL and shaped[start - 1] in _LOCAL:
                start -= 1
            return f"{shaped[start : found - 1]}@{domain}".lstrip("@")
        return domain
    return ""


def _host_at(text: str, domain: str) -> int:
    """Where the domain stands as a host or the end of one; a longer word around it is another domain."""
    at = text.find(domain)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(domain) : at + len(domain) + 1]
        if not _word(before) and before != "-" and not _word(after) and after != "-":
            return at
        at = text.find(domain, at + 1)
    return -1


def _named(text: str, shaped: str, shop: Shop) -> str:
    names = _wanted_names(shop)
    if not names:
        return ""
    words = _gapless(shaped)
    spaced = f" {_together(words)} "
    plain = undigited(spaced)
    pairs = paired(plain)
    loose = loosened(pairs)
    packed = words.replace(" ", "")
    for name in names:
        if not name.latin:
            if _inside(packed, name):
                return name.said
        elif name.cased:
            if _cased(text, name.cased):
                return name.said
        elif _apart(spaced, name.words) or (
            not name.digits
            and (_apart(plain, name.undigited) or _apart(pairs, name.paired) or _apart(loose, name.loosened))
        ):
            return name.said
    return ""


def _gapless(text: str) -> str:
    """Words a single space apart; marks between words are no more than a space."""
    if text.isascii():
        return " ".join(text.translate(_GAP_TABLE).split())
    for mark in _GAPS:
        if mark in text:
            text = text.replace(mark, " ")
    return " ".join(text.split())


def _apart(text: str, name: str) -> bool:
    """The name stands in the text as a word of its own."""
    at = text.find(name)
    while at >= 0:
        if not _word(text[at - 1 : at]) and not _word(text[at + len(name) : at + len(name) + 1]):
            return True
        at = text.find(name, at + 1)
    return False


def _inside(packed: str, name: _Name) -> bool:
    """Japanese has no spaces: the name anywhere, a short katakana one not within a longer katakana word."""
    at = packed.find(name.joined)
    while at >= 0:
        around = packed[max(0, at - 1) : at] + packed[at + len(name.joined) : at + len(name.joined) + 1]
        if not name.bounded or not any(map(_katakana, around)):
            return True
        at = packed.find(name.joined, at + 1)
    return False


def _cased(text: str, name: str) -> bool:
    """A short Latin name as the shop writes it, its capitals included; other scripts' letters stand for either."""
    wide = unicodedata.normalize("NFKC", text)
    spaced = f" {_gapless(wide)} "
    if _apart(spaced, name):
        return True
    if spaced.isascii() and not any(each.isdigit() for each in spaced):
        return False
    # Letter by letter: a capital of another script stands for either case, an ASCII letter only for itself.
    return any(
        len(word) == len(name) and any(each.isupper() for each in word) and all(map(_stands_for, word, name))
        for word in spaced.split()
    )


def _stands_for(seen: str, wanted: str) -> bool:
    if seen == wanted or (seen.isascii() and seen.isalpha()):
        return seen == wanted
    looks, low = undigited(shape(seen)), wanted.lower()
    return looks in {low, undigited(low)} or (looks == "l" and low == "i")


def _together(text: str) -> str:
    """Letters set apart, "A m a z o n", as the word that they make; from four letters on."""
    words = text.split(" ") if len(text) <= LONGEST_SPACED else []
    if sum(len(word) == 1 for word in words) < 4:
        return text
    made: list[str] = []
    run: list[str] = []
    for word in (*words, ""):
        if len(word) == 1 and word.isascii():
            run.append(word)
            continue
        made.extend(["".join(run)] if len(run) >= 4 else run)
        run = []
        made.append(word)
    return " ".join(made).strip()


def _word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fa" or character == "-"


@lru_cache(maxsize=64)
def _wanted_domains(shop: Shop) -> tuple[tuple[str, str, str], ...]:
    looks = {domain: shape(".".join(map(to_unicode, domain.split(".")))) for domain in profile_of(shop).domains}
    return tuple((domain, looks[domain], undigited(looks[domain])) for domain in sorted(looks, key=len, reverse=True))


@lru_cache(maxsize=64)
def _wanted_names(shop: Shop) -> tuple[_Name, ...]:
    """The shop's names, longest first, then the labels of its domains that can only mean the shop."""
    names = sorted((name for name in shop.names if name.strip()), key=len, reverse=True)
    wanted = [made for name in names if (made := _name(name)).joined]
    for brand in profile_of(shop).brands:
        free = brand.owner and not brand.careful and brand.shape not in HOSTS | EVERYDAY
        if free and all(each.joined != brand.shape.replace("-", "") for each in wanted):
            wanted.append(_name(brand.label.replace("-", " ")))
    return tuple(wanted)


def _name(said: str) -> _Name:
    words = _gapless(shape(said))
    plain = undigited(words)
    joined = words.replace(" ", "")
    latin = words.isascii()
    return _Name(
        said=said,
        words=words,
        undigited=plain,
        paired=paired(plain),
        loosened=loosened(paired(plain)),
        joined=joined,
        cased=said.strip() if latin and len(joined) < SHORTEST_FREE else "",
        latin=latin,
        bounded=not latin and len(joined) <= 3 and all(map(_katakana, joined)),
        digits=not set(plain) - set("oleasi "),
    )
