"""Which workers live, and what did the dead leave? Nothing that was running when a worker ended waits for its return.

Each process has a name of its own and holds a lock for it: the database's on PostgreSQL, a file's on SQLite. At its
start and every few seconds each looks whose phases are running; where the lock of that name is free, its owner is
dead, and the phases go back into their queues.

A worker whose line was cut lives on without its lock until it has it back. Others may take its phases for a dead one's
meanwhile: they run again, after the first have ended (`alone`), find everything done, and what the first says of
itself is no longer heard by the engine.
"""

import logging
import random
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid
from threading import Event, Thread, main_thread
from threading import enumerate as enumerate_threads

from dbos import DBOS, WorkflowStatus

from takeback.casework.alone import Locks, Presence
from takeback.casework.hands import is_idle
from takeback.casework.ports import House
from takeback.core.errors import SettingsError

log = logging.getLogger("takeback.guard")

CALLED = "worker"  # how every name begins
LOOKED = 2.0  # seconds between two looks, about: workers that started together do not look together
LOST = 15  # looks from one to the next at what was lost
IDLE = 3  # looks in a row in which a row is seen that is said to run here and does not
GRACE = 20  # seconds that phases have to end in when their worker is asked to stop
_MOST = 1000  # rows looked at in one look

_running: set[str] = set()  # the rows of phases that this process runs now


@contextmanager
def running(row: str) -> Iterator[None]:
    """While the block lasts, the phase of this row runs in this process."""
    _running.add(row)
    try:
        yield
    finally:
        _running.discard(row)


@contextmanager
def present(locks: Locks) -> Iterator[tuple[str, Presence]]:
    """While the block lasts a worker lives under the name that is yielded, and all others can see that it does.

    `SettingsError` when the database that has the locks cannot be reached.
    """
    name = f"{CALLED}-{socket.gethostname()[:60]}-{getpid()}-{secrets.token_hex(4)}"
    presence = locks.presence(name)
    if not presence.holds():
        raise SettingsError("The database of database_url cannot be reached, or gives no session locks.")
    try:
        yield name, presence
    finally:
        presence.let_go()


@contextmanager
def watching(house: House, name: str, version: str, presence: Presence) -> Iterator[None]:
    """While the block lasts, look after what dead workers, and older releases, left."""
    stop = Event()
    guard = Guard(house, name, version, presence)
    thread = Thread(target=guard.run, args=(stop,), name="guard", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


class Guard:
    """Looks every few seconds whether rows are left whose worker is dead."""

    def __init__(self, house: House, name: str, version: str, presence: Presence) -> None:
        self._house, self._name, self._version, self._presence = house, name, version, presence
        self._started_anew: set[str] = set()
        self._idle: dict[str, int] = {}  # rows of this worker that it does not run: in how many looks so far
        self._looks = 0

    def run(self, stop: Event) -> None:
        """Look until `stop`. What fails is tried at the next look."""
        while True:
            try:
                self.look()
            except Exception as error:
                log.warning("the guard could not look: %s", type(error).__name__)
            if stop.wait(LOOKED * random.uniform(0.5, 1.5)):  # noqa: S311 - spreads looks, guards nothing
                return

    def look(self) -> None:
        """One look."""
        self._looks += 1
        if not self._presence.holds():
            log.warning("the lock of this worker is not held; it is asked for again")
            return
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False, limit=_MOST)
        self._put_back([row for row in pending if row.executor_id == self._name])
        for name in sorted({row.executor_id or "" for row in pending} - {self._name, ""}):
            with self._house.locks.instead_of(name) as is_dead:
                if is_dead:
                    self._take_over(name)
        if self._looks % LOST == 1:
            self._start_lost()

    def _put_back(self, mine: list[WorkflowStatus]) -> None:
        """Let those of this worker's own rows run again that it does not run, as it was seen some times in a row: how
        they ended could not be written, because the disk was full or the database away.
        """
        idle = [row for row in mine if row.workflow_id not in _running]
        self._idle = {row.workflow_id: self._idle.get(row.workflow_id, 0) + 1 for row in idle}
        for row in idle:
            if self._idle[row.workflow_id] >= IDLE:
                log.warning("%s ended and it could not be written how; it runs again", row.name)
                DBOS.resume_workflows([row.workflow_id], queue_name=row.queue_name)

    def _take_over(self, name: str) -> None:
        """Put back what the dead worker `name` was running; no one can begin to live under its name meanwhile."""
        taken = DBOS._recover_pending_workflows([name])
        others = [row for row in _rows("PENDING", executor=name) if row.app_version != self._version]
        for row in others:
            self._start_anew(row)
        if taken or others:
            log.warning("worker %s has ended; %d of its phases run again", name, len(taken) + len(others))

    def _start_lost(self) -> None:
        """Start anew what ended in an error of the engine itself, such as a database that was not there for too long,
        and what waits for a release that is gone: a phase that was put in and is not run would leave its case standing.
        """
        for row in [*_rows("ERROR"), *_rows("MAX_RECOVERY_ATTEMPTS_EXCEEDED"), *_rows("ENQUEUED")]:
            was_claimed = row.app_version not in (None, self._version)
            if row.workflow_id not in self._started_anew and (row.status != "ENQUEUED" or was_claimed):
                self._start_anew(row)

    def _start_anew(self, row: WorkflowStatus) -> None:
        """Start the phase under the next number. Whoever else does the same starts it no second time."""
        case, phase, because = row.workflow_id.split("/", 2)
        told = DBOS.list_workflows(workflow_ids=[row.workflow_id], load_output=False)
        said = told[0].input if told else None
        args = said["args"] if isinstance(said, dict) else (case,)
        self._house.starter.start(phase, *args, because=next_reason(because))
        if row.status in ("PENDING", "ENQUEUED"):
            DBOS.cancel_workflow(row.workflow_id)
        self._started_anew.add(row.workflow_id)


def next_reason(because: str) -> str:
    """The reason under which a phase is tried once more."""
    first, _, times = because.partition("~")
    return f"{first}~{int(times or 0) + 1}"


def still_running() -> bool:
    """True while a thread works that would keep this process from ending."""
    others = (thread for thread in enumerate_threads() if thread is not main_thread())
    return any(not thread.daemon and not is_idle(thread) for thread in others)


def _rows(status: str, executor: str | None = None) -> list[WorkflowStatus]:
    return DBOS.list_workflows(
        status=status, executor_id=executor, load_input=False, load_output=False, limit=_MOST, sort_desc=True
    )
