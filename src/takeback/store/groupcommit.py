"""How do many who wait for a commit share one? A single thread takes all that is waiting into one transaction.

When something in a shared transaction fails, it is rolled back and each piece of work tried by itself: a bad one fails
alone.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from sqlite3 import Connection
from typing import Generic, TypeVar

Work = TypeVar("Work", bound=Sequence[object])
Answer = TypeVar("Answer")

_LARGEST_GROUP = 2_000  # events: past this the sync is a small part of the cost, and those who wait wait longer


class GroupCommit(Generic[Work, Answer]):
    """Runs `write(connection, work)` for each piece of work, in transactions of one thread's own connection."""

    def __init__(self, connect: Callable[[], Connection], write: Callable[[Connection, Work], Answer]) -> None:
        self._connect, self._write = connect, write
        self._waiting: SimpleQueue[tuple[Work, Future[Answer]] | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, work: Work) -> Answer:
        """What `write` answered, once it is committed; what it raised, and then nothing of it is stored."""
        answer: Future[Answer] = Future()
        with self._starting:
            if self._closed:
                raise RuntimeError("the event log has been closed")
            if self._thread is None or not self._thread.is_alive():  # also in a process that was forked from another
                self._thread = threading.Thread(target=self._run, name="event log", daemon=True)
                self._thread.start()
            self._waiting.put((work, answer))
        return answer.result()

    def close(self) -> None:
        """End the thread after all that was submitted."""
        with self._starting:
            self._closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        connection: Connection | None = None
        while (group := self._next_group()) is not None:
            try:
                connection = connection or self._connect()
            except Exception as error:  # belongs to those who wait
                _fail(group, error)
                continue
            try:
                self._commit(connection, group)
            except Exception as error:  # not even the rollback worked: nobody may wait for ever
                _fail([piece for piece in group if not piece[1].done()], error)
                connection = None
        if connection is not None:
            connection.close()

    def _next_group(self) -> list[tuple[Work, Future[Answer]]] | None:
        """All that is waiting now, at least one piece; None at the end."""
        first = self._waiting.get()
        if first is None:
            return None
        group, size = [first], len(first[0])
        while size < _LARGEST_GROUP:
            try:
                more = self._waiting.get_nowait()
            except Empty:
                break
            if more is None:
                self._waiting.put(None)  # the end comes after this group
                break
            group.append(more)
            size += len(more[0])
        return group

    def _commit(self, connection: Connection, group: list[tuple[Work, Future[Answer]]]) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
            answers = [self._write(connection, work) for work, _ in group]
            connection.execute("COMMIT")
        except Exception as error:  # belongs to those who wait
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if len(group) == 1:
                _fail(group, error)
            else:
                for piece in group:
                    self._commit(connection, [piece])
            return
        for (_, waiting), answer in zip(group, answers, strict=True):
            waiting.set_result(answer)


def _fail(group: Sequence[tuple[object, Future[Answer]]], error: Exception) -> None:
    for _, waiting in group:
        waiting.set_exception(error)
