"""Who hears what a service tells? The receiving end of `POST /v1/events`, as small as a test needs it, and strict."""

import json
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from takeback.core.errors import InputError
from takeback.core.events import parse_event


class Receiver(ThreadingHTTPServer):
    """`events` holds what was taken, each `(source, id)` once; `answers` are statuses to give before any 204."""

    daemon_threads = True

    def __init__(self, secret: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.signer = Webhook(secret)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.answers: deque[int] = deque()
        self.refused_ids: set[str] = set()
        self.most_named = 100  # refused events in one answer
        self.requests = 0
        self.events: list[dict[str, Any]] = []
        self._known: set[tuple[str, str]] = set()

    def take(self, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer."""
        self.requests += 1
        try:
            self.signer.verify(body, headers, json_parse=False)
        except Exception:
            return 401, {}
        if self.answers:
            return self.answers.popleft(), {}
        lines = body.splitlines()
        try:
            events = [parse_event(line) for line in lines]
        except InputError:
            return 400, {}
        errors = [
            {"status": 422, "detail": f"line {number}: is refused by the test", "line": number}
            for number, event in enumerate(events, start=1)
            if event.id in self.refused_ids
        ]
        if errors and headers.get("Prefer") == "handling=strict":
            return 422, {"errors": errors}
        for event, line in zip(events, lines, strict=True):
            if event.id not in self.refused_ids and (event.source, event.id) not in self._known:
                self._known.add((event.source, event.id))
                self.events.append(json.loads(line))
        told = {"errors": errors[: self.most_named], "untold": max(len(errors) - self.most_named, 0)}
        return (207, told) if errors else (204, {})

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A service that a test ends in the middle of a request is no error here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def of(self, account: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["subject"] == account]


@contextmanager
def receiving(secret: str) -> Iterator[Receiver]:
    receiver = Receiver(secret)
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        named = {name.title(): value for name, value in self.headers.items()}
        status, told = self.server.take(body, named) if self.path == "/v1/events" else (404, {})
        answer = json.dumps(told).encode() if told else b""
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Says nothing: a test's output is the test's."""
