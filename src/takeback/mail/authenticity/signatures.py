"""Which signatures does a mail carry, and what came of each? (DKIM: RFC 6376, 8301, 8463, 8616.)

All are judged, not only the first, and each at the time of receipt: a signature that has since run out was in order
then. Rules that can be judged without a key are judged first, so that what is malformed costs no question to the DNS.

dkimpy is what this is tested against. It is not called here: it knows only today's clock, stops at the body hash (so
that an altered body cannot be told from a signature that nobody made), does RSA in Python with keys of any size, and
its expressions take quadratic time for a header or body of blanks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from takeback.core.authenticity.facts import Signature, SignatureState
from takeback.mail.authenticity import keys, tags
from takeback.mail.authenticity.canonical import Body, Header
from takeback.mail.authenticity.message import Message
from takeback.mail.authenticity.tags import Tags
from takeback.mail.dns.port import Resolver

FIELD = "dkim-signature"
MOST = 20  # signatures that are judged; genuine mail has one to four
LONGEST = 16_384  # octets of one signature's field
MOST_NAMES = 1_000  # in h=
SLACK = timedelta(hours=1)  # by which clocks may differ

SEEN = (  # what a reader sees, or what decides how the mail is shown
    "from", "subject", "reply-to", "to", "cc", "date", "sender",
    "content-type", "mime-version", "content-transfer-encoding",
)  # fmt: skip

_DIGITS = re.compile(rb"[0-9]{1,76}\Z")
_FORMS = {
    b"simple": (False, False),
    b"simple/simple": (False, False),
    b"simple/relaxed": (False, True),
    b"relaxed": (True, False),
    b"relaxed/simple": (True, False),
    b"relaxed/relaxed": (True, True),
}
_ALGORITHMS = {b"rsa-sha256": "rsa", b"ed25519-sha256": "ed25519", b"rsa-sha1": "rsa"}


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one signature's field says, read and found well formed."""

    place: int  # in `message.fields`
    domain: str
    selector: str
    algorithm: str
    relaxed_header: bool
    relaxed_body: bool
    names: tuple[str, ...]  # h=
    body_hash: bytes  # bh=
    signature: bytes  # b=
    length: int | None = None  # l=
    identity: str = ""  # the domain of i=
    signed_at: datetime | None = None  # t=
    expires: datetime | None = None  # x=


def signatures(
    message: Message, resolver: Resolver, received: datetime | None, now: datetime, body: Body | None = None
) -> tuple[Signature, ...]:
    """Every signature of the mail, topmost first, at most `MOST` (see `cut`).

    `received` is the time at which they are judged, `now` if it is None. `body` is shared with the other checks of the
    same mail, so that it is hashed once. Nothing raises, whatever the bytes and whatever the DNS holds.
    """
    header = Header(message)
    body = body or Body(message)
    found = [read_claimed(message, place) for place in header.places(FIELD)[:MOST]]
    for relaxed in (False, True):
        body.prepare(relaxed, {one.length for one in found if isinstance(one, Claimed) and one.relaxed_body is relaxed})
    return tuple(
        _judged(one, header, body, resolver, received or now, now) if isinstance(one, Claimed) else one for one in found
    )


def cut(message: Message) -> tuple[str, ...]:
    """The limit that was met here, for `MailFacts.cut`."""
    return ("signatures",) if message.count(FIELD) > MOST else ()


def read_claimed(message: Message, place: int) -> Claimed | Signature:
    """What the field at `place` says; a `Signature` that is malformed where it says nothing usable."""
    value = message.fields[place][1]
    found = tags.read_tags(value) if len(value) <= LONGEST else None
    if found is None:
        return Signature("", "", SignatureState.MALFORMED)
    domain, selector = tags.domain(found.get("d", b"")), tags.domain(found.get("s", b""))
    claimed = _claimed(place, domain, selector, found)
    algorithm = found.get("a", b"").decode("ascii", "replace")[:40]
    return claimed or Signature(domain, selector, SignatureState.MALFORMED, algorithm)


def read_arc_message(message: Message, place: int) -> Claimed | None:
    """What an ARC-Message-Signature says: a signature in all but two tags, i= being its number and v= missing."""
    found = tags.read_tags(message.fields[place][1])
    if found is None or "v" in found or found.get("a", b"").lower() == b"rsa-sha1":
        return None
    found = {"c": b"relaxed/relaxed", **found, "v": b"1"}
    found.pop("i", None)
    return _claimed(place, tags.domain(found.get("d", b"")), tags.domain(found.get("s", b"")), found)


