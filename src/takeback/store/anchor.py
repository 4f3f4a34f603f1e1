"""How did everything stand, told outside of the database? A text file of lines, each sealed, only ever added to.

A database can be put back to yesterday's copy, and then every chain in it is whole: what was written since is gone and
nothing in it knows. The anchor knows. A line holds no personal data and no secret; it is one word, so that it comes
through a letter unbroken:

    takeback-anchor:1:<time>:<lines of the book>:<digest of its last>:<cases>:<lines>:<digest of their ends>:<seal>

Who has the installation's secret can write lines of his own, into the file as into the database. Only a line that was
carried elsewhere before holds against him.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac
from pathlib import Path
from socket import gethostname

from takeback.core.errors import TakebackError
from takeback.store.bookread import book_head
from takeback.store.chain import Head
from takeback.store.moment import Moment

_TIME = "%Y%m%dT%H%M%S%fZ"
_NONE = "0" * 64  # the digest of a book without a line
ANY = re.compile(r"takeback-anchor:[0-9A-Za-z:]*")  # what means to be a line
_FORM = re.compile(
    r"takeback-anchor:1:([0-9]{8}T[0-9]{12}Z):([0-9]{1,18}):([0-9a-f]{64}):([0-9]{1,18}):([0-9]{1,18}):([0-9a-f]{32})"
    r":([0-9a-f]{64})"
)
_HEADS = "SELECT case_id, count, digest FROM store_log_head ORDER BY case_id COLLATE BINARY"
_TAIL = 4096  # bytes, of which a line takes some three hundred


class AnchorUnwritable(TakebackError):
    """The anchor's file cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How everything stood. `ends` is a digest over the ends of all cases' logs."""

    at: datetime
    book: Head
    cases: int
    lines: int
    ends: str


def line_of(key: bytes, mark: Mark) -> str:
    """The mark as a line, sealed."""
    digest = mark.book.digest or _NONE
    at = mark.at.astimezone(UTC).strftime(_TIME)
    body = f"takeback-anchor:1:{at}:{mark.book.count}:{digest}:{mark.cases}:{mark.lines}:{mark.ends}"
    return f"{body}:{_seal(key, body)}"


def mark_of(key: bytes, line: str) -> Mark | None:
    """What a line says; None for one that nobody wrote who has the key."""
    found = _FORM.fullmatch(line)
    if found is None or not compare_digest(_seal(key, line.rpartition(":")[0]), found[7]):
        return None
    at = datetime.strptime(found[1], _TIME).replace(tzinfo=UTC)
    digest = "" if found[3] == _NONE else found[3]
    return Mark(at, Head(int(found[2]), digest), int(found[4]), int(found[5]), found[6])


def mark_now(moment: Moment, key: bytes, at: datetime) -> Mark:
    """How everything stands in the database at this moment."""
    head, _ = book_head(moment)
    cases = lines = 0
    ends = hmac(key, b"ends", sha256)
    rolling = sha256(ends)
    for case, count, digest in moment.rows(_HEADS):
        cases += 1
        lines += count if isinstance(count, int) else 0
        rolling.update(f"{case}\0{count}\0{digest}\n".encode())
    return Mark(at, head or Head(), cases, lines, rolling.hexdigest()[:32])


def name_of(path: Path) -> str:
    """What the file is called in the book, where each of several machines has one."""
    return sha256(f"{gethostname()}\0{path.absolute()}".encode(errors="surrogateescape")).hexdigest()[:12]


def _seal(key: bytes, body: str) -> str:
    return hmac(key, body.encode(), sha256).hex()


class AnchorFile:
    """The file. It is never cut, and one process writes to it at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> Iterator[tuple[int, str]]:
        """Its lines with their numbers; none where there is no file."""
        try:
            with self.path.open(encoding="utf-8", errors="replace") as file:
                for number, text in enumerate(file, start=1):
                    if text.strip():
                        yield number, text.strip()
        except FileNotFoundError:
            return
        except OSError as error:
            raise AnchorUnwritable(f"The anchor {self.path} cannot be read: {error.strerror}.") from None

    def last(self) -> str:
        """Its last line, or nothing."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
                told = file.read().decode("utf-8", "replace").split()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise AnchorUnwritable(f"The anchor {self.path} cannot be read: {error.strerror}.") from None
        return told[-1] if told else ""

    @contextmanager
    def alone(self) -> Iterator["AnchorFile"]:
        """While nobody else adds a line."""
        try:
            opened = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(opened, "ab", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                self._file = file
                yield self
        except OSError as error:
            raise AnchorUnwritable(f"The anchor {self.path} cannot be written: {error.strerror}.") from None

    def add(self, line: str) -> None:
        """Add a line, durable when this returns. Only within `alone`."""
        self._file.write(f"{line}\n".encode())
        os.fsync(self._file.fileno())
