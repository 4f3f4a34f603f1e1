"""Stage 2 of 7. What does a message lead to, now that we know what the account shows?

Evidence opens a case; words do not. Words can only raise: they close the door to self-service, which stays open for
words that are positively harmless on an account that is clean. Nothing that anybody writes lowers what the account
shows, and so the same account gets the same answer whatever the wording of a complaint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.core.events import Event, EventType
from takeback.core.investigate.findings import Actor, Findings, SessionFinding
from takeback.core.notice import signs


class Need(StrEnum):
    """What the words are about."""

    TAKEOVER = "takeover"
    PHISHING = "phishing"
    OWN_ORDER = "own_order"
    ACCESS = "access"
    OTHER = "other"


class Disposition(StrEnum):
    """What happens next; the later, the more."""

    SELF_SERVICE = "self_service"
    ASK = "ask"
    CASE = "case"


class Offer(StrEnum):
    """What a customer is offered beside the answer."""

    PERSON = "person"
    WAS_THIS_YOU = "was_this_you"
    SELF_SERVICE = "self_service"


class Why(StrEnum):
    """A reason for a disposition; the templates put it into words (`triage.KEY`)."""

    COMPROMISED = "account.compromised"
    DOUBTFUL = "account.doubtful"
    CLEAN = "account.clean"
    UNKNOWN = "account.unknown"
    SAYS_TAKEOVER = "words.takeover"
    ASKS_IF_GENUINE = "words.phishing"
    HARMLESS = "words.harmless"
    NOT_SURELY_HARMLESS = "words.not_surely_harmless"
    ALARMING = "words.alarming"
    OTHER_LANGUAGE = "words.other_language"
    LONG = "words.long"
    NONE = "words.none"


class State(StrEnum):
    """What the account's own record says: `unknown` where there is none to look at."""

    COMPROMISED = "compromised"
    DOUBTFUL = "doubtful"
    CLEAN = "clean"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Words:
    """A message as it was read: its need, how sure that is (0..1), and whether it is positively harmless."""

    need: Need
    confidence: float
    harmless: bool
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the account shows, and the ids of the events that show it."""

    state: State
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, and the ids of the events that say so, where it is the account that does."""

    key: Why
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Triage:
    """The answer to one message."""

    need: Need
    confidence: float
    disposition: Disposition
    reasons: tuple[Reason, ...]


ATTEMPTS = frozenset({EventType.SIGN_IN_FAILED, EventType.RESET_REQUESTED})  # they change nothing in an account
NOTHING_KNOWN = Evidence(State.UNKNOWN)
_OF_STATE = {
    State.COMPROMISED: Why.COMPROMISED,
    State.DOUBTFUL: Why.DOUBTFUL,
    State.CLEAN: Why.CLEAN,
    State.UNKNOWN: Why.UNKNOWN,
}
_OFFERS = {
    Disposition.CASE: (Offer.PERSON, Offer.WAS_THIS_YOU),
    Disposition.ASK: (Offer.WAS_THIS_YOU, Offer.PERSON),
    Disposition.SELF_SERVICE: (Offer.SELF_SERVICE, Offer.PERSON),
}


def evidence(
    findings: Findings, events: Iterable[Event], now: datetime, handed_back_at: datetime | None = None
) -> Evidence:
    """What an account's findings come to; `events` are those that were investigated.

    Compromised: somebody else acted, or a recent session is more likely his than not. Doubtful: somebody unknown was
    there, or somebody tried to get in. An account in which nobody was ever seen is not clean; nothing is known of it.
    What was dealt with before the last hand back counts no more.
    """
    if not findings.sessions:
        return NOTHING_KNOWN
    attempts = {event.id for event in events if event.type in ATTEMPTS}
    strange = [one for one in findings.sessions if one.actor is not Actor.OWNER and _is_open(one, handed_back_at)]
    recent = signs(findings, now, handed_back_at)
    inside = [one for one in strange if not attempts.issuperset(one.events)]
    if taken := [one for one in inside if one.actor is Actor.INTRUDER or one in recent]:
        return Evidence(State.COMPROMISED, _events(taken))
    return Evidence(State.DOUBTFUL, _events(strange)) if strange else Evidence(State.CLEAN)


def decide(words: Words, shown: Evidence) -> Triage:
    """The disposition of a message, with reasons: the account's first, since it is the account that decides."""
    because = Reason(_OF_STATE[shown.state], shown.events)
    said = tuple(Reason(why) for why in words.reasons)
    return Triage(words.need, words.confidence, _disposition(words, shown), (because, *said))


def _disposition(words: Words, shown: Evidence) -> Disposition:
    if shown.state is State.COMPROMISED:
        return Disposition.CASE
    if shown.state is State.CLEAN and words.harmless:
        return Disposition.SELF_SERVICE
    return Disposition.ASK


def offers(disposition: Disposition) -> tuple[Offer, ...]:
    """What is offered with it, the first one first. A person is always in reach, also where an act was denied."""
    return _OFFERS[disposition]


def _is_open(session: SessionFinding, handed_back_at: datetime | None) -> bool:
    return handed_back_at is None or session.end > handed_back_at


def _events(sessions: Sequence[SessionFinding]) -> tuple[str, ...]:
    return tuple(event for session in sessions for event in session.events)
