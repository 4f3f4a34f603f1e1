"""Does the operator's own copy of Pwned Passwords have this password? A folder with a file for each range.

The form is that of the range downloads: files named by the first five hexadecimal digits of SHA-1 (`21BD1` or
`21BD1.txt`, in either case), with lines of `SUFFIX:COUNT`. Nothing leaves the machine.
"""

from pathlib import Path

from takeback.core.errors import OutsideError, SettingsError
from takeback.leaks.spelling import PREFIX, has_suffix, hashes

LARGEST = 16 * 1024 * 1024  # bytes; a range has some tens of kilobytes


class RangeFolder:
    """Meets `casework.leaks.Leaks`. `SettingsError` where the folder is none or holds no range."""

    name = "leaks.ranges"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            raise SettingsError(f"leaks.ranges names {folder}, which is not a folder.")
        if not self._has_any():
            raise SettingsError(f"leaks.ranges names {folder}, which holds no file such as 21BD1 or 21BD1.txt.")

    def is_leaked(self, password: str) -> bool:
        """True for a password of the copy. `OutsideError` where a range it might be in is missing."""
        missing = None
        for one in hashes(password):
            try:
                if has_suffix(self._range(one[:PREFIX]), one[PREFIX:]):
                    return True
            except OutsideError as error:
                missing = error
        if missing is not None:
            raise missing
        return False

    def close(self) -> None:
        """Nothing stays open."""

    def _range(self, prefix: str) -> bytes:
        try:
            with self._file(prefix).open("rb") as file:
                return file.read(LARGEST)
        except OSError:
            # Which range it was would tell a part of the password's hash.
            raise OutsideError(f"a range is missing from {self._folder}", permanent=True) from None

    def _file(self, prefix: str) -> Path:
        names = (prefix, f"{prefix}.txt", prefix.lower(), f"{prefix.lower()}.txt")
        return next((path for name in names if (path := self._folder / name).is_file()), self._folder / prefix)

    def _has_any(self) -> bool:
        names = (path.name.removesuffix(".txt") for path in self._folder.iterdir())
        return any(len(name) == PREFIX and all(c in "0123456789abcdefABCDEF" for c in name) for name in names)
