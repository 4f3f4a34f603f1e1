"""Stage 2 of 7. What does she say at the door, and what comes of it? The conversation of a customer who is not signed
in, and perhaps cannot be.

What the web side does here is the same whether or not there is such an account: it keeps her words and lets a worker
hear them. The worker weighs them with the account's evidence. What comes of that shows nowhere but on the case's page,
after proof, and in mails to contact points as they stood before.
"""

import secrets
import unicodedata
from dataclasses import replace
from datetime import timedelta
from hmac import compare_digest

from takeback.casework import callback, proof
from takeback.casework.codes import code_hash
from takeback.casework.page import token_hash
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Progress, Purpose, known
from takeback.casework.report import (
    LONGEST_NAME,
    SAME_REPORT,
    Report,
    accounts_meant,
    code_is_due,
    handed_back_at,
    receive,
)
from takeback.casework.talks import Talk, Turn, Voice
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Json
from takeback.core.investigation import in_order, investigate
from takeback.core.secrets import without_card_numbers
from takeback.core.talk import LONGEST, MOST, Choice, Line, first_line, graver, next_line, opening
from takeback.core.triage import Disposition, Words, decide, evidence
from takeback.core.undo.plan import digest

TAKES_CODES = timedelta(days=1)  # after a conversation began; later a code is typed on the case's own page
MOST_TRIES = 5  # of one conversation
MOST_TRIES_OF_CASE = 30  # of all conversations of a day about one case: guessing stays hopeless
DOOR_LIMITS = ((timedelta(minutes=15), 2), (timedelta(days=1), 6))  # codes asked for at the door, of one case
MOST_NOTES = 20  # in a case's log; a flood fills no log
HEARD, CODE_ASKED = "talk.heard", "talk.code_asked"
WORDS, CODE = "words", "code"  # what the worker is to do for a conversation


def begin(house: House, named: str, choice: Choice, text: str, words: Words, language: Language) -> str:
    """Open a conversation and let a worker hear it. Returns the secret of its address. `words` is `text`, read."""
    now, token = house.clock.now(), secrets.token_urlsafe(32)
    said = _kept(text)
    need, harmless = opening(choice, said, words)
    talk = Talk(
        id=secrets.token_hex(16),
        token_hash=token_hash(token),
        language=language,
        named=named.strip()[:LONGEST_NAME],
        choice=choice,
        need=need,
        harmless=harmless,
        opened_at=now,
    )
    hers, ours = Turn(Voice.CUSTOMER, now, text=said), Turn(Voice.OURS, now, line=first_line(need))
    house.talks.open(talk, [hers, ours])
    house.starter.start("talk", talk.id, WORDS, because="turn-0")
    return token


def go_on(house: House, talk: Talk, text: str, words: Words) -> None:
    """Take a further turn of hers. The same words once more, as a second press of the button sends them, are one."""
    turns, now, said = house.talks.turns(talk.id), house.clock.now(), _kept(text)
    hers = [turn for turn in turns if turn.voice is Voice.CUSTOMER]
    if not said or len(hers) >= MOST or (hers and hers[-1].text == said):
        return
    need = graver(talk.need, words.need)
    answer = next_line(talk.need, need, len(hers) + 1)
    heard = replace(talk, need=need, harmless=talk.harmless and words.harmless)
    house.talks.add(heard, [Turn(Voice.CUSTOMER, now, text=said), Turn(Voice.OURS, now, line=answer)])
    house.starter.start("talk", talk.id, WORDS, because=f"turn-{len(hers)}")


def note(house: House, talk: Talk, line: Line) -> None:
    """Add a line of ours, unless it is the last thing that was said."""
    turns = house.talks.turns(talk.id)
    if not turns or turns[-1].line is not line:
        house.talks.add(talk, [Turn(Voice.OURS, house.clock.now(), line=line)])


def ask_code(house: House, talk: Talk) -> None:
    """Have a code sent to the contact points of before, if there is such an account; the answer is always the same."""
    slot = int(house.clock.now().timestamp()) // SAME_REPORT  # two presses of the button are one
    house.starter.start("talk", talk.id, CODE, because=f"code-{slot}")
    note(house, talk, Line.CODE_ASKED)