def _claimed(place: int, domain: str, selector: str, found: Tags) -> Claimed | None:
    """The signature's claims, None where one that must be there is missing or is not well formed."""
    algorithm, forms = found.get("a", b"").lower(), _FORMS.get(found.get("c", b"simple/simple").lower())
    names = tags.names(found.get("h", b""))
    signature, body_hash = tags.octets(found.get("b", b"")), tags.octets(found.get("bh", b""))
    if found.get("v") != b"1" or not domain or not selector or forms is None or not signature or not body_hash:
        return None
    if algorithm not in _ALGORITHMS or len(names) > MOST_NAMES or "from" not in names:
        return None
    if "dns/txt" not in found.get("q", b"dns/txt").decode("ascii", "replace").lower():
        return None
    if any(tag in found and not _DIGITS.match(found[tag]) for tag in ("l", "t", "x")):
        return None
    identity = _identity(found, domain)
    signed_at = tags.moment(found["t"]) if "t" in found else None
    expires = tags.moment(found["x"]) if "x" in found else None
    if identity is None or ("t" in found and signed_at is None) or (signed_at and expires and expires < signed_at):
        return None
    length = int(found["l"]) if "l" in found else None
    return Claimed(
        place, domain, selector, algorithm.decode("ascii"), *forms,
        names, body_hash, signature, length, identity, signed_at, expires,
    )  # fmt: skip


def _identity(found: Tags, domain: str) -> str | None:
    """The domain of i=, which must be `domain` or under it; None where it is not."""
    if "i" not in found:
        return domain
    stated = tags.domain(found["i"].rpartition(b"@")[2])
    return stated if stated == domain or stated.endswith("." + domain) else None


def _judged(claimed: Claimed, header: Header, body: Body, resolver: Resolver, at: datetime, now: datetime) -> Signature:
    body_hash, beyond = body.hash(claimed.relaxed_body, claimed.length)
    outdated = claimed.algorithm == "rsa-sha1"
    body_holds = None if outdated else body_hash == claimed.body_hash
    base = Signature(
        claimed.domain,
        claimed.selector,
        SignatureState.OUTDATED,
        claimed.algorithm,
        signed_at=claimed.signed_at,
        expires=claimed.expires,
        body_uncovered=beyond,
        signed=frozenset(claimed.names),
        uncovered=tuple(uncovered(claimed, header)),
        body_hash_holds=body_holds,
    )
    if outdated:
        return base
    key, service = keys.find_key(resolver, claimed.selector, claimed.domain)
    in_time = _in_time(claimed, at)
    if key is None:
        gone = SignatureState.UNREACHABLE if service is keys.Service.UNREACHABLE else SignatureState.KEY_MISSING
        return replace(base, state=in_time or gone)
    state = _state(claimed, key, header, body_holds is True) or in_time or SignatureState.VALID
    past = claimed.expires is not None and claimed.expires < now
    return replace(base, state=state, key_bits=key.bits, expired_since=past and state is SignatureState.VALID)


def _state(claimed: Claimed, key: keys.Key, header: Header, body_holds: bool) -> SignatureState | None:
    """What is wrong with the signature, its times left aside; None if it is in order."""
    if key.testing:
        return SignatureState.TESTING
    if key.kind != _ALGORITHMS[claimed.algorithm.encode()] or not key.for_mail or not key.for_sha256:
        return SignatureState.BROKEN
    if key.exact and claimed.identity != claimed.domain:
        return SignatureState.BROKEN
    if not keys.holds(key, claimed.signature, signed_octets(claimed, header)):
        return SignatureState.BROKEN
    if not body_holds:
        return SignatureState.BODY_CHANGED
    return SignatureState.KEY_WEAK if key.kind == "rsa" and key.bits < keys.LEAST_BITS else None


def signed_octets(claimed: Claimed, header: Header) -> bytes:
    """All that b= was made over: the fields of h=, then the signature's own field without its b=."""
    fields = [header.field(place, claimed.relaxed_header) for place in header.chosen(claimed.names)]
    return b"".join((*fields, header.signing(claimed.place, claimed.relaxed_header)))


def _in_time(claimed: Claimed, at: datetime) -> SignatureState | None:
    if claimed.expires is not None and claimed.expires + SLACK < at:
        return SignatureState.EXPIRED
    if claimed.signed_at is not None and claimed.signed_at - SLACK > at:
        return SignatureState.NOT_YET
    return None


def uncovered(claimed: Claimed, header: Header) -> Iterator[str]:
    """The fields of `SEEN` of which more stand in the mail than h= covers."""
    for name in SEEN:
        if len(header.places(name)) > claimed.names.count(name):
            yield name
