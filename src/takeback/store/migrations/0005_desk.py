"""Who works on what at the desk, and the book of all that was looked at and done there."""

import django.db.models.deletion
from django.db import migrations, models

from takeback.store import columns
from takeback.store.oneach import no_replace, refusal

SAID = "the book of the installation is only ever added to"


class Migration(migrations.Migration):
    """The tables of `DjangoClaims` and `DjangoBook`."""

    dependencies = (("store", "0004_talks"),)
    operations = (
        migrations.CreateModel(
            name='ActRow',
            fields=[
                ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
                ('who', columns.Text(db_index=True, max_length=200)),
                ('what', columns.Text(db_index=True, max_length=200)),
                ('why', columns.LongText()),
                ('case', columns.Text(db_index=True, max_length=200)),
                ('evidence', columns.JsonText()),
                ('digest', columns.Text(max_length=64)),
            ],
            options={
                'db_table': 'store_act',
            },
        ),
        migrations.CreateModel(
            name='BookHeadRow',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('count', models.PositiveBigIntegerField()),
                ('digest', columns.Text(max_length=64)),
                ('seal', columns.Text(max_length=64)),
            ],
            options={
                'db_table': 'store_book_head',
            },
        ),
        migrations.CreateModel(
            name='ClaimRow',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='store.caserow')),
                ('by', columns.Text(max_length=200)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
            ],
            options={
                'db_table': 'store_claim',
            },
        ),
        migrations.CreateModel(
            name='HandRow',
            fields=[
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='store.taskrow')),
                ('to', columns.Text(max_length=200)),
                ('by', columns.Text(max_length=200)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'store_hand',
            },
        ),
        refusal("store_act", "UPDATE", SAID),
        refusal("store_act", "DELETE", SAID),
        no_replace("store_act", "seq = NEW.seq", SAID),
        refusal("store_book_head", "DELETE", SAID),
    )
