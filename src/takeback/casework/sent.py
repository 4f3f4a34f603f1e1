"""Can a letter of our own be checked as well? Every one is in the ledger of what was really sent before it leaves.

A genuine letter that the ledger does not know would look forged, which is worse than a row of a letter that was never
sent: nobody but its recipient could know its Message-ID. So the row comes first, and there is one place for it, through
which every letter goes, code letters and answers too.
"""

from typing import Protocol

from takeback.casework.ports import CaseStore, Clock, Letter, Mailer, SentBook
from takeback.casework.seats import stood_up
from takeback.configuration import OUR_SOURCE
from takeback.core.authenticity.facts import Sent
from takeback.core.contacts import masked


class NamingMailer(Mailer, Protocol):
    """A mailer that says how it names a letter."""

    def message_id(self, letter_id: str) -> str:
        """The Message-ID of a letter, with its angle brackets."""


class RecordedMailer:
    """Meets `casework.ports.Mailer`: writes a letter into the ledger, then has `mailer` send it."""

    def __init__(self, mailer: NamingMailer, book: SentBook, cases: CaseStore, clock: Clock) -> None:
        self._mailer, self._book, self._cases, self._clock = mailer, book, cases, clock

    def send(self, letter: Letter) -> None:
        """Hand the letter to the mail server. Raises `OutsideError`; the row stays, and a later try has its time."""
        case = self._cases.case(letter.case) if letter.case else None
        self._book.record(
            letter.id,
            Sent(
                message_id=self._mailer.message_id(letter.id).strip("<>"),
                channel="mail",
                to=masked("email", letter.to),
                time=self._clock.now(),
                template=letter.template,
                account=letter.account if case is None else case.account,
                source=OUR_SOURCE,
            ),
        )
        with stood_up():
            self._mailer.send(letter)
