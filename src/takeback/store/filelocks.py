"""Who holds what, over all processes of this machine? Locks on files, which the system lets go of when a process ends,
however it ends. Meets `casework.alone.Locks` where the database is SQLite's files.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

ASKED = 0.01  # seconds between two tries of a case's lock
FILES = 1024  # for the locks of all cases: two that share one wait for each other, for as long as a phase takes


class FilePresence:
    """The lock that says that one worker lives, and a share in the one that says that some worker does."""

    def __init__(self, path: Path, shared: Path) -> None:
        self._path, self._shared = path, shared
        self._held: list[int] = []

    def holds(self) -> bool:
        """Hold it, or take it. False where another process has this name."""
        if not self._held:
            mine = _locked(self._path, fcntl.LOCK_EX)
            if mine is None:
                return False
            share = _locked(self._shared, fcntl.LOCK_SH)
            self._held = [one for one in (mine, share) if one is not None]
        return True

    def let_go(self) -> None:
        """Give it back; a name is never used again."""
        held, self._held = self._held, []
        if held:
            self._path.unlink(missing_ok=True)
        for one in held:
            os.close(one)


class FileLocks:
    """The locks in `folder`; `shared` is a file that every living worker holds a share of."""

    def __init__(self, folder: Path, shared: Path) -> None:
        self._folder, self._shared = folder, shared

    def presence(self, name: str) -> FilePresence:
        """The lock of the worker `name`, not held yet."""
        return FilePresence(self._made() / f"{name}.worker", self._shared)

    @contextmanager
    def instead_of(self, name: str) -> Iterator[bool]:
        """True when no worker `name` lives; while the block lasts none can begin to."""
        path = self._made() / f"{name}.worker"
        held = _locked(path, fcntl.LOCK_EX)
        try:
            yield held is not None
        finally:
            if held is not None:
                path.unlink(missing_ok=True)
                os.close(held)

    @contextmanager
    def alone(self, case: str, within: float) -> Iterator[bool]:
        """True when this thread alone, over all processes, works on the case while the block lasts; False when another
        did not end within so many seconds.
        """
        number = int.from_bytes(sha256(case.encode("utf-8", "surrogatepass")).digest()[:4], "big") % FILES
        path, until = self._made() / f"{number:03x}.case", monotonic() + within
        while (held := _locked(path, fcntl.LOCK_EX)) is None and monotonic() < until:
            sleep(ASKED)
        try:
            yield held is not None
        finally:
            if held is not None:
                os.close(held)

    def _made(self) -> Path:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder


def _locked(path: Path, how: int) -> int | None:
    """The file, opened and locked; None where somebody else has the lock."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except BaseException:
        os.close(file)
        raise
    return file
