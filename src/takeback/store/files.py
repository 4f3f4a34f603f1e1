"""What events are in this file? Lines of JSON, plain or packed (.gz, .zst), read as a stream whose memory is bounded.

A line is at most 1 MiB, and so is a run of blank ones: a small packed file can pretend to hold a terabyte of either.
The name `-` is standard input, which is unpacked as well: its first bytes say whether it is packed.
"""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BufferedReader, RawIOBase
from os import fspath
from pathlib import Path
from select import select
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol, cast

import zstandard

from takeback.core.errors import InputError
from takeback.core.events import Event, parse_event

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT = "-"
LONGEST_LINE = 1024 * 1024  # bytes
_CHUNK = 64 * 1024
_LARGEST_WINDOW = 128 * 1024 * 1024  # bytes of a .zst that a decoder keeps in memory; the bound of `zstd -d` as well
_BLANK = b" \t\r\n"
_MAGIC = {b"\x1f\x8b": ".gz", b"\x28\xb5": ".zst"}  # RFC 1952, 2.3.1; RFC 8878, 3.1.1. No JSON begins so


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


Seen = Callable[[int], None]


class Block(NamedTuple):
    """Whole lines, parted by newlines; `first` is the number of the first, counted from 1."""

    first: int
    text: bytes


def read_events(path: str | Path, seen: Seen | None = None) -> Iterator[Event]:
    """The events of a file. `InputError` says the file, the line and the field; a file without any event is one too.

    `seen` is told the number of bytes with each mouthful that was read, packed as they are.
    """
    for event, _ in read_events_with_text(path, seen):
        yield event


def read_events_with_text(path: str | Path, seen: Seen | None = None) -> Iterator[tuple[Event, bytes]]:
    """The same, each with its text, as an event log stores it."""
    for number, line in _read_lines(path, seen):
        try:
            yield parse_event(line), line
        except InputError as error:
            raise error.at(file=fspath(path), line=number) from None


def read_blocks(path: str | Path, size: int, seen: Seen | None = None) -> Iterator[Block]:
    """The lines of a file in blocks of about `size` bytes, for `parse_block`. `InputError` as above, but for what the
    lines themselves say.
    """
    first, length, lines = 0, 0, list[bytes]()
    try:
        for number, line in _read_lines(path, seen):
            if length >= size:
                yield Block(first, b"\n".join(lines))
                lines, length = [], 0
            if not lines:
                first = number
            lines += [b""] * (number - first - len(lines))  # the blank ones, which count
            lines.append(line)
            length += len(line) + 1
    except InputError:
        if lines:
            yield Block(first, b"\n".join(lines))  # they come first, and may be wrong as well
        raise
    if lines:
        yield Block(first, b"\n".join(lines))


def parse_block(block: Block) -> Iterator[tuple[int, Event, bytes]]:
    """Each line's number, event and text. `InputError` says the line and the field, and leaves out the file."""
    for number, line in enumerate(block.text.split(b"\n"), start=block.first):
        if line:
            try:
                event = parse_event(line)
            except InputError as error:
                raise error.at(line=number) from None
            yield number, event, line


def _read_lines(path: str | Path, seen: Seen | None) -> Iterator[tuple[int, bytes]]:
    name, number = fspath(path), 0
    with ExitStack() as stack:
        for number, line in _lines(_open(path, name, stack, seen), name):
            yield number, line
    if number == 0:
        raise InputError("holds no event", file=name)


def _open(path: str | Path, name: str, stack: ExitStack, seen: Seen | None) -> _Source:
    kind = Path(name).suffix
    if name == STANDARD_INPUT:
        standard_input = BufferedReader(_Pipe(0))
        try:
            kind = _MAGIC.get(standard_input.peek(2)[:2], "")
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=name) from None
        file: _Source = standard_input
    else:
        try:
            opened = Path(path).open("rb")  # noqa: SIM115 - the stack closes it
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=name) from None
        stack.enter_context(opened)
        file = opened if Path(path).is_file() else BufferedReader(_Pipe(opened.fileno()))
    if seen is not None:
        file = _Counted(file, seen)
    if kind == ".gz":
        return stack.enter_context(gzip.GzipFile(fileobj=cast("IO[bytes]", file)))  # all that it does is read
    if kind == ".zst":
        return _Zstandard(file)
    return file


class _Pipe(RawIOBase):
    """What comes out of a pipe. It looks up now and then: a signal that came just before it began to wait would
    otherwise be heard only after the next bytes.
    """

    _LOOKS_UP = 0.5  # seconds

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Take what is there, and wait where there is nothing yet; 0 at the end."""
        while not select([self._descriptor], [], [], self._LOOKS_UP)[0]:
            pass
        view = memoryview(buffer)
        part = os.read(self._descriptor, len(view))
        view[: len(part)] = part
        return len(part)


class _Counted:
    """A source that tells how much was taken from it."""

    def __init__(self, source: _Source, seen: Seen) -> None:
        self._source, self._seen = source, seen

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`; b"" at the end."""
        found = self._source.read(size)
        self._seen(len(found))
        return found


class _Zstandard:
    """A .zst file as a stream. It notices a file that was cut short, which the package's own reader does not."""

    _MOUTHFUL = 256  # bytes: zstd makes at most 128 KiB out of 4, so 8 MiB out of these

    def __init__(self, file: _Source) -> None:
        self._file = file
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = b""
        self._plain = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`; b"" at the end."""
        while not self._plain:
            packed = self._packed or self._file.read(self._MOUTHFUL)
            if not packed:
                if self._frame is not None:
                    raise EOFError("it was cut short")
                return b""
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj()
            self._plain, self._packed = memoryview(self._frame.decompress(packed)), b""
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        part, self._plain = bytes(self._plain[:size]), self._plain[size:]
        return part


def _lines(source: _Source, name: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, each with its number, counted from 1."""
    number, blank, begun = 0, 0, bytearray()
    while chunk := _read(source, name, number + 1):
        *whole, rest = chunk.split(b"\n")
        for end in whole:
            number += 1
            _bound(len(begun) + len(end), name, number)
            line = bytes(begun) + end if begun else end
            begun = bytearray()
            if line.strip(_BLANK):
                blank = 0
                yield number, line
            else:
                blank += len(line) + 1
                _bound(blank, name, number)
        _bound(len(begun) + len(rest), name, number + 1)
        begun += rest
    if begun.strip(_BLANK):
        yield number + 1, bytes(begun)


def _bound(length: int, name: str, number: int) -> None:
    if length > LONGEST_LINE:
        raise InputError(f"is longer than {LONGEST_LINE // 1024} KiB", file=name, line=number)


def _read(source: _Source, name: str, number: int) -> bytes:
    try:
        return source.read(_CHUNK)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise InputError(f"cannot be unpacked or read: {_why(error)}", file=name, line=number) from None


def _why(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0].lower() or "it is damaged"
