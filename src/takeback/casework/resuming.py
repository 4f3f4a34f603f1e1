"""Which cases were left standing? One whose process ended between writing the case and starting its phase has none that
waits; it is started when a worker begins.

All open cases are walked through, some at a time, behind the back of the work: on hold there may be a hundred thousand
of them, and nobody waits for those.
"""

import logging
from threading import Event, Thread

from dbos import DBOS

from takeback.casework.phases import RESUMED
from takeback.casework.ports import House
from takeback.casework.starter import case_of

log = logging.getLogger("takeback.engine")

AT_ONCE = 1000  # rows and cases
WAITING = ["PENDING", "ENQUEUED", "DELAYED"]


class Resuming:
    """One walk, in a thread of its own."""

    def __init__(self, house: House) -> None:
        self._house, self._stop = house, Event()
        self._thread = Thread(target=self._run, name="resuming", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Go no further; the next worker that begins walks again."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            with self._house.released():
                self.walk()
        except Exception as error:  # the work goes on, and so does the next worker's walk
            log.warning("cases that were left standing could not be looked for: %s", type(error).__name__)

    def walk(self) -> int:
        """Start a phase for each case that has none; how many cases that was. A row that moved from one page to another
        meanwhile is missed: its case gets a phase that finds nothing to do.
        """
        started, after = 0, ""
        waiting = self._waiting()
        while (cases := self._house.cases.open_after(after, AT_ONCE)) and not self._stop.is_set():
            for case in cases:
                phase = RESUMED.get(case.stage)
                if phase is not None and case.id not in waiting:
                    # Once as the case stands: one that waits for a person is not run at each worker's start.
                    stands = len(self._house.cases.log(case.id))
                    self._house.starter.start(phase, case.id, because=f"resumed-{stands}")
                    started += 1
            after = cases[-1].id
        return started

    def _waiting(self) -> set[str]:
        """The cases of which a phase waits or runs."""
        found: set[str] = set()
        offset = 0
        while not self._stop.is_set():
            rows = DBOS.list_workflows(
                status=WAITING, load_input=False, load_output=False, limit=AT_ONCE, offset=offset
            )
            found.update(case_of(row.workflow_id) for row in rows)
            if len(rows) < AT_ONCE:
                break
            offset += AT_ONCE
        return found
