"""Which mail did a customer forward with the one that came?

A mail that is attached is handed on byte for byte, so that its signatures still verify. A mail that was forwarded as
text is handed on as text: its headers are gone, and nothing in it can be verified.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from takeback.core.authenticity.facts import Form
from takeback.mail.authenticity.message import SIZE_BYTES, Message, read_message
from takeback.mail.authenticity.parts import Part, Parts
from takeback.mail.authenticity.pasted import looks_like_mail

CANDIDATES = 10  # files that are opened to see whether they are mails

_FILE_TYPES = frozenset(
    {"application/octet-stream", "text/plain", "application/eml", "application/x-eml", "message/eml"}
)
_LINES = (
    r"-{2,}\s?(?:Forwarded message|Original Message|Original mail)\s?-*",
    r"-{2,}\s?(?:元のメッセージ|転送メッセージ|転送されたメッセージ)\s?-*",
    r"Begin forwarded (?:message|mail):?",
    r"転送されたメッセージ[:：]?",
    r"-{5} ?Forwarded by .{0,200}",
    r"_{32}",
)
_MARKER = re.compile(rf"^[ \t>]*+(?:{'|'.join(_LINES)})[ \t\r]*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The forwarded mail: `raw` where `form` is ATTACHED, `text` where INLINE. `others`: how many more there are."""

    form: Form
    raw: bytes = b""
    text: str = ""
    others: int = 0


def find_forwarded(message: Message, parts: Parts) -> Forwarded | None:
    """The outermost mail that this one forwards; None where it forwards none. Never raises."""
    attached = list(_attached(message, parts))
    if attached:
        return Forwarded(Form.ATTACHED, attached[0], "", len(attached) - 1)
    for text in parts.texts:
        if text.shown and not text.html:
            marker = _MARKER.search(text.content)
            if marker:
                return Forwarded(Form.INLINE, b"", text.content[marker.end() :].lstrip())
    return None


def _attached(message: Message, parts: Parts) -> Iterator[bytes]:
    """The attached mails that are not inside one another, in the order of the mail."""
    last: Part | None = None
    for part in parts.mails[:CANDIDATES]:
        inside = last is not None and (part.buffer is not last.buffer or part.start < last.end)
        if inside and part.buffer is not message.raw:
            continue
        if inside and last is not None and part.start < last.end:
            continue
        last = part
        yield _exact(part)
    for part in parts.files[:CANDIDATES]:
        if part.buffer is not message.raw or (last is not None and part.start < last.end):
            continue
        if part.name.lower().endswith(".eml") or part.kind in _FILE_TYPES:
            raw = _exact(part)
            if looks_like_mail(read_message(raw)):
                yield raw


def _exact(part: Part) -> bytes:
    """The bytes of the attached mail, without the encoding for the way."""
    if part.encoding in ("base64", "quoted-printable"):
        return part.content(SIZE_BYTES)
    return part.buffer[part.start : part.end]
