"""Which questions that came by mail have been answered? A few days of keyed digests, so that none is answered twice.

A mail server that heard nothing sends again, for five days as a rule (RFC 5321, section 4.5.4.1); after eight a row is
of no more use and is removed. Who asks how often is counted from the same rows.
"""

from datetime import datetime, timedelta

from django.db import transaction

from takeback.casework.questions import Turn
from takeback.store.holding import QUESTIONS, alone
from takeback.store.models import QuestionRow

KEPT = timedelta(days=8)
SPAN = timedelta(hours=1)


class DjangoQuestions:
    """Meets `casework.questions.Questions` on Django's default database."""

    def begin(self, question: str, asker: str, at: datetime, *, most_of_one: int, most_in_all: int) -> Turn:
        """Take a question up, within so many in an hour. One that was begun and not finished is to be answered."""
        with transaction.atomic():
            alone(QUESTIONS)
            QuestionRow.objects.filter(at__lt=at - KEPT).delete()
            known = QuestionRow.objects.filter(id=question).first()
            if known is not None:
                return Turn.ANSWER if known.answered_at is None else Turn.ANSWERED
            lately = QuestionRow.objects.filter(at__gt=at - SPAN)
            if lately.count() >= most_in_all or lately.filter(asker=asker).count() >= most_of_one:
                return Turn.LATER
            QuestionRow.objects.create(id=question, asker=asker, at=at)
        return Turn.ANSWER

    def finish(self, question: str, at: datetime) -> None:
        """Write that its answer was handed on."""
        with transaction.atomic():
            QuestionRow.objects.filter(id=question, answered_at=None).update(answered_at=at)
