"""What are the header fields of a mail, and where does its body begin?

Nothing is decoded here and nothing is changed: signatures are judged over these very bytes. Python's own parser takes
a millisecond or more for an ordinary mail and copies a large one several times, so the fields are found here; it also
ends the header at the first line that it does not like, where other readers go on.

Bounded: what lies beyond a limit stays unread, and `cut` names the limit. Whatever different readers may take
differently is named in `defects`.
"""

import re
from functools import cached_property, lru_cache

HEADER_BYTES = 1_000_000  # genuine mails stay under 100 kB even with a hundred Received and ARC fields
HEADER_FIELDS = 1_000
FIELD_BYTES = 200_000  # one field: a To with some thousand addresses
SIZE_BYTES = 50_000_000  # the large providers take 25 MB of content, 35 MB in base64

_HEADER_END = re.compile(rb"\n\r?\n")
_NEXT_FIELD = re.compile(rb"\n(?![ \t])")
_NAME = re.compile(rb"([!-9;-~]++)[ \t]*+\Z")
_BLANK_FOLD = re.compile(rb"\n[ \t]++\r?(?:\n|\Z)")
_BARE_CR = re.compile(rb"\r(?!\n|\Z)")
_MBOX_LINE = re.compile(rb">?From [^\n]{0,1000}\n")


class Message:
    """One mail as it came, cut into header fields and body.

    `raw` are its bytes without an mbox "From " line, a byte order mark or empty lines before the first field. `fields`
    are its header fields in order: lower-case name, and the bytes after the colon with their folding, without the last
    line end. `body_at` is the offset of the body in `raw`. `cut` and `defects` are as in `facts.MailFacts`.
    """

    __slots__ = ("__dict__", "_by_name", "body_at", "cut", "defects", "fields", "raw")  # __dict__ for the lazy ones

    def __init__(
        self,
        raw: bytes,
        fields: tuple[tuple[str, bytes], ...],
        body_at: int,
        cut: tuple[str, ...],
        defects: tuple[str, ...],
    ) -> None:
        self.raw = raw
        self.fields = fields
        self.body_at = body_at
        self.cut = cut
        self.defects = defects
        self._by_name: dict[str, list[bytes]] = {}
        for name, value in fields:
            if name in self._by_name:
                self._by_name[name].append(value)
            else:
                self._by_name[name] = [value]

    def values(self, name: str) -> list[bytes]:
        """The raw values of every field of this name (lower-case), topmost first; empty where there is none."""
        return list(self._by_name.get(name, ()))

    def count(self, name: str) -> int:
        """How often the field stands in the header."""
        return len(self._by_name.get(name, ()))

    @cached_property
    def crlf(self) -> bytes:
        """The mail with CRLF line ends, as signatures see it; `raw` itself where it has them already."""
        ends = self.raw.count(b"\n")
        whole = self.raw.count(b"\r\n")
        if ends == whole:
            return self.raw
        return (self.raw.replace(b"\r\n", b"\n") if whole else self.raw).replace(b"\n", b"\r\n")


def read_message(raw: bytes) -> Message:
    """Cut a mail into header fields and body. Takes CRLF, LF or a mixture, and never raises for any bytes."""
    raw = _without_preamble(bytes(raw))
    end = _HEADER_END.search(raw)
    body_at = end.end() if end else len(raw)
    header_end = end.start() + 1 if end else len(raw)
    cut = ["size"] if len(raw) > SIZE_BYTES else []
    block = raw[: min(header_end, HEADER_BYTES)]
    fields, malformed, whole = read_fields(block)
    if header_end > HEADER_BYTES or not whole:
        cut.append("headers")
    defects = ["header_line"] if malformed else []
    if not end:
        defects.append("no_body")
    if _BARE_CR.search(block):
        defects.append("bare_cr")
    if b"\0" in block:
        defects.append("nul")
    if _BLANK_FOLD.search(block):
        defects.append("blank_fold")
    return Message(raw, fields, body_at, tuple(cut), tuple(defects))


def _without_preamble(raw: bytes) -> bytes:
    if raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    if raw[:1] in (b"\n", b"\r"):
        raw = raw.lstrip(b"\r\n")
    mbox = _MBOX_LINE.match(raw)
    return raw[mbox.end() :] if mbox else raw


def read_fields(block: bytes) -> tuple[tuple[tuple[str, bytes], ...], bool, bool]:
    """The fields of a header block, whether a line was none, and whether all were read."""
    fields: list[tuple[str, bytes]] = []
    malformed, whole = False, True
    lines = _NEXT_FIELD.split(block.removesuffix(b"\n"), HEADER_FIELDS)
    if len(lines) > HEADER_FIELDS:
        whole = not lines.pop()
    long = len(block) > FIELD_BYTES
    for line in lines:
        name, colon, value = line.partition(b":")
        known = _name(name) if colon else ""
        if not known:
            malformed = malformed or bool(line)
            continue
        value = value.removesuffix(b"\r")
        if long and len(value) > FIELD_BYTES:
            value, whole = value[:FIELD_BYTES], False
        fields.append((known, value))
    return tuple(fields), malformed, whole


@lru_cache(maxsize=512)
def _name(raw: bytes) -> str:
    """The name in lower case; "" where these bytes cannot be one. Space before the colon is old (RFC 5322, 4.5.8)."""
    found = _NAME.match(raw)
    return found[1].decode("ascii").lower() if found else ""
