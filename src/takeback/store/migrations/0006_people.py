"""The links with which members of staff set their passwords and second factors."""

from django.db import migrations, models

from takeback.store import columns


class Migration(migrations.Migration):
    """The table of `DjangoPeople` that is ours; names, roles and factors lie in the tables of what signs staff in."""

    dependencies = (("store", "0005_desk"),)
    operations = (
        migrations.CreateModel(
            name='InvitationRow',
            fields=[
                ('name', columns.Text(max_length=200, primary_key=True, serialize=False)),
                ('secret_hash', columns.Text(max_length=64, unique=True)),
                ('until', models.DateTimeField()),
            ],
            options={
                'db_table': 'store_invitation',
            },
        ),
    )
