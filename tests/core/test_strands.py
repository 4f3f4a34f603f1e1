"""Which events are one client's? A session id is not an actor, and an event may have none."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.events import Client, EventType, Mark, OrderStep, Who
from takeback.core.investigate.findings import Actor
from takeback.core.investigate.strands import Strand, strands
from tests.core.making import EVENING, INTRUDER, PHONE, Log, a_life, actor, changed, look, loud, on_the_way

HERS = changed(PHONE, session="s")
MINUTE = timedelta(minutes=1)


def seen(*clients: Client) -> Log:
    """A log in which each client looks at something, a minute after the other."""
    log = Log()
    for client in clients:
        log.by(client).viewed("orders")
    return log


def cut(log: Log) -> list[Strand]:
    return strands(log.events)[0]


def shares(log: Log) -> list[list[str]]:
    """The ids of the events of each strand."""
    return [[event.id for event in strand.all] for strand in cut(log)]


@pytest.mark.parametrize(
    "thief",
    [
        {"device": "other"},
        {"user_agent": "Chrome/130 Windows"},
        {"asn": 64500, "ip": "198.51.100.7"},
        {"asn": None, "ip": "198.51.100.7"},
    ],
    ids=["device", "browser", "network", "address block where no network is told"],
)
def test_another_client_in_the_same_session_is_a_strand_of_its_own(thief: dict[str, object]) -> None:
    assert shares(seen(HERS, HERS, changed(HERS, **thief))) == [["e0", "e1"], ["e2"]]


def test_who_comes_back_joins_the_earlier_strand() -> None:
    thief = changed(INTRUDER, session="s")
    assert shares(seen(HERS, thief, HERS, thief, thief)) == [["e0", "e2"], ["e1", "e3", "e4"]]


def test_a_strand_knows_how_often_another_client_came_between() -> None:
    hers, his = cut(seen(HERS, changed(INTRUDER, session="s"), HERS))
    assert hers.switches == his.switches == 1


@pytest.mark.parametrize("missing", ["device", "ip", "user_agent", "country", "asn"])
def test_a_missing_value_cuts_nothing(missing: str) -> None:
    assert len(cut(seen(HERS, changed(HERS, **{missing: None}), HERS))) == 1


def test_a_newer_version_of_the_browser_cuts_nothing() -> None:
    one, other = "Safari/604 iPhone", "Safari/700 iPhone"
    assert len(cut(seen(changed(HERS, user_agent=one), changed(HERS, user_agent=other)))) == 1


def test_another_address_in_the_same_network_cuts_nothing() -> None:
    assert len(cut(seen(*(changed(on_the_way(visit), session="s") for visit in range(5))))) == 1


def test_an_ipv6_address_that_changes_within_its_block_cuts_nothing() -> None:
    one, other = (changed(HERS, asn=None, ip=f"2001:db8:1:{part}::1") for part in (1, 2))
    assert len(cut(seen(one, other))) == 1


def test_a_strand_on_another_device_says_so_and_one_on_another_line_does_not() -> None:
    _, device = cut(seen(HERS, changed(HERS, device="other")))
    _, line = cut(seen(HERS, changed(HERS, asn=64500, ip="198.51.100.7")))
    assert device.elsewhere
    assert not line.elsewhere


def test_the_strands_of_one_session_have_names_of_their_own() -> None:
    names = [strand.name for strand in cut(seen(HERS, changed(INTRUDER, session="s"), changed(HERS, device="third")))]
    assert names[0] == "s"
    assert len(set(names)) == 3
    assert {strand.session for strand in cut(seen(HERS, changed(INTRUDER, session="s")))} == {"s"}


def test_events_without_a_session_are_gathered_by_client_within_half_an_hour() -> None:
    loose = changed(HERS, session=None)
    log = seen(loose, changed(INTRUDER, session=None), loose)
    log.at += timedelta(minutes=28)
    log.by(loose).viewed()
    assert shares(log) == [["e0", "e2", "e3"], ["e1"]]


def test_events_without_a_session_are_another_visit_after_half_an_hour() -> None:
    log = seen(changed(HERS, session=None))
    log.at += timedelta(minutes=40)
    assert len(cut(log.viewed())) == 2


def test_a_session_id_that_rotates_gives_strands_that_are_hers_all_the_same() -> None:
    log = a_life()
    for part in range(4):
        log.by(changed(PHONE, session=f"part{part}")).viewed("orders")
    found = look(log)
    assert {actor(found, f"part{part}") for part in range(4)} == {Actor.OWNER}


def test_a_session_id_that_rotates_leaves_the_intruder_his_device() -> None:
    log = loud(a_life().visit(INTRUDER, session="x1"))
    found = look(log.by(changed(INTRUDER, session="x2")).viewed("orders"))
    assert actor(found, "x2") is Actor.INTRUDER


@pytest.mark.parametrize("who", [Who.STAFF, Who.SYSTEM])
def test_staff_and_the_system_are_in_no_strand(who: Who) -> None:
    log = seen(HERS).by(who).field("phone", "+811", "+812")
    assert shares(log) == [["e0"]]


def test_what_takeback_did_is_in_no_strand() -> None:
    log = seen(HERS).field("email", "x@example.net", "hanako@example.jp", mark=Mark("a1", "restore_field"))
    assert shares(log) == [["e0"]]


def test_what_only_a_shop_does_is_in_no_strand_unless_a_client_is_told() -> None:
    log = seen(HERS)
    log.add(EventType.ORDER_CANCELLED, OrderStep(order="1"))
    log.add(EventType.ORDER_CANCELLED, OrderStep(order="2", client=HERS))
    assert shares(log) == [["e0", "e2"]]


def test_failed_attempts_join_the_sign_in_that_they_led_to() -> None:
    log = Log().by(INTRUDER).failed(3).visit(INTRUDER, session="x")
    (strand,) = cut(log)
    assert [event.id for event in strand.attempts] == ["e0", "e1", "e2"]
    assert strand.start == log.events[0].time
    assert strand.first.id == "e3"


@pytest.mark.parametrize(
    ("client", "later"),
    [(changed(INTRUDER, ip="192.0.2.1", device="other"), MINUTE), (INTRUDER, timedelta(hours=2))],
    ids=["from another place", "two hours before"],
)
def test_failed_attempts_that_led_to_nothing_stay_alone(client: Client, later: timedelta) -> None:
    log = Log().by(client).failed(2)
    log.visit(INTRUDER, at=log.at + later, session="x")
    assert sorted(map(len, shares(log))) == [1, 2]


def test_failed_attempts_of_a_stranger_do_not_join_the_owners_sign_in() -> None:
    log = Log().by(INTRUDER).failed(2).visit(PHONE, session="s")
    hers = next(strand for strand in cut(log) if strand.session == "s")
    assert not hers.attempts


def test_events_that_tell_no_client_at_all_are_gathered_too() -> None:
    assert shares(seen(Client(), Client())) == [["e0", "e1"]]


def test_events_that_tell_no_client_do_not_join_one_that_is_told() -> None:
    assert len(cut(seen(changed(HERS, session=None), Client()))) == 2


def test_a_stolen_cookie_gives_two_findings_each_with_its_own_events() -> None:
    log = a_life().visit(PHONE, session="s").viewed("orders")
    hers = log.events[-1].id
    found = look(loud(log.by(changed(INTRUDER, session="s"))))
    of_s = {finding.actor: finding for finding in found.findings.sessions if finding.session == "s"}
    assert set(of_s) == {Actor.OWNER, Actor.INTRUDER}
    assert hers in of_s[Actor.OWNER].events
    assert log.events[-1].id in of_s[Actor.INTRUDER].events
    assert of_s[Actor.OWNER].strand != of_s[Actor.INTRUDER].strand


def test_the_thief_of_a_cookie_with_her_device_and_browser_is_found_by_his_network() -> None:
    thief = changed(PHONE, session="s", ip="198.51.100.7", asn=64500, country="NL")
    log = loud(a_life().visit(PHONE, session="s").by(thief))
    log.by(changed(PHONE, session="s")).viewed("orders")
    found = look(log)
    assert found.findings.events[log.events[-1].id] is Actor.OWNER
    assert found.findings.events[log.events[-3].id] is not Actor.OWNER


def test_a_sessions_clients_that_are_all_hers_are_one_finding() -> None:
    log = a_life().visit(PHONE, session="s").viewed("orders")
    log.by(changed(on_the_way(300), session="s")).viewed("orders")
    (finding,) = (finding for finding in look(log).findings.sessions if finding.session == "s")
    assert finding.actor is Actor.OWNER
    assert [event.id for event in log.events[-3:]] == list(finding.events)


CLIENTS = st.sampled_from(
    [HERS, changed(HERS, session=None), changed(INTRUDER, session="s"), INTRUDER, changed(PHONE, session="t"), Client()]
)


@given(st.lists(CLIENTS, min_size=1, max_size=30))
def test_every_event_of_the_customers_is_in_exactly_one_strand(clients: list[Client]) -> None:
    log = seen(*clients)
    assert sorted(name for share in shares(log) for name in share) == sorted(event.id for event in log.events)


@given(st.lists(CLIENTS, min_size=1, max_size=30))
def test_strands_come_in_order_of_time_and_so_do_their_events(clients: list[Client]) -> None:
    found = cut(seen(*clients))
    assert [strand.start for strand in found] == sorted(strand.start for strand in found)
    for strand in found:
        assert [event.time for event in strand.all] == sorted(event.time for event in strand.all)


def test_the_order_of_arrival_does_not_matter() -> None:
    log = loud(a_life(days=60, until=EVENING).visit(INTRUDER, session="x"))
    there = look(log).findings
    log.events.reverse()
    assert look(log).findings == there
