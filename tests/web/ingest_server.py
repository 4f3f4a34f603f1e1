"""A server of a test's own: `takeback serve`, as people start it, with the settings of the tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime

import httpx
import msgspec
from standardwebhooks import Webhook

from takeback.configuration import Configuration
from takeback.web.ingest import LINES
from tests.conftest import SHOP_SECRET


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
    """A process group of its own, in the data folder and on the store of these settings."""

    def __init__(self, configuration: Configuration, port: int | None = None, *before: str) -> None:
        self.port = port or a_free_port()
        service = {"source": "/shops/oscar", "base_url": "http://127.0.0.1:9/takeback", "secret": SHOP_SECRET}
        store = {} if configuration.database_url is None else {"TAKEBACK_DATABASE_URL": configuration.database_url}
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "takeback.cli", "serve", "--port", str(self.port)],
            cwd=configuration.data_dir,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join(sys.path),
                "TAKEBACK_DATA_DIR": str(configuration.data_dir),
                "TAKEBACK_SECRET_KEY": str(configuration.secret_key),
                "TAKEBACK_SERVICES": msgspec.json.encode([service]).decode(),
                **store,
            },
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    def wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.process.poll() is None, "the server did not start"
            try:
                assert self.client.get("/healthz").status_code == 200
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not answer in 60 s")

    def kill(self) -> None:
        """End the server and its workers as a loss of power would."""
        self.client.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)

    def end(self) -> int:
        """End it as a service manager does; its exit status."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)
