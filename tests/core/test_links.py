"""What do other strands say about one? What he brought is his elsewhere, what was at her home is hers."""

from datetime import timedelta

import pytest
from msgspec import UNSET

from takeback.core.events import Client, EventType
from takeback.core.investigate.findings import Actor
from tests.core.making import (
    DAY,
    EVENING,
    INTRUDER,
    PHONE,
    Log,
    a_life,
    actor,
    actors,
    changed,
    look,
    loud,
    on_the_way,
    reasons,
)

HOUR = timedelta(hours=1)
HIS = changed(INTRUDER, country="JP", ip="192.0.2.77", asn=4713)  # from another line in her country
FAMILY = changed(PHONE, device="family", user_agent="Chrome/130 Android")


def taken_over() -> Log:
    """Her year, and his loud night (session "x")."""
    return loud(a_life().visit(INTRUDER, session="x"))


def later(log: Log, client: Client, after: timedelta, **more: str) -> Log:
    """Another visit (session "n") so long after the last event."""
    log.by(changed(client, session="n")).at += after
    return log.sign_in(**more)


def test_his_device_makes_his_other_visits_his() -> None:
    elsewhere = changed(HIS, device=INTRUDER.device)
    found = look(later(taken_over(), elsewhere, 20 * DAY).viewed("orders"))
    assert reasons(found, "n")["device.of_intruder"] > 0
    assert actor(found, "n") is Actor.INTRUDER


def test_another_device_elsewhere_much_later_is_not_tied_to_him() -> None:
    found = look(later(taken_over(), changed(HIS, device="other"), 90 * DAY).viewed("orders"))
    tied = [key for key in reasons(found, "n") if key.endswith("intruder")]
    assert not tied


def test_the_passkey_that_he_added_makes_the_visits_with_it_his() -> None:
    log = taken_over().item("passkeys", "pk9", None, {"name": "key"})
    found = look(later(log, changed(HIS, device="other"), 30 * DAY, method="passkey", credential="pk9"))
    assert reasons(found, "n")["credential.of_intruder"] > 0
    assert actor(found, "n") is Actor.INTRUDER


def test_the_passkey_that_he_added_is_his_behind_her_own_line_too() -> None:
    log = taken_over().item("passkeys", "pk9", None, {"name": "key"})
    found = look(later(log, changed(PHONE, device="other"), 30 * DAY, credential="pk9"))
    assert reasons(found, "n")["credential.of_intruder"] > 0
    assert actor(found, "n") is not Actor.OWNER


def test_a_passkey_that_she_added_ties_nobody_to_him() -> None:
    log = a_life().visit(PHONE).item("passkeys", "pk1", None, {"name": "key"})
    log = loud(log.visit(INTRUDER, at=EVENING + 5 * DAY, session="x"))
    assert "credential.of_intruder" not in reasons(look(later(log, PHONE, DAY, credential="pk1")), "n")


def test_his_address_is_his_within_days_and_not_months_later() -> None:
    other = changed(INTRUDER, device="other", user_agent="Firefox/131 Windows")
    soon, late = (reasons(look(later(taken_over(), other, after)), "n") for after in (20 * HOUR, 90 * DAY))
    assert soon["address.of_intruder"] > 0
    assert "address.of_intruder" not in late


def test_where_no_device_is_told_his_browser_in_his_block_is_his_for_weeks() -> None:
    nameless = changed(INTRUDER, device=None)
    log = loud(a_life().visit(nameless, session="x"))
    found = look(later(log, changed(nameless, ip="198.51.100.99"), 20 * DAY).viewed("orders"))
    assert actor(found, "n") is Actor.INTRUDER


def test_his_quiet_visits_of_weeks_before_are_his() -> None:
    log = a_life(until=EVENING - 30 * DAY)
    for week in range(3):
        log.visit(HIS, at=EVENING - (28 - 7 * week) * DAY, session=f"quiet{week}").viewed("orders")
    found = look(loud(log.visit(HIS, at=EVENING, session="x")))
    assert {actor(found, f"quiet{week}") for week in range(3)} == {Actor.INTRUDER}
    assert reasons(found, "quiet0")["device.of_intruder"] > 0


@pytest.mark.parametrize("how", ["the field set back", "the order cancelled", "the address removed"])
def test_what_she_took_back_was_not_hers(how: str) -> None:
    log = a_life().visit(HIS, session="x").field("phone", "+811", "+812")
    log.item("addresses", "a2", None, {"city": "Kobe"}).order("1", address="a2")
    alone = reasons(look(log), "x")
    log.visit(PHONE, at=log.at + 5 * HOUR)
    if how == "the field set back":
        log.field("phone", "+812", "+811")
    elif how == "the order cancelled":
        log.step(EventType.ORDER_CANCELLED, "1")
    else:
        log.item("addresses", "a2", {"city": "Kobe"}, None)
    found = look(log)
    assert reasons(found, "x")["undone.by_owner"] > 0
    assert "undone.by_owner" not in alone


