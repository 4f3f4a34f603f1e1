"""How do cases lie in the database? Only this package reads these; `rows` makes them the values of `casework.ports`."""

# ruff: noqa: D106, RUF012 - the form that Django gives a model

from django.db import models
from django.db.models import Q

from takeback.core.case import Stage
from takeback.store.columns import JsonText, LongText, Text

_KEY = 200  # characters of an id


class CaseRow(models.Model):
    """A case. An account has at most one that is not closed."""

    id = Text(primary_key=True, max_length=_KEY)
    account = Text(max_length=512)
    stage = Text(max_length=20)
    language = Text(max_length=8)
    opened_at = models.DateTimeField(db_index=True)
    report_text = LongText()
    token_hash = Text(max_length=128, unique=True)
    frozen_at = models.DateTimeField(null=True)
    plan_hash = Text(max_length=128, null=True)
    approved_hash = Text(max_length=128, null=True)
    undone_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    proven_after_hold_at = models.DateTimeField(null=True)
    handed_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_case"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=~Q(stage=Stage.CLOSED.value), name="one_open_case_per_account"
            )
        ]


class _OfCase(models.Model):
    case = models.ForeignKey(CaseRow, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class EntryRow(_OfCase):
    """A line of a case's log. The database refuses to change or remove one (`migrations/0002_append_only.py`)."""

    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    who = Text(max_length=_KEY)
    what = Text(max_length=_KEY)
    why = Text(max_length=_KEY)
    evidence = JsonText()
    digest = Text(max_length=64)

    class Meta:
        db_table = "store_entry"
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_entry_per_place")]


class AsideRow(_OfCase):
    """What a line of a case's log tells of the person's account; the line holds its digest (`chainaside`)."""

    digest = Text(max_length=64)
    content = JsonText()

    class Meta:
        db_table = "store_aside"
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="one_aside_per_digest")]


class LogHeadRow(models.Model):
    """How long a case's log is and how it ends, so that cutting its end off is noticed. `seal` keys both."""

    case = models.OneToOneField(CaseRow, on_delete=models.PROTECT, primary_key=True, related_name="+")
    count = models.PositiveIntegerField()
    digest = Text(max_length=64)
    seal = Text(max_length=64)

    class Meta:
        db_table = "store_log_head"


class ActionRow(_OfCase):
    """The action ledger."""

    id = Text(primary_key=True, max_length=_KEY)
    phase = Text(max_length=20)
    source = Text(max_length=512)
    action = Text(max_length=40)
    args = JsonText()
    undoes = JsonText()
    position = models.PositiveIntegerField()
    outcome = Text(max_length=20, null=True)
    reason = Text(max_length=_KEY, null=True)
    attempts = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)
    read_back_at = models.DateTimeField(null=True)
    read_back_ok = models.BooleanField(null=True)

    class Meta:
        db_table = "store_action"


class TaskRow(_OfCase):
    """What only a person can do."""

    id = Text(primary_key=True, max_length=_KEY)
    what = Text(max_length=_KEY)
    source = Text(max_length=512)
    reason = Text(max_length=_KEY)
    evidence = JsonText()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_task"


