"""What is remembered of each account between its events? A row of bytes by a digest of the account.

Nothing here is durable, and need not be: what is lost is made anew from the event log. On SQLite it is a file of its
own that is synced when the system likes (`synchronous=NORMAL`), so that no case waits for it; on PostgreSQL an unlogged
table. A row is written only over the one that its writer had read, so that two processes never undo each other's work.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from threading import Lock

from django.db import connection, transaction

from takeback.casework.online_ports import Kept, Written

_AT_ONCE = 500  # rows of one statement
_TABLE = """
CREATE TABLE IF NOT EXISTS profile (
    account BLOB PRIMARY KEY, stamp INTEGER NOT NULL, since INTEGER NOT NULL, packed BLOB NOT NULL
) WITHOUT ROWID
"""
_SAVE = """
INSERT INTO profile (account, stamp, since, packed) VALUES (?, ?, ?, ?)
ON CONFLICT (account) DO UPDATE SET stamp = excluded.stamp, since = excluded.since, packed = excluded.packed
WHERE profile.stamp = ?
"""
_PG_LOAD = """
SELECT kept.account, kept.stamp, CASE WHEN kept.stamp <> known.stamp THEN kept.packed END
FROM unnest(%s::bytea[], %s::bigint[]) AS known (account, stamp) JOIN store_profile AS kept USING (account)
"""
_PG_UPDATE = """
UPDATE store_profile AS kept SET stamp = made.stamp, since = made.since, packed = made.packed
FROM unnest(%s::bytea[], %s::bigint[], %s::bigint[], %s::bytea[], %s::bigint[])
    AS made (account, stamp, since, packed, over)
WHERE kept.account = made.account AND kept.stamp = made.over
RETURNING kept.account
"""
_PG_INSERT = """
INSERT INTO store_profile (account, stamp, since, packed)
SELECT * FROM unnest(%s::bytea[], %s::bigint[], %s::bigint[], %s::bytea[])
ON CONFLICT (account) DO NOTHING RETURNING account
"""


def key_of(account: str) -> bytes:
    """By what an account's profile is found: any text is an account, and no store keeps just any text as a key."""
    return blake2b(account.encode(errors="surrogatepass"), digest_size=16).digest()


class SqliteProfiles:
    """Meets `casework.online_ports.Profiles` in the file `path`, made when it is first used. Safe to use from many
    threads, one at a time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._file: sqlite3.Connection | None = None

    def load(self, known: Mapping[str, int]) -> dict[str, Kept]:
        """The profiles that there are of these accounts."""
        found: dict[str, Kept] = {}
        with self._lock:
            for some in _parts(known):
                accounts = {key_of(account): account for account in some}
                places = ", ".join("?" * len(accounts))
                rows = self._open().execute(
                    f"SELECT account, stamp, packed FROM profile WHERE account IN ({places})",  # noqa: S608 - question marks
                    list(accounts),
                )
                for key, stamp, packed in rows:
                    account = accounts[key]
                    found[account] = Kept(stamp, None if stamp == known[account] else packed)
        return found

    def save(self, profiles: Iterable[Written]) -> set[str]:
        """Store them; those that somebody else has written meanwhile are left, and returned."""
        lost: set[str] = set()
        with self._lock, self._open() as file:
            file.execute("BEGIN IMMEDIATE")
            for one in profiles:
                row = (key_of(one.account), one.stamp, one.since, one.packed, one.over)
                if not file.execute(_SAVE, row).rowcount:
                    lost.add(one.account)
        return lost

    def drop(self, accounts: Collection[str]) -> None:
        """Let go of the profiles of these accounts."""
        with self._lock, self._open() as file:
            file.executemany("DELETE FROM profile WHERE account = ?", [(key_of(account),) for account in accounts])

    def forget(self, before: datetime) -> None:
        """Let go of every profile that remembers anything of before this, so that nothing of it is in the file."""
        with self._lock:
            file = self._open()
            file.execute("PRAGMA secure_delete = ON")
            with file:
                file.execute("DELETE FROM profile WHERE since < ?", (int(before.timestamp()),))
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _open(self) -> sqlite3.Connection:
        if self._file is None:
            self._path.touch(mode=0o600)  # by itself SQLite would make one that others can read
            file = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute(_TABLE)
            self._file = file
        return self._file


class PostgresProfiles:
    """Meets `casework.online_ports.Profiles` on Django's database, which is PostgreSQL (`migrations/0011_notice.py`).

    A crash of the server empties an unlogged table, and that is all that it does.
    """

    def load(self, known: Mapping[str, int]) -> dict[str, Kept]:
        """The profiles that there are of these accounts."""
        accounts = {key_of(account): account for account in known}
        if not accounts:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(_PG_LOAD, [list(accounts), list(known.values())])
            return {
                accounts[bytes(key)]: Kept(stamp, None if packed is None else bytes(packed))
                for key, stamp, packed in cursor.fetchall()
            }

    def save(self, profiles: Iterable[Written]) -> set[str]:
        """Store them; those that somebody else has written meanwhile are left, and returned."""
        # In one order everywhere, so that two who write the same accounts wait for each other in turn.
        made = sorted(((key_of(one.account), one) for one in profiles), key=lambda pair: pair[0])
        stored: set[bytes] = set()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
            if old := [pair for pair in made if pair[1].over]:
                cursor.execute(_PG_UPDATE, [*_columns(old), [one.over for _, one in old]])
                stored.update(bytes(key) for (key,) in cursor.fetchall())
            if new := [pair for pair in made if not pair[1].over]:
                cursor.execute(_PG_INSERT, _columns(new))
                stored.update(bytes(key) for (key,) in cursor.fetchall())
        return {one.account for key, one in made if key not in stored}

    def drop(self, accounts: Collection[str]) -> None:
        """Let go of the profiles of these accounts."""
        with transaction.atomic(), connection.cursor() as cursor:
            keys = sorted(key_of(account) for account in accounts)
            cursor.execute("DELETE FROM store_profile WHERE account = ANY (%s::bytea[])", [keys])

    def forget(self, before: datetime) -> None:
        """Let go of every profile that remembers anything of before this."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM store_profile WHERE since < %s", [int(before.timestamp())])

    def close(self) -> None:
        """Django's connection is Django's."""


def _columns(made: Sequence[tuple[bytes, Written]]) -> list[list[object]]:
    return [
        [key for key, _ in made],
        [one.stamp for _, one in made],
        [one.since for _, one in made],
        [one.packed for _, one in made],
    ]


def _parts(accounts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(accounts)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