def test_another_value_set_later_takes_nothing_back() -> None:
    log = a_life().visit(HIS, session="x").field("phone", "+811", "+812")
    log.visit(PHONE, at=log.at + 5 * HOUR).field("phone", "+812", "+813")
    assert "undone.by_owner" not in reasons(look(log), "x")


def test_what_she_took_back_of_her_own_says_nothing_against_her() -> None:
    log = a_life().visit(PHONE).order("1").visit(PHONE, at=EVENING + DAY).step(EventType.ORDER_CANCELLED, "1")
    assert actors(look(log)) == {Actor.OWNER}


def test_what_stood_for_months_while_she_came_and_went_was_rather_hers() -> None:
    log = a_life().visit(HIS, session="x").item("addresses", "a2", None, {"city": "Kobe"}).order("1", address="a2")
    at_once = look(log)
    for visit in range(20):
        log.visit(PHONE, at=EVENING + (4 * visit + 1) * DAY).viewed("orders")
    stood = look(log)
    assert reasons(stood, "x")["stood.unchallenged"] < 0
    chance = [next(s.probability for s in found.findings.sessions if s.session == "x") for found in (at_once, stood)]
    assert chance[1] < chance[0]


def test_what_nobody_could_have_seen_is_not_vouched_for_by_time() -> None:
    log = a_life().visit(HIS, session="x").viewed("cards")
    for visit in range(20):
        log.visit(PHONE, at=EVENING + (4 * visit + 1) * DAY).viewed("orders")
    assert "stood.unchallenged" not in reasons(look(log), "x")


def test_a_stranger_within_hours_of_the_intruder_is_suspect() -> None:
    stranger = changed(HIS, device="other", user_agent="Firefox/131 Windows")
    soon = reasons(look(later(taken_over(), stranger, 3 * HOUR).viewed("orders")), "n")
    late = reasons(look(later(taken_over(), stranger, 60 * DAY).viewed("orders")), "n")
    assert soon["time.near_intruder"] > 0
    assert "time.near_intruder" not in late


@pytest.mark.parametrize("client", [PHONE, on_the_way(300)], ids=["at home", "on the way"])
def test_her_own_visit_within_the_hour_of_his_is_hers(client: Client) -> None:
    found = look(later(taken_over(), client, timedelta(minutes=5)).viewed("orders"))
    assert actor(found, "n") is Actor.OWNER


def test_a_wave_of_attempts_from_elsewhere_speaks_against_a_stranger_who_gets_in() -> None:
    quiet, wave = a_life(), a_life()
    for bot in range(12):
        wave.by(changed(INTRUDER, device=f"bot{bot}", ip=f"198.51.{bot}.7", asn=64500 + bot)).failed(2)
    few, many = (reasons(look(later(log, HIS, HOUR)), "n") for log in (quiet, wave))
    assert many["sign_in.in_a_wave"] > 0
    assert "sign_in.in_a_wave" not in few


def test_a_wave_of_attempts_does_not_speak_against_her() -> None:
    log = a_life()
    for bot in range(12):
        log.by(changed(INTRUDER, device=f"bot{bot}", ip=f"198.51.{bot}.7", asn=64500 + bot)).failed(2)
    assert actor(look(later(log, PHONE, HOUR)), "n") is Actor.OWNER


def test_a_device_that_is_seen_at_home_is_hers_elsewhere() -> None:
    log = a_life()
    away = changed(FAMILY, ip="192.0.2.9", asn=17676)
    found = look(log.visit(away, session="away").viewed("orders").visit(FAMILY, at=EVENING + DAY).viewed("orders"))
    assert reasons(found, "away")["device.hers_elsewhere"] < 0
    assert actor(found, "away") is Actor.OWNER


def test_that_a_device_was_at_home_does_not_excuse_a_loud_night() -> None:
    away = changed(FAMILY, ip="192.0.2.9", asn=17676)
    found = look(loud(a_life().visit(FAMILY).viewed("orders").visit(away, at=EVENING + DAY, session="x")))
    assert actor(found, "x") is not Actor.OWNER


def test_a_session_that_goes_on_from_another_line_is_continued() -> None:
    log = a_life().visit(PHONE, session="s").viewed("orders")
    found = look(log.by(changed(PHONE, session="s", ip="192.0.2.9", asn=17676)).viewed("orders"))
    assert {s.actor for s in found.findings.sessions if s.session == "s"} == {Actor.OWNER}


def test_a_session_on_another_device_is_shared() -> None:
    log = a_life().visit(PHONE, session="s").viewed("orders")
    found = look(loud(log.by(changed(INTRUDER, session="s"))))
    his = next(s for s in found.findings.sessions if s.session == "s" and s.actor is Actor.INTRUDER)
    assert "session.on_another_device" in {reason.key for reason in his.reasons}


def test_her_password_reset_after_the_intruder_is_hers() -> None:
    found = look(later(taken_over(), PHONE, 5 * HOUR).field("password", UNSET, UNSET))
    assert actor(found, "n") is Actor.OWNER
