"""Has the owner been told? Letters to trusted contacts, each exactly once as far as mail can.

A letter's row is written before it is sent and completed after. Ended in between, it is sent again with the same
Message-ID, which mail systems drop as a repeat; see docs/why/one-mail.md.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from takeback import measures
from takeback.casework.freeze import stopped_services
from takeback.casework.investigate import Inquiry, inquire
from takeback.casework.outcome import result_of
from takeback.casework.page import address_of
from takeback.casework.ports import Entry, House, SentLetter, Task
from takeback.casework.progress import Progress, Purpose, known
from takeback.casework.speaking import hand_over
from takeback.casework.ways import Channel, disowned_refs, point_of, points
from takeback.core.case import Case
from takeback.core.contacts import is_mail, masked
from takeback.core.errors import OutsideError
from takeback.core.language import language_of_owner
from takeback.core.undo.plan import digest

FAREWELL = "disowned"


class Template(StrEnum):
    """The letters of a case; the code's letter is sent by `casework.proof`."""

    ACCOUNT_FROZEN = "account_frozen"
    RESULT = "result"
    HOLD_ENDED = "hold_ended"
    WELCOME_BACK = "welcome_back"


def send_letter(house: House, case_id: str, template: Template, about: str) -> Progress:
    """Send one letter to each trusted mail address.

    `about` tells two letters of the same template apart, e.g. a plan's hash.
    """
    case = known(house, case_id)
    inquiry = inquire(house, case)
    case = _in_her_language(case, inquiry)
    gone = disowned_refs(house, case, inquiry.read.log)
    contacts = [c for c in inquiry.findings.contacts if c.trusted and is_mail(c.value)]
    kept = [c for c in contacts if (point := point_of(house, case, c)) is None or point.ref not in gone]
    trusted = dict.fromkeys(c.value for c in kept)
    if not trusted:
        _task(house, case, template, "contact.disowned" if contacts else "contact.none_trusted", "")
    progress = Progress.DONE
    for address in trusted:
        letter = digest(case_id, "letter", template.value, about, address)[:40]
        row = SentLetter(letter, case_id, template.value, masked("email", address), house.clock.now())
        if house.cases.intend_letter(row).sent_at is not None:
            continue
        try:
            _write(house, case, template, inquiry)(address, letter)
        except OutsideError as error:
            if not error.permanent:
                progress = Progress.AGAIN
                continue
            _task(house, case, template, "mail.refused", row.to)
            continue
        now = house.clock.now()
        evidence = {"letter": letter, "template": template.value, "to": row.to}
        house.cases.letter_sent(
            letter, now, entry=Entry(case_id, now, "system", "mail.sent", "owner.is_told", evidence)
        )
        if template is Template.RESULT:
            measures.result((now - case.opened_at).total_seconds())
    return progress


def say_farewell(house: House, case_id: str, ref: str) -> Progress:
    """Tell a contact point, without a link, that it was said to be the owner's no more and hears nothing further.

    If that was not so, this is how the owner learns of it.
    """
    case = known(house, case_id)
    inquiry = inquire(house, case)
    case = _in_her_language(case, inquiry)
    gone = disowned_refs(house, case, inquiry.read.log)
    every = points(house, case, Purpose.PROOF)  # the trusted ones: what the intruder set gets nothing
    point = next((one for one in every if one.ref == ref and one.ref in gone), None)
    if point is None:
        return Progress.DONE
    letter = digest(case_id, "farewell", ref)[:40]
    row = SentLetter(letter, case_id, FAREWELL, point.shown, house.clock.now())
    try:
        if Channel.SMS in point.channels:
            hand_over(house, case, Channel.SMS, point.value, letter=letter, key=FAREWELL)
        elif house.cases.intend_letter(row).sent_at is None:
            house.notices.send_disowned(case, point.value, letter=letter)
            house.cases.letter_sent(letter, house.clock.now())
    except OutsideError as error:
        return Progress.DONE if error.permanent else Progress.AGAIN
    evidence = {"letter": letter, "template": FAREWELL, "to": point.shown}
    house.cases.note(Entry(case_id, house.clock.now(), "system", "mail.sent", "contact.disowned", evidence))
    return Progress.DONE


def _in_her_language(case: Case, inquiry: Inquiry) -> Case:
    """The case, to be written of in the owner's language: more may be known of whose that is than at the report."""
    return replace(case, language=language_of_owner(inquiry.events, inquiry.findings) or case.language)


def _write(house: House, case: Case, template: Template, inquiry: Inquiry) -> Callable[[str, str], None]:
    """The sending of this template: a function of the address and the letter's id."""
    send, page = house.notices, address_of(house, case)
    match template:
        case Template.ACCOUNT_FROZEN:
            stopped = stopped_services(house, inquiry.read.rows)
            return lambda to, letter: send.send_account_frozen(case, to, letter=letter, page=page, services=stopped)
        case Template.RESULT:
            result = result_of(house, case, inquiry)
            return lambda to, letter: send.send_result(case, to, letter=letter, page=page, result=result)
        case Template.HOLD_ENDED:
            return lambda to, letter: send.send_hold_ended(case, to, letter=letter, page=page)
        case Template.WELCOME_BACK:
            return lambda to, letter: send.send_welcome_back(case, to, letter=letter, page=page)


def _task(house: House, case: Case, template: Template, reason: str, to: str) -> None:
    task = Task(
        digest(case.id, "task", template.value, reason, to),
        case.id,
        "mail.undeliverable",
        "",
        reason,
        {"template": template.value, "to": to},
        house.clock.now(),
    )
    house.cases.open_task(task)
