"""Stage 1 of 7.

Was this you? A letter to the customer whose account looks as if somebody else was in it, and no more than a letter.

It says what was seen, in words, and where to say that it was somebody else: the shop's own door, where she proves who
she is. Its link does nothing by itself. It goes to the contact points that stood before the doubtful visit, so that
nothing goes to what the visitor has set; at most once a day, and three times in two weeks, lest she get used to it.
"""

from collections.abc import Sequence
from datetime import timedelta

from takeback.casework.online_ports import MayAsk
from takeback.casework.ports import House
from takeback.casework.progress import Progress
from takeback.core.case import Language, Stage
from takeback.core.contacts import is_mail
from takeback.core.errors import OutsideError
from takeback.core.events import Event
from takeback.core.investigate.contacts import contacts
from takeback.core.investigate.findings import INTRUDER, OWNER, Findings, SessionFinding
from takeback.core.investigation import in_order, investigate
from takeback.core.language import language_of_owner
from takeback.core.undo.plan import digest

MOST_OF_ONE = 3  # letters in two weeks
MOST_SAID = 6  # things that were seen
FRESH = timedelta(days=2)  # a letter that could not go out for longer would only confuse


def ask(house: House, question: str, account: str, session: str) -> Progress:
    """Send the question. Nothing is sent where a case has begun meanwhile, or no contact point is to be trusted."""
    now = house.clock.now()
    if any(case.stage is not Stage.CLOSED for case in house.cases.of_account(account)):
        return Progress.DONE
    events = in_order(account, house.event_log.account(account), now)
    findings = investigate(account, events, now=now).findings
    about = asked_about(session, [one for one in findings.sessions if one.end >= now - FRESH])
    trusted = trusted_mail(events, findings, about)
    if not about or not trusted:
        return Progress.DONE
    most = house.configuration.notice.asks_an_hour
    may = house.asked.begin(question, account, now, most_of_one=MOST_OF_ONE, most_in_all=most)
    if may is not MayAsk.YES:
        return Progress.AGAIN if may is MayAsk.LATER else Progress.DONE
    language = language_of_owner(events, findings) or house.configuration.language
    return _send(house, question, account, trusted, language, about)


def asked_about(session: str, recent: Sequence[SessionFinding]) -> list[SessionFinding]:
    """The visits that the letter speaks of, the most doubtful first: the one that was named, and those not the
    owner's; where there is none of these, since a shop may give no sessions, the most doubtful of all.
    """
    ordered = sorted(recent, key=lambda one: one.probability, reverse=True)
    doubtful = [one for one in ordered if one.actor is not OWNER or (session and one.session == session)]
    return doubtful or ordered[:1]


def trusted_mail(events: Sequence[Event], findings: Findings, about: Sequence[SessionFinding]) -> list[str]:
    """The mail addresses that stood before the first of these visits, were it an intruder's."""
    if not about:
        return []
    actors = dict(findings.events)
    actors.update((event, INTRUDER) for one in about for event in one.events)
    start = min(one.start for one in about)
    if findings.window is not None:
        start = min(start, findings.window.start)
    now = max(event.time for event in events)
    found = contacts(events, actors, start, now)
    return list(dict.fromkeys(one.value for one in found if one.trusted and is_mail(one.value)))


def seen(about: Sequence[SessionFinding]) -> list[str]:
    """The keys of what spoke against her, the weightiest first."""
    keys = (why.key for one in about for why in one.reasons if why.weight > 0)
    return list(dict.fromkeys(keys))[:MOST_SAID]


def _send(
    house: House, question: str, account: str, to: list[str], language: Language, about: Sequence[SessionFinding]
) -> Progress:
    door = f"{house.configuration.base_url.rstrip('/')}/"
    progress = Progress.DONE
    for address in to:
        letter = digest("question", question, address)[:40]
        try:
            house.notices.send_was_this_you(
                address,
                letter=letter,
                account=account,
                language=language,
                door=door,
                seen=seen(about),
                at=about[0].end,
            )
        except OutsideError as error:
            progress = progress if error.permanent else Progress.AGAIN
    if progress is Progress.DONE:
        house.asked.finish(question, house.clock.now())
    return progress
