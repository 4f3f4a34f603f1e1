"""What does a receiver say that it found? (Authentication-Results: RFC 8601.)

Anyone can write such a field, so only the topmost one of a configured receiver counts, and only above the line with
which that receiver took the mail in. (Some write theirs under that line, where a sender's stands too: not believed.)

Read here: the authres library takes 1.5 to 4.7 ms for a field of a large provider, longer than all the signatures of
the mail, and gives up the whole field at a value such as `policy.authority-uri=https://...`. The tests hold this
against it.
"""

import re
from collections.abc import Iterator, Sequence

from takeback.core.authenticity.facts import Claim
from takeback.mail.authenticity import tags
from takeback.mail.authenticity.message import Message
from takeback.mail.authenticity.received import Trail, is_receiver, read_trail

FIELD = "authentication-results"
LONGEST = 32_768  # octets of a field
MOST = 100  # results of one field

_PIECES = re.compile(r'\\.|[()";]|[^\\()";]+|\\', re.DOTALL)
_RESULT = re.compile(r"\s*+([A-Za-z0-9-]++)(?:\s*+/\s*+[0-9]++)?\s*+=\s*+([A-Za-z0-9-]++)(?=\s|\Z)")
_PROPERTY = re.compile(
    r"""(?<!\S)(header|smtp|policy|body)\s*+\.\s*+([A-Za-z0-9_-]++)\s*+=\s*+("(?:[^"\\]|\\.)*+"[^\s"]*+|[^\s"]*+)""",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r'reason\s*+=\s*+"(?:[^"\\]|\\.)*+"', re.IGNORECASE | re.DOTALL)
_DOMAIN_OF = (  # per method, where the domain stands, best first
    ("dkim", ("header.d", "header.i")),
    ("dmarc", ("header.from",)),
    ("spf", ("smtp.mailfrom", "smtp.helo")),
    ("arc", ("header.oldest-pass",)),
)
_PROPERTIES = dict(_DOMAIN_OF)


def results(message: Message, receivers: Sequence[str], trail: Trail | None = None) -> tuple[str, tuple[Claim, ...]]:
    """The configured receiver's authserv-id and what it says; `("", ())` where none is believed. Never raises.

    `trail` is `read_trail` of the same mail and receivers, where the caller has it already.
    """
    if not receivers or not message.count(FIELD):
        return "", ()
    edge = (trail or read_trail(message, receivers)).edge
    for place, (name, value) in enumerate(message.fields):
        if name == "received" and (edge is None or place >= edge.place):
            return "", ()  # below it everything came with the mail: some receivers do not strip what bears their name
        if name == FIELD and is_receiver(_server(value), receivers):
            return read_claims(value) if _has_received_below(message, place) else ("", ())
    return "", ()


def _has_received_below(message: Message, place: int) -> bool:
    return any(name == "received" for name, _ in message.fields[place + 1 :])


def read_claims(value: bytes) -> tuple[str, tuple[Claim, ...]]:
    """The authserv-id of one field and its results; no results where quotes or comments do not close."""
    if len(value) > LONGEST:
        return "", ()
    parts = _parts(value.decode("utf-8", "replace"))
    if not parts:
        return "", ()
    server = (parts[0].split() or [""])[0].lower()
    return server, tuple(_claims(parts[1 : MOST + 1]))


def _server(value: bytes) -> str:
    """The authserv-id, without reading the rest."""
    parts = _parts(value[:1000].partition(b";")[0].decode("utf-8", "replace")) or [""]
    return (parts[0].split() or [""])[0].lower()


def _claims(parts: Sequence[str]) -> Iterator[Claim]:
    for part in parts:
        found = _RESULT.match(part)
        if not found:
            continue
        method = found[1].lower()
        rest = _QUOTED.sub("", part[found.end() :])
        properties: dict[str, str] = {}
        for kind, name, value in _PROPERTY.findall(rest):
            properties.setdefault(f"{kind}.{name}".lower(), value)
        yield Claim(method, found[2].lower(), _domain(method, properties))


def _domain(method: str, properties: dict[str, str]) -> str:
    for name in _PROPERTIES.get(method, ()):
        if properties.get(name):
            value = properties[name].rpartition("@")[2].strip('".<>')
            return tags.domain(value.encode("utf-8"))
    return ""


def _parts(text: str) -> list[str] | None:
    """The field cut at its semicolons, comments left out; None where a quote or comment does not close."""
    parts: list[list[str]] = [[]]
    depth, quoted = 0, False
    for piece in _PIECES.findall(text):
        if quoted:
            parts[-1].append(piece)
            quoted = piece != '"'
        elif piece == "(":
            depth += 1
        elif piece == ")":
            if not depth:
                return None
            depth -= 1
            parts[-1].append(" ")
        elif depth:
            continue
        elif piece == ";":
            parts.append([])
        else:
            parts[-1].append(piece)
            quoted = piece == '"'
    return None if depth or quoted else ["".join(part) for part in parts]
