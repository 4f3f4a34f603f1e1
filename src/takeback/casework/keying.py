"""How is a key of a service made, replaced and ended? Each change is noted with who made it."""

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from takeback.casework.auditbook import Act
from takeback.casework.keys import Key, KeyRefused, KeyState, Scope, digest_of
from takeback.casework.ports import House
from takeback.configuration import OUR_SOURCE
from takeback.core.events import Json

PREFIX = "tbk"
OVERLAP = timedelta(hours=24)  # for which a replaced key goes on, where nobody says otherwise
_ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_ID = 10  # letters
_SECRET = 32  # bytes
_LONGEST_NAME = 100
_LONGEST_SOURCE = 512  # characters, as in events


def add(
    house: House, by: str, source: str, scopes: Collection[Scope], *, name: str = "", lasts: timedelta | None = None
) -> tuple[Key, str]:
    """A new key, and the token that is shown once. `KeyRefused` for what no key can be given for."""
    if not source or len(source) > _LONGEST_SOURCE:
        raise KeyRefused(f"The source has 1 to {_LONGEST_SOURCE} characters, such as /shops/oscar.")
    if source == OUR_SOURCE:
        raise KeyRefused(f"{OUR_SOURCE} is the source of Takeback's own letters; nobody else speaks for it.")
    if len(name) > _LONGEST_NAME:
        raise KeyRefused(f"The name is longer than {_LONGEST_NAME} characters.")
    now = house.clock.now()
    key, token = _made(source, frozenset(scopes or {Scope.EVENTS}), name, now, None if lasts is None else now + lasts)
    house.keys.add(key)
    _note(house, by, "key.added", key, scopes=[*sorted(key.scopes)])
    return key, token


def rotate(house: House, by: str, id_: str, *, overlap: timedelta = OVERLAP) -> tuple[Key, str]:
    """A key in the place of another, for the same source and as long, and its token; the old one goes on for `overlap`.

    `KeyRefused` for a key that is not good any more.
    """
    now, old = house.clock.now(), of(house, id_)
    if old.state(now) is not KeyState.GOOD:
        raise KeyRefused(f"The key {id_} is {old.state(now)}; make a new one with `takeback keys add`.")
    lasts = None if old.expires_at is None else now + (old.expires_at - old.created_at)
    key, token = _made(old.source, old.scopes, old.name, now, lasts)
    house.keys.add(key)
    until = now + overlap
    if old.expires_at is None or until < old.expires_at:
        house.keys.expire(old.id, until)
    _note(house, by, "key.rotated", key, replaces=old.id)
    return key, token


def revoke(house: House, by: str, id_: str) -> Key:
    """End a key now. A second time is no fault."""
    key = of(house, id_)
    if key.revoked_at is None:
        key = replace(key, revoked_at=house.clock.now())
        house.keys.revoke(id_, house.clock.now())
        _note(house, by, "key.revoked", key)
    return key


def of(house: House, id_: str) -> Key:
    """The key of this id. `KeyRefused` where there is none."""
    found = next((key for key in house.keys.every() if key.id == id_), None)
    if found is None:
        raise KeyRefused(f"There is no key {id_[:40]}. `takeback keys list` names them.")
    return found


def _made(
    source: str, scopes: frozenset[Scope], name: str, now: datetime, expires_at: datetime | None
) -> tuple[Key, str]:
    id_ = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID))
    secret = secrets.token_urlsafe(_SECRET)
    key = Key(id_, source, scopes, name, digest_of(secret.encode()), now, expires_at)
    return key, f"{PREFIX}_{id_}_{secret}"


def _note(house: House, by: str, what: str, key: Key, **more: Json) -> None:
    evidence: dict[str, Json] = {"key": key.id, "source": key.source, **more}
    house.audit.note(Act(house.clock.now(), by, what, evidence=evidence))
