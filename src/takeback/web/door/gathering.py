"""How do many requests share one commit without a thread each? What comes while the log is busy goes to it together.

The event loop collects; a few threads hand over, and the answers come back all at once. When a group cannot be stored,
each of its requests is tried by itself: a bad one fails alone.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from takeback.casework.ports import Accepted
from takeback.core.events import Event
from takeback.web.door.refusal import too_many

Events = Sequence[tuple[Event, bytes]]

AT_ONCE = 2  # groups: the next one is there when a commit ends
LARGEST_GROUP = 8_000  # events
MOST_WAITING = 100_000  # events handed in and not yet stored: some seconds' work

log = logging.getLogger("takeback.web.door")


class _Waiting(NamedTuple):
    events: Events
    answer: "asyncio.Future[Accepted]"


class Gathering:
    """Belongs to one event loop. `append` stores, in a thread; `stored` hears of what was new, in the same thread."""

    def __init__(self, append: Callable[[Events], Accepted], stored: Callable[[list[Event]], None]) -> None:
        self._append, self._stored = append, stored
        self._loop = asyncio.get_running_loop()
        self._queue: deque[_Waiting] = deque()
        self._threads = ThreadPoolExecutor(AT_ONCE, "events in")
        self._busy = 0
        self._called = False
        self.waiting = 0  # events

    def must_fit(self) -> None:
        """`Refusal`: 429 when too much waits already."""
        if self.waiting > MOST_WAITING:
            raise too_many("too many events wait to be stored; send them again in a moment", after=2)

    async def store(self, events: Events) -> Accepted:
        """What the log said of these, once they are stored for good; raises what it raised."""
        answer: asyncio.Future[Accepted] = self._loop.create_future()
        self._queue.append(_Waiting(events, answer))
        self.waiting += len(events)
        if not self._called and self._busy < AT_ONCE:
            self._called = True
            self._loop.call_soon(self._hand_over)  # with all that this turn of the loop brings
        return await answer

    def _hand_over(self) -> None:
        self._called = False
        while self._queue and self._busy < AT_ONCE:
            group, size = [], 0
            while self._queue and size < LARGEST_GROUP:
                group.append(self._queue.popleft())
                size += len(group[-1].events)
            self._busy += 1
            self._threads.submit(self._store, group, size)

    def _store(self, group: list[_Waiting], size: int) -> None:
        answers = self._stored_together(group)
        self._loop.call_soon_threadsafe(self._answer, group, answers, size)

    def _answer(self, group: list[_Waiting], answers: list[Accepted | Exception], size: int) -> None:
        self._busy -= 1
        self.waiting -= size
        for (_, waiting), answer in zip(group, answers, strict=True):
            if waiting.done():  # who waited has gone
                continue
            if isinstance(answer, Exception):
                waiting.set_exception(answer)
            else:
                waiting.set_result(answer)
        self._hand_over()

    def _stored_together(self, group: list[_Waiting]) -> list[Accepted | Exception]:
        try:
            if len(group) == 1:
                return [self._append_and_tell(group[0].events)]
            together = [pair for one in group for pair in one.events]
            return [*parted(self._append_and_tell(together), [len(one.events) for one in group])]
        except Exception as error:  # belongs to those who wait
            if len(group) == 1:
                return [error]
            log.warning("%d requests are stored one by one: %s", len(group), type(error).__name__)
            return [answer for one in group for answer in self._stored_together([one])]

    def _append_and_tell(self, events: Events) -> Accepted:
        accepted = self._append(events)
        try:
            self._stored(fresh_of(events, accepted))
        except Exception as error:  # they are stored, and that is what was asked
            log.warning("what was stored could not be passed on: %s", type(error).__name__)
        return accepted


def fresh_of(events: Events, accepted: Accepted) -> list[Event]:
    """The events that were not there before."""
    if accepted.fresh is None:
        return [event for event, _ in events]
    return [events[place][0] for place in sorted(accepted.fresh)]


def parted(accepted: Accepted, sizes: Sequence[int]) -> list[Accepted]:
    """What was said of all together, for each part."""
    if accepted.fresh is None:
        return [Accepted(size, 0) for size in sizes]
    parts, start = [], 0
    for size in sizes:
        fresh = frozenset(place - start for place in accepted.fresh if start <= place < start + size)
        parts.append(Accepted(len(fresh), size - len(fresh), fresh))
        start += size
    return parts
