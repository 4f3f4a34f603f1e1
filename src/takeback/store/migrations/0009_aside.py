"""What do lines of a log tell of a person's account? It lies beside the log, where it can be erased. And the book is
read by person, verb and case.
"""

import django.db.models.deletion
from django.db import migrations, models

from takeback.store import columns


class Migration(migrations.Migration):
    """The table of `chainaside`."""

    dependencies = (("store", "0008_rules"),)
    operations = (
        migrations.CreateModel(
            name="AsideRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", columns.Text(max_length=64)),
                ("content", columns.JsonText()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.caserow"
                    ),
                ),
            ],
            options={
                "db_table": "store_aside",
                "constraints": [models.UniqueConstraint(fields=("case", "digest"), name="one_aside_per_digest")],
            },
        ),
        *(
            migrations.AddIndex("actrow", models.Index(fields=[name, "seq"], name=f"act_by_{name}"))
            for name in ("who", "what", "case")
        ),
    )
