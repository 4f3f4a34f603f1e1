"""Does the real server take events, and are they there after it was killed?"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
import pytest
from standardwebhooks import Webhook

from takeback.store.eventlog import SqliteEventLog
from takeback.web.ingest import LARGEST_BODY, LINES, STRUCTURED
from tests.conftest import SHOP_SECRET, event_text

SECRET_KEY = "the installation's secret, for the tests"


def a_free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def headers(body: bytes, content_type: str = LINES) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "content-type": content_type,
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SHOP_SECRET).sign("msg_1", now, body.decode()),
    }


class Server:
    """A granian of this test's own."""

    def __init__(self, data_dir: Path) -> None:
        port = a_free_port()
        service = {"source": "/shops/oscar", "base_url": "http://127.0.0.1:9/takeback", "secret": SHOP_SECRET}
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "takeback.web.wsgi:application"),
                *("--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "8", "--no-ws"),
            ],
            cwd=data_dir,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(sys.path),
                "TAKEBACK_DATA_DIR": str(data_dir),
                "TAKEBACK_SECRET_KEY": SECRET_KEY,
                "TAKEBACK_SERVICES": msgspec.json.encode([service]).decode(),
            },
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)

    def wait(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            assert self.process.poll() is None, "the server did not start"
            try:
                assert self.client.get("/healthz").json() == {"status": "ok"}
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not answer in 30 s")

    def kill(self) -> None:
        """End the server and its workers as a loss of power would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)


@pytest.fixture
def server(cases_path: Path) -> Iterator[Server]:
    serving = Server(cases_path.parent)
    try:
        serving.wait()
        yield serving
    finally:
        serving.client.close()
        if serving.process.poll() is None:
            serving.kill()


def test_events_that_were_acknowledged_survive_the_death_of_the_server(server: Server, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    enough = threading.Event()

    def send(thread: int) -> None:
        for number in range(10_000):
            names = [f"{thread}-{number}-{place}" for place in range(3)]
            body = b"\n".join(event_text(id=name) for name in names)
            try:
                answer = server.client.post("/v1/events", content=body, headers=headers(body))
            except httpx.TransportError:
                return  # the server is gone
            assert answer.json() == {"stored": 3, "repeated": 0}
            acknowledged.extend(names)
            if len(acknowledged) > 300:
                enough.set()

    senders = [threading.Thread(target=send, args=(thread,)) for thread in range(4)]
    for sender in senders:
        sender.start()
    assert enough.wait(timeout=60)
    server.kill()
    for sender in senders:
        sender.join(timeout=30)
    log = SqliteEventLog(tmp_path / "events.db", contact_key=b"k" * 32)
    kept = {event.id for event in log.account("42")}
    log.close()
    assert set(acknowledged) <= kept


def test_a_large_body_arrives_whole_and_a_larger_one_is_refused(server: Server) -> None:
    line = event_text().ljust(1024 * 1024 - 1) + b"\n"
    answer = server.client.post("/v1/events", content=line * 16, headers=headers(line * 16))
    assert answer.json() == {"stored": 1, "repeated": 15}
    assert server.client.post("/v1/events", content=b"x" * (LARGEST_BODY + 1)).status_code == 413


def test_a_body_of_unknown_length_is_refused(server: Server) -> None:
    body = event_text()
    answer = server.client.post("/v1/events", content=iter([body]), headers=headers(body, STRUCTURED))
    assert answer.status_code == 411


def test_a_server_with_a_wrong_setting_does_not_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import takeback.web.wsgi"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TAKEBACK_HOLD_SECONDS": "soon"},
        timeout=60,
    )
    assert done.returncode != 0
    assert "The setting hold_seconds (TAKEBACK_HOLD_SECONDS) is wrong" in done.stderr
