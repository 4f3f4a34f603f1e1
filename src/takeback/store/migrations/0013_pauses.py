"""What is paused, and which phases wait for that?"""

from django.db import migrations, models

import takeback.store.columns


class Migration(migrations.Migration):
    """The tables of `pauserow`."""

    dependencies = (("store", "0012_cache"),)
    operations = (
        migrations.CreateModel(
            name="PauseRow",
            fields=[
                ("case", takeback.store.columns.Text(max_length=200, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", takeback.store.columns.Text(max_length=200)),
                ("why", takeback.store.columns.LongText()),
            ],
            options={"db_table": "store_pause"},
        ),
        migrations.CreateModel(
            name="HeldRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", takeback.store.columns.Text(db_index=True, max_length=200)),
                ("phase", takeback.store.columns.Text(max_length=40)),
                ("args", takeback.store.columns.JsonText()),
            ],
            options={
                "db_table": "store_held",
                "constraints": [models.UniqueConstraint(fields=("case", "phase"), name="one_held_per_phase")],
            },
        ),
    )
