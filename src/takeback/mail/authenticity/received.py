"""When did the mail arrive, and which machine handed it in? Said by the Received lines, as far as these are believed.

Each server writes its line above those that are there, so only the top of the header is out of the sender's reach. A
line is believed if its `by` host is a configured receiver; the next line is believed too if the mail came to the first
from a machine of the same house (a private address, or none named). The lowest believed line is the border: it tells
who handed the mail in from outside.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from takeback.mail.authenticity.message import Message

LONGEST = 4_000  # octets of a Received line that are read
MOST = 40  # lines that are looked at

_PIECES = re.compile(r"[()]|[^()]+")
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\]", re.IGNORECASE)
_ENVELOPE = re.compile(r"envelope-from <([^<>\s]{0,320})>", re.IGNORECASE)
_RETURN_PATH = re.compile(rb"\s*<([^<>\s]{0,320})>")

_HOUSE = tuple(  # which nobody outside can come from
    ipaddress.ip_network(net)
    for net in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip


class Receipt(NamedTuple):
    """When and from whom. `ip`, `helo` and `mail_from` are empty where no believed line tells them."""

    time: datetime | None = None
    trusted: bool = False  # told by the caller, or by a configured receiver
    ip: str = ""
    helo: str = ""
    mail_from: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One Received line, read."""

    place: int  # in `message.fields`
    by: str = ""
    helo: str = ""
    ip: str = ""
    mail_from: str = ""
    date: str = ""


class Trail(NamedTuple):
    """The Received lines, as far as they are of use."""

    top: Line | None = None
    edge: Line | None = None  # the border: the lowest that is believed; None where the topmost is not
    claimed: bool = False  # the line below the border names a configured receiver too: its own hop, or made up


def received(message: Message, receivers: Sequence[str], told: datetime | None, trail: Trail | None = None) -> Receipt:
    """The time of receipt: `told` if given, else that of the topmost Received line. Never raises.

    `trail` is `read_trail` of the same mail and receivers, where the caller has it already.
    """
    top, edge, claimed = trail or read_trail(message, receivers)
    time = told or (_time(top.date) if top else None)
    trusted = told is not None or (edge is not None and time is not None)
    if edge is None or claimed:
        return Receipt(time, trusted)
    return Receipt(time, trusted, edge.ip, edge.helo, edge.mail_from or _return_path(message, edge.place))


def read_trail(message: Message, receivers: Sequence[str]) -> Trail:
    """Follow the Received lines from the top to the border of the house. Never raises."""
    top: Line | None = None
    edge: Line | None = None
    crossed = False
    for line in _lines(message):
        top = top or line
        if not is_receiver(line.by, receivers):
            break
        if crossed:
            return Trail(top, edge, claimed=True)
        edge = line
        crossed = bool(line.helo) and not _in_house(line.ip)
    return Trail(top, edge)


def is_receiver(host: str, receivers: Sequence[str]) -> bool:
    """Is this host, or authserv-id, a configured receiver or a host under one?"""
    host = host.lower().rstrip(".")
    return bool(host) and any(host == known or host.endswith("." + known) for known in receivers)


def _lines(message: Message) -> Iterator[Line]:
    found = ((place, value) for place, (name, value) in enumerate(message.fields) if name == "received")
    for (place, value), _ in zip(found, range(MOST), strict=False):
        yield _read(place, value[:LONGEST].decode("utf-8", "replace"))


def _read(place: int, text: str) -> Line:
    """`from HELO (name [ip]) by HOST ...; date`, where only words outside comments are words of the line."""
    said, _, date = text.rpartition(";")
    words, comment = _words(said)
    lower = [word.lower() for word in words]
    helo = words[1] if lower[:1] == ["from"] and len(words) > 1 else ""
    start = 2 if helo else 0
    at = lower.index("by", start) + 1 if "by" in lower[start:] else len(lower)
    envelope = _ENVELOPE.search(said)
    return Line(
        place,
        lower[at].rstrip(".;,") if at < len(lower) else "",
        helo[:255],
        _ip(helo, comment) if helo else "",
        envelope[1] if envelope else "",
        date,
    )


def _words(said: str) -> tuple[list[str], str]:
    """The words outside comments, and the comment that follows `from HELO`, which holds what the server saw."""
    outside: list[str] = []
    comment: list[str] | None = None
    depth, origin = 0, False
    for piece in _PIECES.findall(said):
        if piece == "(":
            depth += 1
            if depth == 1:
                origin = comment is None and len("".join(outside).split()) == 2
                comment = [] if origin else comment
                continue
        elif piece == ")" and depth:
            depth -= 1
        if not depth:
            outside.append(piece if piece != ")" else " ")
        elif origin and comment is not None:
            comment.append(piece)
    return "".join(outside).split(), "".join(comment or ())


def _ip(helo: str, comment: str) -> str:
    """The address that the server saw. What the client said of itself (`helo=`) is not looked at."""
    seen = comment.partition("helo=")[0]
    for text in (*reversed(_BRACKETED.findall(seen)), seen.strip()):
        if address := _address(text):
            return address
    literal = _BRACKETED.fullmatch(helo)  # as Exim writes a client without a name: from [192.0.2.1] (helo=x)
    return _address(literal[1]) if literal and (not comment or comment.lstrip().startswith("helo=")) else ""


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def _in_house(ip: str) -> bool:
    address = ipaddress.ip_address(ip) if ip else None
    return address is not None and any(address in net for net in _HOUSE if net.version == address.version)


def _time(date: str) -> datetime | None:
    try:
        time = parsedate_to_datetime(date.strip()[:100])
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _return_path(message: Message, place: int) -> str:
    """The Return-Path that was put above the line at `place`: below, it may be the sender's own."""
    for name, value in message.fields[:place]:
        if name == "return-path":
            found = _RETURN_PATH.match(value)
            return found[1].decode("utf-8", "replace") if found else ""
    return ""
