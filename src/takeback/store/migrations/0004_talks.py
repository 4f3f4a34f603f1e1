"""What is said at the door, and which addresses of a case's page were replaced?"""

import django.db.models.deletion
from django.db import migrations, models

from takeback.store import columns


class Migration(migrations.Migration):
    """The tables of `DjangoTalks` and `DjangoOldLinks`."""

    dependencies = (("store", "0003_questions"),)
    operations = (
        migrations.CreateModel(
            name="TalkRow",
            fields=[
                ("id", columns.Text(max_length=64, primary_key=True, serialize=False)),
                ("token_hash", columns.Text(max_length=64, unique=True)),
                ("language", columns.Text(max_length=8)),
                ("named", columns.Text(max_length=320)),
                ("choice", columns.Text(max_length=20)),
                ("need", columns.Text(max_length=20)),
                ("harmless", models.BooleanField()),
                ("opened_at", models.DateTimeField(db_index=True)),
                ("tries", models.PositiveIntegerField()),
            ],
            options={"db_table": "store_talk"},
        ),
        migrations.CreateModel(
            name="TalkCaseRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.caserow"
                    ),
                ),
                (
                    "talk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.talkrow"
                    ),
                ),
            ],
            options={
                "db_table": "store_talk_case",
                "constraints": [models.UniqueConstraint(fields=("talk", "case"), name="one_link_per_talk_and_case")],
            },
        ),
        migrations.CreateModel(
            name="TurnRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("voice", columns.Text(max_length=20)),
                ("key", columns.Text(max_length=40)),
                ("text", columns.LongText()),
                ("at", models.DateTimeField()),
                (
                    "talk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.talkrow"
                    ),
                ),
            ],
            options={
                "db_table": "store_turn",
                "constraints": [models.UniqueConstraint(fields=("talk", "number"), name="one_turn_per_place")],
            },
        ),
        migrations.CreateModel(
            name="OldLinkRow",
            fields=[
                ("token_hash", columns.Text(max_length=128, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.caserow"
                    ),
                ),
            ],
            options={"db_table": "store_old_link"},
        ),
    )
