"""Who works on what at the desk, and the book of all that was looked at and done there."""

import django.db.models.deletion
from django.db import migrations, models


SAID = "the book of the installation is only ever added to"


def _refusal(table: str, act: str, when: str = "") -> migrations.RunSQL:
    name = f"{table}_no_{act.lower()}" if not when else f"{table}_no_replace"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        f"DROP TRIGGER {name}",
    )


class Migration(migrations.Migration):
    """The tables of `DjangoClaims` and `DjangoBook`."""

    dependencies = (("store", "0004_talks"),)
    operations = (
        migrations.CreateModel(
            name='ActRow',
            fields=[
                ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
                ('who', models.CharField(db_index=True, max_length=200)),
                ('what', models.CharField(db_index=True, max_length=200)),
                ('why', models.TextField()),
                ('case', models.CharField(db_index=True, max_length=200)),
                ('evidence', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
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
                ('digest', models.CharField(max_length=64)),
                ('seal', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'store_book_head',
            },
        ),
        migrations.CreateModel(
            name='ClaimRow',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='store.caserow')),
                ('by', models.CharField(max_length=200)),
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
                ('to', models.CharField(max_length=200)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'store_hand',
            },
        ),
        _refusal("store_act", "UPDATE"),
        _refusal("store_act", "DELETE"),
        # INSERT OR REPLACE removes a row without asking the triggers on DELETE.
        _refusal("store_act", "INSERT", "WHEN EXISTS (SELECT 1 FROM store_act WHERE seq = NEW.seq) "),
        _refusal("store_book_head", "DELETE"),
    )
