"""May another code be sent, and does it arrive once? Making one-time codes and handing them to mail, SMS and voice.

A code's id names the contact point and the channel (`sms-<ref>-<tail>`), so that what was sent to whom can be counted
without anybody's number. Its eight digits are drawn from the installation's secret and the id: a phase that is run
again sends the same code once more, and the mail system or the ledger drops the repeat. Kept is a keyed hash alone.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as keyed

from takeback.casework.page import address_of
from takeback.casework.ports import Code, Entry, House
from takeback.casework.progress import Progress, Purpose, known
from takeback.casework.speaking import hand_over
from takeback.casework.ways import Channel, Point, reachable, way_id
from takeback.core.case import Case, Stage
from takeback.core.errors import OutsideError
from takeback.core.events import Json
from takeback.core.undo.plan import digest

DIGITS = 8
VALID_FOR = timedelta(minutes=15)
LIMITS: Mapping[Channel, tuple[tuple[timedelta, int], ...]] = {  # sendings in any such span
    Channel.MAIL: ((timedelta(minutes=15), 5), (timedelta(days=1), 20)),
    Channel.SMS: ((timedelta(minutes=15), 3), (timedelta(days=1), 8)),
    Channel.VOICE: ((timedelta(minutes=15), 2), (timedelta(days=1), 4)),
}
AFTER_ALL = timedelta(hours=1)
"""Once a day's codes are spent there is one an hour all the same: whoever else has the page's address cannot use up
what the owner needs. Not by voice: he could let her telephone ring all night."""


def send_codes(house: House, case_id: str, purpose: Purpose, way: str = "", press: str = "") -> Progress:
    """Send a fresh code by this way, or with none named to every mail address allowed, unless enough were sent lately.

    `press` names what asked for it; run again for the same `press`, what arrived is not sent again.
    """
    case = known(house, case_id)
    if case.stage is Stage.CLOSED:
        return _not_sent(house, case, purpose, "case.closed")
    allowed = reachable(house, case, purpose)
    targets = _chosen(house, case, allowed, way)
    if not targets:
        return _not_sent(house, case, purpose, "way.unknown" if way else "contact.none_trusted")
    now = house.clock.now()
    tail = digest(case_id, "code", purpose.value, press)[:24] if press else secrets.token_hex(12)
    fresh = [target for target in targets if _may_send(house, case, *target, tail, now)]
    if not fresh:
        return _not_sent(house, case, purpose, "code.limit")
    arrived = [_send(house, case, purpose, point, channel, tail, now) for point, channel in fresh]
    return Progress.DONE if all(arrived) else Progress.AGAIN


def _chosen(house: House, case: Case, allowed: Iterable[Point], way: str) -> list[tuple[Point, Channel]]:
    every = [(point, channel) for point in allowed for channel in point.channels]
    if not way:
        return [(point, channel) for point, channel in every if channel is Channel.MAIL]
    return [(point, channel) for point, channel in every if way_id(house, case, point, channel) == way]


def _may_send(house: House, case: Case, point: Point, channel: Channel, tail: str, now: datetime) -> bool:
    """Within the limits of the case for this channel, and of the contact point over all cases of the account."""
    cases = house.cases.of_account(case.account)
    others = [code for one in cases for code in house.cases.codes(one.id) if not code.id.endswith(tail)]
    here = [code for code in others if code.case == case.id and _channel(code) == channel]
    there = [code for code in others if code.id.startswith(f"{channel.value}-{point.ref}-")]
    return _within(here, channel, now) and _within(there, channel, now)


def _within(codes: Iterable[Code], channel: Channel, now: datetime) -> bool:
    sendings = {code.made_at for code in codes if code.expires_at > code.made_at}
    short, day = (sum(at > now - span for at in sendings) >= most for span, most in LIMITS[channel])
    if short:
        return False
    rested = channel is not Channel.VOICE and all(at <= now - AFTER_ALL for at in sendings)
    return rested or not day


def _send(house: House, case: Case, purpose: Purpose, point: Point, channel: Channel, tail: str, now: datetime) -> bool:
    """Send one code. False when it may arrive if it is tried again."""
    code_id = f"{channel.value}-{point.ref}-{tail}"
    before = next((code for code in house.cases.codes(case.id) if code.id == code_id), None)
    made_at = now if before is None else before.made_at
    if before is not None and (now >= made_at + VALID_FOR or _has_arrived(house, case, code_id)):
        return True  # it is there, or nobody waits for it any more
    digits = _digits(house, code_id)
    hashed = code_hash(house, code_id, digits)
    code = Code(code_id, case.id, purpose.value, point.shown, hashed, made_at, made_at + VALID_FOR)
    house.cases.put_code(code)
    evidence: dict[str, Json] = {"purpose": purpose.value, "to": point.shown, "code": code_id, "channel": channel.value}
    try:
        _hand_over(house, case, point, channel, code, digits)
    except OutsideError as error:
        if channel is Channel.MAIL or error.permanent:
            house.cases.put_code(replace(code, expires_at=made_at))  # it reached nobody
        if not error.permanent or channel is Channel.MAIL:
            return False
        house.cases.note(Entry(case.id, house.clock.now(), "system", "code.not_sent", "phone.refused", evidence))
        return True
    house.cases.note(Entry(case.id, house.clock.now(), "system", "code.sent", "contact.trusted", evidence))
    return True


def _hand_over(house: House, case: Case, point: Point, channel: Channel, code: Code, digits: str) -> None:
    if channel is Channel.MAIL:
        page = address_of(house, case)
        house.notices.send_code(case, point.value, letter=code.id, page=page, code=digits, purpose=code.purpose)
    else:
        key = "code_report" if code.purpose == Purpose.REPORT else "code"
        hand_over(house, case, channel, point.value, letter=code.id, key=key, code=digits)


def _has_arrived(house: House, case: Case, code_id: str) -> bool:
    return any(
        entry.what == "code.sent" and entry.evidence.get("code") == code_id for entry in house.cases.log(case.id)
    )


def _not_sent(house: House, case: Case, purpose: Purpose, why: str) -> Progress:
    now = house.clock.now()
    evidence: dict[str, Json] = {"purpose": purpose.value}
    noted = any(
        (entry.what, entry.why, entry.evidence) == ("code.not_sent", why, evidence) and entry.at > now - VALID_FOR
        for entry in house.cases.log(case.id)
    )
    if not noted:  # a flood fills no log
        house.cases.note(Entry(case.id, now, "system", "code.not_sent", why, evidence))
    return Progress.DONE


def ref_of(code: Code) -> str:
    """The ref of the contact point that a code went to; empty for one from before refs were written."""
    parts = code.id.split("-")
    return parts[1] if len(parts) == 3 else ""


def _channel(code: Code) -> str:
    parts = code.id.split("-")
    return parts[0] if len(parts) == 3 else Channel.MAIL.value


def code_hash(house: House, code_id: str, digits: str) -> str:
    """What is kept of a code."""
    return keyed(house.configuration.key("one-time codes"), f"{code_id} {digits}".encode(), sha256).hex()


def _digits(house: House, code_id: str) -> str:
    drawn = keyed(house.configuration.key("digits of one-time codes"), code_id.encode(), sha256)
    return f"{int.from_bytes(drawn[:16], 'big') % 10**DIGITS:0{DIGITS}}"
