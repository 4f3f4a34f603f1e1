"""How could a text have been written down? As it is, as JSON and addresses spell it, in other letters, in base 64."""

import json
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus


def spellings(secret: str) -> Iterator[bytes]:
    """Every spelling of a secret that a search has to look for."""
    yield secret.encode()
    yield secret.encode("utf-16-le")
    yield json.dumps(secret)[1:-1].encode()
    yield quote(secret, safe="").encode()
    yield quote_plus(secret, safe="").encode()
    for shift in range(3):  # where it stands in the middle of something longer
        whole = b64encode(b"." * shift + secret.encode())
        yield whole[4 * (shift > 0) : len(whole) - 4]
