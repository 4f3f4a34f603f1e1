"""How is an answer said? As JSON, whole, over ASGI."""

from collections.abc import Mapping

import msgspec

from takeback.web.door.arriving import Send
from takeback.web.door.refusal import Told

_HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_json = msgspec.json.Encoder()


async def say(send: Send, status: int, told: Told, more: Mapping[str, str]) -> None:
    """One answer, a problem (RFC 9457) from 400 on; `more` are further headers."""
    body = _json.encode(told)
    kind = b"application/json" if status < 400 else b"application/problem+json"
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), *_HEADERS]
    for name, value in more.items():
        headers.append((name.lower().encode(), value.encode()))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
