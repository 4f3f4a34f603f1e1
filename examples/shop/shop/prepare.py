"""How does a shop come to its database? Migrated once into a kept template; after that each shop starts from a copy.

The template's name is a digest of everything that decides its content (versions, migrations, catalogue), so a change of
any of them makes a new one. Migrating is real, migration by migration; only the disk's promises are relaxed while it
runs, because a template that was not finished is thrown away anyway.
"""

import hashlib
import os
import shutil
import sys
import time
from importlib.metadata import version
from pathlib import Path

from shop.places import CACHE_DIR, DATABASE, place_of

PACKAGES = ("django", "django-oscar", "django-treebeard", "sorl-thumbnail")


def prepare() -> Path:
    """Makes the shop's database from the template, and first the template where there is none. The database's path."""
    began = time.monotonic()
    template = CACHE_DIR / f"template-{_digest()}.sqlite3"
    if not template.exists():
        _make(template)
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):
        Path(f"{DATABASE}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(template, DATABASE)
    _say(f"shop database ready in {time.monotonic() - began:.1f} s")
    return DATABASE


def _digest() -> str:
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    here = Path(__file__).parent
    own = [*(here / "members" / "migrations").glob("*.py"), here / "backoffice" / "catalogue.py", here / "settings.py"]
    for path in sorted([*own, *(place_of("takeback_oscar") / "migrations").glob("*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _make(template: Path) -> None:
    """Migrates in a file of its own, which becomes the template only when it is whole."""
    CACHE_DIR.mkdir(parents=True, exist_ok=True)
    unfinished = template.with_suffix(f".{os.getpid()}.unfinished")
    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = unfinished
    settings.DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
    settings.TAKEBACK["URL"] = ""
    django.setup()
    try:
        _migrate()
        _say("filling the shelves")
        from shop.backoffice.catalogue import fill

        fill()
        _finish()
        unfinished.replace(template)
    finally:
        unfinished.unlink(missing_ok=True)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    total = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    done = 0

    class Progress:
        """Counts migrations as `migrate` reports them, a line for every tenth."""

        def write(self, text: str) -> None:
            nonlocal done
            if "Applying" in text:
                done += 1
                if done % 10 == 0 or done == total:
                    _say(f"migration {done} of {total}")

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return False

    _say(f"{total} migrations to run, once; the result is kept")
    call_command("migrate", verbosity=1, interactive=False, stdout=Progress(), no_color=True)


def _finish() -> None:
    from django.db import connection
    from takeback_oscar.models import OutboxEvent

    OutboxEvent.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def _say(text: str) -> None:
    sys.stdout.write(f"shop: {text}\n")
    sys.stdout.flush()
