"""How do pages get their threads? A whole request is handed to one of a few, and its answer is sent from the loop
again: who sends or reads slowly holds a connection, never a thread.

An answer that grows while it is made (an export, a trial of rules) is sent on as it grows; its thread waits for a
reader who is slow, for so long and no longer.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from takeback.web.door.arriving import Gone, Receive, Scope, Send, body_of, headers_of, length_of
from takeback.web.door.refusal import Refusal, too_many
from takeback.web.door.room import Room
from takeback.web.door.saying import say

Wsgi = Callable[[dict[str, Any], Any], Any]  # PEP 3333; Django has its own types for the same

THREADS = 8
MOST_WAITING = 256  # requests that have no thread yet
LARGEST_MAIL = 40_010_000  # bytes: a mail to be checked, in base64
LARGEST_FORM = 4 * 1024 * 1024  # bytes: all else that is posted to a page
ROOM = 96 * 1024 * 1024  # bytes on their way, half of it for one client
LONGEST_PART = 30.0  # seconds for a reader to take a part of an answer that grows


class Pages:
    """A WSGI application as an ASGI one."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(THREADS, "page")
        self._room = Room(ROOM, ROOM // 2)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            if self._waiting >= MOST_WAITING + THREADS:
                raise too_many("too many people ask just now; please try again in a moment")
            self._waiting += 1
            try:
                await self._answer(scope, receive, send)
            finally:
                self._waiting -= 1
        except Refusal as refusal:
            await say(send, refusal.status, refusal.told, refusal.headers)
        except Gone:
            return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        most = LARGEST_MAIL if scope["path"] == "/v1/check-mail" else LARGEST_FORM
        too_large = f"the body is larger than {most // 1_000_000} MB"
        self._room.must_fit(length_of(headers, most, too_large))
        with self._room.held((scope.get("client") or ("",))[0]) as held:
            body = b""
            if b"content-length" in headers or b"transfer-encoding" in headers:
                body = await body_of(receive, held, most, too_large)
            loop = asyncio.get_running_loop()
            growing = _Growing(loop, send)
            status, told, rest = await loop.run_in_executor(
                self._threads, self._called, environment(scope, body), growing
            )
        if not growing.began:
            await send({"type": "http.response.start", "status": status, "headers": told})
            await send({"type": "http.response.body", "body": rest})

    def _called(self, environ: dict[str, Any], growing: "_Growing") -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Status, headers and body; what grows has been sent when this returns."""
        began: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], None]:
            began[:] = [int(status[:3]), [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers]]
            return _no_writing

        result = self._application(environ, start)
        try:
            if not getattr(result, "streaming", False):
                return began[0], began[1], b"".join(result)
            growing.send_all(began[0], began[1], iter(result))
            return began[0], began[1], b""
        finally:
            if hasattr(result, "close"):
                result.close()


class _Growing:
    """Sends an answer part by part, from a thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop, self._send = loop, send
        self.began = False

    def send_all(self, status: int, headers: list[tuple[bytes, bytes]], parts: Iterator[bytes]) -> None:
        self.began = True
        self._say({"type": "http.response.start", "status": status, "headers": headers})
        for part in parts:
            self._say({"type": "http.response.body", "body": part, "more_body": True})
        self._say({"type": "http.response.body", "body": b""})

    def _say(self, message: dict[str, Any]) -> None:
        said = asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop)
        said.result(LONGEST_PART)


async def _sent(send: Send, message: dict[str, Any]) -> None:
    await send(message)


def environment(scope: Scope, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 has it. A body of unknown length has the length that it turned out to have."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _put(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _put(environ: dict[str, Any], name: str, value: str) -> None:
    if "_" in name or name in ("content-length", "transfer-encoding"):
        return  # X_Forwarded_For is not X-Forwarded-For, and only the latter is what a proxy sets
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    between = "; " if name == "cookie" else ","
    environ[key] = f"{environ[key]}{between}{value}" if key in environ else value


def _no_writing(_: bytes) -> None:
    raise NotImplementedError  # Django never calls it
