"""How are SQLite files copied that others are writing to? All as of one moment, without holding anybody up.

For the few milliseconds in which the moment is chosen nobody writes; after it everybody does, and what is copied is
still how it was then. Until the copy is done the write-ahead logs cannot be folded back, so they grow by what is
written meanwhile.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from sqlite3 import Connection

from takeback.core.errors import TakebackError

_WAIT = 10.0  # seconds for somebody else's commit
_PAGES = 2000  # copied at a time, of 4 KiB each


class CopyFailed(TakebackError):
    """A database could not be copied."""


@contextmanager
def one_moment(paths: Sequence[Path]) -> Iterator[list[Connection]]:
    """A connection to each file; all of them see the files as they were at one and the same moment."""
    with ExitStack() as open_:
        try:
            seeing = [open_.enter_context(closing(_connect(path))) for path in paths]
            with ExitStack() as still:
                for path in paths:
                    writing = still.enter_context(closing(_connect(path)))
                    writing.execute("BEGIN IMMEDIATE")  # let go of when it is closed, with nothing written
                for connection in seeing:
                    connection.execute("BEGIN")
                    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this
        except sqlite3.Error as error:
            raise CopyFailed(f"The databases cannot be read together: {error}.") from None
        yield seeing


def copy(connection: Connection, to: Path, told: Callable[[int], None]) -> None:
    """Copy what `connection` sees into the new file `to`, and look whether every page of it is sound. `told` hears how
    many bytes more were copied.
    """
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    done = 0

    def progress(_status: int, remaining: int, total: int) -> None:
        nonlocal done
        told((total - remaining - done) * size)
        done = total - remaining

    try:
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(to, isolation_level=None)) as target:
            connection.backup(target, pages=_PAGES, progress=progress, sleep=0)
            (sound,) = target.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, OSError) as error:
        raise CopyFailed(f"{to.name} cannot be copied: {error}.") from None
    if sound != "ok":
        raise CopyFailed(f"{to.name} is damaged where it lies: {sound}.")
    written(to)


def written(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a loss of power."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def size_of(paths: Sequence[Path]) -> int:
    """Bytes that copies of these files may take at most."""
    every = [file for path in paths for file in (path, path.with_name(f"{path.name}-wal")) if file.exists()]
    return sum(file.stat().st_size for file in every)


def _connect(path: Path) -> Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=_WAIT, isolation_level=None)
