"""Who did what? One kind of evidence a sentence."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.events import BalanceChanged, Client, EventType, Money, OrderStep, SignInFailed, Who
from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Actor
from takeback.core.investigation import Investigation, investigate
from tests.core.making import INTRUDER, NIGHT, NOW, OWNER, Log


def look(log: Log, *words: Word) -> Investigation:
    return investigate("42", log.events, now=NOW, words=words)


def actor(investigation: Investigation, session: str) -> Actor:
    return next(s.actor for s in investigation.findings.sessions if s.session == session)


def reasons(investigation: Investigation, session: str) -> dict[str, float]:
    found = next(s for s in investigation.findings.sessions if s.session == session)
    return {reason.key: reason.weight for reason in found.reasons}


def changed(client: Client, **values: object) -> Client:
    return Client(**{**{name: getattr(client, name) for name in client.__struct_fields__}, **values})


def night(log: Log) -> Log:
    log.by(INTRUDER).sign_in().viewed("cards").field("email", "hanako@example.jp", "x@example.net")
    for order in range(5):
        log.order(f"{200 + order}", address="elsewhere")
    return log


def test_the_night_is_the_intruders() -> None:
    found = look(night(Log().a_year()))
    assert actor(found, "x") is Actor.INTRUDER
    assert {s.actor for s in found.findings.sessions if s.session != "x"} == {Actor.OWNER}


def test_a_year_of_an_ordinary_customer_is_hers() -> None:
    found = look(Log().a_year())
    assert not found.findings.compromised
    assert {s.actor for s in found.findings.sessions} == {Actor.OWNER}
    assert found.plan.empty


@pytest.mark.parametrize(
    "client",
    [
        changed(OWNER, session="n", device="new phone"),
        changed(OWNER, session="n", ip="192.0.2.9", asn=4713),
        changed(OWNER, session="n", country="FR", ip="192.0.2.9", asn=3215),
        changed(OWNER, session="n", user_agent="Mozilla/5.0 Firefox/131 Windows", device="new computer"),
    ],
    ids=["a new phone at home", "another network", "a holiday with her own phone", "a new computer at home"],
)
def test_what_owners_do_stays_the_owners(client: Client) -> None:
    assert actor(look(Log().a_year().by(client).sign_in().order("300")), "n") is Actor.OWNER


def test_a_new_account_is_not_suspicious_for_having_no_past() -> None:
    assert actor(look(Log().by(OWNER).sign_in().order("1")), "o") is Actor.OWNER


NEW_HERE = changed(INTRUDER, country="JP", user_agent=OWNER.user_agent)  # a new device on a new line, and no more


def test_a_new_device_on_a_new_line_that_only_looked_is_a_question() -> None:
    found = look(Log().a_year().by(NEW_HERE).sign_in().viewed("cards"))
    assert actor(found, "x") is Actor.UNKNOWN
    assert [question.why for question in found.plan.questions] == ["actor.unknown"]


def test_somebody_abroad_on_a_new_device_who_only_looked_is_not_taken_for_her() -> None:
    assert actor(look(Log().a_year().by(INTRUDER).sign_in().viewed("cards")), "x") is not Actor.OWNER


def test_her_word_decides_where_the_evidence_does_not() -> None:
    log = Log().a_year().by(NEW_HERE).sign_in().viewed("cards")
    assert actor(look(log, Word("session", "x", mine=False)), "x") is Actor.INTRUDER
    assert actor(look(log, Word("session", "x", mine=True)), "x") is Actor.OWNER


def test_a_word_about_an_order_speaks_of_its_session() -> None:
    log = Log().a_year().by(NEW_HERE).sign_in().order("300", address="elsewhere")
    assert actor(look(log), "x") is Actor.UNKNOWN
    found = look(log, Word("order", "300", mine=False))
    assert actor(found, "x") is Actor.INTRUDER
    assert reasons(found, "x")["said.not_mine"] > 0


def test_her_word_against_strong_evidence_is_a_question() -> None:
    log = Log().a_year()
    found = look(log, Word("session", "o11", mine=False))
    assert actor(found, "o11") is Actor.UNKNOWN
    assert not found.plan.undoing
    found = look(night(Log().a_year()), Word("order", "201", mine=True))
    mine = next(
        e.id for e in night(Log().a_year()).events if getattr(getattr(e.data, "order", None), "id", "") == "201"
    )
    assert found.findings.events[mine] is Actor.UNKNOWN


def test_her_word_on_one_order_asks_about_that_order_and_leaves_the_rest_of_the_plan() -> None:
    before, after = look(night(Log().a_year())), look(night(Log().a_year()), Word("order", "201", mine=True))
    assert actor(after, "x") is Actor.INTRUDER
    cancelled = {act.args.get("order") for act in before.plan.undoing} - {
        act.args.get("order") for act in after.plan.undoing
    }
    assert cancelled == {"201"}
    assert [question.why for question in after.plan.questions] == ["actor.unknown"]


def test_a_passed_second_factor_speaks_for_the_owner() -> None:
    log = Log().a_year().by(INTRUDER).sign_in(second_factor="totp")
    assert reasons(look(log), "x")["sign_in.second_factor"] < 0


def test_failed_attempts_join_the_sign_in_that_they_led_to() -> None:
    log = Log().a_year()
    loose = changed(INTRUDER, session=None)
    for _ in range(4):
        log.add(EventType.SIGN_IN_FAILED, SignInFailed(reason="bad_password", client=loose))
    log.by(INTRUDER).sign_in()
    assert "sign_in.after_failures" in reasons(look(log), "x")


def test_failed_attempts_alone_take_nothing_over() -> None:
    log = Log().a_year()
    for _ in range(50):
        log.add(EventType.SIGN_IN_FAILED, SignInFailed(reason="bad_password", client=changed(INTRUDER, session=None)))
    assert not look(log).findings.compromised


def test_a_second_session_on_the_intruders_device_is_his() -> None:
    log = night(Log().a_year())
    log.at += timedelta(hours=5)
    again = changed(INTRUDER, session="x2", country="JP", ip="192.0.2.77", asn=4713)
    found = look(log.by(again).sign_in().viewed("orders"))
    assert actor(found, "x2") is Actor.INTRUDER
    assert "device.of_intruder" in reasons(found, "x2")


def test_a_session_with_the_credential_that_the_intruder_added_is_his() -> None:
    log = night(Log().a_year()).item("passkeys", "pk9", None, {"name": "key"})
    log.at += timedelta(hours=5)
    other = Client(session="y", device="d-y", country="JP")
    found = look(log.by(other).sign_in(credential="pk9"))
    assert actor(found, "y") is Actor.INTRUDER
    assert "credential.of_intruder" in reasons(found, "y")


def test_an_intruder_cannot_teach_his_ways_by_coming_often() -> None:
    log = Log().a_year()
    for visit in range(40):
        log.at = NIGHT - timedelta(days=40 - visit)
        log.by(changed(INTRUDER, session=f"x{visit}")).sign_in().viewed("cards")
    log.at = NIGHT
    found = look(night(log))
    assert actor(found, "x") is Actor.INTRUDER
    assert "device.known" not in reasons(found, "x")


def test_what_the_shop_did_about_an_order_follows_whoever_placed_it() -> None:
    log = night(Log().a_year()).by(Who.SYSTEM).step(EventType.ORDER_SHIPPED, "200").balance(50, order="201")
    found = look(log)
    assert [found.findings.events[event.id] for event in log.events[-2:]] == [Actor.INTRUDER] * 2


def test_staff_are_neither_owner_nor_intruder() -> None:
    log = night(Log().a_year()).by(Who.STAFF).field("name", "花子", "花 子")
    found = look(log)
    assert log.events[-1].id not in found.findings.events


def test_the_window_opens_with_his_first_act_and_stays_open() -> None:
    log = night(Log().a_year())
    first = next(event for event in log.events if event.data.client.session == "x")
    window = look(log).findings.window
    assert window.start == first.time
    assert window.end is None


def test_reasons_come_in_order_of_weight() -> None:
    found = look(night(Log().a_year()))
    weights = [abs(reason.weight) for s in found.findings.sessions for reason in s.reasons if s.session == "x"]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) > 4


def test_events_after_the_time_asked_for_are_left_out() -> None:
    log = night(Log().a_year())
    assert not investigate("42", log.events, now=NIGHT).findings.compromised


def test_another_service_visited_from_the_intruders_address_that_day_is_his() -> None:
    log = night(Log().a_year())
    film = Client(session="film", device="d-film", ip=INTRUDER.ip, user_agent="Chrome Linux", country="NL", asn=64500)
    found = look(log.by(film).sign_in())
    assert "address.of_intruder" in reasons(found, "film")
    assert actor(found, "film") is Actor.INTRUDER


def test_the_intruders_address_does_not_link_months_later() -> None:
    log = night(Log().a_year())
    log.at += timedelta(days=60)
    film = Client(session="film", device="d-film", ip=INTRUDER.ip, user_agent="Chrome Linux", country="NL", asn=64500)
    found = investigate("42", log.by(film).sign_in().events, now=NOW + timedelta(days=90))
    assert "address.of_intruder" not in reasons(found, "film")


def test_an_intruder_behind_the_owners_own_network_does_not_taint_her_other_sessions() -> None:
    log = Log().a_year()
    inside = changed(INTRUDER, ip=OWNER.ip, asn=OWNER.asn, country="JP")
    log.by(inside).sign_in().viewed("cards").field("email", "hanako@example.jp", "x@example.net")
    for order in range(5):
        log.order(f"{200 + order}", address="elsewhere")
    found = look(log.by(changed(OWNER, session="evening")).sign_in(), Word("order", "200", mine=False))
    assert actor(found, "x") is not Actor.OWNER
    assert actor(found, "evening") is Actor.OWNER


def test_what_a_shop_tells_without_saying_who_is_the_shops_own_act() -> None:
    log = night(Log().a_year())
    log.add(EventType.ORDER_SHIPPED, OrderStep(order="200"))
    log.add(EventType.BALANCE_CHANGED, BalanceChanged(balance="points", change=Money("50", "JPY"), order="201"))
    found = look(log)
    assert [found.findings.events[event.id] for event in log.events[-2:]] == [Actor.INTRUDER] * 2
    assert not [s for s in found.findings.sessions if s.session.startswith("~")]


@given(st.randoms(use_true_random=False), st.integers(0, 20))
def test_neither_the_order_of_arrival_nor_repeats_matter(chance: Random, repeated: int) -> None:
    log = night(Log().a_year())
    found = look(log)
    log.events.extend(chance.choices(log.events, k=repeated))
    chance.shuffle(log.events)
    assert look(log) == found
