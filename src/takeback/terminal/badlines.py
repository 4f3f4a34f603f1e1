"""Where do the lines go that are no events? Into a file that nobody else can read, each with its fault."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from takeback.core.errors import InputError, SecretRefused
from takeback.core.secrets import has_card_number, refuse_secrets, without_card_numbers


class BadLines:
    """The file, added to for the length of a `with` block. `InputError` where it cannot be, or others could read it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", file=str(path)) from None
        if os.fstat(self._file).st_mode & 0o077:
            os.close(self._file)
            raise InputError("can be read by others; choose a new file, or run chmod 600 on it", file=str(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._file)

    def write(self, file: str, wrong: Iterable[tuple[InputError, bytes]]) -> None:
        """Add these lines of `file`: on the disk on return. A text that may hold a secret is left out."""
        told = b"".join(_record(file, error, text) for error, text in wrong)
        while told:
            told = told[os.write(self._file, told) :]
        os.fsync(self._file)


def _record(file: str, error: InputError, text: bytes) -> bytes:
    record: dict[str, object] = {"file": file, "line": error.line, "field": error.field, "fault": error.message}
    if not isinstance(error, SecretRefused) and _may_be_kept(text):
        record["text"] = text.decode(errors="replace")
    return json.dumps(record, ensure_ascii=False).encode(errors="replace") + b"\n"


def _may_be_kept(text: bytes) -> bool:
    """The line was not searched when it could not even be read; so it is searched now, as bytes and as text."""
    try:
        refuse_secrets(text)
    except SecretRefused:
        return False
    plain = text.decode(errors="replace")
    return without_card_numbers(plain) == plain and not has_card_number(text)
