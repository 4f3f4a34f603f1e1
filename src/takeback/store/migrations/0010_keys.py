"""Which keys were given to services?"""

from django.db import migrations, models

from takeback.store import columns


class Migration(migrations.Migration):
    """The table of `keyrow`."""

    dependencies = (("store", "0009_aside"),)
    operations = (
        migrations.CreateModel(
            name="KeyRow",
            fields=[
                ("id", columns.Text(max_length=40, primary_key=True, serialize=False)),
                ("source", columns.Text(max_length=512)),
                ("scopes", columns.Text(max_length=200)),
                ("name", columns.Text(max_length=100)),
                ("digest", columns.Text(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "store_key"},
        ),
    )
