"""Which questions that came by mail have been answered? A table of their digests."""

from django.db import migrations, models

from takeback.store import columns


class Migration(migrations.Migration):
    """The table of `DjangoQuestions`."""

    dependencies = (("store", "0002_append_only"),)
    operations = (
        migrations.CreateModel(
            name="QuestionRow",
            fields=[
                ("id", columns.Text(max_length=64, primary_key=True, serialize=False)),
                ("asker", columns.Text(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "store_question"},
        ),
    )
