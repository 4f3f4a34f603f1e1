"""Which addresses do the From, Reply-To and other fields name, by every reading that a mail program may make?

A field is read by the grammar of RFC 5322 and, beside it, as the careless do: after decoding, up to a NUL, whatever
stands between < and >, every word with an @. Where all readings agree there is one sender. Where they do not, all of
them are returned and the sender is ambiguous, which no proof can mend: the proof may be of another reading.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from takeback.core.authenticity.facts import Address, Whose
from takeback.mail.authenticity import charsets, headers, hosts
from takeback.mail.authenticity.message import Message

ADDRESSES = 200  # of one kind of field; genuine mails to more people exist, and nothing is decided by the rest
VALUE_BYTES = 20_000  # of one field
ADDRESS_CHARS = 320
NAME_CHARS = 500

WhoseOf = Callable[[str], Whose]
ClaimsIn = Callable[[str], str]

_NOT_ATOM = (
    r"\s\"<>()\[\]:;,@\\\x00-\x1f（）「」『』【】〔〕［］＜＞〈〉《》、，"  # and what Japanese puts round an address
)
_DOMAIN = rf"(?:[^{_NOT_ATOM}]{{1,255}}+|\[[0-9a-zA-Z.:]{{1,64}}\])"
_TOKEN = re.compile(rf"(?:\"([^\"@<>]{{0,64}})\"|[^{_NOT_ATOM}]{{1,64}}+)@{_DOMAIN}")
_ADDRESS = re.compile(rf"[^{_NOT_ATOM}]{{1,64}}@{_DOMAIN}\Z")
_DOMAIN_ALONE = re.compile(rf"{_DOMAIN}\Z")
_QUOTED = re.compile(rf"\"[^\"\\@<>()\[\]:;,=\x00-\x1f]{{1,64}}\"@{_DOMAIN}\Z")  # legal, and no two readings
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_OUTSIDE = re.compile(r'[<>():;,@\\"]')
_SIMPLE = re.compile(  # "Name" <address> or Name <address>, with nothing in it that could be taken differently
    rf"(?:\"([^\"\\@=]{{0,200}}+)\"|([^{_NOT_ATOM[2:]}=]{{0,200}}+))[ \t]*+"
    rf"<([^{_NOT_ATOM}=]{{1,64}}@[a-zA-Z0-9.-]{{1,255}})>\Z"
)
_HIDDEN_FROM = re.compile(rb"[\r\x00][ \t]*from[ \t]*:([^\r\n\x00]{0,1000})", re.IGNORECASE)
_AS_DOMAIN = str.maketrans({"\uff20": "@", "\ufe6b": "@"})


class Named(NamedTuple):
    """An address as one reading gives it, with the name beside it."""

    name: str
    address: str


class Reading(NamedTuple):
    """What one field value says."""

    named: tuple[Named, ...]
    ambiguous: bool


def senders(message: Message, whose: WhoseOf, claims: ClaimsIn) -> tuple[tuple[Address, ...], bool]:
    """Every address of every From, by every reading, and whether readers may disagree which one it is.

    No From at all gives no address and True: there is no way to read it.
    """
    readings = [read_field(value) for value in message.values("from")]
    named = [one for reading in readings for one in reading.named]
    hidden = [] if "bare_cr" not in message.defects and "nul" not in message.defects else _hidden(message)
    named += hidden
    different = {one.address.lower() for one in named}
    ambiguous = len(different) != 1 or bool(hidden) or any(reading.ambiguous for reading in readings)
    return _addresses(named, whose, claims), ambiguous


def addresses_of(message: Message, field: str, whose: WhoseOf, claims: ClaimsIn) -> tuple[Address, ...]:
    """Every address of every field of this name (reply-to, sender), by every reading."""
    return _addresses((one for value in message.values(field) for one in read_field(value).named), whose, claims)


def addresses_in(lines: Iterable[str], whose: WhoseOf, claims: ClaimsIn) -> tuple[Address, ...]:
    """Every address of lines that somebody copied ("例のお店 <info@shop.example>")."""
    values = (line.encode("utf-8", "replace") for line in lines)
    return _addresses((one for value in values for one in read_field(value).named), whose, claims)


def recipients(message: Message) -> tuple[str, ...]:
    """The addresses to which the mail says that it goes or went."""
    found: dict[str, None] = {}
    for field in ("to", "cc", "delivered-to", "x-original-to", "envelope-to"):
        for value in message.values(field):
            for one in read_field(value).named:
                found.setdefault(one.address[:ADDRESS_CHARS])
                if len(found) >= ADDRESSES:
                    return tuple(found)
    return tuple(found)


def domain_of(address: str) -> str:
    """The domain of an address, as A-labels; "" where it has none."""
    domain = address.rpartition("@")[2].strip()
    if domain.startswith("[") and domain.endswith("]"):
        inside = domain[1:-1].lower().removeprefix("ipv6:")
        domain = f"[{inside}]" if ":" in inside else inside
    return hosts.normal(domain)


def _addresses(named: Iterable[Named], whose: WhoseOf, claims: ClaimsIn) -> tuple[Address, ...]:
    found: dict[tuple[str, str], Address] = {}
    for one in named:
        name, address = _CONTROL.sub("", one.name)[:NAME_CHARS], _CONTROL.sub("", one.address)[:ADDRESS_CHARS]
        key = (name, address.lower())
        if key not in found and len(found) < ADDRESSES:
            found[key] = Address(address, whose(domain_of(address)), name, claims(name) if name else "")
    return tuple(found.values())


def _hidden(message: Message) -> list[Named]:
    """From fields behind a bare CR or a NUL inside another field, where some readers begin a new line."""
    return [
        one
        for _, value in message.fields
        if b"\r" in value or b"\0" in value
        for hidden in _HIDDEN_FROM.findall(value)
        for one in read_field(hidden).named
    ]


def read_field(value: bytes) -> Reading:
    """All addresses of one field value."""
    line = headers.unfold(value[:VALUE_BYTES])
    raw = charsets.guess(line)
    if _CONTROL.search(raw):
        readings = [raw, _CONTROL.sub("", raw), *_CONTROL.split(raw)]
        return Reading(_together(one for text in readings[:20] for one in _by_grammar(text).named), True)
    simple = _SIMPLE.match(raw)
    if simple and len(value) <= VALUE_BYTES:
        name = (simple[1] or simple[2] or "").strip()
        return Reading((Named(name, simple[3]),), False)
    reading = _by_grammar(raw)
    careless = _careless(raw, reading)
    if careless:
        return Reading(_together((*reading.named, *careless)), True)
    return reading._replace(ambiguous=reading.ambiguous or len(value) > VALUE_BYTES)


def _together(named: Iterable[Named]) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for one in named:
        kept = found.setdefault(one.address.lower(), one)
        if not kept.name and one.name:
            found[one.address.lower()] = one
        if len(found) >= ADDRESSES:
            break
    return tuple(found.values())


def _careless(raw: str, reading: Reading) -> list[Named]:
    """What those find who decode first and parse afterwards: an address inside an encoded word."""
    if "=?" not in raw:
        return []
    decoded = headers.decode_words(raw.encode("utf-8", "replace")).translate(_AS_DOMAIN)
    known = {one.address.lower() for one in reading.named}
    more = [Named("", _CONTROL.sub("", token[0])) for token in _TOKEN.finditer(_CONTROL.sub(" ", decoded))]
    return [one for one in more if one.address.lower() not in known and "." in domain_of(one.address)]


class _Scan:
    """One pass over a field value, piece by piece, as RFC 5322 has it (and its obsolete forms)."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.ambiguous = False
        self.phrase: list[str] = []  # the words since the last comma
        self.comments: list[str] = []
        self.found: list[Named] = []
        self.angled = False  # an address in < > stood since the last comma

    def read(self) -> Reading:
        line, at, size = self.line, 0, len(self.line)
        while at < size and len(self.found) < ADDRESSES:
            sign = line[at]
            if sign == '"':
                at = self._quoted(at)
            elif sign == "(":
                at = self._comment(at)
            elif sign == "<":
                at = self._angle(at)
            elif sign in ",;":
                self.ambiguous = self.ambiguous or sign == ";"
                self._end()
                at += 1
            elif sign in ":>)\\":
                self.ambiguous = True  # a group, or a bracket that closes nothing
                self.phrase.append(" ")
                at += 1
            else:
                at = self._words(at)
        self._end()
        return Reading(_together(self.found), self.ambiguous or at < size)

    def _words(self, at: int) -> int:
        """Everything up to the next sign that means something; an @ belongs to the words."""
        end = at
        while (sign := _OUTSIDE.search(self.line, end)) and sign[0] == "@":
            end = sign.end()
        stop = sign.start() if sign else len(self.line)
        self.phrase.append(self.line[at:stop])
        return stop

    def _quoted(self, at: int) -> int:
        inside, end, closed = _until(self.line, at + 1, '"')
        self.ambiguous = self.ambiguous or not closed
        if self.line[end : end + 1] == "@" or (self.phrase and self.phrase[-1].endswith("@")):
            return self._quoted_local(inside, end)
        self.phrase.append(inside.replace("@", "\ue000"))  # a quoted @ is part of a name
        return end

    def _quoted_local(self, inside: str, end: int) -> int:
        """`"info@shop.example"@evil.top`: legal, and read in two ways."""
        domain = re.match(r"@[^\s,;<>()\"]{0,255}", self.line[end:])
        stop = end + (domain.end() if domain else 0)
        domain_at = self.line[end:stop]
        self.found.append(Named("", f"{inside}{domain_at}"[:ADDRESS_CHARS]))
        self.found += [Named("", token[0]) for token in _TOKEN.finditer(inside)]
        self.ambiguous = self.ambiguous or bool(_OUTSIDE.search(inside)) or not _DOMAIN_ALONE.match(domain_at[1:])
        self.angled = True
        return stop

    def _comment(self, at: int) -> int:
        inside, end, closed = _until(self.line, at + 1, ")", nests="(")
        tokens = [token[0] for token in _TOKEN.finditer(inside)]
        glued = bool(self.phrase and "@" in self.phrase[-1] and not self.phrase[-1].endswith((" ", "\t")))
        self.ambiguous = self.ambiguous or not closed or glued
        self.comments.append(inside)
        self.phrase.append(" ")
        if tokens:
            mine = {one.address.lower() for one in self.found} | {t[0].lower() for t in _TOKEN.finditer(self.line[:at])}
            others = [token for token in tokens if token.lower() not in mine]
            self.found += [Named("", token) for token in others]
            self.ambiguous = self.ambiguous or bool(others)
        return end

    def _angle(self, at: int) -> int:
        inside, end, closed = _until(self.line, at + 1, ">")
        name = headers.decode_words("".join(self.phrase).replace("\ue000", "@").encode("utf-8", "replace")).strip()
        loose = [token[0] for token in _TOKEN.finditer("".join(self.phrase))]
        address = inside.strip()
        self.ambiguous = self.ambiguous or not closed or self.angled
        self.ambiguous = self.ambiguous or any(token.lower() != address.lower() for token in loose)
        self.found += [Named("", token) for token in loose]
        self.phrase.clear()
        self.angled = True
        if (_ADDRESS.match(address) and "=?" not in address) or _QUOTED.match(address):
            self.found.append(Named(name, address.replace('"', "")))
            return end
        if address:
            self.ambiguous = True
            self.found += _odd(name, address)
        return end

    def _end(self) -> None:
        """A comma or the end of the field: what stands here without < >?"""
        words = "".join(self.phrase).strip()
        self.phrase.clear()
        name = headers.decode_words(" ".join(self.comments).encode("utf-8", "replace")) if self.comments else ""
        self.comments.clear()
        angled, self.angled = self.angled, False
        if not words:
            return
        if "@" not in words:
            self.ambiguous = self.ambiguous or angled
            return
        if _ADDRESS.match(words) and not angled and "=?" not in words:
            self.found.append(Named(name, words))
            return
        self.ambiguous = True
        self.found += _odd(name, words)


