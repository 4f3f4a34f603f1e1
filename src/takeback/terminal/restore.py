"""`takeback restore`: a backup is put where nothing is, under the same secret, and the book is told.

It never writes over anything: what is there may be all that is left. What it began and did not end it begins again.
"""

import os
import sys
from pathlib import Path

import msgspec

from takeback.configuration import Configuration, load_configuration
from takeback.core.errors import InputError, SettingsError, TakebackError
from takeback.store import copying
from takeback.terminal import backup, backup_postgres
from takeback.terminal.backup import Copied, Manifest
from takeback.terminal.backup_drawn import bar
from takeback.terminal.user import who

BEGUN = "restoring"  # a file in the data directory for as long as what is there is half of a restoration


def run(folder: Path, why: str | None) -> int:
    """Put the backup in `folder` into the empty installation of these settings, and note `why` in the book."""
    manifest = read(folder)
    configuration = load_configuration()
    _fits(configuration, manifest)
    _is_empty(configuration)
    _same_secret(configuration, folder, manifest)
    try:
        _put(configuration, folder, manifest)
    except OSError as error:
        raise TakebackError(f"The backup cannot be put back: {error.strerror}.") from None
    _own_up(configuration, why or f"backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC")
    (configuration.data_dir / BEGUN).unlink()
    sys.stdout.write(
        f"The backup of {manifest.made_at.isoformat(timespec='seconds')} is in place, and the book says so.\n"
        "Next: `takeback audit verify`, `takeback forget`, `takeback check`; then start `takeback work` and "
        "`takeback serve`.\n"
    )
    return 0


def read(folder: Path) -> Manifest:
    """What the backup in `folder` is, every file of it looked at. `InputError` where it is none, or not whole."""
    try:
        manifest = msgspec.json.decode((folder / backup.MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        newest = next(iter(backup.every(folder)), None) if folder.is_dir() else None
        hint = f"; the newest one below it is {newest}" if newest is not None else ""
        raise InputError(f"{folder} is no backup: it has no {backup.MANIFEST}{hint}") from None
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}") from None
    except msgspec.DecodeError:
        raise InputError(f"{folder / backup.MANIFEST} is not of a backup's form") from None
    if manifest.form != 1:
        raise InputError(f"{folder} was made by a newer Takeback ({manifest.version}): restore it with that one")
    with bar(sum(file.size for file in manifest.files)) as told:
        for file in manifest.files:
            if "/" in file.name or not _is_whole(folder, file, told):
                raise InputError(f"{folder / file.name} is not as it was when the backup was made")
    return manifest


def _is_whole(folder: Path, file: Copied, told: object) -> bool:
    try:
        return backup.digest_of(folder / file.name, lambda part: told(len(part)) if callable(told) else None) == (
            file.sha256
        )
    except OSError:
        return False


def _fits(configuration: Configuration, manifest: Manifest) -> None:
    here = "sqlite" if configuration.database_url is None else "postgresql"
    if manifest.store != here:
        says = "is set" if here == "postgresql" else "is not set"
        raise SettingsError(f"The backup is of {manifest.store}, and database_url {says}.")


def _is_empty(configuration: Configuration) -> None:
    if (configuration.data_dir / BEGUN).exists():
        return
    if configuration.database_url is not None:
        if not backup_postgres.is_empty(str(configuration.database_url)):
            raise SettingsError("The database of database_url has tables: restore into an empty one.")
        return
    for path in _databases(configuration):
        if path.exists() and path.stat().st_size:
            raise SettingsError(f"{path} is not empty: nothing is written over it. Move it away first.")


def _databases(configuration: Configuration) -> tuple[Path, ...]:
    return (configuration.events_path, configuration.cases_path, configuration.engine_path)


def _same_secret(configuration: Configuration, folder: Path, manifest: Manifest) -> None:
    kept = configuration.data_dir / backup.SECRET
    if configuration.secret_key is None and not kept.exists():
        inside = folder / backup.SECRET
        if not inside.exists():
            raise SettingsError(f"The secret is not in the backup: set secret_key, or put it into {kept}, mode 0600.")
        configuration.make_data_dir()
        _copy(inside, kept)
    if backup.fingerprint(configuration) != manifest.secret:
        raise SettingsError("The backup was made under another secret_key: under this one no log in it is whole.")


def _put(configuration: Configuration, folder: Path, manifest: Manifest) -> None:
    configuration.make_data_dir()
    begun = configuration.data_dir / BEGUN
    begun.touch(mode=0o600)
    copying.written(configuration.data_dir)
    if configuration.database_url is not None:
        if backup_postgres.is_empty(str(configuration.database_url)):
            backup_postgres.put_back(str(configuration.database_url), folder / backup.DUMP)
    else:
        names = {file.name for file in manifest.files}
        for path in _databases(configuration):
            if path.name not in names:
                raise InputError(f"{folder} has no {path.name}")
            for left in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                left.unlink(missing_ok=True)
            _copy(folder / path.name, path)
    anchor = folder / backup.ANCHOR
    if anchor.exists() and not configuration.anchor_path.exists():  # one that lies elsewhere knows more than the copy
        _copy(anchor, configuration.anchor_path)


def _copy(source: Path, to: Path) -> None:
    """A copy that is whole or not there."""
    draft = to.with_name(f"{to.name}.partial")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        backup.digest_of(source, file.write)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(to)


def _own_up(configuration: Configuration, why: str) -> None:
    """Bring the tables up to date, where the backup is of an older release, and say in the book what was done."""
    from takeback.bootstrap import build_house, make_tables
    from takeback.casework.verifying_noted import own_up

    make_tables(configuration)
    here = build_house(configuration)
    try:
        own_up(here, who(), why)
    finally:
        here.close()
