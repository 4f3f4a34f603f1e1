"""Whose request is this? The service whose key came with it, or whose secret signed it.

A key is looked at before the body is read, and what claims to be signed is read for those alone whose headers could be
right. Who failed too often is told so before anything is read; a good key opens the door whatever others at the same
address did.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Lock
from time import monotonic

from takeback.bootstrap import house
from takeback.casework.keys import Key, KeyState, Scope, fits, parted
from takeback.casework.ports import House
from takeback.web.door.keyring import KeyRing
from takeback.web.door.refusal import Refusal, no_entry
from takeback.web.limits import Limit
from takeback.web.signature import ID, SIGNATURE, TIMESTAMP, Signed, signer

log = logging.getLogger("takeback.web.door")

FAILURES = Limit(most=60, seconds=60)
_BEARER = b"bearer "
Headers = Mapping[bytes, bytes]  # lower-case names


class Guard:
    """Knows the senders of one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.ring = KeyRing(house)
        self._noting = ThreadPoolExecutor(1, "keys noted")
        self._noted: dict[str, float] = {}

    def by_key(self, headers: Headers, client: str, scope: Scope) -> str | None:
        """The source whose key came along; None where none did, and a signature may. The ring must be fresh.

        `Refusal`: 401 for a key that opens nothing, 403 for one that is for something else, 429 after many failures.
        """
        authorization = headers.get(b"authorization")
        if authorization is None:
            self._must_be_calm(client)
            if not signed_by(headers).is_fresh():
                raise self._failed(client, "wrong_key" if headers.get(SIGNATURE.encode()) else "no_key")
            return None
        token = parted(authorization[len(_BEARER) :]) if authorization[: len(_BEARER)].lower() == _BEARER else None
        key = self.ring.get(token[0]) if token is not None else None
        if token is None or key is None or not fits(key, token[1]):
            self._must_be_calm(client)
            raise self._failed(client, "wrong_key")
        if key.state(self.house.clock.now()) is not KeyState.GOOD:
            self._must_be_calm(client)
            raise self._failed(client, "old_key")
        if scope not in key.scopes:
            raise Refusal(HTTPStatus.FORBIDDEN, f"this key is not for {scope.value}", why="scope")
        self._note(key)
        return key.source

    def by_signature(self, headers: Headers, body: bytes, client: str) -> str:
        """The source whose secret signed the body. `Refusal`: 401."""
        service = signer(signed_by(headers), body, self.house.configuration.services)
        if service is None:
            raise self._failed(client, "wrong_key")
        return service.source

    def _must_be_calm(self, client: str) -> None:
        if FAILURES and FAILURES.is_spent(client):
            raise Refusal(
                *(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    "too many requests without a right key or signature came from this address",
                ),
                why="too_many",
                headers={"Retry-After": str(int(FAILURES.seconds))},
            )

    def _failed(self, client: str, why: str) -> Refusal:
        FAILURES.allows(client)
        return no_entry(why)

    def _note(self, key: Key) -> None:
        """Have it noted that the key is in use, at most once a minute and by nobody who waits."""
        now = monotonic()
        if now - self._noted.get(key.id, float("-inf")) > 60 and self.ring.is_unnoted(key):
            self._noted[key.id] = now
            self._noting.submit(self._noted_quietly, key)

    def _noted_quietly(self, key: Key) -> None:
        try:
            self.ring.note(key)
        except Exception as error:  # it is a note for people, and no reason to refuse events
            log.warning("the use of a key could not be noted: %s", type(error).__name__)


def source_of(headers: Headers, body: bytes, client: str, scope: Scope) -> str:
    """The source whose request this is, its body read already. Reads the keys where it has to. `Refusal` as above."""
    here = guard()
    if b"authorization" in headers:
        here.ring.read()
    return here.by_key(headers, client, scope) or here.by_signature(headers, body, client)


def signed_by(headers: Headers) -> Signed:
    """The headers of Standard Webhooks."""
    return Signed(*(headers.get(name.encode(), b"") for name in (ID, TIMESTAMP, SIGNATURE)))


def headers_in(named: Mapping[str, str]) -> dict[bytes, bytes]:
    """Headers as Django has them, in the form of this package."""
    return {name.lower().encode("latin-1"): value.encode("latin-1", "replace") for name, value in named.items()}


_lock = Lock()
_guard: Guard | None = None


def guard() -> Guard:
    """The guard of this process's house."""
    global _guard
    here = house()
    with _lock:
        if _guard is None or _guard.house is not here:
            _guard = Guard(here)
        return _guard
