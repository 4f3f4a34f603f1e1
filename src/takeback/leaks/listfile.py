"""Does a list on disk have this password? Plain passwords, or their SHA-1 hashes in order, one a line.

A list of hashes may be larger than the memory: it is searched where it lies, by halving. Lines are `HASH` or
`HASH:COUNT`, in order, in either case, as the whole-file downloads of Pwned Passwords have them. A plain list is read
once, when it is first asked, and kept as short digests.
"""

import os
import re
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from takeback.core.errors import OutsideError, SettingsError
from takeback.leaks.spelling import hashes, spellings

HASH = 40  # hexadecimal digits of SHA-1
LARGEST_PLAIN = 32 * 1024 * 1024  # bytes; a larger list is hashed and sorted, and then read where it lies
PROBES = 64
_LINE = re.compile(rb"([0-9A-Fa-f]{40})(:[0-9]+)?\s*")
_LONGEST_LINE = 80  # bytes of a line of hashes


def open_list(path: Path) -> "HashList | PlainList":
    """The list at `path`, of the kind that its first line shows. `SettingsError` for one that cannot be used."""
    try:
        with path.open("rb") as file:
            first = file.readline(1024)
    except OSError as error:
        raise SettingsError(f"leaks.lists names {path}, which cannot be read: {error.strerror}.") from None
    if not first.strip() and path.stat().st_size == 0:
        raise SettingsError(f"leaks.lists names {path}, which is empty.")
    if first.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")):
        raise SettingsError(f"leaks.lists names {path}, which is packed; unpack it first.")
    return HashList(path) if _LINE.fullmatch(first) else PlainList(path)


class PlainList:
    """Meets `casework.leaks.Leaks` with a list of passwords as they are."""

    name = "leaks.list"

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST_PLAIN:
            raise SettingsError(
                f"leaks.lists names {path}, which is larger than 32 MB: make it a sorted list of SHA-1 hashes."
            )
        self._path = path
        self._known: frozenset[bytes] | None = None
        self._reading = Lock()

    def is_leaked(self, password: str) -> bool:
        """True for a password of the list. `OutsideError` where the file is gone."""
        known = self._read()
        return any(_short(text.encode("utf-8", "surrogatepass")) in known for text in spellings(password))

    def close(self) -> None:
        """Nothing is open."""

    def _read(self) -> frozenset[bytes]:
        """The list, read when first asked for: most processes never ask."""
        with self._reading:
            if self._known is None:
                try:
                    with self._path.open("rb") as file:
                        lines = (line.rstrip(b"\r\n") for line in file)
                        self._known = frozenset(_short(line) for line in lines if line)
                except OSError:
                    raise OutsideError("the list cannot be read any more", permanent=True) from None
            return self._known


class HashList:
    """Meets `casework.leaks.Leaks` with a sorted list of SHA-1 hashes, read where it lies."""

    name = "leaks.list"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = os.fstat(self._file).st_size
        try:
            self._check_order()
        except OutsideError as error:
            os.close(self._file)
            raise SettingsError(f"leaks.lists names {path}: {error}.") from None
        except SettingsError:
            os.close(self._file)
            raise

    def is_leaked(self, password: str) -> bool:
        """True for a password of the list. `OutsideError` where the file was damaged since."""
        return any(self._has(one.encode()) for one in hashes(password))

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _has(self, wanted: bytes) -> bool:
        low, high = 0, self._size  # the line begins at or after `low`, and before `high`
        while low < high:
            middle = (low + high) // 2
            start, found = self._line_at(middle)
            if found is None or start >= high:
                high = middle
            elif found == wanted:
                return True
            elif found < wanted:
                low = start + 1
            else:
                high = middle
        return False

    def _line_at(self, place: int) -> tuple[int, bytes | None]:
        """Where the first line that begins at or after `place` begins, and its hash; None after the last."""
        back = place - 1 if place else 0
        try:
            part = os.pread(self._file, 2 * _LONGEST_LINE, back)
        except OSError:
            raise OutsideError("the list cannot be read any more", permanent=True) from None
        if place:
            cut = part.find(b"\n")
            if cut < 0:
                if back + len(part) < self._size:
                    raise OutsideError("a line is too long for a hash", permanent=True)
                return self._size, None
            back, part = back + cut + 1, part[cut + 1 :]
        if not part.strip():
            return self._size, None
        line = _LINE.fullmatch(part.partition(b"\n")[0])
        if line is None:
            raise OutsideError("a line is not HASH or HASH:COUNT", permanent=True)
        return back, line[1].upper()

    def _check_order(self) -> None:
        """Look at some lines, evenly spread: a list that is not in order would silently know nothing."""
        before = b""
        for number in range(PROBES):
            _, found = self._line_at(self._size * number // PROBES)
            if found is not None and found < before:
                raise SettingsError(f"leaks.lists names {self._path}, whose hashes are not in order; sort it first.")
            before = found or before


def _short(password: bytes) -> bytes:
    return blake2b(password, digest_size=12).digest()
