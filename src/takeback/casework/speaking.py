"""What is said to a telephone, and once? Text messages and calls of a case.

Whatever leaves is in the ledger of what was really sent before it leaves, as every letter is. A row is written before
a message is sent and completed after; ended in between, the one who sends is told when it was first tried, and looks
whether it went out before it sends again.
"""

from takeback.casework.ports import House, SentLetter
from takeback.casework.seats import stood_up
from takeback.casework.ways import Channel
from takeback.configuration import OUR_SOURCE
from takeback.core.authenticity.facts import Sent
from takeback.core.case import Case, Language
from takeback.core.contacts import masked
from takeback.core.errors import OutsideError
from takeback.words import say


def hand_over(
    house: House, case: Case, channel: Channel, to: str, *, letter: str, key: str, code: str | None = None
) -> None:
    """Send one message of a case by SMS or voice, once for each `letter`. Raises `OutsideError`."""
    if house.phones is None:
        raise OutsideError("no sender of text messages is set up", permanent=True)
    now, shown = house.clock.now(), masked("phone", to)
    row = house.cases.intend_letter(SentLetter(letter, case.id, key.partition("_")[0], shown, now))
    if row.sent_at is not None:
        return
    sent = Sent("", channel.value, shown, now, row.template, account=case.account, source=OUR_SOURCE)
    house.event_log.sent.record(letter, sent)
    since = row.intended_at if row.intended_at < now else None
    words = worded(house, case.language, channel, key, code)
    with stood_up():
        if channel is Channel.VOICE:
            house.phones.say(to, words, case.language, id=letter, since=since)
        else:
            house.phones.text(to, words, id=letter, since=since)
    house.cases.letter_sent(letter, house.clock.now())


def worded(house: House, language: Language, channel: Channel, key: str, code: str | None) -> str:
    """What is written or spoken, with the shop's name first: a message that names nobody looks like the intruder's."""
    table = "spoken" if channel is Channel.VOICE else "sms"
    names = house.configuration.mail.shop_names
    values = {} if code is None else {"code": _spoken(language, code) if channel is Channel.VOICE else _written(code)}
    body = say(language, f"{table}.{key}", **values)
    return f"{say(language, f'{table}.from', shop=names[0])}{body}" if names else body


def _written(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def _spoken(language: Language, code: str) -> str:
    """Digit by digit, in two halves with a breath between."""
    comma, stop = ("、", "。") if language is Language.JA else (", ", ". ")
    return f"{comma.join(code[:4])}{stop}{comma.join(code[4:])}"
