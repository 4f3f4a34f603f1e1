"""What goes first when very many accounts are to be stopped? That: while stops wait in their queue, what comes after
them is held back in this worker, each phase for a few seconds at most, so that nothing stands still for ever.
"""

import logging
from threading import Event, Thread

from dbos import DBOS

from takeback.casework.starter import Queue

log = logging.getLogger("takeback.engine")

LOOKED = 0.5  # seconds between two looks
LONGEST = 10.0  # seconds that one phase is held back
MANY = 30  # stops that wait; fewer are under way in a moment


class First:
    """Looks at the queue of stops in a thread of its own."""

    def __init__(self) -> None:
        self._free, self._stop = Event(), Event()
        self._free.set()
        self._thread = Thread(target=self._run, name="first", daemon=True)

    def begin(self) -> None:
        """Begin to look."""
        self._thread.start()

    def wait(self) -> None:
        """Return when this phase may run."""
        self._free.wait(LONGEST)

    def close(self) -> None:
        """Look no more; everything may run."""
        self._stop.set()
        self._free.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOKED):
            try:
                waiting = DBOS.list_workflows(
                    queue_name=Queue.FREEZE, status="ENQUEUED", load_input=False, load_output=False, limit=MANY
                )
            except Exception as error:  # then nothing is held back
                log.warning("the queue of stops could not be looked at: %s", type(error).__name__)
                waiting = []
            if len(waiting) < MANY:
                self._free.set()
            else:
                self._free.clear()
        self._free.set()
