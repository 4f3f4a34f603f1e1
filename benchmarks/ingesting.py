"""How many events a second are stored for good? In process, and over HTTP beside what people would write instead.

Over HTTP each figure is the median of some rounds in which the servers take turns, each a process of its own on a file
of its own, asked by a process of its own. Every answer means a sync, and the rows are counted after each round.
"""

import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.ingest import measure, seconds
from benchmarks.load import EACH, Form, text
from benchmarks.row import Row
from benchmarks.serving import SOURCE, Served, load, served
from takeback.core.events import parse_event
from takeback.store.eventlog import SqliteEventLog

RUNS = ((1, 500, 1), (1, 2_000, 16), (100, 10_000, 1), (1000, 20_000, 1))  # batch, events, callers
CONNECTIONS = {Form.SINGLE: 64, Form.BATCH: 16, Form.LINES: 8}
MOST = {Form.SINGLE: 15_000, Form.BATCH: 60_000, Form.LINES: 60_000}  # events a second, more than any server takes
PLAIN_MOST = {Form.SINGLE: 3_000, Form.BATCH: 30_000}
ROUNDS, SECONDS = 3, 3.0
ALONE = 30_000  # events of a round in process
TIMES, SHARE = 5, 0.6  # of the plain service's figure, and of the one without HTTP
PLAIN, BARE, NO_HTTP = "FastAPI, pydantic, ORM", "bare ASGI, nothing checked", "decode and insert, no HTTP"


def rows() -> Iterator[Row]:
    """The event log by itself, then the servers."""
    with tempfile.TemporaryDirectory() as folder:
        for size, many, callers in RUNS:
            found = measure(Path(folder), size, many, callers)
            what = f"store events, {size} a call" + (f", {callers} callers" if callers > 1 else "")
            yield Row(what, found["append"], "/s", "bare SQLite", found["bare"], more_is_better=True)
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as servers:
        yield from _over_http(servers, Path(name))


def _over_http(servers: dict[str, Served], folder: Path) -> Iterator[Row]:
    single, batch, lines = (_rates(servers, form, folder) for form in Form)
    row = partial(Row, unit="/s", more_is_better=True)
    takes = f"events by HTTP, {CONNECTIONS[Form.SINGLE]} connections, singly"
    yield row(
        takes, single["takeback"], peer=PLAIN, peer_value=single["fastapi_orm"], limit=TIMES * single["fastapi_orm"]
    )
    yield row(takes, single["takeback"], peer=BARE, peer_value=single["bare_asgi"])
    takes = f"events by HTTP, {EACH[Form.BATCH]} a batch, {CONNECTIONS[Form.BATCH]} connections"
    yield row(takes, batch["takeback"], peer=PLAIN, peer_value=batch["fastapi_orm"], limit=TIMES * batch["fastapi_orm"])
    yield row(takes, batch["takeback"], peer=NO_HTTP, peer_value=batch["alone"], limit=SHARE * batch["alone"])
    yield row(takes, batch["takeback"], peer=BARE, peer_value=batch["bare_asgi"])
    takes = f"events by HTTP, {EACH[Form.LINES]} lines, {CONNECTIONS[Form.LINES]} connections"
    yield row(takes, lines["takeback"], peer=NO_HTTP, peer_value=lines["alone"], limit=SHARE * lines["alone"])
    yield row(takes, lines["takeback"], peer=BARE, peer_value=lines["bare_asgi"])


def _rates(servers: dict[str, Served], form: Form, folder: Path) -> dict[str, float]:
    """Events a second of each server and, for batches, of one process without HTTP."""
    found: dict[str, list[float]] = {}
    for turn in range(ROUNDS):
        for server in servers.values():
            if form in server.paths:
                name = f"{form}-{turn}"
                most = (PLAIN_MOST if server.name == "fastapi_orm" else MOST)[form]
                told = load(server, form, CONNECTIONS[form], SECONDS, name, most)
                found.setdefault(server.name, []).append(told["stored"] / told["seconds"])
        if form is not Form.SINGLE:
            found.setdefault("alone", []).append(alone(folder / f"alone-{form}.db", form, f"{form}-{turn}"))
    return {name: median(rates) for name, rates in found.items()}


def alone(file: Path, form: Form, name: str) -> float:
    """Events a second of decoding and appending in this process, by as many callers as there are connections."""
    each = EACH[form]
    bodies = [[text(start + place, name, SOURCE) for place in range(each)] for start in range(0, ALONE, each)]
    log = SqliteEventLog(file, contact_key=b"k" * 32)
    taken = seconds(partial(_append, log, bodies, CONNECTIONS[form]))
    log.close()
    return ALONE / taken


def _append(log: SqliteEventLog, bodies: list[list[bytes]], callers: int) -> None:
    def call(start: int) -> None:
        for body in bodies[start::callers]:
            log.append([(parse_event(line), line) for line in body])

    threads = [threading.Thread(target=call, args=(start,)) for start in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
