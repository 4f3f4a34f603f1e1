"""Did forwarders on the way write down what they found, and is their chain unbroken? (ARC: RFC 8617.)

A valid chain says only that these domains sealed it. What they claim is worth what they are: `trusted` is for those
that the installation names.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from takeback.core.authenticity.facts import Arc, ArcSet, ArcState
from takeback.mail.authenticity import keys, tags
from takeback.mail.authenticity.canonical import Body, Header, relaxed_field, without_b
from takeback.mail.authenticity.message import Message
from takeback.mail.authenticity.results import read_claims
from takeback.mail.authenticity.signatures import Claimed, read_arc_message, signed_octets, uncovered
from takeback.mail.authenticity.tags import Tags
from takeback.mail.dns.port import Resolver

MOST = 50  # sets: RFC 8617, section 4.2.1
LONGEST = 32_768  # octets of one field
RESULTS, MESSAGE, SEAL = "arc-authentication-results", "arc-message-signature", "arc-seal"


@dataclass(frozen=True, slots=True)
class Hop:
    """The three fields that one sealer added."""

    results: bytes
    message: Claimed
    fields: tuple[bytes, bytes, bytes]  # relaxed, as seals cover them: results, message signature, seal
    seal: Tags
    sealer: str
    unsealed: bytes  # the seal's own field with its b= emptied


def arc(message: Message, resolver: Resolver, sealers: Collection[str], body: Body | None = None) -> Arc:
    """The chain of seals, oldest first, at most `MOST`. `sealers` are the domains that are believed. Never raises.

    What a sealer says that it saw is read for trusted sealers only: of the others it proves nothing.
    """
    if not message.count(SEAL) and not message.count(MESSAGE):
        return Arc()
    header = Header(message)
    hops = _hops(message, {name: header.places(name) for name in (RESULTS, MESSAGE, SEAL)})
    if not hops:
        return Arc(ArcState.BROKEN)
    state = _state(hops, header, resolver, body or Body(message))
    sets = (_set(instance, hop, sealers) for instance, hop in enumerate(hops, start=1))
    return Arc(state, tuple(sets), tuple(uncovered(hops[-1].message, header)))


def cut(message: Message) -> tuple[str, ...]:
    """The limit that was met here, for `MailFacts.cut`."""
    return ("arc",) if message.count(SEAL) > MOST else ()


def _set(instance: int, hop: Hop, sealers: Collection[str]) -> ArcSet:
    trusted = hop.sealer in sealers
    claims = read_claims(hop.results.partition(b";")[2])[1] if trusted else ()
    return ArcSet(instance, hop.sealer, trusted, claims)


def _hops(message: Message, places: dict[str, Sequence[int]]) -> list[Hop] | None:
    """The hops 1 to N, each with its three fields; None where one is missing, double or malformed."""
    count = len(places[SEAL])
    if count > MOST or any(len(found) != count for found in places.values()):
        return None
    ordered: dict[str, dict[int, int]] = {}
    for name, found in places.items():
        ordered[name] = {_instance(message.fields[place][1]): place for place in found}
        if set(ordered[name]) != set(range(1, count + 1)):
            return None
    hops = [_hop(message, *(ordered[name][at] for name in (RESULTS, MESSAGE, SEAL))) for at in range(1, count + 1)]
    whole = [hop for hop in hops if hop is not None]
    return whole if len(whole) == count else None


def _instance(value: bytes) -> int:
    """The i= of a field; 0 where it has none. In the results it stands first, in the others anywhere."""
    for tag in value.split(b";", 12)[:12]:
        name, equals, number = tag.partition(b"=")
        if equals and name.strip() == b"i":
            digits = number.strip()
            return int(digits) if digits.isdigit() and len(digits) <= 2 else 0
    return 0


def _hop(message: Message, results: int, signature: int, seal: int) -> Hop | None:
    values = [message.fields[place][1] for place in (results, signature, seal)]
    if any(len(value) > LONGEST for value in values):
        return None
    sealed, signed = tags.read_tags(values[2]), read_arc_message(message, signature)
    if sealed is None or signed is None or "h" in sealed or SEAL in signed.names or signed.length is not None:
        return None
    sealer = tags.domain(sealed.get("d", b""))
    if not sealer or not tags.domain(sealed.get("s", b"")) or sealed.get("cv") not in (b"none", b"pass", b"fail"):
        return None
    if sealed.get("a") not in (b"rsa-sha256", b"ed25519-sha256"):
        return None
    fields = [relaxed_field(name, value) for name, value in zip((RESULTS, MESSAGE, SEAL), values, strict=True)]
    unsealed = relaxed_field(SEAL, without_b(values[2]))[:-2]
    return Hop(values[0], signed, (fields[0], fields[1], fields[2]), sealed, sealer, unsealed)


def _state(hops: list[Hop], header: Header, resolver: Resolver, body: Body) -> ArcState:
    """The steps of RFC 8617, section 5.2: the newest message signature must hold, and every seal."""
    if [hop.seal["cv"] for hop in hops] != [b"none"] + [b"pass"] * (len(hops) - 1):
        return ArcState.BROKEN
    newest = hops[-1].message
    if body.hash(newest.relaxed_body)[0] != newest.body_hash:
        return ArcState.BROKEN
    state = _held(
        resolver, newest.selector, newest.domain, newest.algorithm, newest.signature, signed_octets(newest, header)
    )
    for number in range(len(hops), 0, -1):
        if state is not ArcState.VALID:
            return state
        state = _sealed(hops[:number], resolver)
    return state


def _sealed(hops: list[Hop], resolver: Resolver) -> ArcState:
    """Does the last of these hops' seals hold over all of them?"""
    last = hops[-1]
    over = b"".join((*(b"".join(hop.fields) for hop in hops[:-1]), *last.fields[:2], last.unsealed))
    selector, signature = tags.domain(last.seal["s"]), tags.octets(last.seal.get("b", b""))
    return _held(resolver, selector, last.sealer, last.seal["a"].decode("ascii"), signature, over)


def _held(resolver: Resolver, selector: str, domain: str, algorithm: str, signature: bytes, over: bytes) -> ArcState:
    key, service = keys.find_key(resolver, selector, domain)
    if key is None:
        return ArcState.UNREACHABLE if service is keys.Service.UNREACHABLE else ArcState.BROKEN
    fits = algorithm.startswith(key.kind) and key.bits >= (keys.LEAST_BITS if key.kind == "rsa" else 0)
    return ArcState.VALID if fits and keys.holds(key, signature, over) else ArcState.BROKEN
