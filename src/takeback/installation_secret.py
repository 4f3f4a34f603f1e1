"""Where does the installation's secret come from, when nobody set one? It is made once and kept in its own file."""

import os
import secrets
from pathlib import Path

from takeback.core.errors import SettingsError


def kept_secret(path: Path) -> str:
    """The secret in the file `path` (mode 0600), made when there is none. `SettingsError` when others could read it."""
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{path} holds the installation's secret and can be read by others: chmod 600 {path}.")
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not ASCII text"
        raise SettingsError(f"{path}, the installation's secret, cannot be read: {reason}.") from None
    if len(secret) < 32:
        raise SettingsError(f"{path}, the installation's secret, is shorter than 32 characters.")
    return secret


def _make(path: Path) -> None:
    """Write a new secret. Two processes that start together agree on one: a link is made whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "w", encoding="ascii") as text:
            text.write(secrets.token_urlsafe(48) + "\n")
            text.flush()
            os.fsync(text.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return  # the other process was first: its secret is the one
    finally:
        draft.unlink()
