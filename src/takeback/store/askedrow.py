"""How does a question to a customer lie in the database? When it was sent to whose account, and nothing of what it
said.
"""

# ruff: noqa: D106 - the form that Django gives a model

from django.db import models

from takeback.store.columns import Text


class AskedRow(models.Model):
    """A question "was this you?" by letter. `account` is a digest, for counting."""

    id = Text(primary_key=True, max_length=64)
    account = Text(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_asked"
