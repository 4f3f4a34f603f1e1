"""`takeback work --processes N`: so many workers under one that looks after them. One that ends by itself is started
again; its phases are run meanwhile by the others.
"""

import os
import signal
import subprocess
import sys
from threading import Event
from time import monotonic

from takeback.configuration import Configuration, variable_of

QUICK = 5.0  # seconds from one start to the next in the same place
WRONG = 2  # the status of one whose settings are wrong
PATIENCE = 45.0  # seconds that they have together, more than each has for what it runs
LOOKED = 0.5  # seconds between two looks


def run(processes: int, configuration: Configuration) -> int:
    """Look after them until SIGTERM or SIGINT. 0; 2 when the settings are wrong."""
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    each = [_Place(number, configuration) for number in range(processes)]
    try:
        while not stop.wait(LOOKED):
            for one in each:
                one.look()
            if all(one.gave_up for one in each):
                return each[0].status
    finally:
        for one in each:
            one.tell_to_end()
        end = monotonic() + PATIENCE
        for one in each:
            one.wait_for(end - monotonic())
    return 0


class _Place:
    """The place of one worker, and who has it now."""

    def __init__(self, number: int, configuration: Configuration) -> None:
        self._environment = dict(os.environ)
        port = configuration.metrics.work_port
        if port is not None:  # each shows its own measures
            self._environment[variable_of("metrics.work_port")] = str(port + number)
        self.status = 0
        self.gave_up = False
        self._start()

    def look(self) -> None:
        """Start another where the last has ended; after one that ended at once, not before some seconds have passed."""
        status = self._process.poll()
        if status is None or self.gave_up:
            return
        self.status = status
        self.gave_up = status == WRONG  # what is wrong was said by it, and another would only say it again
        if not self.gave_up and monotonic() - self._begun > QUICK:
            self._start()

    def tell_to_end(self) -> None:
        """Let it end what it runs."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait_for(self, seconds: float) -> None:
        """Until it has ended; one that does not is ended."""
        try:
            self._process.wait(max(seconds, 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self._begun = monotonic()
        command = [sys.executable, "-m", "takeback.cli", "work"]
        # A session of its own: Ctrl-C is for the one that looks after it, which tells it to end.
        self._process = subprocess.Popen(command, env=self._environment, start_new_session=True)  # noqa: S603 - ourselves
