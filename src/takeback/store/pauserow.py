"""How do pauses, and the phases that they hold, lie in the database?"""

# ruff: noqa: D106, RUF012 - the form that Django gives a model

from django.db import models

from takeback.store.columns import JsonText, LongText, Text


class PauseRow(models.Model):
    """Somebody paused a case; the empty one is all of them."""

    case = Text(primary_key=True, max_length=200)
    at = models.DateTimeField()
    by = Text(max_length=200)
    why = LongText()

    class Meta:
        db_table = "store_pause"


class HeldRow(models.Model):
    """A phase that waits until the pause ends."""

    case = Text(max_length=200, db_index=True)
    phase = Text(max_length=40)
    args = JsonText()

    class Meta:
        db_table = "store_held"
        constraints = [models.UniqueConstraint(fields=["case", "phase"], name="one_held_per_phase")]
