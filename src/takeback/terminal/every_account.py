"""`takeback investigate --all`: how is a file of many accounts worked through, however large, on all cores?

A small one is read into memory and answered for at once. A large one is read once: blocks of lines go to workers, which
check them and put them into parts by account, in a temporary folder; then each worker takes one part after the other.
The answers come out in the order in which the accounts first appear, and none before every line was read and every
account answered for. What is in memory at a time are some blocks, and one part of the lines for each worker.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from takeback.core.errors import InputError, OutsideError
from takeback.core.events import Event
from takeback.store import spill
from takeback.store.files import Block, parse_block, read_blocks
from takeback.terminal.answering import Answerer, Question
from takeback.terminal.crew import Crew
from takeback.terminal.ending import ended_in_order
from takeback.terminal.progress import Watcher
from takeback.terminal.shift import Kind, Reply, Solve, Sort, Sorted, merged

SMALL = 2 * 1024 * 1024  # bytes of lines that one process is done with before others could have started
BLOCK = 512 * 1024  # bytes of lines given to a worker at a time

Write = Callable[[bytes], object]


def answer_all(path: Path, question: Question, *, jobs: int, watcher: Watcher, write: Write) -> None:
    """Write a line for each account. `InputError` for the first line that is no event, with nothing written."""
    blocks = read_blocks(path, BLOCK, watcher.read)
    begun: list[Block] = []
    wrong: InputError | None = None
    try:
        for block in blocks:
            begun.append(block)
            if len(begun) > SMALL // BLOCK:
                break
    except InputError as error:
        wrong = error
    if len(begun) > SMALL // BLOCK:
        _with_others(path, chain(begun, blocks), question, jobs, watcher, write)
        return
    accounts = _grouped(path, begun)
    if wrong is not None:
        raise wrong  # after what is wrong in the lines before
    answerer = Answerer(question)
    lines = [answerer.answer(account, events) for account, events in accounts.items()]
    watcher.close()
    for line in lines:
        write(line)


def _grouped(path: Path, blocks: list[Block]) -> dict[str, list[Event]]:
    accounts: dict[str, list[Event]] = {}
    try:
        for block in blocks:
            for _, event, _ in parse_block(block):
                accounts.setdefault(event.account, []).append(event)
    except InputError as error:
        raise error.at(file=str(path)) from None
    return accounts


def _with_others(
    path: Path, blocks: Iterator[Block], question: Question, jobs: int, watcher: Watcher, write: Write
) -> None:
    with ended_in_order(), TemporaryDirectory(prefix="takeback-") as name, Crew(jobs, question, Path(name)) as crew:
        folder = Path(name)
        for inner in ("parts", "answers"):
            (folder / inner).mkdir(mode=0o700)
        _sort(path, blocks, crew)
        runs = _solve(folder, crew, watcher)
        watcher.close()
        for record in merged(runs):
            write(record.text)


def _sort(path: Path, blocks: Iterator[Block], crew: Crew) -> None:
    wrong: list[InputError] = []

    def tasks() -> Iterator[Sort]:
        try:
            for block in blocks:
                if wrong:
                    return
                yield Sort(block)
        except InputError as error:
            wrong.append(error)  # lines before this one, which others have in hand, may be wrong as well

    for reply in crew.each(tasks()):
        if reply.kind is Kind.WRONG:
            wrong.append(InputError(reply.says, file=str(path), line=reply.line, field=reply.field))
        _refuse_failure(reply)
    if wrong:
        raise min(wrong, key=lambda error: error.line or 0)
    for reply in crew.everyone(Sorted()):
        _refuse_failure(reply)


def _solve(folder: Path, crew: Crew, watcher: Watcher) -> list[Path]:
    parts = spill.parts(folder / "parts")
    runs = [folder / "answers" / f"{number}" for number in range(len(parts))]
    watcher.solve(len(parts))
    for reply in crew.each(Solve(tuple(part), run) for part, run in zip(parts, runs, strict=True)):
        _refuse_failure(reply)
        watcher.solved(reply.accounts, part=reply.kind is Kind.DONE)
    return runs


def _refuse_failure(reply: Reply) -> None:
    if reply.kind is Kind.FAILED:
        raise OutsideError(reply.says, permanent=True)
