"""What events are in this file? Lines of JSON, plain or packed (.gz, .zst), read as a stream whose memory is bounded.

A line is at most 1 MiB, and so is a run of blank ones: a small packed file can pretend to hold a terabyte of either.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from os import fspath
from pathlib import Path
from typing import IO, Protocol

import zstandard

from takeback.core.errors import InputError
from takeback.core.events import Event, parse_event

LONGEST_LINE = 1024 * 1024  # bytes
_CHUNK = 64 * 1024
_LARGEST_WINDOW = 128 * 1024 * 1024  # bytes of a .zst that a decoder keeps in memory; the bound of `zstd -d` as well
_BLANK = b" \t\r\n"


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_events(path: str | Path) -> Iterator[Event]:
    """The events of a file. `InputError` says the file, the line and the field; a file without any event is one too."""
    for event, _ in read_events_with_text(path):
        yield event


def read_events_with_text(path: str | Path) -> Iterator[tuple[Event, bytes]]:
    """The same, each with its text, as an event log stores it."""
    name, number = fspath(path), 0
    with ExitStack() as stack:
        for number, line in _lines(_open(path, name, stack), name):
            try:
                yield parse_event(line), line
            except InputError as error:
                raise error.at(file=name, line=number) from None
    if number == 0:
        raise InputError("holds no event", file=name)


def _open(path: str | Path, name: str, stack: ExitStack) -> _Source:
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - the stack closes it
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=name) from None
    stack.enter_context(file)
    if name.endswith(".gz"):
        return stack.enter_context(gzip.GzipFile(fileobj=file))
    if name.endswith(".zst"):
        return _Zstandard(file)
    return file


class _Zstandard:
    """A .zst file as a stream. It notices a file that was cut short, which the package's own reader does not."""

    _MOUTHFUL = 256  # bytes: zstd makes at most 128 KiB out of 4, so 8 MiB out of these

    def __init__(self, file: IO[bytes]) -> None:
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