class ApprovalRow(_OfCase):
    """Who approved which plan."""

    plan_hash = Text(max_length=128)
    by = Text(max_length=_KEY)
    role = Text(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "store_approval"
        constraints = [models.UniqueConstraint(fields=["case", "plan_hash", "by"], name="one_approval_per_person")]


class SaidRow(_OfCase):
    """What the customer said, as it now stands."""

    kind = Text(max_length=20)
    thing = Text(max_length=512)
    mine = models.BooleanField()
    proven = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "store_said"
        constraints = [models.UniqueConstraint(fields=["case", "kind", "thing"], name="one_word_per_thing")]


class CodeRow(_OfCase):
    """A one-time code, as a keyed hash."""

    id = Text(primary_key=True, max_length=_KEY)
    purpose = Text(max_length=20)
    contact = Text(max_length=320)
    code_hash = Text(max_length=128)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveIntegerField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_code"


class SignRow(models.Model):
    """What was noticed on an account."""

    account = Text(max_length=512)
    session = Text(max_length=512)
    at = models.DateTimeField()
    probability = models.FloatField()
    reasons = JsonText()

    class Meta:
        db_table = "store_sign"
        constraints = [models.UniqueConstraint(fields=["account", "session"], name="one_sign_per_session")]


class LetterRow(_OfCase):
    """The message ledger."""

    id = Text(primary_key=True, max_length=_KEY)
    template = Text(max_length=_KEY)
    to = Text(max_length=320)
    intended_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_letter"


class QuestionRow(models.Model):
    """A question that came by mail: keyed digests of the mail and of who sent it, and nothing that it says."""

    id = Text(primary_key=True, max_length=64)
    asker = Text(max_length=64)
    at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_question"


class TalkRow(models.Model):
    """A conversation at the door, whether or not there is an account of that name."""

    id = Text(primary_key=True, max_length=64)
    token_hash = Text(max_length=64, unique=True)
    language = Text(max_length=8)
    named = Text(max_length=320)
    choice = Text(max_length=20)
    need = Text(max_length=20)
    harmless = models.BooleanField()
    opened_at = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField()

    class Meta:
        db_table = "store_talk"


class TalkCaseRow(_OfCase):
    """A case that came of a conversation."""

    talk = models.ForeignKey(TalkRow, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "store_talk_case"
        constraints = [models.UniqueConstraint(fields=["talk", "case"], name="one_link_per_talk_and_case")]


class TurnRow(models.Model):
    """What was said in a conversation: her words, or the key of ours."""

    talk = models.ForeignKey(TalkRow, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    voice = Text(max_length=20)
    key = Text(max_length=40)
    text = LongText()
    at = models.DateTimeField()

    class Meta:
        db_table = "store_turn"
        constraints = [models.UniqueConstraint(fields=["talk", "number"], name="one_turn_per_place")]


class OldLinkRow(_OfCase):
    """The address of a case's page that was replaced, as a hash: it opens nothing but a page that says so."""

    token_hash = Text(primary_key=True, max_length=128)
    at = models.DateTimeField()

    class Meta:
        db_table = "store_old_link"


class ClaimRow(models.Model):
    """Who works on a case."""

    case = models.OneToOneField(CaseRow, on_delete=models.PROTECT, primary_key=True, related_name="+")
    by = Text(max_length=_KEY)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "store_claim"


class HandRow(models.Model):
    """Who has a task."""

    task = models.OneToOneField(TaskRow, on_delete=models.PROTECT, primary_key=True, related_name="+")
    to = Text(max_length=_KEY)
    by = Text(max_length=_KEY)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_hand"


class ActRow(models.Model):
    """A line of the book of the whole installation. The database refuses to change or remove one
    (`migrations/0005_desk.py`).
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    who = Text(max_length=_KEY, db_index=True)
    what = Text(max_length=_KEY, db_index=True)
    why = LongText()
    case = Text(max_length=_KEY, db_index=True)
    evidence = JsonText()
    digest = Text(max_length=64)

    class Meta:
        db_table = "store_act"
        indexes = [  # the newest lines of one person, verb or case, without sorting all of them
            models.Index(fields=[name, "seq"], name=f"act_by_{name}") for name in ("who", "what", "case")
        ]


class BookHeadRow(models.Model):
    """How long the book is and how it ends; `seal` keys both. There is one row, whose id is 1."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    count = models.PositiveBigIntegerField()
    digest = Text(max_length=64)
    seal = Text(max_length=64)

    class Meta:
        db_table = "store_book_head"


class InvitationRow(models.Model):
    """A link with which a member sets password and second factor; one a member. Only the secret's digest is kept."""

    name = Text(primary_key=True, max_length=_KEY)
    secret_hash = Text(max_length=64, unique=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "store_invitation"


class RuleVersionRow(models.Model):
    """The rules as they were set at a moment. The database refuses to change or remove one
    (`migrations/0008_rules.py`).
    """

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = Text(max_length=_KEY)
    second = Text(max_length=_KEY)
    why = LongText()
    values = JsonText()
    before = JsonText()
    after = JsonText()

    class Meta:
        db_table = "store_rule_version"


class RuleWishRow(models.Model):
    """A change of the rules that waits, or waited, for a second admin."""

    base = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = Text(max_length=_KEY)
    why = LongText()
    values = JsonText()
    less_careful = JsonText()
    waits = models.BooleanField(db_index=True)

    class Meta:
        db_table = "store_rule_wish"


class StaffLetterRow(models.Model):
    """A letter to staff, so that nobody is told the same thing twice."""

    id = Text(primary_key=True, max_length=_KEY)
    intended_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_staff_letter"


# Keys of services
# Questions to customers
from takeback.store.askedrow import AskedRow as AskedRow  # noqa: E402 - as above
from takeback.store.keyrow import KeyRow as KeyRow  # noqa: E402 - Django finds a model by this module
from takeback.store.pauserow import HeldRow as HeldRow  # noqa: E402 - as above
from takeback.store.pauserow import PauseRow as PauseRow  # noqa: E402 - as above
