"""Stage 1 of 7.

May this account be in other hands, and what follows from that? The whole account is looked at: where an event that was
weighed as it arrived says so (`online`), and whenever there is a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from takeback import measures
from takeback.casework.online import FRESH, Found
from takeback.casework.ports import House, Sign, Task
from takeback.casework.report import handed_back_at
from takeback.core.case import Case, Stage
from takeback.core.events import Json
from takeback.core.investigate.findings import SessionFinding
from takeback.core.investigation import in_order, investigate
from takeback.core.notice import inside, is_back, signs
from takeback.core.online.rules import Does
from takeback.core.online.thresholds import ASK_FROM
from takeback.core.triage import ATTEMPTS
from takeback.core.undo.plan import digest

BACK = "watch.back"  # the task of looking into an account that was handed back, and somebody is in again
SAME_NEWS = 5  # seconds in which new events of an account with a case lead to one new investigation


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at an account found: its signs, those of them that did something in it, newest first; and whether
    somebody deals with it already.
    """

    signs: list[Sign]
    inside: Sequence[SessionFinding]
    dealt_with: bool


def follow(house: House, account: str, found: Found) -> None:
    """Look at an account that calls for it. A rule may open a case; the customer is asked where a rule says so, or
    where it is sure enough that somebody was in her account today (`docs/why/online-notice.md`).
    """
    look = _look(house, account)
    measures.noticed(Does.LOOK.value)
    if look.dealt_with or found.watched:
        return
    now, rules = house.clock.now(), house.rules.now()
    day = f"{now:%Y-%m-%d}"
    sure = next((one for one in look.inside if one.probability >= ASK_FROM and one.end >= now - FRESH), None)
    if found.does(Does.CASE) and rules.notice_opens:
        opening = digest("watch.rule", account, day)[:32]
        language = house.configuration.language.value
        house.starter.start("report", opening, account, "", language, "system", because="watch")
        measures.noticed(Does.CASE.value)
    elif rules.notice_asks and (sure is not None or found.does(Does.ASK) or found.does(Does.CASE)):
        question = digest("question", account, day)[:32]
        session = sure.session if sure is not None else found.session
        house.starter.start("ask", question, account, session, because="watch")
        measures.noticed(Does.ASK.value)


def look_at(house: House, account: str) -> list[Sign]:
    """Score one account and store its signs. News on an account with a case starts what it waits for.

    Within thirty days of a hand back, an intruder's session opens a new case without anybody's report; where the rules
    say that it may not, staff are asked by a task.
    """
    return _look(house, account).signs


def _look(house: House, account: str) -> Look:
    now = house.clock.now()
    back = handed_back_at(house, account)
    events = in_order(account, house.event_log.account(account), now)
    found = signs(investigate(account, events, now=now).findings, now, back)
    done = inside(found, {event.id for event in events if event.type in ATTEMPTS})  # a failed sign-in stops nobody
    told = [
        Sign(account, now, sign.probability, tuple(why.key for why in sign.reasons if why.weight > 0), sign.session)
        for sign in found
    ]
    for sign in told:
        house.cases.notice(sign)
    cases = house.cases.of_account(account)
    case = next((case for case in cases if case.stage is not Stage.CLOSED), None)
    came_back = case is None and is_back(done, back, now)
    if came_back:
        _come_back(house, account, cases[0], done[0].session)
    elif case is not None and case.stage is Stage.REPORT and done:
        house.starter.start("freeze", case.id, because="sign")
    elif case is not None and case.stage.reached(Stage.UNDO):
        news = f"events-{int(now.timestamp()) // SAME_NEWS}"
        house.starter.start("investigate", case.id, because=news, after=SAME_NEWS)
    return Look(told, done, dealt_with=came_back or case is not None)


def _come_back(house: House, account: str, last: Case, session: str) -> None:
    again = digest("watch", account, session)[:32]
    if house.rules.now().notice_opens:
        house.starter.start("report", again, account, "", last.language.value, "system", because="watch")
    else:
        asked: dict[str, Json] = {"session": session}
        house.cases.open_task(Task(again, last.id, BACK, "", BACK, asked, house.clock.now()))
