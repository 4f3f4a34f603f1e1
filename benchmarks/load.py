"""How much does a server take? Requests made beforehand, sent by one process over bare sockets, each after its answer.

`python -m benchmarks.load URL --form single|batch|lines --connections N --seconds S --name NAME` prints one line of
JSON. Nothing is encoded, signed or parsed while the clock runs, so that one core is enough to load another one fully.
"""

import argparse
import gc
import json
import re
import selectors
import socket
import sys
import time
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from hmac import digest
from urllib.parse import urlsplit

ACCOUNTS = 5_000  # that are signed in at the moment
MOUTHFUL = 64 * 1024  # bytes
WAITS = 20.0  # seconds for an answer
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
TOLD = re.compile(rb'"(stored|repeated|refused)": ?(\d+)')


class Form(StrEnum):
    SINGLE = "single"
    BATCH = "batch"
    LINES = "lines"


EACH = {Form.SINGLE: 1, Form.BATCH: 100, Form.LINES: 1_000}
TYPE = {
    Form.SINGLE: "application/cloudevents+json",
    Form.BATCH: "application/cloudevents-batch+json",
    Form.LINES: "application/x-ndjson",
}


@dataclass
class Told:
    """What the server answered; `waited` are seconds, a figure a request."""

    seconds: float = 0.0
    stored: int = 0
    repeated: int = 0
    refused: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    middle: float = 0.0
    slow: float = 0.0
    left: int = 0


class Line:
    """One connection, and what has come of its answer."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=WAITS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0
        self.came = b""

    def ask(self, request: bytes) -> None:
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> bytes | None:
        """The whole answer, once it is there."""
        part = self.socket.recv(MOUTHFUL)
        if not part:
            raise ConnectionError("the server hung up")
        self.came += part
        end = self.came.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = LENGTH.search(self.came, 0, end + 2)
        if length is None:
            raise ValueError(f"an answer without a length: {self.came[:200]!r}")
        if len(self.came) < end + 4 + int(length[1]):
            return None
        whole, self.came = self.came, b""
        return whole


def main() -> int:
    asked = arguments()
    parts = urlsplit(asked.url)
    address = (str(parts.hostname), int(parts.port or 80))
    many = int(asked.most * asked.seconds / EACH[asked.form]) + asked.connections
    secret = b64decode(asked.secret.removeprefix("whsec_")) if asked.secret else None
    requests = [made(number, asked, secret) for number in range(many)]
    gc.freeze()
    gc.disable()
    told = send(requests, [Line(address) for _ in range(asked.connections)], asked.seconds)
    sys.stdout.write(json.dumps(asdict(told)) + "\n")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--form", type=Form, default=Form.SINGLE)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--most", type=int, default=20_000, help="events a second to make requests for")
    parser.add_argument("--name", default="load", help="the events' ids begin so")
    parser.add_argument("--source", default="/shops/oscar")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--secret", help="sign with this Standard Webhooks secret")
    how.add_argument("--key", help="show this key")
    return parser.parse_args()


def made(number: int, asked: argparse.Namespace, secret: bytes | None) -> bytes:
    """The whole request, head and body."""
    each = EACH[asked.form]
    events = [text(number * each + place, asked.name, asked.source) for place in range(each)]
    body = b"[" + b",".join(events) + b"]" if asked.form is Form.BATCH else b"\n".join(events)
    parts = urlsplit(asked.url)
    head = [
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Content-Type: {TYPE[asked.form]}",
        f"Content-Length: {len(body)}",
    ]
    if asked.key:
        head.append(f"Authorization: Bearer {asked.key}")
    if secret is not None:
        name, at = f"msg_{asked.name}-{number}", int(datetime.now(UTC).timestamp())
        signature = b64encode(digest(secret, f"{name}.{at}.".encode() + body, sha256)).decode()
        head += [f"webhook-id: {name}", f"webhook-timestamp: {at}", f"webhook-signature: v1,{signature}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def text(number: int, name: str, source: str) -> bytes:
    """An event of some hundred bytes, as a shop sends them most: a page that was looked at."""
    account = number * 7919 % ACCOUNTS
    at = f"2026-11-{number // 86400 % 20 + 1:02}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}+09:00"
    client = f'"session":"s{account}-{number // 900}","device":"d{account}","ip":"203.0.113.{account % 250}"'
    return (
        f'{{"specversion":"1.0","id":"{name}-{number}","source":"{source}","type":"account.viewed",'
        f'"subject":"a{account}","time":"{at}","data":{{"what":"orders","client":{{{client},'
        f'"user_agent":"Mozilla/5.0 (iPhone)","country":"JP"}}}}}}'
    ).encode()


def send(requests: list[bytes], lines: list[Line], seconds: float) -> Told:
    """Send until the time is over, then wait for what is under way. Everything that was answered counts."""
    waited: list[float] = []
    told, waiting = Told(), selectors.DefaultSelector()
    for line in lines:
        waiting.register(line.socket, selectors.EVENT_READ, line)
    begun = time.perf_counter()
    for line in lines:
        line.ask(requests.pop())
    under_way = len(lines)
    while under_way:
        ready = waiting.select(WAITS)
        if not ready:
            raise TimeoutError(f"no answer within {WAITS:.0f} s")
        for one, _ in ready:
            asked: Line = one.data
            answer = asked.answered()
            if answer is None:
                continue
            now = time.perf_counter()
            waited.append(now - asked.begun)
            _count(answer, told)
            if now - begun < seconds and requests:
                asked.ask(requests.pop())
            else:
                under_way -= 1
    told.seconds = time.perf_counter() - begun
    waited.sort()
    told.middle, told.slow = waited[len(waited) // 2], waited[len(waited) * 99 // 100]
    told.left = len(requests)
    return told


def _count(answer: bytes, told: Told) -> None:
    status = int(answer[9:12])
    told.statuses[status] = told.statuses.get(status, 0) + 1
    for name, count in TOLD.findall(answer):
        setattr(told, name.decode(), getattr(told, name.decode()) + int(count))


if __name__ == "__main__":
    sys.exit(main())
