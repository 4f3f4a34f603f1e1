"""When is a line added to the anchor? At most so often while something is written, in each process, and at its end.

Every ten minutes in which a case's log grew, the book names the new ends first, so that a case that is removed or put
back, log and all, stands against the book; and the book against the anchor.
"""

import atexit
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, Error
from threading import Lock, Timer

from takeback.casework.auditbook import Act
from takeback.casework.verifying import BEHIND, PINNED
from takeback.core.errors import TakebackError
from takeback.core.events import Json
from takeback.store import anchor, bookread
from takeback.store.chain import is_sealed
from takeback.store.chainwalk import Keys

log = logging.getLogger("takeback.audit")

EVERY = 50.0  # seconds; with what a line takes, within the minute
PIN_EVERY = timedelta(minutes=10)
PINS_A_LINE = 200  # cases that one line of the book names
PIN_DIGITS = 32  # of a digest's 64


class Anchoring:
    """The anchor of one process. `note` writes to the book without touching the anchor again."""

    def __init__(
        self,
        database: Path,
        file: Path,
        *,
        keys: Keys,
        now: Callable[[], datetime],
        note: Callable[[Act], None],
        every: float = EVERY,
    ) -> None:
        self._database, self._file = database, anchor.AnchorFile(file)
        self._key, self._case_key, self._now, self._note, self._every = keys.anchor, keys.cases, now, note, every
        self._lock = Lock()
        self._timer: Timer | None = None
        self._closed = False

    def touch(self) -> None:
        """Something was written: a line is added before long."""
        with self._lock:
            if self._timer is None and not self._closed:
                self._timer = Timer(self._every, self._tick)
                self._timer.daemon = True
                self._timer.start()
                atexit.register(self.close)  # a command ends long before the timer does

    def close(self) -> None:
        """Add what waits for its line, and add nothing more."""
        with self._lock:
            waiting, self._timer, self._closed = self._timer, None, True
        atexit.unregister(self.close)
        if waiting is not None:
            waiting.cancel()
            self._quietly(self.write)

    def write(self) -> str:
        """Add how everything stands, unless the last line says so already; the line."""
        with self._file.alone() as file, bookread.one_moment(self._database) as connection:
            connection.execute("BEGIN")
            mark = anchor.mark_now(connection, self._key, self._now())
            line = file.last()
            before = anchor.mark_of(self._key, line)
            is_behind = before is not None and _is_behind(connection, mark, before)
            if before is None or replace(before, at=mark.at) != mark:
                line = anchor.line_of(self._key, mark)
                file.add(line)
        if before is not None and is_behind:
            self._tell(mark, before)
        return line

    def pin(self) -> None:
        """Let the book name the ends of the logs that have grown since it last did."""
        with bookread.one_moment(self._database) as connection:
            connection.execute("BEGIN")
            last = connection.execute("SELECT max(seq) FROM main.store_act WHERE what = ?", (PINNED,)).fetchone()[0]
            before = next(bookread.acts(connection, last), None) if last else None
            since = (before.evidence or {}).get("upto") if before is not None else 0
            since = since if isinstance(since, int) else 0
            (upto,) = connection.execute("SELECT max(id) FROM main.store_entry").fetchone()
            grown = connection.execute(
                "SELECT DISTINCT case_id FROM main.store_entry WHERE id > ? ORDER BY case_id", (since,)
            )
            ends = [(case, bookread.case_head(connection, case)) for (case,) in grown]
        whole: list[Json] = [
            [case, head.count, head.digest[:PIN_DIGITS]]
            for case, (head, sealed) in ends
            if head is not None and head.count and is_sealed(self._case_key, case, head, sealed)
        ]
        last_mark = anchor.mark_of(self._key, self._file.last())
        anchored = last_mark.at.isoformat() if last_mark is not None else ""
        for first in range(0, len(whole), PINS_A_LINE):
            some = whole[first : first + PINS_A_LINE]
            done = upto if first + PINS_A_LINE >= len(whole) else since
            self._note(Act(self._now(), "system", PINNED, evidence={"ends": some, "upto": done, "anchored": anchored}))

    def _pin_is_due(self) -> bool:
        with bookread.one_moment(self._database) as connection:
            row = connection.execute("SELECT max(seq) FROM main.store_act WHERE what = ?", (PINNED,)).fetchone()
            before = next(bookread.acts(connection, row[0]), None) if row[0] else None
        return before is None or self._now() - before.at >= PIN_EVERY

    def _tick(self) -> None:
        with self._lock:
            self._timer = None
            if self._closed:
                return
        self._quietly(self._pin_and_write)

    def _pin_and_write(self) -> None:
        if self._pin_is_due():
            self.pin()
        self.write()

    def _quietly(self, work: Callable[[], object]) -> None:
        """What was written is written; that its anchor could not be is said, and keeps nobody from working."""
        from takeback.store.start import released_connections

        try:
            with released_connections():
                work()
        except (OSError, TakebackError, Error) as error:
            log.error("The anchor could not be written: %s", error)
        except Exception as error:  # a thread has nobody to tell
            log.error("The anchor could not be written: %s", type(error).__name__)

    def _tell(self, now: anchor.Mark, before: anchor.Mark) -> None:
        """Say that the database is older than its anchor, in the log and in the book. `takeback audit verify` says what
        is missing.
        """
        log.error(
            "The database does not know what its anchor of %s knew (lines of the book then: %d, now: %d). "
            "Run `takeback audit verify`.",
            before.at.isoformat(timespec="seconds"),
            before.book.count,
            now.book.count,
        )
        evidence: dict[str, Json] = {
            "anchored": before.at.isoformat(),
            "lines_then": before.book.count,
            "lines_now": now.book.count,
        }
        self._note(Act(now.at, "system", BEHIND, evidence=evidence))


def _is_behind(connection: Connection, now: anchor.Mark, before: anchor.Mark) -> bool:
    """True where the database does not know what the last line of the anchor knew."""
    if now.book.count < before.book.count or now.lines < before.lines or now.cases < before.cases:
        return True
    if not before.book.count:
        return False
    act = next(bookread.acts(connection, before.book.count), None)
    return act is None or act.digest != before.book.digest
