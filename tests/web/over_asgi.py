"""How does a test speak to the door without a server? As a server would: in ASGI, each request in a loop of its own."""

import asyncio
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import msgspec

from takeback.web.asgi import application


@dataclass(frozen=True, slots=True)
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.content)


def ask(
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
    client: str = "127.0.0.1",
) -> Answer:
    """The answer; a body in parts has no length that is known before."""
    named = {"host": "localhost", **(headers or {})}
    if isinstance(body, bytes):
        named.setdefault("content-length", str(len(body)))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "client": (client, 1234),
        "headers": [(name.lower().encode(), value.encode("utf-8")) for name, value in named.items()],
    }
    return asyncio.run(_asked(scope, [body] if isinstance(body, bytes) else list(body)))


async def _asked(scope: dict[str, Any], parts: list[bytes]) -> Answer:
    said: list[MutableMapping[str, Any]] = []
    coming = [
        {"type": "http.request", "body": part, "more_body": place + 1 < len(parts)} for place, part in enumerate(parts)
    ]

    async def receive() -> MutableMapping[str, Any]:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    await application(scope, receive, send)
    headers = {name.decode().title(): value.decode() for name, value in said[0]["headers"]}
    return Answer(said[0]["status"], headers, b"".join(message.get("body", b"") for message in said[1:]))
