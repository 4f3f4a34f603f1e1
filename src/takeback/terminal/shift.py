"""What does one worker do? Sorts blocks of lines into parts by account, then answers for the accounts of a part.

Everything here runs in a process of its own. It is told one task at a time, and says of each what came of it.
"""

import heapq
import signal
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from multiprocessing.connection import Connection
from os import pwrite
from pathlib import Path
from time import monotonic

from msgspec import Struct

from takeback.core.errors import InputError, TakebackError
from takeback.core.events import read_event
from takeback.store import spill
from takeback.store.files import Block, parse_block
from takeback.store.spill import Record, Spill
from takeback.terminal.answering import Answerer, Question

LARGEST_PART = 8 * 1024 * 1024  # bytes of lines held in memory at once
TOLD_EVERY = 0.2  # seconds between two words on how far it is
AT = 4096  # bytes for the name of the account that is being looked at


class Kind(StrEnum):
    """What a reply is."""

    DONE = "done"
    WRONG = "wrong"  # a line is no event
    FAILED = "failed"  # an account could not be investigated, or the disk is full
    PROGRESS = "progress"


class Reply(Struct, frozen=True):
    """What came of a task; `accounts` is how many were answered for since the last reply."""

    kind: Kind
    says: str = ""
    line: int | None = None
    field: str | None = None
    accounts: int = 0


class Sort(Struct, frozen=True):
    """Check these lines and put them into their parts."""

    block: Block


class Sorted(Struct, frozen=True):
    """All lines were given out: let go of the files."""


class Solve(Struct, frozen=True):
    """Answer for every account of this part, into the file `out`, in the order in which the accounts first appear."""

    part: tuple[Path, ...]
    out: Path


Task = Sort | Sorted | Solve


def work(connection: Connection, question: Question, folder: Path, name: str) -> None:
    """Do tasks until there are no more. Ctrl-C is for the one who gives them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (folder / f"{name}.at").open("wb", buffering=0) as at:
        shift = Shift(question, folder / "parts", name, connection.send, at.fileno())
        while True:
            try:
                task = connection.recv()
            except (EOFError, OSError):
                return
            connection.send(shift.do(task))


class Shift:
    """One worker's tools. `tell` takes word of progress; `at` is the file that says which account is looked
    at; a part of more than `largest` bytes is parted again.
    """

    def __init__(
        self,
        question: Question,
        parts: Path,
        name: str,
        tell: Callable[[Reply], None],
        at: int,
        *,
        largest: int = LARGEST_PART,
    ) -> None:
        self._answerer = Answerer(question)
        self._spill = Spill(parts, name)
        self._tell, self._at, self._largest = tell, at, largest
        self._answered, self._told = 0, monotonic()

    def do(self, task: Task) -> Reply:
        """Do a task, and say what came of it."""
        try:
            match task:
                case Sort(block):
                    for number, event, text in parse_block(block):
                        self._spill.put(Record(number, event.account, text))
                case Sorted():
                    self._spill.close()
                case Solve(part, out):
                    self._solve(part, out, level=1)
        except InputError as error:
            return Reply(Kind.WRONG, error.message, error.line, error.field)
        except TakebackError as error:
            return Reply(Kind.FAILED, str(error))
        except OSError as error:
            return Reply(Kind.FAILED, f"The lines cannot be put aside: {error.strerror}. TMPDIR names the folder.")
        answered, self._answered = self._answered, 0
        return Reply(Kind.DONE, accounts=answered)

    def _solve(self, part: Sequence[Path], out: Path, *, level: int) -> None:
        smaller = [list(part)] if spill.size(part) <= self._largest else spill.parted(part, level)
        if len(smaller) == 1:
            self._answer_all(smaller[0], out)
            return
        runs = []
        for number, paths in enumerate(smaller):
            runs.append(out.with_name(f"{out.name}.{number}"))
            self._solve(paths, runs[-1], level=level + 1)
        with out.open("wb") as file:
            for record in merged(runs):
                spill.write(file, record)
        for run in runs:
            run.unlink()

    def _answer_all(self, part: Sequence[Path], out: Path) -> None:
        accounts: dict[str, list[tuple[int, bytes]]] = {}
        for path in part:
            for number, account, text in spill.read(path):
                accounts.setdefault(account, []).append((number, text))
            path.unlink()
        for lines in accounts.values():
            lines.sort()
        with out.open("wb") as file:
            for account in sorted(accounts, key=lambda one: accounts[one][0]):
                self._look_at(account)
                lines = accounts.pop(account)
                answer = self._answerer.answer(account, (read_event(text) for _, text in lines))
                spill.write(file, Record(lines[0][0], account, answer))
                self._count()

    def _look_at(self, account: str) -> None:
        pwrite(self._at, account.encode()[:AT].ljust(AT, b"\0"), 0)

    def _count(self) -> None:
        self._answered += 1
        if monotonic() - self._told > TOLD_EVERY:
            self._tell(Reply(Kind.PROGRESS, accounts=self._answered))
            self._answered, self._told = 0, monotonic()


def merged(runs: Sequence[Path]) -> Iterator[Record]:
    """The records of several files, each in order, in order."""
    return heapq.merge(*(spill.read(run) for run in runs), key=lambda record: record.number)
