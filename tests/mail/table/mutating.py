"""What can somebody do to a genuine mail so that people see something else? One change at a time, drawn from a seed."""

import random
import re
from collections.abc import Callable

SIGNED_FIELDS = (b"from", b"to", b"subject", b"date", b"message-id")
ADDED = (  # not Cc and To: unsigned, they change nothing that a person relies on
    b"From: Example Shop <pay@evil.top>",
    b"from: pay@evil.top",
    b"Subject: Your card was declined",
    b"Reply-To: pay@evil.top",
    b"Sender: Example Shop <pay@evil.top>",
    b"Date: Wed, 21 May 2025 09:00:00 +0900",
    b"Content-Type: text/html",
    b"Content-Transfer-Encoding: base64",
)
UNDER = (
    b"Pay here: https://pay.evil.top/",
    b'<a href="https://pay.evil.top/">https://example-shop.jp/</a>',
    b"--=_alternative_1\r\nContent-Type: text/html\r\n\r\n<a href=https://evil.top>Pay</a>",
    b".",
)
VISIBLE = bytes(range(0x21, 0x7F))


def mutated(raw: bytes, chance: random.Random) -> tuple[str, bytes]:
    """What was done, in a word or two, and the mail that came of it."""
    end = b"\r\n" if b"\r\n" in raw else b"\n"
    name, do = chance.choice(CHANGES)
    return name, do(raw, end, chance)


def _body(raw: bytes, end: bytes) -> int:
    return raw.index(end + end) + 2 * len(end)


def _flip(raw: bytes, first: int, last: int, chance: random.Random) -> bytes:
    """One visible byte between two places becomes another: no canonical form forgives that."""
    places = [place for place in range(first, last) if raw[place] in VISIBLE]
    place = chance.choice(places)
    other = chance.choice([byte for byte in VISIBLE if byte != raw[place]])
    return raw[:place] + bytes([other]) + raw[place + 1 :]


def _flip_body(raw: bytes, end: bytes, chance: random.Random) -> bytes:
    start = _body(raw, end)
    if not raw[start:].strip():
        return _append(raw, end, chance)
    return _flip(raw, start, len(raw), chance)


def _fields(raw: bytes, end: bytes) -> list[tuple[int, int, int]]:
    """Of each signed field: where it begins, where its value begins, where it ends."""
    head = raw[: _body(raw, end)]
    found = re.finditer(rb"^([!-9;-~]+?)[ \t]*:((?:[^\n]*\n)(?:[ \t][^\n]*\n)*)", head, re.MULTILINE)
    return [(one.start(), one.start(2), one.end()) for one in found if one.group(1).lower() in SIGNED_FIELDS]


def _flip_field(raw: bytes, end: bytes, chance: random.Random) -> bytes:
    _, value, last = chance.choice(_fields(raw, end))
    return _flip(raw, value, last, chance)


def _drop_field(raw: bytes, end: bytes, chance: random.Random) -> bytes:
    start, _, last = chance.choice(_fields(raw, end))
    return raw[:start] + raw[last:]


def _add_field(raw: bytes, end: bytes, chance: random.Random) -> bytes:
    """On top (under a mailbox's From line), or right before the first signed field."""
    top = raw.index(end) + len(end) if raw.startswith(b"From ") else 0
    place = chance.choice([top, _fields(raw, end)[0][0]])
    return raw[:place] + chance.choice(ADDED) + end + raw[place:]


def _append(raw: bytes, end: bytes, chance: random.Random) -> bytes:
    return raw.rstrip(b"\r\n") + end * chance.randint(1, 40) + chance.choice(UNDER) + end


def _put_in(raw: bytes, end: bytes, chance: random.Random) -> bytes:
    """A line put into the body, at its start or after one of its lines."""
    start = _body(raw, end)
    ends = [start, *(one.end() for one in re.finditer(re.escape(end), raw[start:]) if one.end() < len(raw))]
    place = chance.choice([start, *(start + offset for offset in ends[1:])])
    return raw[:place] + chance.choice(UNDER) + end + raw[place:]


def _two_fields(raw: bytes, end: bytes, chance: random.Random) -> bytes:
    """A field goes and another of its name comes: Subject and From are exchanged for the forger's."""
    fields = [one for one in _fields(raw, end) if raw[one[0] : one[1]].lower().startswith((b"from", b"subject"))]
    start, value, last = chance.choice(fields)
    named = b"pay@evil.top" if raw[start : start + 4].lower() == b"from" else b"Your card was declined"
    return raw[:value] + b" " + named + end + raw[last:]


CHANGES: tuple[tuple[str, Callable[[bytes, bytes, random.Random], bytes]], ...] = (
    ("a byte of the body changed", _flip_body),
    ("a byte of a signed field changed", _flip_field),
    ("a signed field taken out", _drop_field),
    ("a field added", _add_field),
    ("more written under the body", _append),
    ("a line put into the body", _put_in),
    ("a field exchanged", _two_fields),
)
