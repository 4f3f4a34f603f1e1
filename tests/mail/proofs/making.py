"""How does a test come by a signed mail? It makes one, with keys of its own and dkimpy's canonical form."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from dkim.canonicalization import CanonicalizationPolicy
from dkim.crypto import EMSA_PKCS1_v1_5_encode

from takeback.core.authenticity.facts import Signature
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.signatures import signatures
from takeback.mail.dns.zone import ZoneResolver

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # when the mails of these tests arrive
SECOND = int(AT.timestamp())
MAIL = (
    b"From: Example Shop <orders@shop.example>\r\n"
    b"To: Hanako <hanako@customer.example>\r\n"
    b"Subject: Your order\r\n 2026-1182\r\n"
    b"Date: Fri, 20 Nov 2026 18:00:00 +0900\r\n"
    b"Message-ID: <1182@shop.example>\r\n"
    b"\r\n"
    b"Thank you  for your order.  \r\n"
    b"It is on its way.\r\n"
    b"\r\n"
)
NAMES = ("from", "to", "subject", "date", "message-id")

SHORT = (  # two primes of 256 bits, for a key that is too short
    0xE600DBC87DA7458F4EA75729A3B0B35553AB0E9547D1A3A67DCC452E8E40390F,
    0xD97EBF36A9B55DB365702E6019F3C01A0776E89E56CC19A9CB3D744E14031885,
)


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def pem() -> bytes:
    """The RSA key as dkimpy takes it."""
    return rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def record(kind: str = "rsa", tags: str = "v=DKIM1; ") -> str:
    """The TXT record of a key of these tests."""
    if kind == "ed25519":
        held = ed25519_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        public = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        held, kind = _short_public() if kind == "short" else public, "rsa"
    return f"{tags}k={kind}; p={base64.b64encode(held).decode()}"


def _short_public() -> bytes:
    """The short key as RFC 8017 writes it, by hand: the library makes none under 1,024 bits."""
    octets = b"\x00" + (SHORT[0] * SHORT[1]).to_bytes(64, "big")
    held = b"\x02" + bytes([len(octets)]) + octets + b"\x02\x03\x01\x00\x01"
    return b"\x30" + bytes([len(held)]) + held


def _short_sign(signed: bytes) -> bytes:
    one, other = SHORT
    padded = EMSA_PKCS1_v1_5_encode(hashlib.sha256(signed), 64)
    private = pow(65537, -1, (one - 1) * (other - 1))
    return pow(int.from_bytes(padded, "big"), private, one * other).to_bytes(64, "big")


def zone(**more: Sequence[str]) -> ZoneResolver:
    """The shop's keys `s1` (RSA) and `s2` (Ed25519), and more records: `s9=["v=DKIM1; p="]`."""
    held: dict[str, Sequence[str]] = {"s1": [record()], "s2": [record("ed25519")], **more}
    return ZoneResolver({f"{name}._domainkey.shop.example TXT": texts for name, texts in held.items()})


def sign(
    mail: bytes = MAIL,
    *,
    names: Sequence[str] = NAMES,
    form: str = "relaxed/relaxed",
    algorithm: str = "rsa-sha256",
    selector: str = "",
    tags: Mapping[str, str] | None = None,
    field: str = "DKIM-Signature",
    short: bool = False,
) -> bytes:
    """The mail with a signature of the shop on top. `tags` adds tags or replaces them; l= is honoured."""
    ed = algorithm.startswith("ed25519")
    stated = {
        "v": "1", "a": algorithm, "c": form, "d": "shop.example", "s": selector or ("s2" if ed else "s1"),
        "t": str(SECOND), "h": ":".join(names),
    } | dict(tags or {})  # fmt: skip
    policy = CanonicalizationPolicy.from_c_value(form.encode())
    headers, body = dkim.rfc822_parse(mail)
    covered = policy.canonicalize_body(body)
    covered = covered[: int(stated["l"])] if "l" in stated else covered
    digest = hashlib.sha1 if algorithm == "rsa-sha1" else hashlib.sha256
    stated.setdefault("bh", base64.b64encode(digest(covered).digest()).decode())
    value = " " + "; ".join(f"{name}={text}" for name, text in stated.items()) + ";\r\n b="
    signed = _signed(policy, headers, stated["h"], (field.encode(), value.encode() + b"\r\n"))
    if ed:
        made = ed25519_key().sign(hashlib.sha256(signed).digest())
    elif short:
        made = _short_sign(signed)
    else:
        made = rsa_key().sign(signed, PKCS1v15(), SHA1() if algorithm == "rsa-sha1" else SHA256())  # noqa: S303 - the outdated one
    return field.encode() + b":" + value.encode() + base64.b64encode(made) + b"\r\n" + mail


def _signed(policy: CanonicalizationPolicy, headers: list[list[bytes]], names: str, own: tuple[bytes, bytes]) -> bytes:
    fields = policy.canonicalize_headers(headers)
    chosen = dkim.select_headers(fields, [name.strip().lower().encode() for name in names.split(":")])
    last = policy.canonicalize_headers([own])[0]
    return b"".join(name + b":" + value for name, value in chosen) + last[0] + b":" + last[1].removesuffix(b"\r\n")


def judge(
    mail: bytes, resolver: ZoneResolver | None = None, at: datetime = AT, now: datetime | None = None
) -> tuple[Signature, ...]:
    """What comes of every signature of the mail."""
    return signatures(read_message(mail), resolver or zone(), at, now or at)


def only(
    mail: bytes, resolver: ZoneResolver | None = None, at: datetime = AT, now: datetime | None = None
) -> Signature:
    """What comes of the mail's one signature."""
    (one,) = judge(mail, resolver, at, now)
    return one
