"""What carries phases across crashes? DBOS: a durable row for each phase, in a SQLite file of its own; see
docs/why/engine.md.

The web side only adds rows (`Starter`). Workers run them. What a worker was running when it was ended, at any point,
another one, or the same when it is started again, runs from its beginning (`guard`); the ledger sees to it that nothing
is done twice.
"""

import logging
import random
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Engine

from takeback.casework import guard
from takeback.casework.alone import alone
from takeback.casework.first import First
from takeback.casework.following import gathered
from takeback.casework.observed import Seen, observed
from takeback.casework.pace import urgently
from takeback.casework.pausing import is_held
from takeback.casework.phases import PHASES
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Progress
from takeback.casework.resuming import Resuming
from takeback.casework.retention import start_forgetting
from takeback.casework.rules_told import EVERY, Reminder
from takeback.casework.seats import Seats
from takeback.casework.starter import NAME, QUEUE_OF, Queue, name_of, sqlite_file
from takeback.core.errors import CaseRefused
from takeback.sqlitefiles.alchemy import engine_on

log = logging.getLogger("takeback.engine")

VERSION = "1"  # of the phases' names and arguments; raised when a waiting row of before could not be run any more
POLLED = {Queue.FREEZE: 0.1, Queue.CASEWORK: 0.2, Queue.HOLD: 0.5}  # seconds
# Always set: without it one poll takes every due row. A phase waits for services and for the disk most of the time, so
# some run side by side; more than these are slower again, since they wait for each other (`python -m benchmarks wave`).
AT_ONCE = {Queue.FREEZE: 10, Queue.CASEWORK: 10, Queue.HOLD: 8}
# Of these, so many compute; each queue has its own, so that nothing keeps a stop waiting.
SEATS = {Queue.FREEZE: 2, Queue.CASEWORK: 2, Queue.HOLD: 1}
_seats = {queue: Seats(many) for queue, many in SEATS.items()}
# Seconds after which a thread that computes lets another one go on. Python's own 0.005 are long for one that has the
# turn to write and is back from a statement: everybody waits for it.
SWITCHED = 0.0005
LONGEST_WAIT = 300.0  # seconds between two tries of a phase


def migrate(engine_url: str) -> None:
    """Make or bring up to date the engine's tables. Runs nothing that waits there."""
    _share(engine_url)
    DBOS.migrate(engine_url)


def run_worker(house: House, *, ready: Callable[[], None] = lambda: None) -> None:
    """Work until SIGTERM or SIGINT; phases that run are given time to end.

    `SettingsError` when the database that has the locks cannot be reached.
    """
    sys.setswitchinterval(SWITCHED)
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with working(house):
        ready()
        reminder = Reminder(house)
        while not stop.wait(EVERY):
            reminder.look()


@contextmanager
def working(house: House) -> Iterator[None]:
    """While this lasts, this process is the worker."""
    with guard.present(house.locks) as (name, presence):
        _share(house.configuration.engine_url)
        engine = _engine(house.configuration.engine_url)
        DBOS(config=_config(house.configuration.engine_url, name, engine))
        first = First()
        for phase, work in PHASES.items():
            DBOS.workflow(name=phase)(_workflow(house, phase, work, first))
        DBOS.launch()
        first.begin()
        try:
            for queue in Queue:
                DBOS.register_queue(queue, worker_concurrency=AT_ONCE[queue], polling_interval_sec=POLLED[queue])
            start_forgetting(house)
            resuming = Resuming(house)
            try:
                with guard.watching(house, name, VERSION, presence):
                    yield
            finally:
                resuming.close()
        finally:
            first.close()
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=guard.GRACE)
            if engine is not None:
                engine.dispose()


def _workflow(house: House, phase: str, work: Callable[..., Progress], first: First) -> Callable[..., None]:
    """A phase as DBOS runs it. No step of it is noted on the way, which would cost as much again twice: a phase that is
    run again after a crash begins at its beginning, and the ledger knows what is done.
    """

    def run(*args: str) -> None:
        row = DBOS.workflow_id or ""
        with guard.running(row):
            if QUEUE_OF[phase] is not Queue.CASEWORK:
                run_phase(house, phase, work, args, row)
                return
            first.wait()
            with gathered(args[0]) as following:
                run_phase(house, phase, work, args, row)
                while (one := following.pop()) is not None:
                    name = name_of(one.phase, one.args[0], one.because)
                    run_phase(house, one.phase, PHASES[one.phase], one.args, name)

    run.__qualname__ = run.__name__ = phase
    return run


