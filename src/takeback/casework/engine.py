"""What carries phases across crashes? DBOS: a durable row for each phase, in a SQLite file of its own; see
docs/why/engine.md.

The web side only adds rows (`Starter`). One worker runs them. A worker that was ended at any point finds, at its next
start, the phases that were running and runs them again from their beginning; the ledger sees to it that nothing is
done twice.
"""

import fcntl
import logging
import random
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from weakref import WeakValueDictionary

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from takeback.casework.phases import PHASES, RESUMED
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Progress
from takeback.casework.retention import start_forgetting
from takeback.casework.rules_told import EVERY, Reminder
from takeback.casework.starter import NAME, Queue, case_of, name_of
from takeback.core.errors import CaseRefused, SettingsError

log = logging.getLogger("takeback.engine")

VERSION = "1"  # of the phases' names and arguments; raised when a waiting row of before could not be run any more
EXECUTOR = "worker"  # safe to be fixed because the lock lets only one worker live; so a restart recovers its own rows
POLLED = {Queue.FREEZE: 0.1, Queue.CASEWORK: 0.2, Queue.HOLD: 1.0}  # seconds
AT_ONCE = {Queue.FREEZE: 8, Queue.CASEWORK: 6, Queue.HOLD: 2}  # always set: without it one poll takes every due row
LONGEST_WAIT = 300.0  # seconds between two tries of a phase
_WAITING = ["PENDING", "ENQUEUED", "DELAYED"]


def migrate(engine_path: Path) -> None:
    """Make or bring up to date the engine's tables. Runs nothing that waits there."""
    _share(engine_path)
    DBOS.migrate(_config(engine_path)["system_database_url"] or "")


def run_worker(house: House, *, ready: Callable[[], None] = lambda: None) -> None:
    """Work until SIGTERM or SIGINT; phases that run are given time to end.

    `SettingsError` when another worker lives here.
    """
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
    with _only_worker(house.configuration.worker_lock):
        _share(house.configuration.engine_path)
        DBOS(config=_config(house.configuration.engine_path))
        for phase, work in PHASES.items():
            DBOS.workflow(name=phase)(_workflow(house, phase, work))
        DBOS.launch()
        try:
            for queue in Queue:
                DBOS.register_queue(queue, worker_concurrency=AT_ONCE[queue], polling_interval_sec=POLLED[queue])
            resume(house)
            yield
        finally:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=10)


def resume(house: House) -> None:
    """Start a phase for each case that has none: its process ended between writing the case and starting the phase."""
    now = house.clock.now().isoformat()
    rows = DBOS.list_workflows(status=_WAITING, load_input=False, load_output=False)
    waiting = {case_of(row.workflow_id) for row in rows}
    start_forgetting(house)
    with house.released():
        for case in house.cases.cases():
            phase = RESUMED.get(case.stage)
            if phase is not None and case.id not in waiting:
                house.starter.start(phase, case.id, because=f"resumed-{now}")


def _workflow(house: House, phase: str, work: Callable[..., Progress]) -> Callable[..., None]:
    """A phase as DBOS runs it: one step, which does the work and starts what comes next."""

    def run(*args: str) -> None:
        DBOS.run_step({"name": phase}, run_phase, house, phase, work, args, DBOS.workflow_id or "")

    run.__qualname__ = run.__name__ = phase
    return run


def run_phase(house: House, phase: str, work: Callable[..., Progress], args: tuple[str, ...], row: str) -> str:
    """Run the phase, no two of one case at a time.

    What fails is run again, a little later each time, and is said in the case's log.
    """
    with house.released(), _alone(args[0]):
        try:
            progress = work(house, *args)
        except CaseRefused as refusal:
            log.info("%s of case %s: %s", phase, args[0], refusal.key)
            _say(house, args[0], "phase.refused", refusal.key, phase)
            return Progress.WAITS.value
        except Exception as error:  # whatever it was, the case must go on
            log.warning("%s of case %s failed and is tried again: %s", phase, args[0], type(error).__name__)
            _say(house, args[0], "phase.failed", type(error).__name__, phase)
            progress = Progress.AGAIN
        if progress is Progress.AGAIN:
            _again(house, phase, args, row)
        return progress.value


def _again(house: House, phase: str, args: tuple[str, ...], row: str) -> None:
    because, _, times = row.removeprefix(name_of(phase, args[0], "")).partition("~")
    tries = int(times or 0) + 1
    wait = min(2.0 ** (tries - 2), LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads tries, guards nothing
    house.starter.start(phase, *args, because=f"{because}~{tries}", after=wait)


def _say(house: House, case_id: str, what: str, why: str, phase: str) -> None:
    """Note a failure in the case's log, unless what failed was the noting, or there is no case yet."""
    try:
        if house.cases.case(case_id) is not None:
            house.cases.note(Entry(case_id, house.clock.now(), "system", what, why, {"phase": phase}))
    except Exception as error:  # the phase itself is tried again, and that is what counts
        log.warning("case %s: its log could not be written: %s", case_id, type(error).__name__)


_locks: "WeakValueDictionary[str, _CaseLock]" = WeakValueDictionary()
_locks_lock = Lock()


class _CaseLock:
    """A lock that lives while a phase of the case runs."""

    def __init__(self) -> None:
        self.lock = Lock()


@contextmanager
def _alone(case_id: str) -> Iterator[None]:
    with _locks_lock:
        mine = _locks.setdefault(case_id, _CaseLock())
    with mine.lock:
        yield


@contextmanager
def _only_worker(lock: Path) -> Iterator[None]:
    """Hold the worker's lock, which the system lets go of when the process ends, however it ends."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"Another worker is at work on {lock.parent}; on SQLite there is exactly one."
            ) from None
        yield


def _share(engine_path: Path) -> None:
    """Put the engine's file into the mode in which one process reads while another writes; the file keeps it."""
    database = sqlite3.connect(engine_path)
    try:
        database.execute("PRAGMA journal_mode=WAL")
    finally:
        database.close()


def _config(engine_path: Path) -> DBOSConfig:
    return {
        "name": NAME,
        "system_database_url": f"sqlite:///{engine_path}",
        # the default, pickle, would make a write to the file execution of code
        "serializer": DBOSPortableJSONSerializer(),
        "application_version": VERSION,
        "executor_id": EXECUTOR,
        "log_level": "WARNING",
        "enable_otlp": False,
        "max_executor_threads": 32,
    }
