"""Stage 1 of 7.

Who sees to it that events are weighed as they arrive? One thread in each process that takes events in, behind the back
of whoever sends them.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from threading import Condition, Thread
from time import sleep

from takeback.casework.notice import follow
from takeback.casework.online import Online
from takeback.casework.ports import House
from takeback.core.events import Event

log = logging.getLogger("takeback.notice")
MOST_WAITING = 20_000  # events; of what comes beyond that the account's name is kept, and the log read for it
MOST_MISSED = 100_000  # accounts; one more is looked at when its next event arrives
AT_ONCE = 1_000  # events that are weighed with one load and one save
MISSED_AT_ONCE = 50  # accounts
GATHERED = 0.03  # seconds in which more may come


class Watch:
    """Weighs events in a thread of its own, which starts with the first of them.

    `as_read`: an event that came in, as the log gives it when it is read.
    """

    def __init__(self, house: House, as_read: Callable[[Event], Event] = lambda event: event) -> None:
        self._house, self._as_read = house, as_read
        self._online: Online | None = None
        self._waiting: deque[Event] = deque()
        self._missed: dict[str, None] = {}
        self._news = Condition()
        self._closing = False
        self._thread: Thread | None = None

    def touched(self, events: Iterable[Event]) -> None:
        """Say that these events were stored just now: repeats are none of them. Returns at once."""
        with self._news:
            for event in events:
                if len(self._waiting) < MOST_WAITING:
                    self._waiting.append(event)
                elif len(self._missed) < MOST_MISSED:
                    self._missed[event.account] = None
            self._begin()

    def missed(self, accounts: Iterable[str]) -> None:
        """Say that these accounts have news that nobody has at hand. Returns at once."""
        with self._news:
            for account in islice(accounts, MOST_MISSED - len(self._missed)):
                self._missed[account] = None
            self._begin()

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._run, name="notice", daemon=True)
            self._thread.start()
        self._news.notify()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            try:
                with self._house.released():
                    self._weigh(*batch)
            except Exception as error:  # a batch that cannot be weighed must not blind us to the others
                log.warning("events could not be weighed: %s", type(error).__name__)
                self._let_go()  # what it holds may be half done; the store and the log have the rest
        self._let_go()

    def _weigh(self, events: list[Event], missed: list[str]) -> None:
        if self._online is None:
            self._online = Online(self._house)
        for account, found in self._online.weigh(map(self._as_read, events), missed).items():
            try:
                follow(self._house, account, found)
            except Exception as error:  # nor one account to the others
                log.warning("an account could not be looked at: %s", type(error).__name__)

    def _let_go(self) -> None:
        if self._online is not None:
            self._online.close()
            self._online = None

    def _next(self) -> tuple[list[Event], list[str]] | None:
        with self._news:
            while not self._waiting and not self._missed and not self._closing:
                self._news.wait()
            few = len(self._waiting) < AT_ONCE and not self._closing
        if few:
            sleep(GATHERED)  # to load and save costs the same for one as for many
        with self._news:
            if not self._waiting and not self._missed:
                return None
            events = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            missed = [] if events else list(islice(self._missed, MISSED_AT_ONCE))
            for account in missed:
                del self._missed[account]
            return events, missed
