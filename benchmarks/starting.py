"""How long does `takeback --help` take, and how much memory does a worker at rest hold?"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import sleep

from benchmarks.row import Row, seconds
from takeback.demo.processes import Processes, python

RUNS = 11
REST = 5.0  # seconds after the start
BARE = "import django, dbos, time; time.sleep(60)"


def rows() -> Iterator[Row]:
    """Both, each beside the least that Python itself can do."""
    yield _help()
    yield _worker()


def _help() -> Row:
    command = [sys.executable, "-m", "takeback.cli", "--help"]
    ours, bare = [], []
    for _ in range(RUNS):  # in turns, so that a busy moment meets both
        ours.append(seconds(lambda: subprocess.run(command, capture_output=True, check=True)))
        bare.append(seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], capture_output=True, check=True)))
    return Row("takeback --help", median(ours), "s", "python -c pass", median(bare), 0.4)


def _worker() -> Row:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "takeback.toml"
        file.write_text('data_dir = "data"\n', encoding="utf-8")
        environment = {"TAKEBACK_CONFIG": str(file)}
        with Processes(folder / "logs") as processes:
            processes.run("migrate", python("-m", "takeback.cli", "migrate"), environment, folder)
            processes.start("work", python("-m", "takeback.cli", "work"), environment, folder)
            processes.start("bare", python("-c", BARE), {}, folder)
            processes.until("work", (folder / "data" / "worker.lock").exists)
            sleep(REST)
            ours, bare = (resident(processes.running[name].pid) for name in ("work", "bare"))
    return Row("a worker at rest", ours, "MB", "import django, dbos", bare, 120.0)


def resident(process: int) -> float:
    """Resident memory in MB, as the kernel counts it (proc(5), VmRSS)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6
