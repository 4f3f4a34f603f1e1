"""How many events a second does the event log store for good, beside bare SQLite doing as little as it can?

Both write the same rows into the same table with `synchronous=FULL`, in turns, in one run: the ratio holds on any
machine, the figures only on this one. Single events from `--threads` callers show what the shared commit is for.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from takeback.core.events import Event, parse_event
from takeback.store.eventfile import open_for_writing
from takeback.store.eventlog import SqliteEventLog

INSERT = "INSERT INTO event (account, ts, seq, source, id, body) VALUES (?, ?, ?, ?, ?, ?)"
ROUNDS = 5
Batch = list[tuple[Event, bytes]]


def texts(many: int, name: str) -> list[bytes]:
    """Events of 500 accounts, as a shop would send them."""
    client = {"session": "s17", "device": "d4", "ip": "203.0.113.9", "user_agent": "Mozilla/5.0", "country": "JP"}
    return [
        json.dumps(
            {
                "specversion": "1.0",
                "id": f"{name}-{number}",
                "source": "/shops/oscar",
                "type": "account.viewed",
                "subject": str(number * 7919 % 500),
                "time": f"2026-11-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}+09:00",
                "data": {"what": "orders", "client": client},
            }
        ).encode()
        for number in range(many)
    ]


def seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def batches(lines: list[bytes], size: int) -> list[Batch]:
    events = [(parse_event(line), line) for line in lines]
    return [events[start : start + size] for start in range(0, len(events), size)]


def bare(path: Path, parts: list[Batch]) -> None:
    connection = open_for_writing(path)
    seq = connection.execute("SELECT count(*) FROM event").fetchone()[0]
    for part in parts:
        connection.execute("BEGIN IMMEDIATE")
        rows = [
            (event.account, int(event.time.timestamp() * 1e6), seq + place, event.source, event.id, text)
            for place, (event, text) in enumerate(part)
        ]
        connection.executemany(INSERT, rows)
        connection.execute("COMMIT")
        seq += len(part)
    connection.close()


def appended(log: SqliteEventLog, parts: list[Batch], threads: int) -> None:
    def call(start: int) -> None:
        for part in parts[start::threads]:
            log.append(part)

    callers = [threading.Thread(target=call, args=(start,)) for start in range(threads)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()


def measure(folder: Path, size: int, many: int, threads: int = 1) -> dict[str, float]:
    """Events a second of both, the median of `ROUNDS` rounds that take turns."""
    log = SqliteEventLog(folder / f"log-{size}-{threads}.db", contact_key=b"k" * 32)
    ours, theirs = [], []
    for turn in range(ROUNDS):
        parts = batches(texts(many, f"{size}-{turn}"), size)
        theirs.append(many / seconds(partial(bare, folder / f"bare-{size}-{threads}.db", parts)))
        ours.append(many / seconds(partial(appended, log, parts, threads)))
    log.close()
    return {
        "batch": size,
        "threads": threads,
        "append": round(median(ours)),
        "bare": round(median(theirs)),
        "ratio": round(median(ours) / median(theirs), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="a line of JSON for each measurement")
    parser.add_argument("--threads", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = [(1, 2_000, 1), (1, 4_000, options.threads), (100, 20_000, 1), (1000, 40_000, 1)]
        if not options.json:
            sys.stdout.write("batch  callers  append events/s  bare SQLite events/s  ratio\n")
        for size, many, threads in runs:
            found = measure(Path(folder), size, many, threads)
            if options.json:
                sys.stdout.write(json.dumps(found) + "\n")
            else:
                row = "{batch:5}  {threads:7}  {append:15,}  {bare:20,}  {ratio:5}\n"
                sys.stdout.write(row.format(**found))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
