"""What do the client's tests stand on? Takeback's own server as a process, and one that answers as it is told."""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from takeback.demo.processes import Processes, free_port, python
from takeback.store.eventlog import SqliteEventLog
from tests.conftest import INSTALLATION, SHOP_SECRET

if find_spec("takeback_client") is None:
    # The client is a distribution of its own; a checkout in which it has not been installed tests it all the same.
    sys.path.append(str(Path(__file__).resolve().parents[2] / "plugins" / "client"))

SOURCE = "/shops/oscar"


@dataclass
class Served:
    """`takeback serve` with its own folder, which can be killed and started again at the same address."""

    processes: Processes
    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> str:
        """What a command of this installation prints."""
        return self.processes.run(arguments[0], python("-m", "takeback.cli", *arguments), self._settings, self.folder)

    def start(self) -> None:
        command = python("-m", "takeback.cli", "serve", "--port", str(self.port))
        self.processes.start("serve", command, self._settings, self.folder)
        self.processes.wait_for("serve", f"{self.url}/healthz")

    def kill(self) -> None:
        """End it as a loss of power would."""

        process = self.processes.running.pop("serve")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stored(self, account: str) -> list[str]:
        """The ids of the events of this account, sorted."""
        log = SqliteEventLog(self.folder / "events.db", contact_key=b"k" * 32)
        try:
            return sorted(event.id for event in log.account(account))
        finally:
            log.close()

    @property
    def _settings(self) -> dict[str, str]:
        service = {"source": SOURCE, "base_url": "http://127.0.0.1:9/takeback", "secret": SHOP_SECRET}
        return {
            "TAKEBACK_DATA_DIR": str(self.folder),
            "TAKEBACK_SECRET_KEY": INSTALLATION,
            "TAKEBACK_SERVICES": json.dumps([service]),
        }


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests, each of which has an account of its own."""
    folder = tmp_path_factory.mktemp("served")
    with Processes(folder / "logs") as processes:
        serving = Served(processes, folder)
        serving.run("migrate")
        serving.start()
        yield serving


@dataclass
class Scripted:
    """Answers requests one after the other as it was told, and keeps what came."""

    url: str
    answers: list[tuple[int, dict[str, str], dict[str, Any]]]
    came: list[list[dict[str, Any]]] = field(default_factory=list)


@contextmanager
def scripted(*answers: tuple[int, dict[str, str], dict[str, Any]]) -> Iterator[Scripted]:
    """A server that gives these answers: status, headers, body."""
    told = Scripted("", list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.came.append([json.loads(line) for line in body.splitlines()])
            status, headers, said = told.answers.pop(0)
            content = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
