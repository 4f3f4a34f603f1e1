"""Is the database ready? Starts Django once in a process, makes the tables, and lets go of connections."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING

import django
from django.apps import apps

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

SETTINGS = "takeback.settings"


def start_django() -> None:
    """Start Django in this process, unless it has been started. After it, `takeback.store.cases` can be imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if not apps.ready:
        django.setup()


def migrate() -> None:
    """Make or bring up to date the tables of the cases. The event log makes its own when it is opened."""
    start_django()
    from django.core.management import call_command  # wants a started Django

    call_command("migrate", interactive=False, verbosity=0)


def waiting_migrations() -> list[str]:
    """The names of the migrations that `migrate` has still to carry out."""
    start_django()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with released_connections():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def is_of_the_database(error: BaseException) -> bool:
    """True for what the database of the cases says of itself, such as that it has no tables."""
    from django.db import Error

    from takeback.store.moment import Unreadable

    driver = sys.modules.get("psycopg")  # loaded only where the database is its server's
    return isinstance(error, (Error, Unreadable)) or (driver is not None and isinstance(error, driver.Error))


@contextmanager
def released_connections() -> Iterator[None]:
    """Around the work of a thread that is no web request: the thread's connections are let go when it is done.

    A thread of an engine lives long and works seldom. To make a connection to PostgreSQL takes longer than most work
    takes, and the last one to a SQLite file that is closed writes the whole log of it back; so a thread keeps its own
    while it lives, and `CONN_MAX_AGE` and an error end it as they do for a web request.
    """
    from django.db import close_old_connections, connections

    close_old_connections()
    try:
        yield
    finally:
        for one in connections.all(initialized_only=True):
            # On SQLite too: closing its last connection writes the whole log of it back, which takes 4 to 10 ms.
            one.close_if_unusable_or_obsolete()
            if not isinstance(last := getattr(_kept, "last", None), _UntilTheEnd) or last.wrapper is not one:
                _kept.last = _UntilTheEnd(one)


class _UntilTheEnd:
    """Closes a connection when the thread ends whose own this is."""

    def __init__(self, wrapper: "BaseDatabaseWrapper") -> None:
        self.wrapper = wrapper

    def __del__(self) -> None:
        if self.wrapper.connection is not None:
            self.wrapper.connection.close()


_kept = local()
