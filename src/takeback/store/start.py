"""Is the database ready? Starts Django once in a process, makes the tables, and lets go of connections."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.apps import apps

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


def is_of_the_database(error: Exception) -> bool:
    """True for what the database of the cases says of itself, such as that it has no tables."""
    from django.db import Error

    return isinstance(error, Error)


@contextmanager
def released_connections() -> Iterator[None]:
    """Around the work of a thread that is no web request: the thread's connections are closed when it is done.

    A thread of an engine lives long and works seldom; a connection it forgot would hold the file open and, after an
    error, a transaction.
    """
    from django.db import close_old_connections, connections

    close_old_connections()
    try:
        yield
    finally:
        connections.close_all()
