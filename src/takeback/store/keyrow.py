"""How does a key of a service lie in the database? Of its secret, only the digest."""

# ruff: noqa: D106 - the form that Django gives a model

from django.db import models

from takeback.store.columns import Text


class KeyRow(models.Model):
    """A key with which a service sends events."""

    id = Text(primary_key=True, max_length=40)
    source = Text(max_length=512)
    scopes = Text(max_length=200)  # with spaces between
    name = Text(max_length=100)
    digest = Text(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_key"
