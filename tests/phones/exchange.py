"""What does Twilio answer? As much of its API of 2010-04-01 as a sender of messages and calls meets."""

import json
import sys
import threading
from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT, KEY, SECRET, SENDER = "AC" + "0" * 32, "SK" + "1" * 32, "the key's secret", "+815012345678"


class Fault(StrEnum):
    """What goes wrong with one request."""

    CUT_BEFORE = "cut_before"  # the line is cut, and nothing was done
    CUT_AFTER = "cut_after"  # it was done, and the line is cut before the answer
    GARBAGE = "garbage"  # done, and the answer is no JSON
    SLOW = "slow"  # done, and the answer takes longer than anybody waits


@dataclass
class Item:
    """A message or a call that the exchange made."""

    to: str
    sender: str
    words: str
    status: str
    at: datetime


class Exchange(ThreadingHTTPServer):
    """`messages` and `calls` are what went out. `faults` are met by the next requests that send, one each: a status to
    answer, or a `Fault`.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.messages: list[Item] = []
        self.calls: list[Item] = []
        self.faults: deque[int | Fault] = deque()
        self.list_faults: deque[int | Fault] = deque()
        self.retry_after = ""
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.released = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that waits no longer is no error here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def exchange() -> Iterator[Exchange]:
    """A running one."""
    server = Exchange()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Exchange

    def do_POST(self) -> None:
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()).items()}
        if not self._may(form):
            return
        fault = self.server.faults.popleft() if self.server.faults else None
        if fault is Fault.CUT_BEFORE:
            self._cut()
        elif isinstance(fault, int):
            self._answer(
                fault, {"code": 20000 + fault, "message": f"The number {form['To']} is wrong", "status": fault}
            )
        else:
            self._send(form, fault)

    def _send(self, form: dict[str, str], fault: Fault | None) -> None:
        text = form.get("Body") or form.get("Twiml", "")
        item = Item(form["To"], form["From"], text, "queued", datetime.now(UTC))
        (self.server.messages if "/Messages.json" in self.path else self.server.calls).append(item)
        if fault is Fault.CUT_AFTER:
            self._cut()
        elif fault is Fault.SLOW:
            self.server.released.wait(5)
            self._cut()
        elif fault is Fault.GARBAGE:
            self._answer(201, None)
        else:
            self._answer(201, _told(item))

    def do_GET(self) -> None:
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        if not self._may(query):
            return
        fault = self.server.list_faults.popleft() if self.server.list_faults else None
        if isinstance(fault, int):
            self._answer(fault, {})
            return
        if fault is Fault.GARBAGE:
            self._answer(200, None)
            return
        name, kept, since = (
            ("messages", self.server.messages, query.get("DateSent>"))
            if "/Messages.json" in self.path
            else ("calls", self.server.calls, query.get("StartTime>"))
        )
        wanted = [one for one in kept if (one.to, one.sender) == (query["To"], query["From"])]
        recent = [one for one in wanted if since is None or one.at.date().isoformat() >= since]
        self._answer(200, {name: [_told(one) for one in recent]})

    def _may(self, told: dict[str, str]) -> bool:
        self.server.requests.append((self.command, urlsplit(self.path).path, told))
        user, _, secret = (
            b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode().partition(":")
        )
        if (user, secret) != (KEY, SECRET):
            self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
            return False
        if not self.path.startswith(f"/2010-04-01/Accounts/{ACCOUNT}/"):
            self._answer(404, {"code": 20404, "message": "not found", "status": 404})
            return False
        return True

    def _answer(self, status: int, told: object) -> None:
        body = b"<html>" if told is None else json.dumps(told).encode()
        self.send_response(status)
        if self.server.retry_after:
            self.send_header("retry-after", self.server.retry_after)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Says nothing: a test's output is the test's."""


def _told(item: Item) -> dict[str, Any]:
    return {
        "to": item.to,
        "from": item.sender,
        "body": item.words,
        "status": item.status,
        "date_created": format_datetime(item.at),
    }
