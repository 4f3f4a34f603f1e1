"""Who sends this? A key in the Authorization header, or a signature over the body (Standard Webhooks 1.0.0)."""

import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from hmac import digest
from time import time

Headers = dict[str, str]


def by_key(key: str) -> Callable[[bytes], Headers]:
    """The headers of a request that shows a key, `tbk_…`."""
    headers = {"authorization": f"Bearer {key}"}
    return lambda _: headers


def by_secret(secret: str) -> Callable[[bytes], Headers]:
    """The headers of a request that is signed with a secret, `whsec_` and base64. `ValueError` where it is none."""
    key = b64decode(secret.removeprefix("whsec_"), validate=True)

    def sign(body: bytes) -> Headers:
        name, at = f"msg_{uuid.uuid4().hex}", str(int(time()))
        signature = b64encode(digest(key, f"{name}.{at}.".encode() + body, sha256)).decode()
        return {"webhook-id": name, "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"}

    return sign
