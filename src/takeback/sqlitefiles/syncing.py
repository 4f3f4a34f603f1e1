"""How do many who have committed share one wait for the disk? Each commit is written without waiting, and whoever made
it then waits until the write-ahead log has been synced once more: one sync serves all that were written before it
began.

What a commit wrote is in the log's file, in order; `fdatasync` of that file makes it last, whichever process asks
(https://www.sqlite.org/wal.html#performance_considerations). Nobody is told that something is stored before that.
"""

import os
from functools import lru_cache
from pathlib import Path
from threading import Condition


class Syncing:
    """The syncs of one database's write-ahead log, by this process."""

    def __init__(self, database: str) -> None:
        self._log = Path(f"{database}-wal")
        self._news = Condition()
        self._begun = self._ended = 0
        self._is_busy = False

    def wait(self) -> None:
        """Return when all that was committed before this call is on the disk. `OSError` when it cannot be."""
        with self._news:
            mine = self._begun + 1  # one that has begun already may have missed the last of it
            while self._ended < mine:
                if self._is_busy:
                    self._news.wait()
                else:
                    self._sync()

    def _sync(self) -> None:
        """Do it for everybody; called with the lock, which is let go of meanwhile."""
        self._is_busy, self._begun = True, self._begun + 1
        number = self._begun
        self._news.release()
        try:
            sync(self._log)
        finally:
            self._news.acquire()
            self._is_busy = False
            self._news.notify_all()
        self._ended = number


def sync(log: Path) -> None:
    """Sync the file. Where there is none, whoever closed the database last has written all of it back, and synced."""
    try:
        file = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fdatasync(file)
    finally:
        os.close(file)


@lru_cache(64)
def syncing(database: str) -> Syncing:
    """The syncs of this database, the same for all threads."""
    return Syncing(database)
