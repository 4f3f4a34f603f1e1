"""Which customers were asked, and on PostgreSQL what is remembered of each account between its events?"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import takeback.store.columns

_PROFILES = """
CREATE UNLOGGED TABLE store_profile (
    account bytea PRIMARY KEY, stamp bigint NOT NULL, since bigint NOT NULL, packed bytea NOT NULL
)
"""


def _make(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """On SQLite the profiles are in a file of their own (`store.profiles`)."""
    if editor.connection.vendor == "postgresql":
        editor.execute(_PROFILES)


def _unmake(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TABLE store_profile")


class Migration(migrations.Migration):
    """The table of `askedrow`, and that of `profiles`."""

    dependencies = (("store", "0010_keys"),)
    operations = (
        migrations.CreateModel(
            name="AskedRow",
            fields=[
                ("id", takeback.store.columns.Text(max_length=64, primary_key=True, serialize=False)),
                ("account", takeback.store.columns.Text(db_index=True, max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "store_asked"},
        ),
        migrations.RunPython(_make, _unmake),
    )
