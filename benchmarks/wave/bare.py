"""How fast does the engine alone drain a queue whose work waits 5 ms? The peer of a wave: one wait instead of fourteen,
and nothing written but the engine's own rows. In a process of its own, since an engine is one in a process.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ANSWERS = 0.005  # seconds
AT_ONCE = 32


def rate(many: int) -> float:
    """Rows a second, drained after they were all put in."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.wave.bare", str(many)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def drain(many: int, folder: Path) -> float:
    """The same, in this process."""
    from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

    url = f"sqlite:///{folder}/bare.db"
    DBOS(
        config={
            "name": "bare-queue",
            "system_database_url": url,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
            "max_executor_threads": AT_ONCE,
        }
    )
    done: list[int] = []

    @DBOS.workflow(name="wait")
    def wait(number: int) -> None:
        DBOS.run_step({"name": "wait"}, time.sleep, ANSWERS)
        done.append(number)

    DBOS.launch()
    client = DBOSClient(system_database_url=url, serializer=DBOSPortableJSONSerializer())
    for number in range(many):
        client.enqueue({"workflow_name": "wait", "queue_name": "bare"}, number)
    began = time.monotonic()
    DBOS.register_queue("bare", worker_concurrency=AT_ONCE, polling_interval_sec=0.1)
    while len(done) < many:
        time.sleep(0.05)
    seconds = time.monotonic() - began
    DBOS.destroy()
    return many / seconds


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        print(drain(int(sys.argv[1]), Path(name)))
