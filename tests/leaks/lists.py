"""What do lists of leaked passwords look like? Those of the tests, written to files."""

from collections.abc import Iterable
from hashlib import sha1 as digest
from pathlib import Path


def sha1(password: str) -> str:
    """As lists of leaked passwords have it."""
    return digest(password.encode(), usedforsecurity=False).hexdigest().upper()


def plain(path: Path, passwords: Iterable[str]) -> Path:
    """A list as it is."""
    path.write_text("".join(f"{one}\n" for one in passwords), encoding="utf-8")
    return path


def hashed(path: Path, passwords: Iterable[str], *, line: str = "{}:7\n", lower: bool = False) -> Path:
    """A sorted list of hashes."""
    hashes = sorted(sha1(one) for one in passwords)
    path.write_text("".join(line.format(one.lower() if lower else one) for one in hashes), encoding="ascii")
    return path


def folder(path: Path, passwords: Iterable[str], *, name: str = "{}.txt") -> Path:
    """A folder of ranges; every password's range is there."""
    path.mkdir()
    for one in passwords:
        prefix, suffix = sha1(one)[:5], sha1(one)[5:]
        with (path / name.format(prefix)).open("a", encoding="ascii") as file:
            file.write(f"{'0' * 35}:0\r\n{suffix}:4\r\n")
    return path
