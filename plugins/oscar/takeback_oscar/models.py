"""What does the plugin itself remember? Its tables stand beside the shop's; none changes a table of the shop.

Accounts are named by `str(user.pk)` and not by a foreign key: what was recorded outlives the account, and the
migrations do not depend on which user model the shop has.
"""

from django.db import models


class AccountState(models.Model):
    """Whether an account is frozen, and what must not come back when it no longer is."""

    account = models.CharField(max_length=64, primary_key=True)
    frozen = models.BooleanField(default=False)
    active_before = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0, help_text="A session of an earlier epoch is dead for ever.")
    disabled_password = models.CharField(
        max_length=256, default="", help_text="The hash that nobody has the password to."
    )
    links_epoch = models.PositiveIntegerField(default=0, help_text="A reset link of an earlier epoch is void.")
    names = models.JSONField(default=dict, help_text="How a whole name divides: {whole: [given, family]}.")


class AccountSession(models.Model):
    """Which rows of the session table are whose, because that table has no user column."""

    session = models.CharField(max_length=64, primary_key=True, help_text="Our own id, kept inside the session.")
    account = models.CharField(max_length=64, db_index=True)
    key = models.CharField(
        max_length=64, db_index=True, help_text="The session key as it now is; signing in cycles it."
    )
    epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)


class ResetLink(models.Model):
    """A reset link that was made. The link itself is not kept, only what it takes to tell whether it is still alive."""

    account = models.CharField(max_length=64, db_index=True)
    issued_at = models.DateTimeField()
    made_for = models.CharField(max_length=64, help_text="Digest of the account's state that the link was made for.")


class KeptCard(models.Model):
    """What is needed to give a locked or removed card back: the payment partner's reference, taken out of use."""

    class Why(models.TextChoices):
        LOCKED = "locked"
        REMOVED = "removed"

    card = models.CharField(max_length=64, primary_key=True)
    account = models.CharField(max_length=64, db_index=True)
    why = models.CharField(max_length=16, choices=Why.choices)
    partner_reference = models.CharField(max_length=255, blank=True)
    row = models.JSONField(
        default=dict, help_text="The removed card's other columns; the number is down to four digits."
    )
    kept_at = models.DateTimeField(auto_now_add=True)


class ActionRecord(models.Model):
    """An action that was asked for, and what became of it; committed together with its effect, so once means once."""

    id = models.CharField(max_length=200, primary_key=True)
    account = models.CharField(max_length=64, db_index=True)
    action = models.CharField(max_length=32)
    outcome = models.CharField(max_length=16)
    reason = models.CharField(max_length=64, null=True)
    at = models.DateTimeField(auto_now_add=True)


class OutboxEvent(models.Model):
    """An event on its way to Takeback, written in the same transaction as the change that it tells."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        DEAD = "dead"

    event = models.CharField(max_length=64, unique=True)
    account = models.CharField(max_length=64, db_index=True)
    type = models.CharField(max_length=40)
    payload = models.JSONField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    ready_at = models.DateTimeField(null=True, help_text="Not to be sent before: its request is still adding to it.")
    written_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, help_text="When it was delivered or given up.")
    problem = models.CharField(max_length=300, default="")

    class Meta:
        indexes = (models.Index(fields=["state", "id"], name="takeback_outbox_state"),)


class CourierLease(models.Model):
    """Which process delivers at this moment: one at a time, so that events arrive in order."""

    name = models.CharField(max_length=16, primary_key=True)
    holder = models.CharField(max_length=64, default="")
    until = models.DateTimeField()
