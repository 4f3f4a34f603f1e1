"""Who may send events? Keys of a service, which come and go while everything runs: the values, and what keeping them
needs; `keying` makes, replaces and ends them.

A key is `tbk_<id>_<secret>`. Its secret is 256 bits of chance, so that a plain SHA-256 is enough to keep: there is
nothing to guess at, and a slow hash would be paid at every request.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Protocol

from takeback.core.errors import InputError

_TOKEN = re.compile(rb"tbk_([a-z0-9]{1,32})_([A-Za-z0-9_-]{20,128})")


class Scope(StrEnum):
    """What a key is for."""

    EVENTS = "events"
    CHECK_MAIL = "check-mail"


class KeyState(StrEnum):
    """How a key stands."""

    GOOD = "good"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: of its secret, the SHA-256 alone, in hexadecimal digits. Times are aware UTC."""

    id: str
    source: str  # of the events that it may send
    scopes: frozenset[Scope]
    name: str
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None  # to the minute

    def state(self, now: datetime) -> KeyState:
        """Whether it lets anybody in."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.EXPIRED if self.expires_at is not None and self.expires_at <= now else KeyState.GOOD


class Keys(Protocol):
    """Keeps the keys. Every write commits before it returns."""

    def add(self, key: Key) -> None:
        """A new one."""

    def every(self) -> list[Key]:
        """All that ever were, the oldest first."""

    def expire(self, key: str, at: datetime) -> None:
        """Let it end then."""

    def revoke(self, key: str, at: datetime) -> None:
        """End it."""

    def used(self, key: str, at: datetime) -> None:
        """Somebody came in with it."""


class KeyRefused(InputError):
    """A change of a key that cannot be made."""


def parted(token: bytes) -> tuple[str, bytes] | None:
    """The id and the secret of a token; None for what is none."""
    found = _TOKEN.fullmatch(token)
    return None if found is None else (found[1].decode(), found[2])


def digest_of(secret: bytes) -> str:
    """What is kept of a secret."""
    return sha256(secret).hexdigest()


def fits(key: Key | None, secret: bytes) -> bool:
    """True when the secret is the key's. As long for a key that there is not."""
    kept = key.digest if key is not None else "0" * 64
    return compare_digest(kept, digest_of(secret)) and key is not None
