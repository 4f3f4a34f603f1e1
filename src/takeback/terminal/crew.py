"""Who does the tasks? Some worker processes, each with one task at a time; when one of them dies, that is said."""

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from takeback.core.errors import OutsideError
from takeback.terminal.answering import Question
from takeback.terminal.shift import Kind, Reply, Sort, Task, work

_PATIENCE = 5.0  # seconds for a worker that was told to end
_LOOKS_UP = 0.5  # seconds: a signal that comes just before a wait is heard after it


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux; from Python 3.13 on os.process_cpu_count() is the same everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """So many workers, for the length of a `with` block. They are started anew (spawn), and share nothing with us."""

    def __init__(self, jobs: int, question: Question, folder: Path) -> None:
        self._folder = folder
        self._workers: dict[Connection, tuple[BaseProcess, str]] = {}
        self._tasks: dict[Connection, Task] = {}
        context = multiprocessing.get_context("spawn")
        for number in range(jobs):
            ours, theirs = context.Pipe()
            name = f"w{number}"
            process = context.Process(target=work, args=(theirs, question, folder, name), daemon=True)
            process.start()
            theirs.close()
            self._workers[ours] = (process, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection, (process, _) in self._workers.items():
            connection.close()
            if kind is not None:
                process.kill()
        for process, _ in self._workers.values():
            process.join(_PATIENCE)
            process.kill()
            process.join()

    def each(self, tasks: Iterable[Task]) -> Iterator[Reply]:
        """Have the tasks done by whoever is free, and give the replies as they come."""
        idle = [*self._workers]
        for task in tasks:
            while not idle:
                yield from self._replies(idle)
            self._give(idle.pop(), task)
        while self._tasks:
            yield from self._replies(idle)

    def everyone(self, task: Task) -> list[Reply]:
        """Have each worker do this."""
        for connection in self._workers:
            self._give(connection, task)
        replies: list[Reply] = []
        while self._tasks:
            replies += self._replies([])
        return replies

    def _give(self, connection: Connection, task: Task) -> None:
        self._tasks[connection] = task
        try:
            connection.send(task)
        except OSError:
            raise self._lost(connection) from None

    def _replies(self, idle: list[Connection]) -> Iterator[Reply]:
        """Wait until somebody says something; who is done is idle."""
        for connection in wait([*self._tasks], _LOOKS_UP):
            if not isinstance(connection, Connection):
                continue
            try:
                reply: Reply = connection.recv()
            except (EOFError, OSError):
                raise self._lost(connection) from None
            if reply.kind is not Kind.PROGRESS:
                del self._tasks[connection]
                idle.append(connection)
            yield reply

    def _lost(self, connection: Connection) -> OutsideError:
        process, name = self._workers[connection]
        process.join(_PATIENCE)
        task = self._tasks[connection]
        if isinstance(task, Sort):
            doing = f"it read the lines from {task.block.first} on"
        else:
            found = self._folder / f"{name}.at"
            account = found.read_bytes().rstrip(b"\0").decode(errors="replace") if found.exists() else ""
            doing = f"it investigated the account {account!r}" if account else "it began"
        return OutsideError(f"A worker process was ended while {doing} ({_how(process.exitcode)}).", permanent=True)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
        return f"{name}; out of memory?" if -code == signal.SIGKILL else name
    return f"exit status {code}"
