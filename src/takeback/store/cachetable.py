"""What has to be remembered for a while, on every web machine alike? Codes that were used, and counted tries of staff's
sign-in, in a table of PostgreSQL (migration 0012).

Django's own table of this kind keeps Python pickles: whoever can write to the database could have the web server run
what he likes. This one keeps JSON. The server's clock says what is over, whatever a machine's clock says.
"""

import json
from random import random
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from takeback.store.columns import storable

_SWEPT = 0.01  # of all writes: what is over is removed with one of a hundred
_LIVES = "(expires IS NULL OR expires > now())"
_GET = f"SELECT value FROM store_cache WHERE key = %s AND {_LIVES}"  # noqa: S608 - our own words, here and below
_PUT = (
    "INSERT INTO store_cache (key, value, expires) VALUES (%s, %s, now() + %s * interval '1 second') "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
)
_ADD = f"{_PUT} WHERE store_cache.expires <= now()"
_TOUCH = f"UPDATE store_cache SET expires = now() + %s * interval '1 second' WHERE key = %s AND {_LIVES}"  # noqa: S608 - as above
_DELETE = f"DELETE FROM store_cache WHERE key = %s AND {_LIVES}"  # noqa: S608 - as above
_SWEEP = "DELETE FROM store_cache WHERE expires <= now()"
_TOO_MANY = (
    "DELETE FROM store_cache WHERE key IN "
    "(SELECT key FROM store_cache ORDER BY expires DESC NULLS FIRST, key OFFSET %s)"
)


class CacheTable(BaseCache):
    """Meets Django's `BaseCache`. Values are JSON; of more than `MAX_ENTRIES`, those that end first are forgotten."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is remembered under the key."""
        with connection.cursor() as cursor:
            cursor.execute(_GET, [self._key(key, version)])
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(
        self, key: str, value: Any, timeout: float | object | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Remember it so many seconds; None: always."""
        self._run(_PUT, self._key(key, version), json.dumps(value), self._seconds(timeout))
        if random() < _SWEPT:  # noqa: S311 - nothing is guarded by it
            self._run(_SWEEP)
            self._run(_TOO_MANY, self._max_entries)

    def add(
        self, key: str, value: Any, timeout: float | object | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Remember it unless something is there. Of several at once, one is told True."""
        return self._run(_ADD, self._key(key, version), json.dumps(value), self._seconds(timeout)) == 1

    def touch(self, key: str, timeout: float | object | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let it last so many seconds from now on."""
        return self._run(_TOUCH, self._seconds(timeout), self._key(key, version)) == 1

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget it; True where it was there."""
        return self._run(_DELETE, self._key(key, version)) == 1

    def clear(self) -> None:
        """Forget everything."""
        self._run("DELETE FROM store_cache")

    def _key(self, key: str, version: int | None) -> str:
        return storable(self.make_key(key, version))

    def _seconds(self, timeout: float | object | None) -> float | None:
        told = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if told is None else float(told)  # type: ignore[arg-type] # what is no default is a number

    def _run(self, statement: str, *values: str | float | None) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
