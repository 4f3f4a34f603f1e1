"""Who has the database in hand? Somebody past Django, past the triggers and past every check, on either store."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from takeback.configuration import Configuration

_TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'store\\_%' ORDER BY tablename"
)


class Hand:
    """A connection of somebody who may do anything. Values stand as `?`."""

    def __init__(self, connection: Any, *, is_file: bool) -> None:
        self._connection, self._is_file = connection, is_file

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Do it; how many rows that were. Only a removed table is -1 of them, or 0."""
        told = statement if self._is_file else statement.replace("%", "%%").replace("?", "%s")
        return int(self._connection.execute(told, values).rowcount)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Look."""
        return list(self._connection.execute(statement).fetchall())


@contextmanager
def in_hand(configuration: Configuration, *, guarded: bool = False) -> Iterator[Hand]:
    """The database of the cases. `guarded`: as anybody has it who can connect, triggers and all."""
    if configuration.database_url is None:
        with closing(sqlite3.connect(configuration.cases_path)) as connection, connection:
            if not guarded:
                connection.execute("PRAGMA ignore_check_constraints = ON")
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
                for (name,) in names:
                    connection.execute(f"DROP TRIGGER {name}")
            yield Hand(connection, is_file=True)
        return
    with psycopg.connect(str(configuration.database_url)) as server:
        if not guarded:
            server.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        yield Hand(server, is_file=False)


def copy(configuration: Configuration, name: str) -> None:
    """A copy of all tables of the cases, to be put back."""
    if configuration.database_url is None:
        to = _file(configuration, name)
        with closing(sqlite3.connect(configuration.cases_path)) as connection, closing(sqlite3.connect(to)) as backup:
            connection.backup(backup)
        return
    with psycopg.connect(str(configuration.database_url)) as server:
        server.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        for (table,) in server.execute(_TABLES).fetchall():
            both = (sql.Identifier(name, table), sql.Identifier("public", table))
            server.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(*both))


def put_back(configuration: Configuration, name: str) -> None:
    """Put it back, as if nothing had been written since."""
    connections.close_all()
    path = configuration.cases_path
    if configuration.database_url is None:
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        shutil.copyfile(_file(configuration, name), path)
        return
    with in_hand(configuration) as hand:
        for (table,) in hand.rows(_TABLES):
            hand.run(f'DELETE FROM public."{table}"')  # noqa: S608 - our own tables
            hand.run(f'INSERT INTO public."{table}" SELECT * FROM "{name}"."{table}"')  # noqa: S608 - as above


def _file(configuration: Configuration, name: str) -> Path:
    return configuration.cases_path.with_name(f"{name}.db")
