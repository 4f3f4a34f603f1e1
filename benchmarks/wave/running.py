"""How long does it take until all are frozen, and until all are on hold? Real workers, on SQLite or PostgreSQL.

The customers' reports are handed in by this process, as the web side does it; so is the proof of each, as soon as her
plan is shown, since no customer sits here.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path

from benchmarks.wave.lives import FILM, SHOP, events_of
from benchmarks.wave.shop import MappedShop

LIMIT = 1800.0  # seconds: then something is wrong


@dataclass
class Found:
    """Seconds from the first report on; memory in MB, the most that any worker had."""

    accounts: int
    handed_in: float = 0.0
    frozen: float = 0.0
    held: float = 0.0
    memory: float = 0.0
    idle_memory: float = 0.0
    repeats: int = 0
    missing: int = 0
    curve: list[tuple[float, int, int]] = field(default_factory=list)  # seconds, frozen, on hold


def measure(
    accounts: int, *, workers: int = 2, database_url: str | None = None, told: Callable[[str], None] = lambda _: None
) -> Found:
    """One wave. A folder on a real disk, where a commit waits for it."""
    found = Found(accounts)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp")))
        os.environ.update(settings(folder, database_url))
        _prepare(folder, accounts, told)
        processes = [stack.enter_context(_worker(folder, accounts)) for _ in range(workers)]
        _until(lambda: len([*folder.glob("ready-*")]) == workers, 60)
        time.sleep(2)  # what a worker does at its start is not the wave's
        found.idle_memory = max(memory_of(process.pid) for process in processes)
        _wave(folder, accounts, processes, found, told)
        shops = (MappedShop(SHOP, folder, accounts), MappedShop(FILM, folder, accounts))
        for account in range(accounts):
            counts = [shop.counts(str(account)) for shop in shops]
            found.repeats += sum(count > 1 for each in counts for count in each)
            found.missing += sum(count == 0 for count in counts[0])
    return found


def settings(folder: Path, database_url: str | None) -> dict[str, str]:
    """The environment of every process."""
    said = {
        "TAKEBACK_DATA_DIR": str(folder / "data"),
        "TAKEBACK_SECRET_KEY": "the installation's secret, for the measurement",
        "TAKEBACK_LANGUAGE": "ja",
        "DJANGO_SETTINGS_MODULE": "takeback.worker_settings",
    }
    return said if database_url is None else said | {"TAKEBACK_DATABASE_URL": database_url}


def _prepare(folder: Path, accounts: int, told: Callable[[str], None]) -> None:
    from takeback.bootstrap import build_event_log, make_tables
    from takeback.configuration import load_configuration
    from takeback.core.events import parse_event

    configuration = load_configuration()
    make_tables(configuration)
    for source in (SHOP, FILM):
        MappedShop(source, folder, accounts)
    log = build_event_log(configuration)
    texts = (text for account in range(accounts) for text in events_of(str(account)))
    stored = 0
    while batch := [(parse_event(text), text) for text in islice(texts, 2_000)]:
        stored += log.append(batch).stored
        told(f"{stored:,} events stored")
    log.close()


def _wave(
    folder: Path, accounts: int, processes: list["subprocess.Popen[bytes]"], found: Found, told: Callable[[str], None]
) -> None:
    from benchmarks.wave.worker import wave_house
    from takeback.casework.report import hand_in
    from takeback.core.case import Language

    house = wave_house(folder, accounts)
    begun, began_at = time.monotonic(), time.time()
    customers = iter(range(accounts))
    while True:
        until = time.monotonic() + 1.0
        while time.monotonic() < until and (customer := next(customers, None)) is not None:
            hand_in(house, str(customer), "身に覚えのない注文がありました", Language.JA)
            found.handed_in = time.monotonic() - begun
        now = time.monotonic() - begun
        opened, frozen, held = counts()
        found.curve.append((now, frozen, held))
        found.memory = max(found.memory, *(memory_of(process.pid) for process in processes))
        told(f"{now:5.0f} s: {opened:,} cases, {frozen:,} frozen, {held:,} on hold")
        if frozen == accounts and not found.frozen:
            found.frozen = max(case.frozen_at for case in house.cases.cases() if case.frozen_at).timestamp() - began_at
        if held == accounts:
            found.held = now
            break
        if now > LIMIT or any(process.poll() is not None for process in processes):
            raise RuntimeError(f"after {now:.0f} s {frozen} of {accounts} are frozen and {held} on hold")
        for case in waiting():
            house.cases.change(case, lambda one: replace(one, proven_at=house.clock.now()))
            house.starter.start("undo", case, because="proof")
        time.sleep(max(0.0, until - time.monotonic()))
    house.close()


def counts() -> tuple[int, int, int]:
    """How many cases there are, how many of them are frozen, and how many on hold. Asked so that it costs the workers
    next to nothing: all three run on the same processors.
    """
    from django.db.models import Count, Q

    from takeback.store.models import CaseRow

    asked = CaseRow.objects.aggregate(
        opened=Count("id"), frozen=Count("id", Q(frozen_at__isnull=False)), held=Count("id", Q(stage="hold"))
    )
    return asked["opened"], asked["frozen"], asked["held"]


def waiting() -> list[str]:
    """Cases whose customer has been shown the plan and has not proven yet who she is."""
    from takeback.store.models import CaseRow

    return list(CaseRow.objects.filter(stage="undo", proven_at=None).values_list("id", flat=True)[:500])


@contextmanager
def _worker(folder: Path, accounts: int) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "benchmarks.wave.worker", str(folder), str(accounts)]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def memory_of(pid: int) -> float:
    """What is this process's alone or its share, in MB (proportional set size)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def _until(done: Callable[[], bool], most: float) -> None:
    end = time.monotonic() + most
    while not done():
        if time.monotonic() > end:
            raise RuntimeError("the workers did not begin")
        time.sleep(0.1)


def main() -> None:
    """`python -m benchmarks.wave.running ACCOUNTS [WORKERS [DATABASE_URL]]`: one wave; what was found, as JSON."""
    asked = sys.argv[1:]
    found = measure(
        int(asked[0]),
        workers=int(asked[1]) if len(asked) > 1 else 2,
        database_url=asked[2] if len(asked) > 2 else None,
        told=lambda text: print(text, file=sys.stderr),
    )
    print(json.dumps({**asdict(found), "curve": found.curve[:: max(1, len(found.curve) // 50)]}))


if __name__ == "__main__":
    main()
