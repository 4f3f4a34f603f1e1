"""What did a request bring? Its body, read as it comes: no further than it may be long, and for no longer than it may
take, so that who sends slowly holds nothing but a line.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from takeback.web.door.refusal import Refusal
from takeback.web.door.room import Held

Scope = MutableMapping[str, Any]  # the three as ASGI has them
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LONGEST = 30.0  # seconds from the headers to the end of the body


class Gone(Exception):
    """The client went away before the end of its body."""


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The headers by lower-case name; of several of a name, the last."""
    return dict(scope["headers"])


def length_of(headers: dict[bytes, bytes], most: int, too_large: str) -> int:
    """What Content-Length says, 0 where nothing is said. `Refusal`: 413 with the sentence `too_large`, 400."""
    said = headers.get(b"content-length", b"0")
    if not said.isdigit():
        raise Refusal(HTTPStatus.BAD_REQUEST, "Content-Length is not a number", why="malformed")
    length = int(said) if len(said) < 20 else most + 1
    if length > most:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large, why="too_large")
    return length


async def body_of(receive: Receive, held: Held, most: int, too_large: str) -> bytes:
    """The whole body, at most `most` bytes. `Refusal`: 413, 408 when it took too long, 429 when there is no room."""
    try:
        async with asyncio.timeout(LONGEST):
            part, ended = await _part(receive)
            held.more(len(part))
            if ended and len(part) <= most:
                return part
            parts, size = [part], len(part)
            while not ended and size <= most:
                part, ended = await _part(receive)
                held.more(len(part))
                parts.append(part)
                size += len(part)
    except TimeoutError:
        late = f"the body did not arrive within {LONGEST:.0f} seconds"
        raise Refusal(HTTPStatus.REQUEST_TIMEOUT, late, why="slow", headers={"Connection": "close"}) from None
    if size > most:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large, why="too_large")
    return b"".join(parts)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] != "http.request":
        raise Gone
    return message.get("body", b""), not message.get("more_body", False)
