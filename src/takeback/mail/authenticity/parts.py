"""Of which parts is a mail made, and what do its texts say?

Parts are found by their boundaries in place (`bytes.find`), so that a mail of 25 MB is read with its attachments
untouched: only texts are decoded, and of an attachment its first bytes. Everything is bounded; a limit that is met is
named in `cut`. Whatever mail programs take differently is named in `defects`.
"""

import binascii
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from takeback.mail.authenticity import charsets, headers
from takeback.mail.authenticity.message import SIZE_BYTES, Message, read_fields

PARTS = 300
NESTING = 20
DELIMITERS = 5_000  # lines that look like a boundary, in all
DELIMITER_TAIL = 1_000  # white space behind a boundary
PART_HEADER_BYTES = 64_000
TEXT_BYTES = 1_000_000  # of one text, encoded
TEXTS_BYTES = 3_000_000  # of all texts
CONTAINER_BYTES = 50_000_000  # of a mail that came encoded inside another
FIRST_BYTES = 6_000  # of an attachment, to see what it is; larger ones that need more are read by `whole`
SEEN_BYTES = 30_000_000  # of all attachments that are looked into

_HEADER_END = re.compile(rb"\n\r?\n")
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_MAIL = frozenset({"message/rfc822", "message/global"})
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_PADDED = re.compile(rb"=++")


class Text(NamedTuple):
    """One text, decoded. `shown`: a mail program shows it as part of the mail; otherwise it has to be opened."""

    content: str
    html: bool
    shown: bool


class Part(NamedTuple):
    """One part that is not a container: where it stands and what its header says of it."""

    kind: str  # text/plain where nothing is said
    name: str  # of the file, decoded; "" where it has none
    encoding: str  # lower-case content-transfer-encoding
    charset: str
    attached: bool
    buffer: bytes  # in which it stands
    start: int
    end: int

    def raw(self, most: int) -> bytes:
        """The encoded bytes, at most so many."""
        return self.buffer[self.start : min(self.end, self.start + most)]

    def content(self, most: int) -> bytes:
        """The decoded bytes of the first `most` encoded ones."""
        return decoded(self.raw(most), self.encoding)[0]


@dataclass(slots=True)
class Parts:
    """What a mail is made of."""

    texts: list[Text] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    mails: list[Part] = field(default_factory=list)  # message/rfc822, outermost first
    encrypted: bool = False
    cut: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def read_parts(message: Message) -> Parts:
    """Read all parts of a mail. Never raises, for any bytes."""
    walk = _Walk(message)
    walk.read(message.fields, message.raw, message.body_at, min(len(message.raw), SIZE_BYTES), 0, shown=True)
    return walk.parts


def decoded(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    """The bytes without their transfer encoding, and whether they were spelled as the standard has it."""
    if encoding == "base64":
        return _base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw), True
    if encoding in ("x-uuencode", "uuencode", "x-uue"):
        return _uuencoded(raw), True
    return raw, encoding in ("", "7bit", "8bit", "binary")


def _base64(raw: bytes) -> tuple[bytes, bool]:
    """Some programs stop at the first padding, others go on behind it: all of it is read, and that is a defect."""
    pad = raw.find(b"=")
    if pad == -1 or not raw[pad:].strip(b"= \t\r\n"):
        try:
            return binascii.a2b_base64(raw), True
        except binascii.Error:
            pass
    spelled = b""
    pieces = _PADDED.split(raw, 1_000)
    for piece in pieces:
        letters = piece.translate(None, _NOT_BASE64)
        letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        spelled += binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return spelled, not any(piece.strip() for piece in pieces[1:])


def _uuencoded(raw: bytes) -> bytes:
    spelled = []
    for line in raw.splitlines():
        if line[:6] in (b"begin ", b"end"):
            continue
        try:
            spelled.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(spelled)


