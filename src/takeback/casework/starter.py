"""How does a phase begin? By a row in the engine's file, which any process may write; only the worker runs it."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from takeback.casework.following import follows
from takeback.core.errors import SettingsError

if TYPE_CHECKING:
    from dbos import DBOSClient
    from sqlalchemy import Engine

NAME = "takeback"


class Queue(StrEnum):
    """Freezing has a queue of its own, so that a wave of cases is contained before it is investigated."""

    FREEZE = "freeze"
    CASEWORK = "casework"
    HOLD = "hold"


QUEUE_OF = {
    "report": Queue.FREEZE,
    "freeze": Queue.FREEZE,
    "code": Queue.FREEZE,
    "call": Queue.FREEZE,
    "talk": Queue.FREEZE,
    "stopped": Queue.CASEWORK,
    "investigate": Queue.CASEWORK,
    "undo": Queue.CASEWORK,
    "letter": Queue.CASEWORK,
    "ask": Queue.CASEWORK,
    "disowned": Queue.CASEWORK,
    "hand_back": Queue.CASEWORK,
    "hold": Queue.HOLD,
    "forget": Queue.CASEWORK,
}
_WAITING = ["PENDING", "ENQUEUED", "DELAYED"]
_ENDED = ["SUCCESS", "CANCELLED"]
_PRUNED = 500  # rows at once, so that nobody waits for long


class Starter:
    """Starts phases from any process by writing their rows; meets `casework.ports.Starter`.

    Opens the engine's tables when first used.
    """

    def __init__(self, engine_url: str) -> None:
        self._url = engine_url
        self._client: DBOSClient | None = None
        self._engine: Engine | None = None
        self._opening = Lock()

    def start(self, phase: str, *args: str, because: str, after: float = 0.0) -> None:
        """Start `phase` for `args`, the first of which names the case, in `after` seconds.

        The same `because` twice starts it once.
        """
        if after <= 0 and follows(phase, args, because):
            return
        queue = QUEUE_OF[phase]
        row = name_of(phase, args[0], because)
        if after > 0:
            self._open().enqueue(
                {"workflow_name": phase, "queue_name": queue, "workflow_id": row, "delay_seconds": after}, *args
            )
        else:
            self._open().enqueue({"workflow_name": phase, "queue_name": queue, "workflow_id": row}, *args)

    def move(self, phase: str, case: str, because: str, after: float) -> None:
        """Let a phase that waits begin in `after` seconds from now."""
        self._open().set_workflow_delay(name_of(phase, case, because), delay_seconds=after)

    def is_waiting(self, case: str) -> bool:
        """True when a phase of the case waits or runs."""
        return bool(self._open().list_workflows(workflow_id_prefix=f"{case}/", status=_WAITING, limit=1))

    def prune(self, before: datetime) -> int:
        """Remove the rows of phases that have ended before then; they hold what was handed in, such as a report's text.
        How many.
        """
        removed = 0
        while rows := self._open().list_workflows(
            status=_ENDED, completed_before=before.isoformat(), load_input=False, load_output=False, limit=_PRUNED
        ):
            self._open().delete_workflows([row.workflow_id for row in rows])
            removed += len(rows)
        return removed

    def close(self) -> None:
        """Let go of the engine's file."""
        with self._opening:
            if self._client is not None:
                self._client.destroy()
                self._client = None
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _open(self) -> "DBOSClient":
        from dbos import DBOSClient, DBOSPortableJSONSerializer  # loads for a second, and many a process starts nothing

        from takeback.sqlitefiles.alchemy import engine_on

        with self._opening:
            if self._client is None:
                file = sqlite_file(self._url)
                if file is not None and not file.exists():
                    raise SettingsError(f"{file} does not exist; run `takeback migrate`.")
                if file is not None:
                    self._engine = engine_on(self._url, str(file), lasting=True)
                self._client = DBOSClient(
                    system_database_url=self._url,
                    system_database_engine=self._engine,
                    serializer=DBOSPortableJSONSerializer(),
                    application_name=NAME,
                )
            return self._client


def sqlite_file(engine_url: str) -> Path | None:
    """The file that the engine's tables are in; None where they are in a database of its own server."""
    scheme, _, path = engine_url.partition(":///")
    return Path(path) if scheme == "sqlite" else None


def name_of(phase: str, case: str, because: str) -> str:
    """The id of a phase's row: the same phase for the same reason is the same row."""
    return f"{case}/{phase}/{because}"


def case_of(row: str) -> str:
    """The case that a phase's row is about."""
    return row.partition("/")[0]
