"""The rules as they were set, the changes that wait for a second admin, and what staff were told by mail."""

from django.db import migrations, models

from takeback.store import columns
from takeback.store.oneach import no_replace, refusal

SAID = "a version of the rules is only ever added"


class Migration(migrations.Migration):
    """The tables of `DjangoRules`."""

    dependencies = (("store", "0006_people"),)
    operations = (
        migrations.CreateModel(
            name="RuleVersionRow",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", columns.Text(max_length=200)),
                ("second", columns.Text(max_length=200)),
                ("why", columns.LongText()),
                ("values", columns.JsonText()),
                ("before", columns.JsonText()),
                ("after", columns.JsonText()),
            ],
            options={"db_table": "store_rule_version"},
        ),
        migrations.CreateModel(
            name="RuleWishRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by", columns.Text(max_length=200)),
                ("why", columns.LongText()),
                ("values", columns.JsonText()),
                ("less_careful", columns.JsonText()),
                ("waits", models.BooleanField(db_index=True)),
            ],
            options={"db_table": "store_rule_wish"},
        ),
        migrations.CreateModel(
            name="StaffLetterRow",
            fields=[
                ("id", columns.Text(max_length=200, primary_key=True, serialize=False)),
                ("intended_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "store_staff_letter"},
        ),
        refusal("store_rule_version", "UPDATE", SAID),
        refusal("store_rule_version", "DELETE", SAID),
        no_replace("store_rule_version", "number = NEW.number", SAID),
    )
