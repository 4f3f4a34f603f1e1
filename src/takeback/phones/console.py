"""What would have been sent? Prints text messages and calls, for whoever tries Takeback out without a provider.

The number is masked; the code is not, since nobody could go on without it. It is for development alone.
"""

import sys
from datetime import datetime
from threading import Lock
from typing import TextIO

from takeback.core.case import Language
from takeback.core.contacts import masked


class ConsolePhones:
    """Meets `casework.phones.Phones`: prints to `out`, once for each id; the log's own stream by default."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._printed: set[str] = set()
        self._printing = Lock()

    def text(self, to: str, body: str, *, id: str, since: datetime | None = None) -> None:  # noqa: A002, ARG002 - the port's words
        """Print a text message."""
        self._print(id, f"SMS {masked('phone', to)}: {body}")

    def say(self, to: str, words: str, language: Language, *, id: str, since: datetime | None = None) -> None:  # noqa: A002, ARG002 - as above
        """Print a call."""
        self._print(id, f"call {masked('phone', to)} ({language.value}): {words}")

    def connect(self, agent: str, customer: str, *, id: str) -> None:  # noqa: A002 - as above
        """Print that two telephones were brought together."""
        self._print(id, f"connect {masked('phone', agent)} with {masked('phone', customer)}")

    def close(self) -> None:
        """Nothing is open."""

    def _print(self, message: str, line: str) -> None:
        with self._printing:
            if message not in self._printed:
                self._printed.add(message)
                print(line, file=self._out or sys.stderr, flush=True)