def enter(house: House, talk: Talk, typed: str) -> tuple[Case, Purpose] | None:
    """Take a code that was typed in a conversation: the case that it opens, and what it proves there; or None.

    A wrong one counts for the conversation, and for the day's conversations of the case, never for the code itself:
    else a stranger could use up the owner's codes from here. When these are used up, the case's own page, whose
    address comes with every mail, still takes the code.
    """
    since = house.clock.now() - TAKES_CODES
    tries = house.talks.try_code(talk.id)
    if tries > MOST_TRIES or talk.opened_at <= since:
        return None
    for case_id in house.talks.cases(talk.id):
        within = house.talks.tries_at_door(case_id, since) <= MOST_TRIES_OF_CASE
        purpose = proof.purpose_now(house, known(house, case_id))  # before: a right code moves the case on
        if within and _is_live(house, case_id, typed) and proof.enter(house, case_id, typed):
            return known(house, case_id), purpose
    return None


def by_token(house: House, token: str) -> Talk | None:
    """The conversation that the secret of an address opens."""
    return house.talks.by_token(token_hash(token))


def ask_person(house: House, talk: Talk, when: str) -> None:
    """Have staff call, on a number that the account had before; the answer is the same whether or not there is any."""
    callback.ask_for(house, talk.named, talk.language, callback.Why.ASKED, when)
    note(house, talk, Line.PERSON_ASKED)


def hear(house: House, talk_id: str, what: str) -> Progress:
    """In the worker: weigh her words with what the account shows, or send the code that she asked for."""
    talk = house.talks.talk(talk_id)
    if talk is None:
        return Progress.DONE  # sixty days old, and gone
    before = house.talks.cases(talk.id)
    for account in accounts_meant(house, talk.named):
        _weigh(house, talk, account, for_code=what == CODE)
    if what != CODE:
        return Progress.DONE
    cases = [known(house, case_id) for case_id in house.talks.cases(talk.id)]
    # A case that was opened just now on a clean account has had its code sent by that.
    waiting = [
        case for case in cases if case.id in before or case.stage is not Stage.REPORT or not code_is_due(house, case.id)
    ]
    sent = [_send(house, talk, case) for case in waiting if case.stage is not Stage.CLOSED]
    return Progress.AGAIN if Progress.AGAIN in sent else Progress.DONE


def _weigh(house: House, talk: Talk, account: str, *, for_code: bool) -> None:
    disposition = _disposition(house, talk, account)
    if disposition is Disposition.SELF_SERVICE and not for_code:
        return
    now, hers = house.clock.now(), [turn for turn in house.talks.turns(talk.id) if turn.voice is Voice.CUSTOMER]
    slot = int(talk.opened_at.timestamp()) // SAME_REPORT
    report = Report(digest("report", account, slot)[:32], account, hers[0].text if hers else "", talk.language)
    case = receive(house, report)[0]
    house.talks.link(talk.id, [case.id])
    evidence_: dict[str, Json] = {"talk": talk.id, "turns": len(hers), "need": talk.need.value}
    heard = [entry for entry in house.cases.log(case.id) if entry.what == HEARD]
    if len(heard) < MOST_NOTES and evidence_ not in [dict(entry.evidence) for entry in heard]:
        house.cases.note(Entry(case.id, now, "customer", HEARD, f"triage.{disposition.value}", evidence_))


def _send(house: House, talk: Talk, case: Case) -> Progress:
    """Send a code that was asked for at the door, where anybody can ask: few, so that enough are left for the owner on
    her case's page.
    """
    now = house.clock.now()
    asked = [entry.at for entry in house.cases.log(case.id) if entry.what == CODE_ASKED]
    if any(sum(at > now - span for at in asked) >= most for span, most in DOOR_LIMITS):
        return Progress.DONE
    press = f"talk-{talk.id}-{len(asked)}"
    house.cases.note(Entry(case.id, now, "customer", CODE_ASKED, "at_the_door", {"talk": talk.id}))
    return proof.send_codes(house, case.id, proof.purpose_now(house, case), press=press)


def _is_live(house: House, case_id: str, typed: str) -> bool:
    """True when `typed` is a code that was sent and not used, nor is too old. Counts no try."""
    digits = "".join(str(unicodedata.decimal(one)) for one in typed if one.isdecimal())
    now = house.clock.now()
    live = [code for code in house.cases.codes(case_id) if code.used_at is None and now < code.expires_at]
    return any(compare_digest(code.code_hash, code_hash(house, code.id, digits)) for code in live)


def _disposition(house: House, talk: Talk, account: str) -> Disposition:
    now = house.clock.now()
    events = in_order(account, house.event_log.account(account), now)
    findings = investigate(account, events, now=now).findings
    shown = evidence(findings, events, now, handed_back_at(house, account))
    return decide(Words(talk.need, 1.0, talk.harmless, ()), shown).disposition


def _kept(text: str) -> str:
    """Her words as they are kept: no longer than a turn may be, and without card numbers (rule 9)."""
    return without_card_numbers(text.strip()[:LONGEST])
