"""Which bytes does a signature stand for? (RFC 6376, sections 3.4 and 3.7.)

Written here and not taken from dkimpy, for the time that a hostile mail could make it take: its expressions for white
space are quadratic in the length of a run of blanks, and it brings the body into its canonical form again for each
signature. Here every step is linear, and a body is read once for each of the two forms, whatever the number of
signatures and lengths. The tests hold the results against dkimpy's.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from takeback.mail.authenticity.message import Message

_TAB_TO_SPACE = bytes.maketrans(b"\t", b" ")
_LINE_END = re.compile(rb"\r?\n")
_NEXT_FIELD = re.compile(rb"\n(?![ \t])")

Snapshot = tuple[bytes, int]  # the hash of a body (SHA-256), and how many octets of its canonical form lie beyond it


class Body:
    """The body of one mail, with its hashes. Give the same one to every check of the mail."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._hashed: dict[tuple[bool, int | None], Snapshot] = {}

    def hash(self, relaxed: bool, length: int | None = None) -> Snapshot:
        """The hash over the first `length` octets of the canonical body (None: all), and the octets beyond them."""
        if (relaxed, length) not in self._hashed:
            self.prepare(relaxed, [length])
        return self._hashed[relaxed, length]

    def prepare(self, relaxed: bool, lengths: Iterable[int | None]) -> None:
        """Make the hashes for all these lengths, in one pass."""
        wanted = {length for length in lengths if (relaxed, length) not in self._hashed}
        if not wanted:
            return
        body = relaxed_body(self._crlf()) if relaxed else simple_body(self._crlf())
        whole = len(body)
        view = memoryview(body)
        hasher, done = hashlib.sha256(), 0
        for length in sorted(wanted, key=lambda wished: whole if wished is None else min(wished, whole)):
            upto = whole if length is None else min(length, whole)
            hasher.update(view[done:upto])
            done = upto
            self._hashed[relaxed, length] = (hasher.copy().digest(), whole - upto)

    def _crlf(self) -> bytes:
        """The body with CRLF line ends. Not by way of `Message.crlf`, which would hold a second copy of all of it."""
        body = self._message.raw[self._message.body_at :]
        whole = body.count(b"\r\n")
        if body.count(b"\n") == whole:
            return body
        return (body.replace(b"\r\n", b"\n") if whole else body).replace(b"\n", b"\r\n")


def simple_body(body: bytes) -> bytes:
    """The body (CRLF) without the empty lines at its end; a body of nothing is one empty line."""
    return _without_last_lines(body) or b"\r\n"


def relaxed_body(body: bytes) -> bytes:
    """As `simple_body`, runs of blanks made one space and none left at the end of a line; nothing stays nothing."""
    body = _single_spaced(body)
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    return _without_last_lines(body.replace(b" \r\n", b"\r\n"))


def _without_last_lines(body: bytes) -> bytes:
    """One line end at the end; b"" where there are only empty lines."""
    if not body.endswith(b"\r\n"):
        return body + b"\r\n" if body else body
    kept = body.rstrip(b"\r\n")
    stray = body.rfind(b"\r\r", max(len(kept) - 1, 0))  # a lone CR belongs to its line, not to the line end
    if stray >= len(kept):
        kept = body[: stray + 1]
    return kept + b"\r\n" if kept else b""


class Header:
    """The header fields of one mail, in the two forms in which a signature covers them."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._places: dict[str, list[int]] = {}
        for place, (name, _) in enumerate(message.fields):
            self._places.setdefault(name, []).append(place)
        self._relaxed: dict[int, bytes] = {}
        self._spelled: list[bytes] | None = None

    def places(self, name: str) -> Sequence[int]:
        """Where in `message.fields` this field stands, topmost first."""
        return self._places.get(name, ())

    def chosen(self, names: Iterable[str]) -> Iterator[int]:
        """The fields that an h= of these names covers: of each name the lowest first; what is missing is skipped."""
        left = {name: len(places) for name, places in self._places.items()}
        for name in names:
            count = left.get(name, 0)
            if count:
                left[name] = count - 1
                yield self._places[name][count - 1]

    def field(self, place: int, relaxed: bool) -> bytes:
        """One field as it is hashed, with its line end."""
        if not relaxed:
            return self._simple(place)
        made = self._relaxed.get(place)
        if made is None:
            name, value = self._message.fields[place]
            made = self._relaxed[place] = relaxed_field(name, value)
        return made

    def signing(self, place: int, relaxed: bool) -> bytes:
        """The signature's own field as it is hashed: its b= emptied, and without a line end."""
        name, value = self._message.fields[place]
        if relaxed:
            return relaxed_field(name, without_b(value))[:-2]
        spelled, colon, value = self._simple(place)[:-2].partition(b":")
        return spelled + colon + without_b(value)

    def _simple(self, place: int) -> bytes:
        if self._spelled is None:
            self._spelled = list(_spelled(self._message))
        return self._spelled[place]


def relaxed_field(name: str, value: bytes) -> bytes:
    """`name:value` with its line end: unfolded, runs of blanks made one space, none at the ends."""
    if b"\n" in value:
        value = value.replace(b"\r\n", b"").replace(b"\n", b"")
    return name.encode("ascii") + b":" + _single_spaced(value).strip(b" \r\n") + b"\r\n"


def _single_spaced(text: bytes) -> bytes:
    """The text with every run of blanks made one space."""
    if b"\t" in text:
        text = text.translate(_TAB_TO_SPACE)
    while b"  " in text:  # each turn halves every run
        text = text.replace(b"  ", b" ")
    return text


def without_b(value: bytes) -> bytes:
    """The value of a signature's field with the value of its b= left out, and the white space round that."""
    tags = value.split(b";")
    for place, tag in enumerate(tags):
        name, equals, _ = tag.partition(b"=")
        if equals and name.strip() == b"b":
            tags[place] = name + equals
    return b";".join(tags)


def _spelled(message: Message) -> Iterator[bytes]:
    """Every field of `message.fields` as it is spelled in the mail, with CRLF line ends."""
    lines = iter(_NEXT_FIELD.split(message.raw[: message.body_at]))
    for name, value in message.fields:
        for line in lines:
            spelled, colon, _ = line.partition(b":")
            if colon and spelled.rstrip(b" \t").lower() == name.encode("ascii"):
                break
        else:
            return
        yield spelled + b":" + b"\r\n".join(_LINE_END.split(value)) + b"\r\n"
