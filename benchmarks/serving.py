"""What serves while ingest is measured? Takeback's web side and its peers, each a real process on a file of its own."""

import json
import secrets
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import Form
from takeback.demo.processes import Processes, free_port, python

SOURCE = "/shops/oscar"
HERE = Path(__file__).resolve().parent.parent
PATHS = {Form.SINGLE: "/v1/events", Form.BATCH: "/v1/events", Form.LINES: "/v1/events"}


@dataclass(frozen=True)
class Served:
    """A server that answers, and where it stores what it takes."""

    name: str
    url: str
    file: Path
    paths: dict[Form, str]
    key: str | None = None

    def count(self) -> int:
        """The rows that are there."""
        connection = sqlite3.connect(self.file, timeout=30)
        try:
            (found,) = connection.execute("SELECT count(*) FROM event").fetchone()
        finally:
            connection.close()
        return int(found)


@contextmanager
def served(folder: Path) -> Iterator[dict[str, Served]]:
    """All three, started and ended together: Takeback, the plain service, and the bare limit. They idle in turns."""
    with Processes(folder / "logs") as processes:
        found = [_ours(processes, folder), _plain(processes, folder), _bare(processes, folder)]
        for one in found:
            processes.wait_for(one.name, f"{one.url}/healthz")
        yield {one.name: one for one in found}


def _ours(processes: Processes, folder: Path) -> Served:
    port, secret = free_port(), "whsec_" + b64encode(secrets.token_bytes(32)).decode()
    service = {"source": SOURCE, "base_url": "http://127.0.0.1:9/takeback", "secret": secret}
    environment = {"TAKEBACK_DATA_DIR": str(folder / "takeback"), "TAKEBACK_SERVICES": json.dumps([service])}
    command = python("-m", "takeback.cli")
    processes.run("migrate", [*command, "migrate"], environment, folder)
    told = processes.run("keys", [*command, "keys", "add", "--source", SOURCE], environment, folder)
    key = next(word for word in told.split() if word.startswith("tbk_"))
    processes.start("takeback", [*command, "serve", "--port", str(port)], environment, folder)
    return Served("takeback", f"http://127.0.0.1:{port}", folder / "takeback" / "events.db", PATHS, key)


def _plain(processes: Processes, folder: Path) -> Served:
    paths = {Form.SINGLE: "/v1/events", Form.BATCH: "/v1/batch"}
    return _peer(processes, folder, "fastapi_orm", paths)


def _bare(processes: Processes, folder: Path) -> Served:
    return _peer(processes, folder, "bare_asgi", PATHS)


def _peer(processes: Processes, folder: Path, name: str, paths: dict[Form, str]) -> Served:
    port, file = free_port(), folder / f"{name}.db"
    processes.start(name, python("-m", f"benchmarks.peers.{name}", str(file), str(port)), {}, HERE)
    return Served(name, f"http://127.0.0.1:{port}", file, paths)


def load(server: Served, form: Form, connections: int, seconds: float, name: str, most: int) -> dict[str, Any]:
    """What one run of `benchmarks.load` told, after its rows were counted."""
    before = server.count()
    command = [sys.executable, "-m", "benchmarks.load", server.url + server.paths[form]]
    asked: dict[str, object] = {"form": form.value, "connections": connections, "seconds": seconds, "name": name}
    asked["most"], asked["source"] = most, SOURCE
    if server.key is not None:
        asked["key"] = server.key
    command += [part for option, value in asked.items() for part in (f"--{option}", str(value))]
    done = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE, timeout=300)
    told: dict[str, Any] = json.loads(done.stdout)
    assert set(told["statuses"]) == {"200"}, f"{server.name} refused: {told['statuses']}"
    assert server.count() - before == told["stored"], f"{server.name} acknowledged what it did not store"
    assert told["left"] > 0, f"{server.name} was quicker than the load: make more requests"
    return told
