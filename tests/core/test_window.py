"""From when until when was he in, and which contact points stood before?"""

from datetime import timedelta

import pytest

from takeback.core.events import EventType, OrderStep, Who
from takeback.core.investigate.attribution import attribute
from takeback.core.investigate.findings import Actor, Findings
from takeback.core.investigation import in_order
from tests.core.making import DAY, EVENING, INTRUDER, PHONE, Log, a_life, actor, changed, look, loud

HIS = changed(INTRUDER, country="JP", ip="192.0.2.77", asn=4713)


def taken_over(log: Log | None = None) -> Log:
    """A year, and a loud night of the session "x"."""
    return loud((log or a_life()).visit(INTRUDER, session="x"))


def trusted(log: Log) -> set[str]:
    return {contact.value for contact in look(log).findings.contacts if contact.trusted}


def found_of(log: Log, contained: timedelta | None = None) -> Findings:
    now = log.at + timedelta(hours=1)
    at = None if contained is None else log.at + contained
    return attribute("42", in_order("42", log.events, now), now=now, contained_at=at)


def test_it_opens_with_his_first_act_weeks_before_the_loud_night() -> None:
    log = a_life(until=EVENING - 25 * DAY)
    for visit in range(3):
        log.visit(HIS, at=EVENING - (24 - 7 * visit) * DAY, session=f"quiet{visit}").viewed("orders")
    loud(log.visit(HIS, at=EVENING, session="x"))
    first = next(event.time for event in log.events if event.data.client.session == "quiet0")
    window = look(log).findings.window
    assert window is not None
    assert window.start == first


def test_without_an_intruder_there_is_none() -> None:
    found = look(a_life())
    assert found.findings.window is None
    assert not found.findings.compromised


def test_what_is_only_doubtful_opens_none() -> None:
    may_be_hers = changed(HIS, user_agent=PHONE.user_agent)
    found = look(a_life().visit(may_be_hers, session="x").order("300", address="elsewhere"))
    assert actor(found, "x") is Actor.UNKNOWN
    assert found.findings.window is None


def test_attempts_and_asking_for_a_link_open_none() -> None:
    log = a_life().by(INTRUDER).failed(40).reset()
    assert look(log).findings.window is None


def test_attempts_that_led_in_do_not_move_its_start() -> None:
    log = a_life().by(INTRUDER).failed(5)
    taken_over(log)
    window = look(log).findings.window
    assert window is not None
    assert window.start == next(e.time for e in log.events if e.data.client.session == "x")


def test_it_is_open_until_the_account_is_contained() -> None:
    window = found_of(taken_over()).window
    assert window is not None
    assert window.end is None


def test_it_is_over_with_his_last_act_once_contained() -> None:
    log = taken_over()
    window = found_of(log, timedelta(minutes=1)).window
    assert window is not None
    assert window.end == log.events[-1].time


def test_it_is_open_again_when_he_acts_after_containment() -> None:
    window = found_of(taken_over(), -timedelta(minutes=1)).window
    assert window is not None
    assert window.end is None


def test_her_own_acts_after_his_last_do_not_lengthen_it() -> None:
    log = taken_over()
    last = log.events[-1].time
    window = found_of(log.visit(PHONE, at=log.at + DAY).viewed("orders"), timedelta(minutes=1)).window
    assert window is not None
    assert window.end == last


def test_what_the_shop_did_about_his_order_days_later_does_not_lengthen_it() -> None:
    log = taken_over()
    last = log.events[-1].time
    log.add(EventType.ORDER_SHIPPED, OrderStep(order="200", actor=Who.SYSTEM), at=log.at + 3 * DAY)
    window = found_of(log, timedelta(minutes=1)).window
    assert window is not None
    assert window.end == last


def test_contact_points_that_stood_before_are_trusted() -> None:
    assert trusted(taken_over()) == {"hanako@example.jp", "+819012345678"}


def test_what_he_set_is_not_trusted() -> None:
    assert "x@example.net" not in trusted(taken_over())


@pytest.mark.parametrize("who", [PHONE, Who.STAFF], ids=["by her", "by staff"])
def test_what_was_set_inside_the_window_by_whomever_is_not_trusted(who: object) -> None:
    log = taken_over()
    log.by(changed(PHONE, session="n") if who is PHONE else Who.STAFF).at += timedelta(hours=2)
    assert "+810000" not in trusted(log.field("phone", "+819012345678", "+810000"))


def test_a_contact_that_was_changed_less_than_a_week_before_is_still_trusted() -> None:
    log = a_life()
    log.by(changed(PHONE, session="n")).at = EVENING - 3 * DAY
    log.field("phone", "+819012345678", "+818000")
    log.at = EVENING
    assert {"+819012345678", "+818000"} <= trusted(taken_over(log))


def test_a_contact_that_was_changed_longer_before_is_not() -> None:
    log = a_life()
    log.by(changed(PHONE, session="n")).at = EVENING - 9 * DAY
    log.field("phone", "+819012345678", "+818000")
    log.at = EVENING
    standing = trusted(taken_over(log))
    assert "+818000" in standing
    assert "+819012345678" not in standing


def test_a_sleepers_window_takes_trust_from_what_was_set_since_his_first_visit() -> None:
    log = a_life(until=EVENING - 25 * DAY)
    log.visit(HIS, at=EVENING - 24 * DAY, session="quiet0").viewed("orders")
    log.visit(PHONE, at=EVENING - 20 * DAY).field("phone", "+819012345678", "+818000")
    loud(log.visit(HIS, at=EVENING, session="x"))
    found = look(log)
    assert actor(found, "quiet0") is Actor.INTRUDER
    assert "+818000" not in trusted(log)
    assert "+819012345678" in trusted(log)


def test_without_a_window_her_contact_points_of_today_are_trusted() -> None:
    assert trusted(a_life()) == {"hanako@example.jp", "+819012345678"}


def test_what_a_doubtful_visit_set_is_not_trusted() -> None:
    log = a_life().visit(HIS, session="x").field("phone", "+819012345678", "+818000")
    assert actor(look(log), "x") is not Actor.OWNER
    assert "+818000" not in trusted(log)
    assert "+819012345678" in trusted(log)
