"""What do a hundred thousand cases on hold cost? Memory, the time until a worker that starts does its first deed, and
how late a hold ends.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.wave.lives import FILM, SHOP, events_of
from benchmarks.wave.running import memory_of, settings
from benchmarks.wave.shop import MappedShop

if TYPE_CHECKING:
    from takeback.casework.ports import CaseStore, Entry
    from takeback.core.case import Case, Stage

CASES, DUE = 100_000, 100
SOON, SPREAD = timedelta(seconds=25), timedelta(seconds=20)  # from the worker's start to the first end of a hold


@dataclass
class Held:
    """Seconds; MB of the worker's own, the most."""

    first_deed: float
    latest: float
    memory: float


def measured(cases: int) -> Held:
    """`measure` in a process of its own, since a process has its database for life."""
    asked = [sys.executable, "-m", "benchmarks.wave.holding", str(cases)]
    done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True)
    return Held(**json.loads(done.stdout.splitlines()[-1]))


def measure(cases: int = CASES, due: int = DUE) -> Held:
    """One worker on a database in which so many cases are on hold."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        os.environ.update(settings(folder, None))
        _prepare(folder)
        _fill(cases - due, datetime.now(UTC) + timedelta(hours=4), timedelta(hours=1), "far")
        ends = datetime.now(UTC) + SOON
        _fill(due, ends, SPREAD, "due")
        return _run(folder, due, ends)


def _prepare(folder: Path) -> None:
    from takeback.bootstrap import build_event_log, make_tables
    from takeback.configuration import load_configuration
    from takeback.core.events import parse_event

    configuration = load_configuration()
    make_tables(configuration)
    for source in (SHOP, FILM):
        MappedShop(source, folder, 1)
    log = build_event_log(configuration)
    log.append([(parse_event(text), text) for text in events_of("0")])
    log.close()


def _fill(many: int, first: datetime, spread: timedelta, name: str) -> None:
    """Cases on hold, and the rows that wait for their ends."""
    import sqlite3

    from django.db import transaction

    from takeback.bootstrap import build_house
    from takeback.casework.hold import waiting
    from takeback.configuration import load_configuration
    from takeback.core.case import Case, Language, Stage
    from takeback.store import bulk, chain, rows
    from takeback.store.models import CaseRow, LogHeadRow

    configuration = load_configuration()
    house = build_house(configuration)
    key, now = configuration.key("case log"), datetime.now(UTC)
    cases = [
        Case(
            id=f"{name}{number:012}",
            account=f"{name}-{number}",
            stage=Stage.HOLD,
            language=Language.JA,
            opened_at=now - timedelta(hours=1),
            report_text="身に覚えのない注文がありました",
            token_hash=f"{name}{number}",
            frozen_at=now - timedelta(minutes=59),
            plan_hash="p",
            approved_hash="p",
            undone_at=now - timedelta(minutes=50),
            hold_until=first + spread * (number / many),
        )
        for number in range(many)
    ]
    for start in range(0, many, 10_000):
        some = cases[start : start + 10_000]
        heads = [(case.id, chain.seal(key, case.id, chain.Head())) for case in some]
        with transaction.atomic():
            bulk.insert(CaseRow, [{"id": case.id, **rows.case_values(case)} for case in some])
            bulk.insert(
                LogHeadRow, [{"case_id": case, "count": 0, "digest": "", "seal": sealed} for case, sealed in heads]
            )
    because, left = waiting(house, cases[0])
    house.starter.start("hold", cases[0].id, because=because, after=left)
    house.close()
    # The engine's own way in takes a millisecond each; these are copies of the row that it made.
    with sqlite3.connect(configuration.engine_path) as engine:
        engine.row_factory = sqlite3.Row
        for table in ("workflow_status", "workflow_input"):
            (made,) = engine.execute(f"SELECT * FROM {table} WHERE workflow_uuid LIKE ?", (f"{cases[0].id}/%",))  # noqa: S608 - one of two names
            columns = made.keys()
            places = ", ".join(f":{column}" for column in columns)
            copies = (_copied(dict(made), cases[0].id, case.id, case.hold_until) for case in cases[1:])
            engine.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", copies)  # noqa: S608 - the names are its own


def _copied(made: dict[str, Any], first: str, case: str, ends: datetime | None) -> dict[str, Any]:
    for name in ("workflow_uuid", "inputs"):
        if isinstance(made.get(name), str):
            made[name] = made[name].replace(first, case)
    if "delay_until_epoch_ms" in made and ends is not None:
        made["delay_until_epoch_ms"] = int(ends.timestamp() * 1000)
    return made


def _run(folder: Path, due: int, ends: datetime) -> Held:
    from benchmarks.wave.worker import wave_house
    from takeback.casework.report import hand_in
    from takeback.core.case import Language, Stage

    house = wave_house(folder, 1)
    hand_in(house, "0", "身に覚えのない注文がありました", Language.JA)
    began = time.time()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.wave.worker", str(folder), "1"])
    memory = 0.0
    try:
        last = (ends + SPREAD).timestamp() + 10
        while time.time() < last and process.poll() is None:
            memory = max(memory, memory_of(process.pid))
            time.sleep(0.5)
        (case,) = house.cases.of_account("0")
        first_deed = min(row.done_at for row in house.cases.actions(case.id) if row.done_at is not None)
        late = [_late(house.cases.log(one.id), one.hold_until) for one in _ended(house.cases, due, Stage.HAND_BACK)]
    finally:
        process.terminate()
        process.wait(60)
        house.close()
    if len(late) < due:
        raise RuntimeError(f"only {len(late)} of {due} holds ended")
    return Held(first_deed.timestamp() - began, max(late), memory)


def _ended(cases: "CaseStore", due: int, stage: "Stage") -> "Iterator[Case]":
    for number in range(due):
        case = cases.case(f"due{number:012}")
        if case is not None and case.stage is stage:
            yield case


def _late(log: "list[Entry]", until: datetime | None) -> float:
    (entry,) = [entry for entry in log if entry.what == "hold.ended"]
    assert until is not None
    return (entry.at - until).total_seconds()


if __name__ == "__main__":
    print(json.dumps(asdict(measure(int(sys.argv[1])))))
