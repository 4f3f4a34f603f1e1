"""How are events erased that are kept no longer? The event log's part of `takeback.store.retention`, on either store.

On SQLite what is removed is overwritten (`secure_delete`) and the write-ahead log emptied, so that it is in no file any
more. PostgreSQL has no such word; docs/howto/keep-and-erase.md says what holds there.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from takeback.store.eventfile import open_for_writing

_DUE = "SELECT body FROM event WHERE account = ? AND ts < ? ORDER BY ts, seq"
_SENT = "SELECT count(*) FROM sent WHERE account = ? AND ts < ?"


class Hash(Protocol):
    """What a digest is made with."""

    def update(self, data: bytes, /) -> None:
        """Add this."""


@dataclass(slots=True)
class Gone:
    """How many events and rows of the ledger of what was sent one batch erased, or would, of how many accounts."""

    events: int = 0
    sent: int = 0
    accounts: int = 0


class EventEraser(Protocol):
    """Erases events, account by account."""

    def accounts(self, since: int) -> Iterable[str]:
        """Accounts that may have events from before this (microseconds since 1970), in order of their names."""

    def erasing(self, accounts: list[str], since: int, hashed: Hash, *, dry: bool) -> AbstractContextManager[Gone]:
        """Erase what these accounts have from before this, and add it to `hashed`; it is done for good when the block
        ends well, and not at all when it does not.
        """

    def finish(self) -> None:
        """See to it that what was erased takes no place any more."""


class SqliteEventEraser:
    """Erases in the event log's file `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def accounts(self, since: int) -> Iterable[str]:
        """Accounts that have events from before this."""
        asked = "SELECT account FROM event GROUP BY account HAVING min(ts) < ? ORDER BY account"
        with closing(open_for_writing(self._path)) as log:
            return [account for (account,) in log.execute(asked, (since,))]

    @contextmanager
    def erasing(self, accounts: list[str], since: int, hashed: Hash, *, dry: bool) -> Iterator[Gone]:
        """One transaction for the block."""
        with closing(open_for_writing(self._path)) as log:
            log.execute("PRAGMA secure_delete = ON")
            log.execute("BEGIN IMMEDIATE")
            try:
                yield _erase(log, accounts, since, hashed, dry=dry)
            except BaseException:
                log.execute("ROLLBACK")
                raise
            log.execute("COMMIT")

    def finish(self) -> None:
        """Empty the write-ahead log, which holds it too."""
        with closing(open_for_writing(self._path)) as log:
            log.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _erase(log: sqlite3.Connection, accounts: list[str], since: int, hashed: Hash, *, dry: bool) -> Gone:
    gone = Gone()
    for account in accounts:
        before = gone.events
        for (body,) in log.execute(_DUE, (account, since)):
            hashed.update(body + b"\n")
            gone.events += 1
        gone.accounts += gone.events > before
        gone.sent += log.execute(_SENT, (account, since)).fetchone()[0]
        if not dry:
            log.execute("DELETE FROM event WHERE account = ? AND ts < ?", (account, since))
            log.execute("DELETE FROM sent WHERE account = ? AND ts < ?", (account, since))
            log.execute(
                "DELETE FROM contact WHERE account = ?1 AND NOT EXISTS (SELECT 1 FROM event WHERE account = ?1)",
                (account,),
            )
    return gone
