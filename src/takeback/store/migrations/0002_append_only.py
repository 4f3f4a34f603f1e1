"""Who may change a line of a case's log? Nobody: the database itself refuses, whatever program asks."""

from django.db import migrations

from takeback.store.oneach import no_replace, refusal

REFUSALS = {
    "store_entry": ("UPDATE", "DELETE"),
    "store_log_head": ("DELETE",),  # it moves on with every line
}
SAID = "the log of a case is only ever added to"


class Migration(migrations.Migration):
    """Triggers on the tables of the log."""

    dependencies = (("store", "0001_tables"),)
    operations = (
        *(refusal(table, act, SAID) for table, acts in REFUSALS.items() for act in acts),
        no_replace("store_entry", "id = NEW.id OR (case_id = NEW.case_id AND seq = NEW.seq)", SAID),
    )
