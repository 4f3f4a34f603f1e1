"""Does the real server take events from many at once, and are they there after it was killed?"""

import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from takeback.bootstrap import House
from takeback.configuration import Configuration
from takeback.store.eventfile import open_for_writing
from takeback.web.ingest import LARGEST_BODY, LINES, STRUCTURED
from tests.conftest import event_text
from tests.web.ingest_server import Server, headers

IDLE = 10_000  # connections, where the machine lets a process have so many
BETWEEN = 60  # events that are answered before the server is killed


@pytest.fixture
def server(house: House) -> Iterator[Server]:
    """A server on the store that `house` reads."""
    serving = Server(house.configuration)
    try:
        serving.wait()
        yield serving
    finally:
        serving.kill()


class Senders:
    """Eight who send three events at a time, each until it was answered that they are stored."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._over, self._answers = threading.Event(), threading.Semaphore(0)
        self.sent, self.answered = Counter[str](), set[str]()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(8)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, answers: int) -> None:
        for _ in range(answers):
            assert self._answers.acquire(timeout=60)

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def _send(self, number: int) -> None:
        with httpx.Client(timeout=10) as client:
            for turn in range(10_000):
                names = [f"{number}-{turn}-{place}" for place in range(3)]
                self.sent.update(names)
                if not self._until_answered(client, names):
                    return

    def _until_answered(self, client: httpx.Client, names: list[str]) -> bool:
        body = b"\n".join(event_text(id=name) for name in names)
        while not self._over.is_set():
            try:
                answer = client.post(self._address, content=body, headers=headers(body))
            except httpx.TransportError:
                time.sleep(0.05)  # killed before it answered, or not there yet: nobody knows, so once more
                continue
            assert answer.status_code == 200
            assert answer.json()["stored"] + answer.json()["repeated"] == 3
            self.answered.update(names)
            self._answers.release()
            return True
        return False


def test_each_event_is_there_once_however_often_the_server_is_killed(house: House) -> None:
    server = Server(house.configuration)
    senders = Senders(f"http://127.0.0.1:{server.port}/v1/events")
    try:
        for _ in range(2):
            server.wait()
            senders.wait_for(BETWEEN)
            server.kill()
            server = Server(house.configuration, server.port)
        server.wait()
        senders.wait_for(BETWEEN)
    finally:
        senders.end()
        server.kill()
    kept = Counter(event.id for event in house.event_log.account("42"))
    assert senders.answered <= kept.keys() <= senders.sent.keys()
    assert set(kept.values()) == {1}


def test_two_servers_store_what_both_are_sent_once(server: Server, house: House) -> None:
    other = Server(house.configuration)
    try:
        other.wait()
        told = Counter[str]()

        def send(client: httpx.Client) -> None:
            for number in range(40):
                body = b"\n".join(event_text(id=f"{number}-{place}") for place in range(5))
                told.update(client.post("/v1/events", content=body, headers=headers(body)).json())

        senders = [threading.Thread(target=send, args=(one.client,)) for one in (server, other)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(timeout=60)
    finally:
        other.kill()
    assert told == {"stored": 200, "repeated": 200}
    assert len(house.event_log.account("42")) == 200


def test_an_answer_comes_after_what_it_says_was_synced(house: House, tmp_path: Path) -> None:
    if house.configuration.database_url is not None:
        pytest.skip("PostgreSQL syncs in a process of its own; `synchronous_commit` is the store's test")
    with open_for_writing(house.configuration.events_path) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    calls = tmp_path / "calls"
    tracer = ["strace", "-f", "-qq", "-s", "40", "-o", str(calls), "-e", "trace=fsync,fdatasync,write,writev,sendto"]
    try:
        subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine has no strace, or does not let us use it")
    server = Server(house.configuration, None, *tracer)
    try:
        server.wait()  # which is answered too
        for number in range(5):
            body = event_text(id=str(number))
            assert server.client.post("/v1/events", content=body, headers=headers(body, STRUCTURED)).status_code == 200
        time.sleep(0.2)
    finally:
        server.kill()
    lines = calls.read_bytes().split(b"\n")
    answers = [place for place, line in enumerate(lines) if b"HTTP/1.1 200" in line]
    syncs = [place for place, line in enumerate(lines) if b"sync(" in line or b"sync resumed" in line]
    assert len(answers) > 5
    for before, answer in zip(answers[-6:], answers[-5:], strict=False):
        assert any(before <= sync < answer for sync in syncs)


def test_a_large_body_arrives_whole_and_a_larger_one_is_refused(server: Server) -> None:
    line = event_text().ljust(1024 * 1024 - 1) + b"\n"
    answer = server.client.post("/v1/events", content=line * 16, headers=headers(line * 16))
    assert answer.json() == {"stored": 1, "repeated": 15}
    assert server.client.post("/v1/events", content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    part = event_text()
    answer = server.client.post("/v1/events", content=iter([part[:9], part[9:]]), headers=headers(part, STRUCTURED))
    assert answer.json() == {"stored": 0, "repeated": 1}


def test_idle_and_slow_connections_stop_neither_events_nor_pages(server: Server) -> None:
    """As many as this machine allows up to `IDLE`: each takes a file here, and one in the server."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    many = min(IDLE, hard - 1_000 if hard > 0 else IDLE)
    body = event_text()
    signed = "".join(f"{name}: {value}\r\n" for name, value in headers(body, STRUCTURED).items())
    slow = f"POST /v1/events HTTP/1.1\r\nHost: x\r\n{signed}Content-Length: {len(body)}\r\n\r\n".encode() + body[:20]
    page = b"POST /report HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nx"
    connections = []
    try:
        for number in range(many):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
            connections.append(connection)
            if number % 100 == 0:
                connection.sendall(slow if number % 200 else page)
        began = time.monotonic()
        answer = server.client.post("/v1/events", content=body, headers=headers(body, STRUCTURED))
        assert answer.json() == {"stored": 1, "repeated": 0}
        assert server.client.get("/healthz").status_code == 200
        assert time.monotonic() - began < 10  # they are not waited for, which would take 20 s
    finally:
        for connection in connections:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_server_that_is_told_to_end_answers_first_and_then_ends(server: Server, house: House) -> None:
    body = b"\n".join(event_text(id=str(number)) for number in range(2_000))
    told: list[httpx.Response] = []

    def send() -> None:
        with httpx.Client(timeout=30) as client, suppress(httpx.TransportError):  # not yet there when it ended
            address = f"http://127.0.0.1:{server.port}/v1/events"
            told.append(client.post(address, content=body, headers=headers(body, LINES)))

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(0.05)
    assert server.end() == 0
    sender.join(timeout=30)
    stored = len(house.event_log.account("42"))
    assert [answer.json()["stored"] for answer in told] in ([2_000], [])
    assert stored == 2_000 if told else stored in (0, 2_000)


def test_a_server_with_a_wrong_setting_does_not_start(configuration: Configuration) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import takeback.web.asgi"],
        capture_output=True,
        text=True,
        check=False,
        cwd=configuration.data_dir,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TAKEBACK_HOLD_SECONDS": "soon"},
        timeout=60,
    )
    assert done.returncode != 0
    assert "The setting hold_seconds (TAKEBACK_HOLD_SECONDS) is wrong" in done.stderr