class _Walk:
    """One way through the parts, with what it may still spend."""

    def __init__(self, message: Message) -> None:
        self.parts = Parts(cut=list(message.cut), defects=list(message.defects))
        self.count = 0
        self.delimiters = DELIMITERS
        self.text_bytes = TEXTS_BYTES
        self.container_bytes = CONTAINER_BYTES

    def cut(self, limit: str) -> None:
        if limit not in self.parts.cut:
            self.parts.cut.append(limit)

    def defect(self, what: str) -> None:
        if what not in self.parts.defects:
            self.parts.defects.append(what)

    def read(
        self,
        fields: tuple[tuple[str, bytes], ...],
        buffer: bytes,
        start: int,
        end: int,
        depth: int,
        *,
        shown: bool,
        usual: str = "text/plain",
    ) -> None:
        """Read the part whose header is `fields` and whose content is `buffer[start:end]`."""
        self.count += 1
        if self.count > PARTS:
            return self.cut("parts")
        if depth > NESTING:
            return self.cut("nesting")
        kind, part, boundary = self._described(fields, usual)
        part = part._replace(buffer=buffer, start=start, end=end)
        if kind in _ENCRYPTED or kind in _SMIME:
            self.parts.encrypted = True
        if kind.startswith("multipart/"):
            return self._multipart(part, kind, boundary, depth, shown=shown)
        if kind in _MAIL:
            return self._mail(part, depth)
        return self._leaf(part, shown=shown)

    def _described(self, fields: tuple[tuple[str, bytes], ...], usual: str) -> tuple[str, Part, str]:
        """What a part's header says of it: its kind, itself without a place, and its boundary."""
        kind = name = encoding = charset = boundary = disposition = ""
        for label, value in fields:
            if label == "content-type":
                said = headers.parametered(value)
                if said.twice or (kind and said.kind != kind):
                    self.defect("content_type_twice")
                if not kind or (kind not in _HTML and said.kind in _HTML):
                    kind, charset = said.kind, said.parameters.get("charset", "")
                boundary = boundary or said.parameters.get("boundary", "")
                name = name or said.parameters.get("name", "")
            elif label == "content-transfer-encoding":
                spelled = value.strip().decode("latin-1").lower()
                if encoding and spelled != encoding:
                    self.defect("encoding_twice")
                encoding = encoding or spelled
            elif label == "content-disposition":
                said = headers.parametered(value)
                disposition = said.kind
                name = said.parameters.get("filename", "") or name
        if "/" not in kind:
            kind = usual
        if "=?" in name:
            name = headers.decode_words(name.encode("utf-8", "replace"))
        attached = disposition == "attachment" or (bool(name) and disposition != "inline" and kind != "text/html")
        return kind, Part(kind, name, encoding.partition(";")[0].strip(), charset, attached, b"", 0, 0), boundary

    def _multipart(self, part: Part, kind: str, boundary: str, depth: int, *, shown: bool) -> None:
        if part.encoding in ("base64", "quoted-printable"):  # forbidden, and some programs decode it all the same
            self.defect("encoded_container")
            part = self._opened(part)
        if not boundary:
            self.defect("no_boundary")
            return self._leaf(part._replace(kind="text/plain", encoding=""), shown=shown)
        places = self._places(part, boundary)
        if not places:
            self.defect("no_boundary")
            return self._leaf(part._replace(kind="text/plain", encoding=""), shown=shown)
        usual = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        for start, end in places:
            if self.count > PARTS:
                return self.cut("parts")
            fields, content_at = self._header(part.buffer, start, end)
            self.read(fields, part.buffer, content_at, end, depth + 1, shown=shown, usual=usual)
        return None

    def _places(self, part: Part, boundary: str) -> list[tuple[int, int]]:
        """Where the parts between the boundary lines stand."""
        buffer, end = part.buffer, part.end
        mark = b"--" + boundary.encode("utf-8", "replace")
        places: list[tuple[int, int]] = []
        opened = -1
        at = part.start
        while (at := buffer.find(mark, at, end)) != -1:
            self.delimiters -= 1
            if self.delimiters < 0:
                self.cut("parts")
                break
            after = at + len(mark)
            if at != part.start and buffer[at - 1] != 10:
                at = after
                continue
            line_end = buffer.find(b"\n", after, min(end, after + DELIMITER_TAIL))
            if line_end == -1 and end > after + DELIMITER_TAIL:
                at = after
                continue
            line_end = end if line_end == -1 else line_end
            rest = buffer[after:line_end].rstrip()
            if rest not in (b"", b"--"):
                at = after
                continue
            if opened != -1:
                places.append((opened, max(opened, at - (2 if buffer[at - 2 : at] == b"\r\n" else 1))))
            opened = -1 if rest else min(line_end + 1, end)
            if rest:
                return places
            at = opened
        if opened != -1:
            self.defect("unclosed")
            places.append((opened, end))
        return places

    def _header(self, buffer: bytes, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
        """The header fields of a part, and where its content begins."""
        if buffer[start : start + 1] == b"\n":
            return (), start + 1
        if buffer[start : start + 2] == b"\r\n":
            return (), start + 2
        found = _HEADER_END.search(buffer, start, min(end, start + PART_HEADER_BYTES))
        if found is None:
            if end - start > PART_HEADER_BYTES:
                self.cut("headers")
            return read_fields(buffer[start : min(end, start + PART_HEADER_BYTES)])[0], end
        return read_fields(buffer[start : found.start() + 1])[0], found.end()

    def _opened(self, part: Part) -> Part:
        """A container that came encoded, decoded."""
        most = min(part.end - part.start, max(self.container_bytes, 0))
        if most < part.end - part.start:
            self.cut("size")
        self.container_bytes -= most
        inside = part.content(most)
        return part._replace(buffer=inside, start=0, end=len(inside), encoding="")

    def _mail(self, part: Part, depth: int) -> None:
        self.parts.mails.append(part)
        if part.encoding in ("base64", "quoted-printable"):
            part = self._opened(part)
        fields, content_at = self._header(part.buffer, part.start, part.end)
        self.read(fields, part.buffer, content_at, part.end, depth + 1, shown=False)

    def _leaf(self, part: Part, *, shown: bool) -> None:
        text = part.kind.startswith("text/") and part.kind not in (
            "text/calendar",
            "text/rtf",
            "text/csv",
            "text/vcard",
        )
        html = part.kind in _HTML
        if part.attached or not (text or html):
            self.parts.files.append(part)
        if text or html:
            self._text(part, html=html, shown=shown and not part.attached)

    def _text(self, part: Part, *, html: bool, shown: bool) -> None:
        most = min(TEXT_BYTES, max(self.text_bytes, 0))
        raw = part.raw(most)
        if len(raw) < part.end - part.start:
            self.cut("text")
        self.text_bytes -= len(raw)
        content, regular = decoded(raw, part.encoding)
        if not regular:
            self.defect("encoding")
        spelled, known = charsets.decode(content, part.charset)
        if not known:
            self.defect("charset")
        if "-----BEGIN PGP MESSAGE-----" in spelled:
            self.parts.encrypted = True
        self.parts.texts.append(Text(spelled, html, shown))
