"""Who may change a line of a case's log? Nobody: the database itself refuses, whatever program asks."""

from django.db import migrations

REFUSALS = {
    "store_entry": ("UPDATE", "DELETE"),
    "store_log_head": ("DELETE",),  # it moves on with every line
}


SAID = "the log of a case is only ever added to"

# INSERT OR REPLACE removes a row without asking the triggers on DELETE.
NO_REPLACE = migrations.RunSQL(
    "CREATE TRIGGER store_entry_no_replace BEFORE INSERT ON store_entry WHEN EXISTS (SELECT 1 FROM store_entry "
    "WHERE id = NEW.id OR (case_id = NEW.case_id AND seq = NEW.seq)) "
    f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
    "DROP TRIGGER store_entry_no_replace",
)


def _trigger(table: str, act: str) -> migrations.RunSQL:
    name = f"{table}_no_{act.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        f"DROP TRIGGER {name}",
    )


class Migration(migrations.Migration):
    """Triggers on the tables of the log."""

    dependencies = (("store", "0001_tables"),)
    operations = tuple(_trigger(table, act) for table, acts in REFUSALS.items() for act in acts) + (NO_REPLACE,)
