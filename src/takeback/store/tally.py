"""How much is there of what, and how long has it waited? Counted by the databases, for the measures and the checks.

The engine's rows are read where the engine keeps them, in one look without its library: on SQLite in its own file, on
PostgreSQL in its own schema of the same database.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count

from takeback.configuration import Configuration
from takeback.store.models import CaseRow, TaskRow

# A row that was delayed is due from the end of its delay on, whenever it was written.
_QUEUES = """
SELECT queue_name, status, count(*), min(coalesce(delay_until_epoch_ms, created_at)),
       sum(CASE WHEN coalesce(delay_until_epoch_ms, created_at) <= {now} THEN 1 ELSE 0 END)
FROM {table} WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED') AND queue_name IS NOT NULL GROUP BY queue_name, status
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue: rows that are due, of those that run, that wait for a time to come, and the oldest that is due."""

    due: int = 0
    running: int = 0
    later: int = 0
    oldest: float = 0.0  # seconds since it was due; 0 where nothing is


@dataclass(frozen=True, slots=True)
class Tally:
    """All of it, of one moment."""

    cases: dict[str, int]  # by stage, closed ones too
    tasks: int  # that staff has open
    queues: dict[str, Waiting] = field(default_factory=dict)

    def of(self, queue: str) -> Waiting:
        """What waits in this queue."""
        return self.queues.get(queue, Waiting())


def tally(configuration: Configuration, now: float) -> Tally:
    """The counts as of `now` (seconds of the epoch)."""
    cases = dict(CaseRow.objects.values_list("stage").annotate(Count("pk")).order_by())
    tasks = TaskRow.objects.filter(closed_at=None).count()
    return Tally(cases, tasks, queues(configuration, now))


def queues(configuration: Configuration, now: float) -> dict[str, Waiting]:
    """What waits in each queue that has anything."""
    told: dict[str, Waiting] = {}
    for queue, status, count, first, due in _rows(configuration, int(now * 1000)):
        before = told.get(queue, Waiting())
        oldest = max(now - first / 1000, 0.0) if due else 0.0
        told[queue] = Waiting(
            due=before.due + (int(due) if status != "PENDING" else 0),
            running=before.running + (count if status == "PENDING" else 0),
            later=before.later + (count - int(due) if status == "DELAYED" else 0),
            oldest=max(before.oldest, oldest if status != "PENDING" else 0.0),
        )
    return told


def _rows(configuration: Configuration, now: int) -> Iterable[Sequence[Any]]:
    if configuration.database_url is not None:
        with connection.cursor() as cursor:
            cursor.execute(_QUEUES.format(table="dbos.workflow_status", now=now))
            return list(cursor.fetchall())
    with closing(sqlite3.connect(f"{configuration.engine_path.as_uri()}?mode=ro", uri=True, timeout=5)) as database:
        return list(database.execute(_QUEUES.format(table="workflow_status", now=now)))
