"""`takeback backup`: a copy of everything, of one moment, while all goes on. See docs/howto/back-up-and-restore.md.

What must hold in a copy: whatever a case knows happened is in its event log, and work that had begun begins again and
is done once. So the databases are copied as of one moment; the anchor before them, so that it knows nothing that they
do not. The secret is left out unless it is asked for: with it, a copy is worth as much as the installation.
"""

import fcntl
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from takeback import __version__
from takeback.configuration import Configuration, load_configuration
from takeback.core.errors import InputError, SettingsError, TakebackError
from takeback.store import copying
from takeback.terminal.backup_drawn import bar
from takeback.terminal.backup_postgres import dump

MANIFEST = "backup.json"
DUMP = "database.dump"
ANCHOR, SECRET = "anchor.log", "secret_key"
_NAME = re.compile(r"takeback-[0-9]{8}T[0-9]{12}Z")
_ROOM = 64 << 20  # bytes that stay free beside a copy


class Copied(Struct, frozen=True):
    """A file of a backup. `sha256` is hexadecimal."""

    name: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    """What a backup is: `secret` tells whether another secret is the same one, and nothing of it."""

    form: int
    made_at: datetime
    version: str
    store: str  # sqlite or postgresql
    secret: str
    files: tuple[Copied, ...]


def run(folder: Path, *, with_secret: bool, keep: int | None) -> int:
    """Copy everything into a new folder below `folder`, and leave the newest `keep` of its like there."""
    configuration = load_configuration()
    _is_set_up(configuration)
    with _alone(folder):
        made = make(configuration, folder, with_secret=with_secret)
        gone = _thin_out(folder, keep) if keep is not None else 0
    size = sum(file.stat().st_size for file in made.iterdir())
    sys.stdout.write(f"{made}: {size / 1e6:,.1f} MB.\n")
    if gone:
        sys.stdout.write(f"Older backups removed: {gone}.\n")
    if not with_secret:
        where = "the setting secret_key" if configuration.secret_key else str(configuration.data_dir / SECRET)
        sys.stdout.write(f"The secret is not in it: keep {where} in another place. Without it no backup is of use.\n")
    return 0


def make(configuration: Configuration, folder: Path, *, with_secret: bool) -> Path:
    """A new backup below `folder`: whole, or not there."""
    at = datetime.now(UTC)
    whole = folder / at.strftime("takeback-%Y%m%dT%H%M%S%fZ")
    partial = whole.with_name(f"{whole.name}.partial")
    try:
        partial.mkdir(mode=0o700)
        _fill(configuration, partial, with_secret=with_secret)
        files = tuple(_copied(path) for path in sorted(partial.iterdir()))
        store = "sqlite" if configuration.database_url is None else "postgresql"
        manifest = Manifest(1, at, __version__, store, fingerprint(configuration), files)
        _write(partial / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
        copying.written(partial)
        partial.rename(whole)
        copying.written(folder)
    except OSError as error:
        raise TakebackError(f"The backup cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return whole


def fingerprint(configuration: Configuration) -> str:
    """What tells one secret from another, and nothing of either."""
    return configuration.key("backup").hex()[:32]


def _is_set_up(configuration: Configuration) -> None:
    if configuration.database_url is None and not configuration.cases_path.exists():
        raise SettingsError(f"There is nothing to copy in {configuration.data_dir}: `takeback migrate` was never run.")


def _fill(configuration: Configuration, to: Path, *, with_secret: bool) -> None:
    anchor = configuration.anchor_path
    if anchor.exists():
        _write(to / ANCHOR, anchor.read_bytes())
    if with_secret:
        _write(to / SECRET, f"{configuration.secret()}\n".encode("ascii"))
    if configuration.database_url is not None:
        dump(str(configuration.database_url), to / DUMP)
        copying.written(to / DUMP)
        return
    paths = (configuration.engine_path, configuration.cases_path, configuration.events_path)
    room, needed = shutil.disk_usage(to).free, copying.size_of(paths)
    if room < needed + _ROOM:
        raise TakebackError(f"The backup takes up to {needed / 1e6:,.0f} MB, and {room / 1e6:,.0f} MB are free there.")
    with copying.one_moment(paths) as seen, bar(needed) as told:
        for path, connection in zip(paths, seen, strict=True):
            copying.copy(connection, to / path.name, told)


def _copied(path: Path) -> Copied:
    return Copied(path.name, path.stat().st_size, digest_of(path))


def digest_of(path: Path, also: Callable[[bytes], object] = lambda _part: None) -> str:
    """The SHA-256 of a file; `also` is given its parts in turn."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
            also(part)
    return digest.hexdigest()


def _write(path: Path, text: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While no other backup is made there; what one left that was killed is removed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in folder.glob("takeback-*.partial"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except BlockingIOError:
        raise InputError(f"{folder} is being written to by another backup") from None
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from None


def every(folder: Path) -> list[Path]:
    """The whole backups below `folder`, the newest first."""
    return sorted((one for one in folder.iterdir() if _NAME.fullmatch(one.name)), reverse=True)


def _thin_out(folder: Path, keep: int) -> int:
    old = every(folder)[keep:]
    for one in old:
        shutil.rmtree(one)
    return len(old)
