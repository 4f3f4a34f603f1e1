"""How long does the desk's page of a case take for an account of 20,000 events, and how heavy is it? How long does the
queue take with 500 cases? In a process of its own, over the whole of the web side, signed in.

The account has years of its owner's and one night of an intruder's; both services are stopped and the plan waits for an
approval, so that the page has everything on it.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.investigating import ACCOUNT, NOW, texts
from benchmarks.row import Row

EVENTS, CASES, RUNS = 20_000, 500, 7
MOST_SECONDS, MOST_KB, MOST_QUEUE_SECONDS = 1.0, 300.0, 0.3
SETTINGS = """
data_dir = "data"
language = "en"
secret_key = "of an installation that is thrown away after the measurement"
[[services]]
source = "/shops/oscar"
base_url = "http://127.0.0.1:9/takeback"
secret = "whsec_dGhyb3duIGF3YXkgYWZ0ZXIgdGhlIG1lYXN1cmVtZW50"
"""
PARTS = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def rows() -> Iterator[Row]:
    """Seconds of the page, of the picture alone and of the report, and the page's weight with all that it loads."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "takeback.toml"
        file.write_text(SETTINGS, encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.desk"],
            env=os.environ | {"TAKEBACK_CONFIG": str(file)},
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    about = f"of {EVENTS:,} events"
    yield Row(f"the desk's page {about}", found["page"], "s", "its inquiry alone", found["inquiry"], MOST_SECONDS)
    yield Row(f"its picture moved {about}", found["picture"], "s", "", None, MOST_SECONDS)
    yield Row(f"its report {about}", found["report"], "s", "", None, MOST_SECONDS)
    yield Row(f"the queue of {CASES} cases", found["queue"], "s", "", None, MOST_QUEUE_SECONDS)
    yield Row(f"weight of the desk's page {about}", found["bytes"] / 1000, "kB", "", None, MOST_KB)
    yield Row("the same with style sheets and script", found["all"] / 1000, "kB", "", None, MOST_KB)


def measure() -> dict[str, float]:
    """Seconds and bytes, in this process, whose settings are a throw-away installation's."""
    from takeback.bootstrap import build_house, make_tables, move_into
    from takeback.casework.investigate import inquire
    from takeback.configuration import load_configuration

    configuration = load_configuration()
    make_tables(configuration)
    house = build_house(configuration)
    move_into(house)
    try:
        case = _case(house)
        from takeback.core.permission import Role
        from tests.web.desk.people import client_of  # once Django has been started

        browser = client_of(Role.AGENT)
        address = f"/desk/case/{case.id}"
        page = browser.get(address).content
        parts = set(PARTS.findall(page.decode()))
        weights = [
            _weight(browser.get(part.replace("&amp;", "&"), {}, headers={"accept-encoding": "gzip"})) for part in parts
        ]
        return {
            "inquiry": _typical(lambda: inquire(house, case)),
            "page": _typical(lambda: browser.get(address)),
            "picture": _typical(
                lambda: browser.get(f"{address}?from=1&to=99999999999", headers={"hx-request": "true"})
            ),
            "report": _typical(lambda: browser.get(f"{address}/print?lang=ja")),
            "queue": _queue(house, browser),
            "bytes": len(page),
            "all": len(page) + sum(weights),
        }
    finally:
        move_into(None)
        house.close()


def _queue(house: Any, browser: Any) -> float:
    """Seconds of the queue's page once each case has been looked into."""
    from takeback.casework.queue import queue
    from takeback.core.case import Case, Language, Stage

    for number in range(CASES):
        house.cases.open(Case(f"q{number}", f"a{number}", Stage.UNDO, Language.JA, NOW, "", f"{number:064}"))
    queue(house, patience=60)
    return _typical(lambda: browser.get("/desk/"))


def _case(house: Any) -> Any:
    """A case of the account with all its events, stopped, with a ledger and a log."""
    from takeback.casework.ledger import Part, intend
    from takeback.casework.ports import Entry
    from takeback.core.case import Case, Language, Stage
    from takeback.core.events import parse_event
    from takeback.core.service import Outcome
    from takeback.core.undo.effects import action
    from takeback.core.undo.plan import CONTAINMENT

    lines = texts(EVENTS)
    house.event_log.append([(parse_event(line), line) for line in lines])
    now = datetime.now(UTC)
    case = Case(
        "c" * 16, ACCOUNT, Stage.UNDO, Language.JA, NOW, "買っていない商品が購入されている", "t" * 64, frozen_at=NOW
    )
    case = house.cases.open(case)
    intend(house, case, Part.FREEZE, [action(ACCOUNT, kind, {}, (), None) for kind in CONTAINMENT])
    for row in house.cases.actions(case.id):
        house.cases.settle(replace(row, outcome=Outcome.DONE, done_at=now, read_back_at=now, read_back_ok=True))
        for _ in range(10):
            house.cases.note(Entry(case.id, now, "system", "action.done", "containment", {"id": row.id}))
    return case


def _typical(work: Any) -> float:
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return median(times)


def _weight(answer: Any) -> int:
    assert answer.status_code == 200
    return len(answer.content)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()) + "\n")
