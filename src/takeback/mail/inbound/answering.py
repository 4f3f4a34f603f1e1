"""What is answered to a customer who forwards a doubtful mail? The verdict, why, what to do; once, and to her alone.

The answer goes to the address in From and nowhere else, and only where something shows that whoever it belongs to
wrote: proof of her provider, or that an account has it as a contact. In an answer there is no word of the mail that is
being judged, its subject and names included, or anybody could have us send his words to a customer.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from hashlib import sha256
from hmac import digest as keyed

from takeback.casework.doubt import Answer, Judge, check, owned_by
from takeback.casework.ports import House, Letter, Mailer
from takeback.casework.questions import Questions, Turn
from takeback.core.case import Language
from takeback.core.errors import OutsideError
from takeback.mail.inbound.arrival import Arrival
from takeback.mail.inbound.enclosed import enclosed_in
from takeback.mail.inbound.outcome import Outcome
from takeback.mail.inbound.silence import Silence, why_silent
from takeback.mail.inbound.writer import Proof

log = logging.getLogger("takeback.inbound")
MOST_OF_ONE = 10  # answers in an hour to an address that proved itself
MOST_UNPROVEN = 3  # to one that is only known: anybody may write it into From
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_ENOUGH_LETTERS = 20
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]{3,250}>")

Prover = Callable[[Arrival, str], Proof]
Write = Callable[[str, str, str, Answer, tuple[Language, ...]], Letter]  # to, letter's id, what it answers


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers mails. Safe to use from many threads."""

    house: House
    judge: Judge
    prove: Prover
    write: Write
    mailer: Mailer
    questions: Questions

    def answer(self, arrival: Arrival) -> Outcome:
        """Do all that is to be done with a mail. Raises only for a fault of our own: then the mail is to come again."""
        with self.house.released():
            outcome, why = self._answer(arrival)
        log.info("a mail came in: %s %s", outcome, why)
        return outcome

    def _answer(self, arrival: Arrival) -> tuple[Outcome, str]:
        mail = self.house.configuration.mail
        inbound = mail.inbound_address or ""
        silence = why_silent(arrival, inbound=inbound, own=self._own_addresses())
        writer = arrival.writer
        if silence is not None or writer is None:
            return Outcome.SILENT, silence or Silence.NO_WRITER
        proof = self.prove(arrival, writer)
        if proof is Proof.UNREACHABLE:
            return Outcome.FAILED, proof
        proven = proof is Proof.PROVEN
        if not proven and not self.house.event_log.accounts_with_contact(writer):
            return Outcome.SILENT, Silence.NOT_PROVEN
        question, asker = self._digests(arrival, writer)
        most = MOST_OF_ONE if proven else MOST_UNPROVEN
        now = self.house.clock.now()
        turn = self.questions.begin(question, asker, now, most_of_one=most, most_in_all=mail.answers_an_hour)
        if turn is not Turn.ANSWER:
            return (Outcome.REPEATED if turn is Turn.ANSWERED else Outcome.LATER), turn
        return self._send(arrival, writer, question)

    def _send(self, arrival: Arrival, writer: str, question: str) -> tuple[Outcome, str]:
        accounts = owned_by(self.house, writer)
        asked = enclosed_in(arrival.message)
        answer = check(self.house, self.judge, asked.mail, form=asked.form, accounts=accounts)
        languages = self._languages(asked.words, accounts)
        letter = self.write(writer, question[:40], answered(arrival), answer, languages)
        try:
            self.mailer.send(letter)
        except OutsideError as error:
            if not error.permanent:
                return Outcome.FAILED, "mail_server"
            self.questions.finish(question, self.house.clock.now())
            return Outcome.UNDELIVERABLE, ""
        self.questions.finish(question, self.house.clock.now())
        return Outcome.ANSWERED, answer.verdict.verdict

    def _languages(self, words: str, accounts: tuple[str, ...]) -> tuple[Language, ...]:
        """Hers as far as it is known: of the text, of her last case; else both."""
        if (language := language_of(words)) is not None:
            return (language,)
        cases = [case for account in accounts for case in self.house.cases.of_account(account)]
        return (cases[0].language,) if cases else tuple(Language)

    def _own_addresses(self) -> frozenset[str]:
        configuration = self.house.configuration
        own = (configuration.mail.inbound_address or "", parseaddr(configuration.smtp.from_address)[1])
        return frozenset(address.lower() for address in own if address)

    def _digests(self, arrival: Arrival, writer: str) -> tuple[str, str]:
        """Of the question and of who asks, keyed: they tell nobody who wrote, nor what."""
        key = self.house.configuration.key("questions by mail")
        body = sha256(arrival.message.raw[arrival.message.body_at :]).hexdigest()
        named = "\n".join((writer.lower(), arrival.field("message-id"), arrival.field("date"), body))
        return keyed(key, named.encode(), sha256).hex(), keyed(key, writer.lower().encode(), sha256).hex()


def language_of(text: str) -> Language | None:
    """The language that a text is in: Japanese where it has kana, English where it has words and no other letters."""
    some = text[:20_000]
    if _KANA.search(some):
        return Language.JA
    letters = [one for one in some if one.isalpha()]
    return Language.EN if len(letters) >= _ENOUGH_LETTERS and all(one.isascii() for one in letters) else None


def answered(arrival: Arrival) -> str:
    """The Message-ID that the answer names as answered; "" where it is not of the form that one has."""
    values = arrival.message.values("message-id")
    text = values[0].decode("ascii", "replace").strip() if len(values) == 1 else ""
    return text if _MESSAGE_ID.fullmatch(text) else ""
