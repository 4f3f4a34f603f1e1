"""How far does the customer's word go? It is strong and not absolute: the reporter may be the intruder."""

from datetime import timedelta

import pytest

from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Actor
from tests.core.making import (
    EVENING,
    INTRUDER,
    PHONE,
    Log,
    a_life,
    actor,
    actors,
    changed,
    finding,
    look,
    loud,
    reasons,
)

HIS = changed(INTRUDER, country="JP", ip="192.0.2.77", asn=4713, user_agent=PHONE.user_agent)


def mine(kind: str, name: str) -> Word:
    return Word(kind, name, mine=True)


def not_mine(kind: str, name: str) -> Word:
    return Word(kind, name, mine=False)


def doubtful() -> Log:
    """Her year, and a visit (session "x") that may be anybody's, with an order 300."""
    return a_life().visit(HIS, session="x").viewed("orders").order("300", address="elsewhere")


def taken_over() -> Log:
    return loud(a_life().visit(INTRUDER, session="x"))


def event_of(log: Log, order: str) -> str:
    return next(e.id for e in log.events if getattr(getattr(e.data, "order", None), "id", None) == order)


@pytest.mark.parametrize(("kind", "name"), [("session", "x"), ("order", "300"), ("event", "300")])
def test_her_word_decides_where_the_evidence_does_not(kind: str, name: str) -> None:
    log = doubtful()
    about = event_of(log, name) if kind == "event" else name
    assert actor(look(log), "x") is Actor.UNKNOWN
    assert actor(look(log, not_mine(kind, about)), "x") is Actor.INTRUDER
    assert actor(look(log, mine(kind, about)), "x") is Actor.OWNER


def test_a_not_mine_about_a_visit_with_a_long_past_is_a_question() -> None:
    found = look(a_life(), not_mine("session", "h118"))
    assert actor(found, "h118") is Actor.UNKNOWN
    assert found.findings.window is None
    assert not found.plan.undoing
    assert [question.why for question in found.plan.questions] == ["actor.unknown"]


def test_a_not_mine_about_an_order_from_her_own_home_is_a_question_about_that_order() -> None:
    log = a_life().visit(PHONE, session="n").viewed("orders").order("300").order("301")
    found = look(log, not_mine("order", "300"))
    assert found.findings.events[event_of(log, "300")] is Actor.UNKNOWN
    assert not found.plan.undoing


def test_a_not_mine_about_one_visit_leaves_her_others_hers() -> None:
    found = look(a_life(), not_mine("session", "h118"))
    assert {s.actor for s in found.findings.sessions if s.session != "h118"} == {Actor.OWNER}


def test_a_mine_about_a_plain_intruders_visit_is_a_question() -> None:
    found = look(taken_over(), mine("session", "x"))
    assert actor(found, "x") is Actor.UNKNOWN
    assert not found.plan.undoing


def test_a_mine_about_one_order_of_a_plain_intruders_leaves_the_rest_his() -> None:
    log = taken_over()
    found = look(log, mine("order", "201"))
    assert actor(found, "x") is Actor.INTRUDER
    assert found.findings.events[event_of(log, "201")] is Actor.UNKNOWN
    assert found.findings.events[event_of(log, "202")] is Actor.INTRUDER


def test_a_mine_about_one_event_of_a_plain_intruders_leaves_the_rest_his() -> None:
    log = taken_over()
    about = event_of(log, "202")
    found = look(log, mine("event", about))
    assert {name for name, who in found.findings.events.items() if who is Actor.UNKNOWN} == {about}


def test_a_not_mine_about_a_shared_session_finds_the_other_client() -> None:
    log = a_life().visit(PHONE, session="s").viewed("orders")
    hers = log.events[-1].id
    log.by(changed(HIS, session="s")).viewed("orders").order("300", address="elsewhere")
    found = look(log, not_mine("session", "s"))
    assert found.findings.events[event_of(log, "300")] is Actor.INTRUDER
    assert found.findings.events[hers] is Actor.OWNER


def test_a_mine_about_a_shared_session_does_not_excuse_the_other_client() -> None:
    log = a_life().visit(PHONE, session="s").viewed("orders")
    loud(log.by(changed(INTRUDER, session="s")))
    found = look(log, mine("session", "s"))
    assert found.findings.events[log.events[-1].id] is Actor.INTRUDER


def test_a_word_may_name_one_strand_of_a_shared_session() -> None:
    log = a_life().visit(PHONE, session="s").viewed("orders")
    log.by(changed(HIS, session="s")).viewed("orders").order("300", address="elsewhere")
    strand = next(s.strand for s in look(log).findings.sessions if s.session == "s" and s.strand != "s")
    assert "said.mine" in reasons(look(log, mine("session", strand)), strand)


def test_several_words_about_one_visit_weigh_as_one() -> None:
    log = doubtful().order("301", address="elsewhere")
    once = look(log, not_mine("order", "300"))
    twice = look(log, not_mine("order", "300"), not_mine("order", "301"), not_mine("order", "300"))
    assert reasons(twice, "x")["said.not_mine"] == reasons(once, "x")["said.not_mine"]
    assert finding(twice, "x").probability == finding(once, "x").probability


def test_a_yes_and_a_no_about_one_visit_leave_it_to_the_evidence() -> None:
    log = doubtful().order("301", address="elsewhere")
    found = look(log, not_mine("order", "300"), mine("order", "301"))
    assert {"said.mine", "said.not_mine"} <= reasons(found, "x").keys()
    assert actor(found, "x") is Actor.UNKNOWN


def test_a_word_about_what_is_not_there_changes_nothing() -> None:
    log = taken_over()
    assert look(log, not_mine("order", "no such"), mine("session", "none"), mine("event", "e-none")) == look(log)


def test_what_she_said_of_one_visit_speaks_about_the_clients_others() -> None:
    log = a_life(until=EVENING - timedelta(days=20))
    log.visit(HIS, at=EVENING - timedelta(days=10), session="first").viewed("orders")
    log.visit(HIS, at=EVENING, session="second").viewed("orders").order("300", address="elsewhere")
    assert actor(look(log, not_mine("order", "300")), "first") is not Actor.OWNER
    assert actor(look(log, mine("session", "second")), "first") is Actor.OWNER


def test_a_not_mine_about_his_order_does_not_touch_her_own_visits() -> None:
    found = look(taken_over(), not_mine("order", "200"))
    assert {s.actor for s in found.findings.sessions if s.session != "x"} == {Actor.OWNER}


def test_that_everything_was_hers_leaves_no_window_where_the_evidence_is_thin() -> None:
    found = look(doubtful(), mine("session", "x"))
    assert found.findings.window is None
    assert actors(found) == {Actor.OWNER}
