"""Where do lines wait when there are too many for memory? In files of a folder, parted by account.

A part holds all lines of its accounts. Parts that are still too large are parted again, by further bytes of the same
hash, so that memory is bounded by the largest account and not by the file.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NamedTuple

PARTS = 64  # a process holds that many files open while it writes
_LEVELS = 8  # bytes of the hash, one for each time that a part is parted
_HEAD = Struct("<QHI")  # number, bytes of the name, bytes of the text
_BUFFER = 32 * 1024  # bytes kept for each file


class Record(NamedTuple):
    """A line of one account; `number` is its place in the file, or that of the account's first line."""

    number: int
    account: str
    text: bytes


class Spill:
    """Writes records to the files of their parts, `NN.WRITER` in `folder`."""

    def __init__(self, folder: Path, writer: str, *, level: int = 0) -> None:
        self._folder, self._writer, self._level = folder, writer, level
        self._open = ExitStack()
        self._files: dict[int, BinaryIO] = {}

    def put(self, record: Record) -> None:
        """Write one."""
        part = part_of(record.account, self._level)
        file = self._files.get(part)
        if file is None:
            path = self._folder / f"{part:02}.{self._writer}"
            file = self._files[part] = self._open.enter_context(path.open("wb", buffering=_BUFFER))
        write(file, record)

    def close(self) -> None:
        """Nothing more comes."""
        self._open.close()


@lru_cache(1 << 16)
def part_of(account: str, level: int) -> int:
    """The part that an account belongs to when it is parted for the `level`th time."""
    return blake2b(account.encode(), digest_size=_LEVELS).digest()[level] % PARTS


def parts(folder: Path) -> list[list[Path]]:
    """The files of each part, the largest part first: who comes last is then not kept waiting for long."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        found.setdefault(path.stem, []).append(path)
    return sorted(found.values(), key=lambda paths: -size(paths))


def size(paths: Iterable[Path]) -> int:
    """Bytes of these files together."""
    return sum(path.stat().st_size for path in paths)


def parted(paths: Sequence[Path], level: int) -> list[list[Path]]:
    """The part that `paths` are, parted again; as it is where it holds one account alone. The old files are gone."""
    if level >= _LEVELS or _is_one(paths):
        return [list(paths)]
    folder = paths[0].with_name(f"{paths[0].name}-again")
    folder.mkdir(mode=0o700)
    spill = Spill(folder, "again", level=level)
    try:
        for path in paths:
            for record in read(path):
                spill.put(record)
            path.unlink()
    finally:
        spill.close()
    return parts(folder)


def _is_one(paths: Sequence[Path]) -> bool:
    accounts = (record.account for path in paths for record in read(path))
    first = next(accounts)
    return all(account == first for account in accounts)


def write(file: BinaryIO, record: Record) -> None:
    """Append a record to a file."""
    name = record.account.encode()
    file.write(_HEAD.pack(record.number, len(name), len(record.text)) + name + record.text)


def read(path: Path) -> Iterator[Record]:
    """The records of a file, in the order in which they were written."""
    with path.open("rb") as file:
        while head := file.read(_HEAD.size):
            number, name, text = _HEAD.unpack(head)
            yield Record(number, file.read(name).decode(), file.read(text))
