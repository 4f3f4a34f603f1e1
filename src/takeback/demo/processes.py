"""What runs during the demo? Shop, video service, Takeback's two processes: started together, and all ended at the
end.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from takeback.core.errors import OutsideError

STARTS_WITHIN, ENDS_WITHIN = 60.0, 8.0  # seconds


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass
class Processes:
    """The demo's processes, each in a group of its own and with a log of its own in `logs`."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start one; it ends with `end`."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own commands, without a shell
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def run(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, said: str = ""
    ) -> str:
        """Run one to its end, with `said` on its standard input; what it printed. `OutsideError` with its last line."""
        done = subprocess.run(  # noqa: S603 - our own commands, without a shell
            command,
            cwd=folder,
            env={**os.environ, **environment},
            input=said.encode(),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-1:]
            raise OutsideError(f"{name} failed: {' '.join(last)}", permanent=True)
        return done.stdout.decode().strip()

    def wait_for(self, name: str, address: str) -> None:
        """Return when `address` answers; `OutsideError` when the process ended or stays silent."""

        def answers() -> bool:
            try:
                return httpx.get(address, timeout=2, trust_env=False).status_code < 500
            except httpx.HTTPError:
                return False

        self.until(name, answers)

    def until(self, name: str, condition: Callable[[], bool]) -> None:
        """Return when the condition holds, which the process `name` is to bring about."""
        begun = time.monotonic()
        while not condition():
            process = self.running.get(name)
            if process is not None and process.poll() is not None:
                raise OutsideError(f"{name} ended by itself; see {self.logs / name}.log", permanent=True)
            if time.monotonic() - begun > STARTS_WITHIN:
                raise OutsideError(f"{name} does not answer; see {self.logs / name}.log", permanent=True)
            time.sleep(0.05)

    def end(self) -> None:
        """End all: asked first, then made to, whole groups, so that nothing is left running."""
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        begun = time.monotonic()
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, ENDS_WITHIN - (time.monotonic() - begun)))
            _signal(process, signal.SIGKILL)
            process.wait()
        self.running.clear()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def python(*arguments: str) -> list[str]:
    """A command of this Python."""
    return [sys.executable, *arguments]
