"""How do many who wait for a commit share one? A single thread takes all that is waiting into one transaction.

When something in a shared transaction fails, it is rolled back and each piece of work tried by itself: a bad one fails
alone. When the database itself went away, all who wait are told so, and the next group gets a new connection. Nobody
is told that something is stored before the commit has returned; when the commit itself fails, it may be stored or not,
and whoever sends it again has it stored once.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Generic, Protocol, TypeVar

from takeback import measures

Work = TypeVar("Work", bound=Sequence[object])
Answer = TypeVar("Answer")

_LARGEST_GROUP = 8_000  # events: past this the sync is a small part of the cost, and those who wait wait longer


class Line(Protocol):
    """A connection to a database, for one thread."""

    @property
    def lost(self) -> bool:
        """True when nothing more can be done with it."""

    def begin(self) -> None:
        """Begin a transaction."""

    def commit(self) -> None:
        """Let it be durable."""

    def rollback(self) -> None:
        """Undo it; without one, do nothing."""

    def close(self) -> None:
        """Let go of the database."""


LineT = TypeVar("LineT", bound=Line)


class GroupCommit(Generic[LineT, Work, Answer]):
    """Runs `write(line, [work, …])`, an answer for each, in transactions of one thread's own line."""

    def __init__(
        self, connect: Callable[[], LineT], write: Callable[[LineT, Sequence[Work]], Sequence[Answer]]
    ) -> None:
        self._connect, self._write = connect, write
        self._queue: SimpleQueue[tuple[Work, Future[Answer]] | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._counting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many events were handed in and are not committed yet."""
        return self._waiting

    def submit(self, work: Work) -> Answer:
        """What `write` answered, once it is committed; what it raised, and then nothing of it is stored."""
        return self.submit_soon(work).result()

    def submit_soon(self, work: Work) -> Future[Answer]:
        """The same, without waiting for it."""
        answer: Future[Answer] = Future()
        answer.set_running_or_notify_cancel()  # from here on it is done, whoever loses interest
        with self._starting:
            if self._closed:
                raise RuntimeError("the event log has been closed")
            if self._thread is None or not self._thread.is_alive():  # also in a process that was forked from another
                self._thread = threading.Thread(target=self._run, name="event log", daemon=True)
                self._thread.start()
            self._count(len(work))
            self._queue.put((work, answer))
        return answer

    def close(self) -> None:
        """End the thread after all that was submitted."""
        with self._starting:
            self._closed = True
            self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        line: LineT | None = None
        while (group := self._next_group()) is not None:
            for last in (False, True):
                try:
                    line = line or self._connect()
                    self._commit(line, [piece for piece in group if not piece[1].done()])
                    break
                except _CutBefore as cut:  # a line that lay idle while the database was restarted: once more
                    if last:
                        self._fail(group, cut.why)
                    line = self._let_go(line)
                except Exception as error:  # no connection, or not even the rollback worked: nobody may wait for ever
                    self._fail(group, error)
                    line = self._let_go(line)
                    break
            if line is not None and line.lost:
                line = self._let_go(line)
        self._let_go(line)

    def _next_group(self) -> list[tuple[Work, Future[Answer]]] | None:
        """All that is waiting now, at least one piece; None at the end."""
        first = self._queue.get()
        if first is None:
            return None
        group, size = [first], len(first[0])
        while size < _LARGEST_GROUP:
            try:
                more = self._queue.get_nowait()
            except Empty:
                break
            if more is None:
                self._queue.put(None)  # the end comes after this group
                break
            group.append(more)
            size += len(more[0])
        return group

    def _commit(self, line: LineT, group: list[tuple[Work, Future[Answer]]]) -> None:
        committing, began = False, perf_counter()
        try:
            line.begin()
            answers = self._write(line, [work for work, _ in group])
            committing = True
            line.commit()
        except Exception as error:  # belongs to those who wait
            line.rollback()
            if line.lost and not committing:
                raise _CutBefore(error) from None
            if len(group) == 1 or line.lost:
                self._fail(group, error)
            else:
                for piece in group:
                    self._commit(line, [piece])
            return
        measures.committed(perf_counter() - began)
        for (work, waiting), answer in zip(group, answers, strict=True):
            self._count(-len(work))
            waiting.set_result(answer)

    def _fail(self, group: Sequence[tuple[Work, Future[Answer]]], error: Exception) -> None:
        for work, waiting in group:
            if not waiting.done():
                self._count(-len(work))
                waiting.set_exception(error)

    def _let_go(self, line: LineT | None) -> LineT | None:
        """Close a line that nobody needs, or can use, any more: there is none then."""
        if line is not None:
            line.close()
        return None

    def _count(self, events: int) -> None:
        with self._counting:
            self._waiting += events
        measures.events_waiting(self._waiting)


class _CutBefore(Exception):
    """The line was cut before the commit was asked for: nothing of the group is stored."""

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why
