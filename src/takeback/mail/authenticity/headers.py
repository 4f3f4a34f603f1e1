"""What does one header field say, once unfolded and decoded?

Encoded words (RFC 2047) are decoded here and not by the standard library, which raises for some of them and joins
others across charsets. Parameters (`charset=`, `name*0*=`) follow RFC 2231 as far as mail programs do.
"""

import binascii
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from takeback.mail.authenticity import charsets
from takeback.mail.authenticity.message import Message

TEXT_CHARS = 10_000  # of one decoded field
PARAMETERS = 50
ONCE = (  # RFC 5322, section 3.6, and RFC 2045, section 3
    *("date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject"),
    *("mime-version", "content-type", "content-transfer-encoding"),
)

_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_ENCODED = re.compile(rb"=\?([^?\s]{1,60})\?([BbQq])\?([^?\r\n]{0,4000})\?=")
_PARAMETER = re.compile(r';\s*+([^=;\s"]{1,60})\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?+|([^;]*+))', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Parametered(NamedTuple):
    """A field such as `text/plain; charset=utf-8`."""

    kind: str  # lower-case, "" where there is none
    parameters: dict[str, str]  # lower-case names; of a repeated name the first
    twice: bool  # a name stood there twice with different values: readers differ


def unfold(value: bytes) -> bytes:
    """The value in one line."""
    return _FOLD.sub(b"", value).strip() if b"\n" in value else value.strip()


def text(value: bytes) -> str:
    """The value as a person reads it: unfolded, encoded words decoded, at most `TEXT_CHARS` long."""
    return decode_words(unfold(value[: TEXT_CHARS * 4]))[:TEXT_CHARS]


def decode_words(line: bytes) -> str:
    """A line with its encoded words decoded. Neighbours in one charset are joined: some cut a character."""
    if b"=?" not in line:
        return charsets.guess(line)
    spelled: list[str] = []
    charset, held, at = "", b"", 0
    for word in _ENCODED.finditer(line):
        between = line[at : word.start()]
        label = word[1].partition(b"*")[0].decode("ascii", "replace").lower()
        if held and (between.strip() or label != charset):
            spelled.append(charsets.decode(held, charset)[0])
            held = b""
        if between.strip() or (between and at == 0):
            spelled.append(charsets.guess(between))
        charset = label
        held += _word_bytes(word[2], word[3])
        at = word.end()
    if held:
        spelled.append(charsets.decode(held, charset)[0])
    spelled.append(charsets.guess(line[at:]))
    return "".join(spelled)


def _word_bytes(how: bytes, encoded: bytes) -> bytes:
    if how in b"qQ":
        return binascii.a2b_qp(encoded, header=True)
    try:
        return binascii.a2b_base64(encoded + b"==")
    except binascii.Error:
        return encoded


def parametered(value: bytes) -> Parametered:
    """A Content-Type or Content-Disposition, taken apart."""
    line = charsets.guess(unfold(value[:TEXT_CHARS]))
    kind, _, rest = line.partition(";")
    found: dict[str, str] = {}
    twice = False
    if rest:
        for count, pair in enumerate(_PARAMETER.finditer(line, len(kind))):
            name = pair[1].lower()
            given = pair[2]
            spelled = _ESCAPED.sub(r"\1", given) if given is not None else pair[3].strip()
            twice = twice or found.setdefault(name, spelled) != spelled
            if count >= PARAMETERS:
                break
    if any("*" in name for name in found):
        found = _continued(found)
    return Parametered(kind.strip().lower(), found, twice)


def _continued(found: dict[str, str]) -> dict[str, str]:
    """RFC 2231: `name*0*=utf-8''%e3; name*1=x` as one `name`, which wins over a plain one, as in mail programs."""
    plain = {name: value for name, value in found.items() if "*" not in name}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, value in found.items():
        whose, star, rest = name.partition("*")
        if star:
            number = rest.rstrip("*")
            order = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
            pieces.setdefault(whose, []).append((order, name.endswith("*"), value))
    for whose, parts in pieces.items():
        parts.sort(key=lambda part: part[0])
        charset, joined = "", b""
        for order, percent, value in parts:
            if percent and order == 0 and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            joined += unquote_to_bytes(value) if percent else value.encode("utf-8", "replace")
        plain[whose] = charsets.decode(joined, charset)[0]
    return plain


def subject(message: Message) -> str:
    """The topmost Subject, decoded; "" where there is none."""
    found = message.values("subject")
    return text(found[0]) if found else ""


def message_id(message: Message) -> str:
    """The topmost Message-ID without < >; "" where there is none."""
    found = message.values("message-id")
    if not found:
        return ""
    line = unfold(found[0][:TEXT_CHARS]).decode("utf-8", "replace")
    inside = line.partition("<")[2].partition(">")[0] if "<" in line else line
    return inside.strip()[:998]


def dated(message: Message) -> datetime | None:
    """The topmost Date, aware; None where it is missing or no date."""
    found = message.values("date")
    return read_date(unfold(found[0][:TEXT_CHARS]).decode("ascii", "replace")) if found else None


def read_date(line: str) -> datetime | None:
    """A date as mail writes it, aware (UTC where it names no zone); None where it is none."""
    try:
        when = parsedate_to_datetime(line[:200])
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def repeated(message: Message) -> tuple[str, ...]:
    """The fields that may stand once and stand more often."""
    return tuple(name for name in ONCE if message.count(name) > 1)


def listed(message: Message) -> bool:
    """Did it come through a mailing list? List-Id alone does not say so: newsletters have it too."""
    return message.count("list-post") > 0 or (message.count("list-id") > 0 and message.count("list-archive") > 0)


def has_dkim2(message: Message) -> bool:
    """Is a field of the DKIM2 draft there?"""
    return any(name.startswith("dkim2-") for name, _ in message.fields)
