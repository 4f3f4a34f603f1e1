"""What has to be remembered for a while, on every web machine alike? On SQLite there is one process, which remembers
it by itself.
"""

from django.db import migrations

from takeback.store.oneach import on_each

TABLE = """
CREATE TABLE store_cache (
    key text COLLATE "C" PRIMARY KEY, value text NOT NULL, expires timestamptz
)
"""


class Migration(migrations.Migration):
    """The table of `cachetable`."""

    dependencies = (("store", "0011_notice"),)
    operations = (on_each([], [TABLE, "CREATE INDEX store_cache_by_end ON store_cache (expires)"]),)
