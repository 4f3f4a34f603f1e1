"""What looks like a takeover and is none? One honest turn in a life after a year of history; each is the owner's."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from takeback.core.events import Client
from takeback.core.investigate.findings import Actor
from takeback.core.investigation import Investigation
from tests.core.making import COMPUTER, DAY, EVENING, PHONE, Log, a_life, actors, changed, look, on_the_way

HOURS = timedelta(hours=1)
NEW_PHONE = changed(PHONE, device="new phone", user_agent="Safari/700 iPhone")
PARTNER = changed(PHONE, device="partner", user_agent="Chrome/130 Android")


def owner_throughout(found: Investigation) -> bool:
    """Nothing was taken for anybody else's, nobody is asked, and there is no window."""
    return actors(found) == {Actor.OWNER} and found.findings.window is None and not found.plan.questions


@pytest.mark.parametrize("browser", ["Safari/700 iPhone", "Chrome/130 iPhone"], ids=["a newer one", "another one"])
def test_a_browser_update_is_hers(browser: str) -> None:
    log = a_life().visit(changed(PHONE, user_agent=browser)).viewed("cards").order("1", address="friend")
    assert owner_throughout(look(log))


def test_a_carrier_pool_that_changes_the_address_in_the_middle_is_hers() -> None:
    log = a_life().visit(on_the_way(301))
    for visit in range(302, 306):
        log.by(changed(on_the_way(visit), session=log.client.session)).viewed("orders")
    assert owner_throughout(look(log.order("1")))


def test_a_holiday_with_her_own_phone_is_hers() -> None:
    log = a_life()
    for day in range(7):
        hotel = changed(PHONE, ip=f"192.0.2.{day + 1}", asn=3215, country="FR")
        log.visit(hotel, at=EVENING + day * DAY - 7 * HOURS).viewed("orders")
    assert owner_throughout(look(log.order("1", address="hotel")))


@pytest.mark.parametrize("client", [PHONE, on_the_way(300)], ids=["at home", "on the way"])
def test_a_forgotten_password_is_hers(client: Client) -> None:
    log = a_life().by(client).failed(5).reset().visit(client).field("password", UNSET, UNSET).viewed("cards")
    assert owner_throughout(look(log.order("1")))


def test_a_new_phone_at_home_is_hers() -> None:
    assert owner_throughout(look(a_life().visit(NEW_PHONE).viewed("cards").viewed("addresses").order("1")))


def test_a_new_phone_on_the_way_that_was_at_home_before_is_hers() -> None:
    log = a_life()
    for day in range(6):
        log.visit(NEW_PHONE, at=EVENING + 2 * day * DAY).viewed("orders")
        log.visit(changed(on_the_way(300 + day), device="new phone"), at=log.at + 5 * HOURS).viewed("orders")
    assert owner_throughout(look(log.order("1")))


def test_a_household_members_own_phone_at_home_is_hers() -> None:
    log = a_life().visit(PARTNER).viewed("addresses").item("addresses", "a2", None, {"city": "Kobe"})
    assert owner_throughout(look(log.order("1", address="a2")))


def test_a_household_members_way_to_work_is_hers_once_the_phone_was_at_home() -> None:
    log = a_life()
    for day in range(8):
        log.visit(PARTNER, at=EVENING + 3 * day * DAY).viewed("orders")
    away = changed(PARTNER, ip="192.0.2.9", asn=17676)
    assert owner_throughout(look(log.visit(away, at=log.at + DAY).viewed("orders").order("1")))


def test_a_house_move_is_hers() -> None:
    log = a_life()
    line = changed(PHONE, ip="192.0.2.55", asn=4713)
    log.visit(line).item("addresses", "a2", None, {"city": "Kobe"}).order("1", address="a2")
    for visit in range(1, 9):
        log.visit(line, at=EVENING + 3 * visit * DAY).viewed("orders").order(f"1{visit}", address="a2")
    assert owner_throughout(look(log))