def _by_grammar(line: str) -> Reading:
    reading = _Scan(line.strip()).read()
    if reading.ambiguous or not reading.named:
        everything = (Named("", token[0]) for token in _TOKEN.finditer(line))
        return Reading(_together((*reading.named, *everything)), True)
    return reading


def _odd(name: str, spelled: str) -> list[Named]:
    """What stands where an address belongs but is none: a route, two @, an encoded word, spaces inside."""
    found = [Named(name, token[0]) for token in _TOKEN.finditer(spelled)]
    decoded = headers.decode_words(spelled.encode("utf-8", "replace")) if "=?" in spelled else ""
    found += [Named(name, _CONTROL.sub("", token[0])) for token in _TOKEN.finditer(decoded)]
    domains = {one.address.rpartition("@")[2] for one in found}
    pieces = re.split(r"[@:,\s<>()\"]+", spelled[:ADDRESS_CHARS])
    found += [Named(name, f"@{piece}") for piece in pieces[1:] if "." in piece and piece not in domains]
    first, at, domain = "".join(spelled.split()).rpartition("@")
    if at and first and domain and (not found or spelled.count("@") > 1):
        found.append(Named(name, f"{first}@{domain}"[:ADDRESS_CHARS]))
    return found


def _until(line: str, at: int, closing: str, nests: str = "") -> tuple[str, int, bool]:
    """What stands up to the closing sign, with its escapes undone: the text, where it ends, and whether it closed."""
    spelled: list[str] = []
    depth, size = 0, len(line)
    while at < size:
        sign = line[at]
        if sign == "\\" and at + 1 < size and closing != ">":
            spelled.append(line[at + 1])
            at += 2
            continue
        if sign == closing:
            if not depth:
                return "".join(spelled), at + 1, True
            depth -= 1
        elif sign == nests:
            depth += 1
        spelled.append(sign)
        at += 1
    return "".join(spelled), size, False
