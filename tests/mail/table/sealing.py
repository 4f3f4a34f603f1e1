"""How is a mail of the table signed and sealed? By dkimpy, with times that the row chooses and keys of `keys`.

dkimpy's own `sign` takes today for `t=` and knows no `x=`; so the fields are put together here and it makes the
header of them (`gen_header`), canonical forms, folding and all.
"""

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime

import dkim
from dkim.canonicalization import CanonicalizationPolicy
from dkim.crypto import HASH_ALGORITHMS

from tests.mail.table.keys import Ed25519, Rsa, ed25519, rsa
from tests.mail.table.zone import OURS

USUAL = ("from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type",
         "content-transfer-encoding")  # fmt: skip
OVER = ("from", "to", "cc", "reply-to", "subject", "date", "message-id", "mime-version", "content-type",
        "content-transfer-encoding", "sender")  # fmt: skip


def key_of(domain: str, selector: str) -> Rsa | Ed25519:
    """The pair behind a selector; the shop's are not anybody else's."""
    seed = 0 if any(domain == ours or domain.endswith("." + ours) for ours in OURS) else 1
    if selector == "ed":
        return ed25519(seed)
    return rsa({"weak": 512, "s2": 1024}.get(selector, 2048), seed)


def sign(
    raw: bytes,
    domain: str,
    *,
    at: datetime,
    selector: str = "s1",
    headers: Iterable[str] | None = None,
    canonical: str = "relaxed/relaxed",
    length: int | None = None,
    expires: datetime | None = None,
    identity: str = "",
    algorithm: str = "",
    key: Rsa | Ed25519 | None = None,
) -> bytes:
    """The mail with one more DKIM-Signature on top. `length` is l= (-1: the whole body)."""
    key = key or key_of(domain, selector)
    kind = algorithm or ("ed25519-sha256" if isinstance(key, Ed25519) else "rsa-sha256")
    signer = dkim.DKIM(raw, signature_algorithm=kind.encode(), minkey=512)
    there = {name.lower().decode() for name, _ in signer.headers}
    named = [name.encode() for name in (headers or [name for name in USUAL if name in there])]
    policy = CanonicalizationPolicy.from_c_value(canonical.encode())
    body = policy.canonicalize_body(signer.body)
    signer.hasher = HASH_ALGORITHMS[kind.encode()]
    covered = body if length in (None, -1) else body[:length]
    fields = [
        (b"v", b"1"),
        (b"a", kind.encode()),
        (b"c", canonical.encode()),
        (b"d", domain.encode()),
        (b"s", selector.encode()),
        (b"t", b"%d" % at.timestamp()),
        (b"h", b" : ".join(named)),
        (b"bh", b64encode(signer.hasher(covered).digest())),
    ]
    if identity:
        fields.insert(4, (b"i", identity.encode()))
    if expires is not None:
        fields.insert(-2, (b"x", b"%d" % expires.timestamp()))
    if length is not None:
        fields.insert(-2, (b"l", b"%d" % len(covered)))
    fields.append((b"b", b"0" * 60))  # dkimpy folds b= onto a line of its own, so that filling it in moves nothing
    private = key.key if isinstance(key, Ed25519) else key.numbers
    field: bytes = signer.gen_header(fields, named, policy, b"DKIM-Signature", private)
    return b"DKIM-Signature: " + field + raw


def seal(raw: bytes, sealer: str, says: str, *, at: datetime, key: Rsa | None = None) -> bytes:
    """The mail with one more ARC set on top, in which `sealer` says what it saw (`dkim=pass header.d=…; dmarc=…`)."""
    seen = b"Authentication-Results: " + f"{sealer}; {says}".encode() + b"\r\n"
    pair = key or key_of(sealer, "s1")
    assert isinstance(pair, Rsa)
    arc = dkim.ARC(seen + raw)
    made = arc.sign(b"s1", sealer.encode(), pair.pem, sealer.encode(), timestamp=int(at.timestamp()))
    assert made, "the chain ends here: a second seal must say arc=pass"
    return b"".join(made) + raw
