"""How long does `takeback investigate --all` take, and how much memory? Beside one process that reads, groups and
investigates.
"""

import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.investigating import NOW, texts
from benchmarks.row import Row, seconds

ACCOUNTS, EVENTS = 900, 50_000
LIMIT = 5.0  # seconds for all of them on two cores
GROWS = 4  # times
MORE_MEMORY = 32.0  # MB: what a file that grew may cost; the files themselves differ by more than that
RUNS = 3
LOOK_EVERY = 0.01  # seconds

# The least that it can be: the same answers, with every event in memory and one core at work.
PLAIN = """
import sys
from datetime import datetime
import msgspec
from takeback.core.answer import answer
from takeback.core.events import parse_event
from takeback.core.investigation import investigate
accounts = {}
with open(sys.argv[1], "rb") as file:
    for line in file:
        event = parse_event(line)
        accounts.setdefault(event.account, []).append(event)
for account, events in accounts.items():
    found = investigate(account, events, now=datetime.fromisoformat(sys.argv[2]))
    sys.stdout.buffer.write(msgspec.json.encode(answer(found, events)) + b"\\n")
"""


def rows() -> Iterator[Row]:
    """Time and memory, and memory once more for a file that is some times as large."""
    with tempfile.TemporaryDirectory() as name:
        once, more = (write(Path(name) / f"{times}.ndjson", ACCOUNTS * times) for times in (1, GROWS))
        pairs = [(timed(ours(once)), timed(plain(once))) for _ in range(RUNS)]  # in turns: a busy moment meets both
        what = f"--all, {EVENTS:,} events of {ACCOUNTS} accounts"
        fast, slow = (median(column) for column in zip(*pairs, strict=True))
        yield Row(what, fast, "s", "read, group, investigate", slow, LIMIT)
        small, large = peak(ours(once)), peak(ours(more))
        yield Row("--all, peak memory", small, "MB", "read, group, investigate", peak(plain(once)))
        yield Row(f"--all, peak memory, {GROWS} x", large, "MB", "the same, 1 x", small, small + MORE_MEMORY)


def ours(path: Path) -> list[str]:
    """The command that is measured."""
    return [sys.executable, "-m", "takeback.cli", "investigate", str(path), "--all", "--json", "--at", NOW.isoformat()]


def plain(path: Path) -> list[str]:
    """The command beside it."""
    return [sys.executable, "-c", PLAIN, str(path), NOW.isoformat()]


def timed(command: Sequence[str]) -> float:
    """Seconds for the whole process, its start included."""
    return seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))


def write(path: Path, accounts: int) -> Path:
    """A file of that many accounts, whose events come in no order; each has an intruder's night."""
    lives = texts(EVENTS // ACCOUNTS + 1)
    chance = random.Random(11)
    drawn = [(account, line) for account in range(accounts) for line in lives]
    del drawn[accounts * EVENTS // ACCOUNTS :]
    chance.shuffle(drawn)
    with path.open("wb") as file:
        for account, line in drawn:
            ours = line.replace(b'"subject": "42"', b'"subject": "a%d"' % account, 1)
            file.write(ours.replace(b'"id": "', b'"id": "%d-' % account, 1) + b"\n")
    return path


def peak(command: Sequence[str]) -> float:
    """The most memory in MB that a command and the processes it starts hold together, as the kernel counts it
    (proc(5), VmHWM; pages that several share count for each).
    """
    held: dict[int, int] = {}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, held, ended))
        watcher.start()
        status = process.wait()
        ended.set()
        watcher.join()
    if status:
        raise subprocess.CalledProcessError(status, command)
    return sum(held.values()) / 1e6


def _watch(root: int, held: dict[int, int], ended: threading.Event) -> None:
    while not ended.wait(LOOK_EVERY):
        for pid in _tree(root):
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            except OSError:
                continue  # it has ended meanwhile
            found = [line for line in status.splitlines() if line.startswith("VmHWM:")]
            if found:
                held[pid] = int(found[0].split()[1]) * 1024  # the last word: before it is its own, it is its parent's


def _tree(root: int) -> Iterator[int]:
    yield root
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text(encoding="utf-8").split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))
