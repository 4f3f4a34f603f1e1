"""Who sent this? The service whose secret signed the body (Standard Webhooks).

The signature is of the bytes as they came: a mail may hold any, and a packed body is unpacked for those alone who have
signed it.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest, digest
from time import time
from typing import NamedTuple

from takeback.configuration import ServiceAddress

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_TOLERANCE = 5 * 60  # seconds that two clocks may differ by, as in the reference libraries
_MOST_SIGNATURES = 16  # in one header: a sender that changes its secret sends two


class Signed(NamedTuple):
    """The three headers, as they came."""

    id: bytes
    timestamp: bytes
    signatures: bytes

    def is_fresh(self, now: float | None = None) -> bool:
        """True when all are there and the time is about now: before that no body need be read."""
        if not (self.id and self.signatures and len(self.timestamp) <= 12 and self.timestamp.isdigit()):
            return False
        return abs((time() if now is None else now) - int(self.timestamp)) <= _TOLERANCE


def signer(signed: Signed, body: bytes, services: Iterable[ServiceAddress]) -> ServiceAddress | None:
    """The service that signed `body`, or None. Every secret is tried: the time taken does not tell which one fitted."""
    if not signed.is_fresh():
        return None
    content = b"%b.%b.%b" % (signed.id, signed.timestamp, body)
    given = [one[3:] for one in signed.signatures.split(b" ")[:_MOST_SIGNATURES] if one.startswith(b"v1,")]
    found = None
    for service in services:
        wanted = b64encode(digest(_key(service.secret), content, sha256))
        if any(compare_digest(wanted, one) for one in given):
            found = service
    return found


@lru_cache(maxsize=256)
def _key(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):  # the settings see to it that there is none
        raise ValueError("a service's secret is not base64") from None
