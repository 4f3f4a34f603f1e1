"""The rules as they were set, the changes that wait for a second admin, and what staff were told by mail."""

from django.db import migrations, models

SAID = "a version of the rules is only ever added"


def _refusal(act: str, when: str = "") -> migrations.RunSQL:
    name = f"store_rule_version_no_{'replace' if when else act.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {act} ON store_rule_version {when}BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        f"DROP TRIGGER {name}",
    )


class Migration(migrations.Migration):
    """The tables of `DjangoRules`."""

    dependencies = (("store", "0006_people"),)
    operations = (
        migrations.CreateModel(
            name="RuleVersionRow",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                ("second", models.CharField(max_length=200)),
                ("why", models.TextField()),
                ("values", models.JSONField()),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
            ],
            options={"db_table": "store_rule_version"},
        ),
        migrations.CreateModel(
            name="RuleWishRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                ("why", models.TextField()),
                ("values", models.JSONField()),
                ("less_careful", models.JSONField()),
                ("waits", models.BooleanField(db_index=True)),
            ],
            options={"db_table": "store_rule_wish"},
        ),
        migrations.CreateModel(
            name="StaffLetterRow",
            fields=[
                ("id", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("intended_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "store_staff_letter"},
        ),
        _refusal("UPDATE"),
        _refusal("DELETE"),
        # INSERT OR REPLACE removes a row without asking the triggers on DELETE.
        _refusal("INSERT", "WHEN EXISTS (SELECT 1 FROM store_rule_version WHERE number = NEW.number) "),
    )
