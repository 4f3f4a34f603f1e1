"""What is in the lines of a file from this one on? Batches of events, each for one commit, and wrong lines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from takeback.core.errors import InputError
from takeback.core.events import Event, parse_event
from takeback.store.files import Block, read_blocks

BATCH = 5_000  # events of a commit: past this the sync is a small part of the cost
BLOCK = 512 * 1024  # bytes of lines read at a time


@dataclass(slots=True)
class Batch:
    """Events with their text, and wrong lines with their text, in the order of the file.

    `line` is the last line that was read for it. `whole`: the file ends here. `fault`: here it cannot go on.
    """

    line: int
    events: list[tuple[Event, bytes]] = field(default_factory=list)
    wrong: list[tuple[InputError, bytes]] = field(default_factory=list)
    whole: bool = False
    fault: InputError | None = None


def batches(
    name: str, done: int, source: str | None, seen: Callable[[int], None], *, skip: bool, size: int = BATCH
) -> Iterator[Batch]:
    """The lines after the first `done`, in batches; the last one is `whole` or has a `fault`.

    An event of another `source` is a wrong line. With `skip` a wrong line goes into its batch, else it is the fault.
    """
    batch = Batch(done)
    try:
        for number, text in _lines(name, done, seen):
            try:
                batch.events.append((_event(text, source), text))
            except InputError as error:
                if not skip:
                    raise error.at(line=number) from None
                batch.wrong.append((error.at(line=number), text))
            batch.line = number
            if len(batch.events) + len(batch.wrong) >= size:
                yield batch
                batch = Batch(number)
        batch.whole = True
    except InputError as error:
        batch.fault = error.at(file=name)
    yield batch


def _lines(name: str, done: int, seen: Callable[[int], None]) -> Iterator[tuple[int, bytes]]:
    for block in read_blocks(name, BLOCK, seen):
        if _last(block) > done:
            for number, text in enumerate(block.text.split(b"\n"), start=block.first):
                if text and number > done:
                    yield number, text


def _last(block: Block) -> int:
    return block.first + block.text.count(b"\n")


def _event(text: bytes, source: str | None) -> Event:
    event = parse_event(text)
    if source is not None and event.source != source:
        raise InputError(f"is not {source!r}", field="source")
    return event
