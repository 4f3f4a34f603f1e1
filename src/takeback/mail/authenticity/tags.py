"""What do the `tag=value; tag=value` lists of DKIM, ARC and DMARC say? (RFC 6376, section 3.2.)"""

import base64
import re
from datetime import UTC, datetime

_WHITE = re.compile(rb"[ \t\r\n]+")
_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_]*\Z")
_NAME_OF_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\Z")
_LONGEST_TIME = 12  # digits; more is "never" (RFC 6376, section 3.5, x=)

Tags = dict[str, bytes]


def read_tags(text: bytes) -> Tags | None:
    """The tags with their values, white space round them left out. None where this is no such list."""
    tags: Tags = {}
    specs = text.strip().removesuffix(b";").split(b";")
    for spec in specs:
        name, equals, value = spec.partition(b"=")
        name = name.strip()
        if not equals or not _NAME.match(name):
            return None
        known = name.decode("ascii")
        if known in tags:
            return None
        tags[known] = value.strip()
    return tags


def without_white(value: bytes) -> bytes:
    """The value without any white space, as base64 may be folded anywhere."""
    return _WHITE.sub(b"", value) if any(space in value for space in b" \t\r\n") else value


def octets(encoded: bytes) -> bytes:
    """What base64 holds, folded or not; b"" where it is none."""
    try:
        return base64.b64decode(without_white(encoded), validate=True)
    except ValueError:
        return b""


def names(value: bytes) -> tuple[str, ...]:
    """The lower-case names of an h= list."""
    return tuple(name.strip().lower().decode("ascii", "replace") for name in value.split(b":"))


def domain(value: bytes) -> str:
    """A domain as lower-case A-labels; "" where it is none."""
    if len(value) > 1000:
        return ""
    try:
        text = value.decode("utf-8").lower()
        text = text if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    labels = text.split(".")
    fits = len(text) <= 253 and all(len(label) <= 63 and _NAME_OF_HOST.match(label) for label in labels)
    return text if fits else ""


def moment(value: bytes) -> datetime | None:
    """The time of a t= or x= in seconds since 1970. None for one that no clock will ever reach."""
    if len(value) > _LONGEST_TIME:
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
