"""Does the account decide, and do words only ever raise? Findings are given: no tuning of weights moves these."""

from datetime import UTC, datetime, timedelta

import pytest

from takeback.core.events import Client, Event, EventType, SignedIn, SignInFailed
from takeback.core.investigate.findings import Actor, Findings, SessionFinding
from takeback.core.triage import (
    NOTHING_KNOWN,
    Disposition,
    Evidence,
    Need,
    Offer,
    State,
    Why,
    Words,
    decide,
    evidence,
    offers,
)
from takeback.words import LANGUAGES, known

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HARMLESS = Words(Need.OWN_ORDER, 0.99, harmless=True, reasons=(Why.HARMLESS,))
UNSURE = Words(Need.OTHER, 0.4, harmless=False, reasons=(Why.NOT_SURELY_HARMLESS,))
ALARMED = Words(Need.TAKEOVER, 0.99, harmless=False, reasons=(Why.SAYS_TAKEOVER,))
RISING = [HARMLESS, UNSURE, ALARMED]


def session(name: str, actor: Actor, probability: float, *, ago: timedelta = timedelta(hours=1)) -> SessionFinding:
    return SessionFinding(name, actor, probability, (), NOW - ago, NOW - ago, name, (f"{name}-1",))


def findings(*sessions: SessionFinding) -> Findings:
    taken = any(one.actor is Actor.INTRUDER for one in sessions)
    return Findings("42", compromised=taken, window=None, sessions=sessions, events={}, contacts=())


def event(name: str, kind: EventType = EventType.SIGNED_IN) -> Event:
    data = SignInFailed() if kind is EventType.SIGN_IN_FAILED else SignedIn(method="password", client=Client())
    return Event(name, "/shops/oscar", "42", NOW, kind, data)


def state(*sessions: SessionFinding, failed: bool = False, handed_back_at: datetime | None = None) -> State:
    kind = EventType.SIGN_IN_FAILED if failed else EventType.SIGNED_IN
    events = [event(name, kind) for one in sessions for name in one.events]
    return evidence(findings(*sessions), events, NOW, handed_back_at).state


HERS = session("h", Actor.OWNER, 0.01)


def test_an_account_in_which_only_its_owner_was_is_clean() -> None:
    assert state(HERS) is State.CLEAN


def test_an_account_in_which_nobody_was_ever_seen_is_not_clean() -> None:
    assert state() is State.UNKNOWN


def test_an_intruder_makes_it_compromised_however_long_ago() -> None:
    assert state(HERS, session("x", Actor.INTRUDER, 0.99, ago=timedelta(days=400))) is State.COMPROMISED


def test_a_recent_session_more_likely_his_than_not_makes_it_compromised() -> None:
    assert state(HERS, session("x", Actor.UNKNOWN, 0.6)) is State.COMPROMISED


def test_such_a_session_of_long_ago_leaves_a_doubt() -> None:
    assert state(HERS, session("x", Actor.UNKNOWN, 0.6, ago=timedelta(days=90))) is State.DOUBTFUL


def test_somebody_unknown_leaves_a_doubt() -> None:
    assert state(HERS, session("x", Actor.UNKNOWN, 0.2)) is State.DOUBTFUL


def test_attempts_that_failed_leave_a_doubt_and_no_more() -> None:
    assert state(HERS, session("x", Actor.INTRUDER, 0.99), failed=True) is State.DOUBTFUL


def test_what_was_dealt_with_before_the_last_hand_back_counts_no_more() -> None:
    taken = session("x", Actor.INTRUDER, 0.99, ago=timedelta(days=9))
    assert state(HERS, taken, handed_back_at=NOW - timedelta(days=8)) is State.CLEAN
    assert state(HERS, taken, handed_back_at=NOW - timedelta(days=10)) is State.COMPROMISED


def test_the_evidence_names_the_events_that_are_not_the_owners() -> None:
    found = evidence(findings(HERS, session("x", Actor.INTRUDER, 0.99)), [event("x-1")], NOW)
    assert found == Evidence(State.COMPROMISED, ("x-1",))


@pytest.mark.parametrize("words", RISING, ids=lambda words: words.need.value)
def test_a_compromised_account_opens_a_case_whatever_is_said(words: Words) -> None:
    assert decide(words, Evidence(State.COMPROMISED)).disposition is Disposition.CASE


@pytest.mark.parametrize("words", RISING, ids=lambda words: words.need.value)
def test_a_doubtful_account_is_asked_about_whatever_is_said(words: Words) -> None:
    assert decide(words, Evidence(State.DOUBTFUL)).disposition is Disposition.ASK


@pytest.mark.parametrize("words", RISING, ids=lambda words: words.need.value)
def test_where_nothing_is_known_of_the_account_nobody_is_left_to_help_herself(words: Words) -> None:
    assert decide(words, NOTHING_KNOWN).disposition is Disposition.ASK


def test_only_harmless_words_on_a_clean_account_are_left_to_self_service() -> None:
    assert decide(HARMLESS, Evidence(State.CLEAN)).disposition is Disposition.SELF_SERVICE
    assert decide(UNSURE, Evidence(State.CLEAN)).disposition is Disposition.ASK
    assert decide(ALARMED, Evidence(State.CLEAN)).disposition is Disposition.ASK


@pytest.mark.parametrize("shown", State)
def test_words_raise_and_never_lower(shown: State) -> None:
    order = [*Disposition]
    found = [order.index(decide(words, Evidence(shown)).disposition) for words in RISING]
    assert found == sorted(found)


@pytest.mark.parametrize("words", RISING, ids=lambda words: words.need.value)
def test_worse_evidence_never_leads_to_less(words: Words) -> None:
    order, rising = [*Disposition], (State.CLEAN, State.UNKNOWN, State.DOUBTFUL, State.COMPROMISED)
    found = [order.index(decide(words, Evidence(shown)).disposition) for shown in rising]
    assert found == sorted(found)


@pytest.mark.parametrize("disposition", Disposition)
def test_a_person_is_in_reach_whatever_the_disposition(disposition: Disposition) -> None:
    assert Offer.PERSON in offers(disposition)


def test_the_accounts_reason_comes_first_with_its_events() -> None:
    first, *rest = decide(HARMLESS, Evidence(State.COMPROMISED, ("x-1",))).reasons
    assert (first.key, first.events) == (Why.COMPROMISED, ("x-1",))
    assert [reason.key for reason in rest] == [Why.HARMLESS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    assert [why for why in Why if not known(language, f"triage.{why.value}")] == []
