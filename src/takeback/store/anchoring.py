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
from threading import Lock, Timer

from takeback.casework.auditbook import Act
from takeback.casework.verifying import BEHIND, PINNED
from takeback.core.errors import TakebackError
from takeback.core.events import Json
from takeback.store import anchor, bookread
from takeback.store.chain import is_sealed
from takeback.store.chainwalk import Keys
from takeback.store.moment import Moment, Moments

log = logging.getLogger("takeback.audit")

EVERY = 50.0  # seconds; with what a line takes, within the minute
PIN_EVERY = timedelta(minutes=10)
PINS_A_LINE = 200  # cases that one line of the book names
PIN_DIGITS = 32  # of a digest's 64
_GROWN = (
    "SELECT case_id FROM (SELECT DISTINCT case_id FROM store_entry WHERE id > ? AND id <= ?) AS grown "
    "ORDER BY case_id COLLATE BINARY"
)


class Anchoring:
    """The anchor of one process. `note` writes to the book without touching the anchor again."""

    def __init__(
        self,
        moments: Moments,
        file: Path,
        *,
        keys: Keys,
        now: Callable[[], datetime],
        note: Callable[[Act], None],
        every: float = EVERY,
    ) -> None:
        self._moments, self._file = moments, anchor.AnchorFile(file)
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
        with self._file.alone() as file, self._moments.open() as moment:
            mark = anchor.mark_now(moment, self._key, self._now())
            line = file.last()
            before = anchor.mark_of(self._key, line)
            is_behind = before is not None and _is_behind(moment, mark, before)
            if before is None or replace(before, at=mark.at) != mark:
                line = anchor.line_of(self._key, mark)
                file.add(line)
        if before is not None and is_behind:
            self._tell(mark, before)
        return line

    def pin(self) -> None:
        """Let the book name the ends of the logs that have grown since it last did."""
        upto = self._moments.settled()
        with self._moments.open() as moment:
            before = bookread.last_saying(moment, PINNED)
            since = (before.evidence or {}).get("upto") if before is not None else 0
            since = since if isinstance(since, int) else 0
            grown = moment.rows(_GROWN, (since, upto))
            ends = [(case, bookread.case_head(moment, case)) for (case,) in grown]
        whole: list[Json] = [
            [case, head.count, head.digest[:PIN_DIGITS]]
            for case, (head, sealed) in ends
            if head is not None and head.count and is_sealed(self._case_key, case, head, sealed)
        ]
        last_mark = anchor.mark_of(self._key, self._file.last())
        evidence: dict[str, Json] = {"anchored": last_mark.at.isoformat() if last_mark is not None else ""}
        if self._moments.shared:
            evidence["anchor"] = anchor.name_of(self._file.path)
        for first in range(0, len(whole), PINS_A_LINE):
            some = whole[first : first + PINS_A_LINE]
            done = upto if first + PINS_A_LINE >= len(whole) else since
            self._note(Act(self._now(), "system", PINNED, evidence={"ends": some, "upto": done, **evidence}))

    def _pin_is_due(self) -> bool:
        with self._moments.open() as moment:
            before = bookread.last_saying(moment, PINNED)
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
        except (OSError, TakebackError) as error:
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


def _is_behind(moment: Moment, now: anchor.Mark, before: anchor.Mark) -> bool:
    """True where the database does not know what the last line of the anchor knew."""
    if now.book.count < before.book.count or now.lines < before.lines or now.cases < before.cases:
        return True
    if not before.book.count:
        return False
    act = bookread.act(moment, before.book.count)
    return act is None or act.digest != before.book.digest
