"""Which customers were asked "was this you?", and when? A few weeks of rows, so that none is asked too often."""

from datetime import datetime, timedelta

from django.db import transaction

from takeback.casework.online_ports import MayAsk
from takeback.store.askedrow import AskedRow
from takeback.store.profiles import key_of

LATELY = timedelta(days=14)  # in which one account is asked only so often
KEPT = timedelta(days=60)
HOUR = timedelta(hours=1)


class DjangoAsked:
    """Meets `casework.online_ports.AskedBook` on Django's default database."""

    def begin(self, question: str, account: str, at: datetime, *, most_of_one: int, most_in_all: int) -> MayAsk:
        """Write that a question is about to be sent, within what may be asked. One that was begun may be finished."""
        with transaction.atomic():
            AskedRow.objects.filter(at__lt=at - KEPT).delete()
            known = AskedRow.objects.filter(id=question).first()
            if known is not None:
                return MayAsk.YES if known.sent_at is None else MayAsk.ASKED
            of = key_of(account).hex()
            if AskedRow.objects.filter(account=of, at__gt=at - LATELY).count() >= most_of_one:
                return MayAsk.OFTEN
            if AskedRow.objects.filter(at__gt=at - HOUR).count() >= most_in_all:
                return MayAsk.LATER
            AskedRow.objects.create(id=question, account=of, at=at)
        return MayAsk.YES

    def finish(self, question: str, at: datetime) -> None:
        """Write that the mail server took it."""
        with transaction.atomic():
            AskedRow.objects.filter(id=question, sent_at=None).update(sent_at=at)