def run_phase(house: House, phase: str, work: Callable[..., Progress], args: tuple[str, ...], row: str) -> str:
    """Run the phase, no two of one case at a time.

    What fails is run again, a little later each time, and is said in the case's log. So is what another phase of the
    case held up for too long, of which nothing is said.
    """
    with house.released():
        try:
            with alone(args[0], house.locks) as is_alone, observed(phase, args[0]) as seen:
                seen.outcome = Progress.AGAIN.value
                progress = _run(house, phase, work, args, seen) if is_alone else Progress.AGAIN
        except Exception as error:  # the database that has the locks
            log.warning("%s of case %s could not begin: %s", phase, args[0], type(error).__name__)
            progress = Progress.AGAIN
        if progress is Progress.AGAIN:
            _again(house, phase, args, row)
        return progress.value


def _run(house: House, phase: str, work: Callable[..., Progress], args: tuple[str, ...], seen: Seen) -> Progress:
    try:
        if is_held(house, phase, args):
            seen.outcome = Progress.WAITS.value
            return Progress.WAITS
        queue = QUEUE_OF[phase]
        with urgently(queue is Queue.FREEZE), _seats[queue].taken():
            progress = work(house, *args)
        seen.outcome = progress.value
        return progress
    except CaseRefused as refusal:
        seen.outcome = "refused"
        log.info("%s of case %s: %s", phase, args[0], refusal.key)
        _say(house, args[0], "phase.refused", refusal.key, phase)
        return Progress.WAITS
    except Exception as error:  # whatever it was, the case must go on
        seen.outcome = "failed"
        log.warning("%s of case %s failed and is tried again: %s", phase, args[0], type(error).__name__)
        _say(house, args[0], "phase.failed", type(error).__name__, phase)
        return Progress.AGAIN


def _again(house: House, phase: str, args: tuple[str, ...], row: str) -> None:
    because = guard.next_reason(row.removeprefix(name_of(phase, args[0], "")))
    tries = int(because.rpartition("~")[2])
    wait = min(2.0 ** (tries - 2), LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads tries, guards nothing
    house.starter.start(phase, *args, because=because, after=wait)


def _say(house: House, case_id: str, what: str, why: str, phase: str) -> None:
    """Note a failure in the case's log, unless what failed was the noting, or there is no case yet."""
    try:
        if house.cases.case(case_id) is not None:
            house.cases.note(Entry(case_id, house.clock.now(), "system", what, why, {"phase": phase}))
    except Exception as error:  # the phase itself is tried again, and that is what counts
        log.warning("case %s: its log could not be written: %s", case_id, type(error).__name__)


def _share(engine_url: str) -> None:
    """Put the engine's file into the mode in which one process reads while another writes; the file keeps it."""
    file = sqlite_file(engine_url)
    if file is None:
        return
    database = sqlite3.connect(file)
    try:
        database.execute("PRAGMA journal_mode=WAL")
    finally:
        database.close()


def _config(engine_url: str, name: str, engine: Engine | None) -> DBOSConfig:
    return {
        "name": NAME,
        "system_database_url": engine_url,
        # the default, pickle, would make a write to the file execution of code
        "serializer": DBOSPortableJSONSerializer(),
        "application_version": VERSION,
        "executor_id": name,
        "log_level": "WARNING",
        "enable_otlp": False,
        "db_engine_kwargs": {"hide_parameters": True},  # an error would tell a row's values, such as a report's text
        "max_executor_threads": sum(AT_ONCE.values()) + 8,
        "system_database_engine": engine,
    }


def _engine(engine_url: str) -> Engine | None:
    """What a worker itself notes of its rows need not survive a loss of power, after which they would run again: no
    commit of it waits for the disk. What puts rows in (`Starter`) waits. None where a server has its own ways.
    """
    file = sqlite_file(engine_url)
    return None if file is None else engine_on(engine_url, str(file), lasting=False)
