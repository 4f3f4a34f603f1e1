"""Is this the owner? One-time codes, sent to contact points as they stood before the takeover, and to no others (rule
3).

A code is eight digits from `secrets`, valid for 15 minutes and five tries; only its keyed hash is kept. Sending is
limited for each case, so that nobody can fill the owner's mailbox; whoever has the page's address can always ask for
another within the limit.
"""

import secrets
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as keyed

from takeback.casework.investigate import inquire
from takeback.casework.letters import is_mail
from takeback.casework.page import address_of
from takeback.casework.ports import Code, Entry, House
from takeback.casework.progress import Progress, Purpose, known
from takeback.core import hold
from takeback.core.case import Case, Stage
from takeback.core.contacts import masked
from takeback.core.errors import OutsideError
from takeback.core.events import Json
from takeback.core.investigate.findings import Contact
from takeback.core.undo.plan import digest

DIGITS = 8
VALID_FOR = timedelta(minutes=15)
TRIES = 5
LIMITS = ((timedelta(minutes=15), 5), (timedelta(days=1), 20))  # sendings in any such span
MOST_ADDRESSES = 5
IN_ANY_CASE = 5.0  # seconds after which what waits for a code is started, whatever became of this process


def purpose_now(house: House, case: Case) -> Purpose:
    """What a code would prove at the stage that the case is in."""
    if case.stage is Stage.REPORT:
        return Purpose.REPORT
    return Purpose.HAND_BACK if hold.over(case.hold_until, house.clock.now()) else Purpose.PROOF


def recipients(house: House, case: Case, purpose: Purpose) -> list[str]:
    """Mail addresses a code may go to: the trusted ones; to report, any that the account has or had."""
    contacts = inquire(house, case).findings.contacts
    allowed: list[Contact] = [c for c in contacts if c.trusted or purpose is Purpose.REPORT]
    return list(dict.fromkeys(c.value for c in allowed if is_mail(c.value)))[:MOST_ADDRESSES]


def send_codes(house: House, case_id: str, purpose: Purpose) -> Progress:
    """Send a fresh code to each contact point allowed, unless enough were sent lately."""
    case = known(house, case_id)
    now = house.clock.now()
    sendings = {code.made_at for code in house.cases.codes(case_id) if code.expires_at > code.made_at}
    if case.stage is Stage.CLOSED or any(sum(at > now - span for at in sendings) >= most for span, most in LIMITS):
        house.cases.note(Entry(case_id, now, "system", "code.not_sent", "code.limit", {"purpose": purpose.value}))
        return Progress.DONE
    addresses = recipients(house, case, purpose)
    if not addresses:
        evidence: dict[str, Json] = {"purpose": purpose.value}
        house.cases.note(Entry(case_id, now, "system", "code.not_sent", "contact.none_trusted", evidence))
    failed = False
    for address in addresses:
        shown = masked("email", address)
        text = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        code_id = digest(case_id, "code", secrets.token_hex(16))[:32]
        code = Code(code_id, case_id, purpose.value, shown, _hash(house, code_id, text), now, now + VALID_FOR)
        house.cases.put_code(code)
        try:
            house.notices.send_code(
                case, address, letter=code_id, page=address_of(house, case), code=text, purpose=purpose.value
            )
        except OutsideError:
            failed = True
            house.cases.put_code(replace(code, expires_at=now))  # it reached nobody
            continue
        evidence = {"purpose": purpose.value, "to": shown, "code": code_id}
        house.cases.note(Entry(case_id, house.clock.now(), "system", "code.sent", "contact.trusted", evidence))
    return Progress.AGAIN if failed else Progress.DONE


def enter(house: House, case_id: str, typed: str) -> bool:
    """Take a code that somebody typed on the case's page. True when it is right; then what waits for it is started."""
    digits = "".join(c for c in typed.translate(_FULL_WIDTH) if c.isdigit())
    code = _match(house, known(house, case_id), digits)
    if code is None:
        return False
    evidence = {"purpose": code.purpose, "contact": code.contact, "code": code.id}
    house.cases.note(Entry(case_id, house.clock.now(), "customer", "proof.given", f"code.{code.purpose}", evidence))
    _start(house, code, because=f"code-{code.id}")
    return True


def _match(house: House, case: Case, digits: str) -> Code | None:
    """The live code that `digits` is, marked as used.

    A wrong try counts on every live code: nobody can say which was meant.
    """
    now = house.clock.now()
    wanted = purpose_now(house, case)
    live = [
        code
        for code in house.cases.codes(case.id)
        if code.purpose == wanted and code.used_at is None and now < code.expires_at and code.tries < TRIES
    ]
    counted = [house.cases.try_code(code.id) for code in live]  # before it is compared: two tries at once are two tries
    in_time = [code for code in counted if code.tries <= TRIES]
    for code in [code for code in in_time if compare_digest(code.code_hash, _hash(house, code.id, digits))]:
        # Before it is used: ended in between, the phase finds a proof or the owner types the code once more.
        _start(house, code, because=f"code-{code.id}-{code.tries}", after=IN_ANY_CASE)
        if house.cases.use_code(code.id, now):
            return code
    return None


def _start(house: House, code: Code, because: str, after: float = 0.0) -> None:
    """Start what waits for a code of this purpose; after the hold it is the new password that starts the hand back."""
    phase = {Purpose.REPORT: "freeze", Purpose.PROOF: "undo"}.get(Purpose(code.purpose))
    if phase is not None:
        house.starter.start(phase, code.case, because=because, after=after)


def _hash(house: House, code_id: str, digits: str) -> str:
    key = house.configuration.key("one-time codes")
    return keyed(key, f"{code_id} {digits}".encode(), sha256).hex()


_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
