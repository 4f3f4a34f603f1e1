"""Stage 1 of 7.

May this account be in other hands? Accounts are scored behind the back of whoever sends their events.
"""

import logging
from collections.abc import Iterable
from threading import Condition, Thread

from takeback.casework.ports import House, Sign, Task
from takeback.casework.report import handed_back_at
from takeback.core.case import Case, Stage
from takeback.core.events import Json
from takeback.core.investigation import in_order, investigate
from takeback.core.notice import inside, is_back, signs
from takeback.core.triage import ATTEMPTS
from takeback.core.undo.plan import digest

log = logging.getLogger("takeback.notice")
MOST_WAITING = 100_000  # accounts; one more is scored when its next event arrives
BACK = "watch.back"  # the task of looking into an account that was handed back, and somebody is in again
SAME_NEWS = 5  # seconds in which new events of an account with a case lead to one new investigation


def look_at(house: House, account: str) -> list[Sign]:
    """Score one account and store its signs. News on an account with a case starts what it waits for.

    Within thirty days of a hand back, an intruder's session opens a new case without anybody's report; where the rules
    say that it may not, staff are asked by a task.
    """
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
    if case is None and is_back(done, back, now):
        _come_back(house, account, cases[0], done[0].session)
    elif case is not None and case.stage is Stage.REPORT and done:
        house.starter.start("freeze", case.id, because="sign")
    elif case is not None and case.stage.reached(Stage.UNDO):
        news = f"events-{int(now.timestamp()) // SAME_NEWS}"
        house.starter.start("investigate", case.id, because=news, after=SAME_NEWS)
    return told


def _come_back(house: House, account: str, last: Case, session: str) -> None:
    again = digest("watch", account, session)[:32]
    if house.rules.now().notice_opens:
        house.starter.start("report", again, account, "", last.language.value, "system", because="watch")
    else:
        asked: dict[str, Json] = {"session": session}
        house.cases.open_task(Task(again, last.id, BACK, "", BACK, asked, house.clock.now()))


class Watch:
    """Scores accounts in one thread of its own; an account that waits already is not queued twice."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._waiting: dict[str, None] = {}
        self._news = Condition()
        self._closing = False
        self._thread: Thread | None = None

    def touched(self, accounts: Iterable[str]) -> None:
        """Say that these accounts have new events. Returns at once."""
        with self._news:
            for account in accounts:
                if len(self._waiting) < MOST_WAITING:
                    self._waiting[account] = None
            if self._thread is None:
                self._thread = Thread(target=self._run, name="notice", daemon=True)
                self._thread.start()
            self._news.notify()

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (account := self._next()) is not None:
            try:
                with self._house.released():
                    look_at(self._house, account)
            except Exception as error:  # one account that cannot be scored must not blind us to the others
                log.warning("an account could not be scored: %s", type(error).__name__)

    def _next(self) -> str | None:
        with self._news:
            while not self._waiting and not self._closing:
                self._news.wait()
            if not self._waiting:
                return None
            account = next(iter(self._waiting))
            del self._waiting[account]
            return account
