"""Which key does a signer publish, and does a signature hold under it? (RFC 6376, section 3.6; RFC 8301; RFC 8463.)

The arithmetic is the library's (`cryptography`, on OpenSSL), which also refuses keys that would take it long.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from takeback.mail.authenticity.tags import octets, read_tags
from takeback.mail.dns.port import AnswerState, Resolver

LEAST_BITS = 1024  # RFC 8301: below, a signature counts for nothing
MOST_BITS = 8192  # above, nobody publishes, and checking takes long
LONGEST_RECORD = 4096  # characters; a key of 8,192 bits has some 1,500
MOST_RECORDS = 4  # that are looked at; there should be one

_SHA256, _PADDING = SHA256(), PKCS1v15()


class Service(StrEnum):
    """What did the DNS say of a key?"""

    THERE = "there"
    GONE = "gone"  # no such name, no record that is a key, or one that was withdrawn (an empty p=)
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, with what its owner says of its use."""

    kind: str  # rsa, ed25519
    bits: int
    public: RSAPublicKey | Ed25519PublicKey
    testing: bool = False  # t=y
    exact: bool = False  # t=s: i= must be in the very domain of d=
    for_mail: bool = True  # s= names email or *
    for_sha256: bool = True  # h= names sha256, or nothing


def find_key(resolver: Resolver, selector: str, domain: str) -> tuple[Key | None, Service]:
    """The key at `selector._domainkey.domain`; None says by the second value why there is none."""
    answer = resolver.ask(f"{selector}._domainkey.{domain}", "TXT")
    if answer.state is AnswerState.UNREACHABLE:
        return None, Service.UNREACHABLE
    for record in answer.records[:MOST_RECORDS]:
        key = read_key(record)
        if key is not None:
            return key, Service.THERE
    return None, Service.GONE


@lru_cache(maxsize=512)
def read_key(record: str) -> Key | None:
    """The key of one TXT record; None where it holds none that can be used."""
    if len(record) > LONGEST_RECORD:
        return None
    tags = read_tags(record.encode("utf-8", "replace"))
    if not tags or tags.get("v", b"DKIM1") != b"DKIM1" or not tags.get("p"):
        return None
    kind = tags.get("k", b"rsa").decode("ascii", "replace").lower()
    public = _public(kind, octets(tags["p"]))
    if public is None:
        return None
    flags, services, hashes = (
        {part.strip().lower() for part in tags.get(tag, b"").split(b":") if part.strip()} for tag in "tsh"
    )
    return Key(
        kind,
        public.key_size if isinstance(public, RSAPublicKey) else 256,
        public,
        testing=b"y" in flags,
        exact=b"s" in flags,
        for_mail=not services or bool(services & {b"*", b"email"}),
        for_sha256=not hashes or b"sha256" in hashes,
    )


def _public(kind: str, held: bytes) -> RSAPublicKey | Ed25519PublicKey | None:
    try:
        if kind == "ed25519":
            return Ed25519PublicKey.from_public_bytes(held)
        found = load_der_public_key(held) if kind == "rsa" else None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return found if isinstance(found, RSAPublicKey) and found.key_size <= MOST_BITS else None


def holds(key: Key, signature: bytes, signed: bytes) -> bool:
    """Does `signature` hold over `signed` (SHA-256, as the algorithms of RFC 8301 and 8463 have it)?"""
    try:
        if isinstance(key.public, Ed25519PublicKey):
            key.public.verify(signature, _sha256(signed))
        else:
            key.public.verify(signature, signed, _PADDING, _SHA256)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sha256(signed: bytes) -> bytes:
    return hashlib.sha256(signed).digest()