@pytest.mark.parametrize("country", ["JP", "NL"])
def test_a_vpn_habit_on_her_own_phone_is_hers(country: str) -> None:
    log = a_life()
    for visit in range(10):
        exit_ = changed(PHONE, ip=f"192.0.2.{visit + 1}", asn=9009, country=country)
        log.visit(exit_, at=EVENING + 3 * visit * DAY).viewed("orders")
    assert owner_throughout(look(log.viewed("cards").order("1")))


@pytest.mark.parametrize("hours", [0, -8], ids=["second home", "office"])
def test_her_own_computer_on_a_second_network_is_hers(hours: int) -> None:
    log = a_life(lambda _: PHONE, lambda _: COMPUTER, on_the_way)
    for visit in range(10):
        second = changed(COMPUTER, ip="192.0.2.9", asn=4713)
        log.visit(second, at=EVENING + 2 * visit * DAY + hours * HOURS).viewed("orders")
    assert owner_throughout(look(log.order("1")))


def test_an_office_computer_that_was_never_at_home_is_a_question_at_the_worst() -> None:
    log = a_life()
    for visit in range(10):
        office = changed(COMPUTER, ip="192.0.2.9", asn=4713)
        log.visit(office, at=EVENING + 2 * visit * DAY - 8 * HOURS).viewed("orders")
    assert Actor.INTRUDER not in actors(look(log.order("1")))


@pytest.mark.parametrize("client", [PHONE, on_the_way(300)], ids=["at home", "on the way"])
def test_a_gift_season_is_hers(client: Client) -> None:
    log = a_life().visit(client)
    for gift in range(8):
        log.item("addresses", f"a{gift}", None, {"city": gift}).order(f"1{gift}", address=f"a{gift}")
    assert owner_throughout(look(log.order("card", digital=True)))


def test_a_changed_telephone_number_is_hers() -> None:
    log = a_life().visit(on_the_way(300)).field("phone", "+819012345678", "+819087654321")
    assert owner_throughout(look(log))


def test_an_order_at_four_in_the_morning_is_hers() -> None:
    log = a_life().visit(PHONE, at=EVENING + 8 * HOURS).order("1", address="friend", digital=True)
    assert owner_throughout(look(log))


def test_a_log_without_devices_networks_or_countries_leaves_these_turns_hers_too() -> None:
    def bare(visit: int) -> Client:
        return Client(ip=on_the_way(visit).ip if visit % 2 else PHONE.ip, user_agent="Safari/604 iPhone")

    log: Log = a_life(bare).visit(changed(bare(0), user_agent="Safari/700 iPhone")).viewed("cards")
    assert owner_throughout(look(log.visit(bare(301), at=EVENING + DAY).order("1")))


CLIENTS = {
    "at home": PHONE,
    "on the way": on_the_way(300),
    "new phone at home": NEW_PHONE,
    "partner at home": PARTNER,
    "hotel": changed(PHONE, ip="192.0.2.1", asn=3215, country="FR"),
}
DAYS = st.lists(st.tuples(st.integers(0, 90), st.sampled_from(sorted(CLIENTS))), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_whatever_mixture_of_these_visits_makes_no_intruder(visits: list[tuple[int, str]]) -> None:
    log = a_life(days=180)
    for number, (day, name) in enumerate(sorted(visits)):
        log.visit(CLIENTS[name], at=EVENING + day * DAY + number * timedelta(minutes=20)).viewed("orders")
    assert Actor.INTRUDER not in actors(look(log))


@settings(max_examples=40, deadline=None)
@given(DAYS, st.integers(1, 170))
def test_one_more_ordinary_visit_at_home_turns_nothing_of_hers_into_an_intruders(
    visits: list[tuple[int, str]], before: int
) -> None:
    log = a_life(days=180)
    for number, (day, name) in enumerate(sorted(visits)):
        log.visit(CLIENTS[name], at=EVENING + day * DAY + number * timedelta(minutes=20)).viewed("orders")
    hers = {s.strand for s in look(log).findings.sessions if s.actor is Actor.OWNER}
    end = log.at
    log.visit(PHONE, at=EVENING - before * DAY + 5 * HOURS, session="more").viewed("orders")
    after = look(log, now=end + HOURS)
    assert not [s for s in after.findings.sessions if s.strand in hers and s.actor is Actor.INTRUDER]
