"""Can an intruder teach the machine that he is the owner? Quiet visits for weeks, then the loud night.

And the other way round: does what is really the owner's, and new, become hers with use?
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from takeback.core.events import Client
from takeback.core.investigate.findings import Actor
from tests.core.making import DAY, EVENING, PHONE, Log, a_life, actor, actors, changed, look, loud, on_the_way, reasons

Comes = Callable[[int], Client]
VISITS = ((3, 4), (6, 4), (12, 3), (12, 7))  # how many quiet ones, and the days between


def own_line(_: int) -> Client:
    return Client(device="his", ip="192.0.2.77", user_agent="Chrome/130 Windows", country="JP", asn=4713)


def own_pool(visit: int) -> Client:
    return changed(own_line(visit), ip=f"192.0.{visit + 2}.77")


def her_carrier(visit: int) -> Client:
    pool = f"198.18.{visit * 13 % 200}.77"
    return Client(device="his", ip=pool, user_agent="Chrome/130 Android", country="JP", asn=9605)


def her_carrier_and_browser(visit: int) -> Client:
    return changed(her_carrier(visit), user_agent=PHONE.user_agent)


def her_block_and_browser(visit: int) -> Client:
    neighbour = str(on_the_way(1).ip).rsplit(".", 1)[0] + ".9"
    return changed(her_carrier(visit), user_agent=PHONE.user_agent, ip=neighbour)


def untold(comes: Comes) -> Comes:
    return lambda visit: changed(comes(visit), device=None)


def slept(comes: Comes, visits: int, days: int, life: Callable[..., Log] = a_life) -> Log:
    """Her year, then weeks in which she comes and he comes quietly, then his loud night (session "loud")."""
    log = life(until=EVENING - (visits * days + 1) * DAY)
    for visit in range(visits):
        at = EVENING - (visits - visit) * days * DAY
        log.visit(PHONE, at=at - timedelta(hours=20), session=f"hers{visit}").viewed("orders")
        log.visit(comes(visit), at=at + timedelta(minutes=7 * visit), session=f"quiet{visit}").viewed("orders")
    return loud(log.visit(comes(visits), at=EVENING, session="loud"))


@pytest.mark.parametrize(("visits", "days"), VISITS)
@pytest.mark.parametrize("comes", [own_line, own_pool, her_carrier])
def test_a_sleepers_loud_night_is_his_however_often_he_came_quietly(comes: Comes, visits: int, days: int) -> None:
    found = look(slept(comes, visits, days))
    assert actor(found, "loud") is Actor.INTRUDER
    assert "device.known" not in reasons(found, "loud")


@pytest.mark.parametrize(("visits", "days"), VISITS)
@pytest.mark.parametrize("comes", [her_carrier_and_browser, her_block_and_browser])
def test_behind_her_carrier_with_her_browser_he_is_asked_about_at_the_least(
    comes: Comes, visits: int, days: int
) -> None:
    found = look(slept(comes, visits, days))
    assert actor(found, "loud") is not Actor.OWNER
    assert "device.known" not in reasons(found, "loud")


@pytest.mark.parametrize(("visits", "days"), VISITS)
@pytest.mark.parametrize("comes", [own_line, own_pool, her_carrier, her_carrier_and_browser])
def test_his_quiet_visits_are_not_taken_for_hers(comes: Comes, visits: int, days: int) -> None:
    found = look(slept(comes, visits, days))
    assert {actor(found, f"quiet{visit}") for visit in range(visits)} <= {Actor.INTRUDER, Actor.UNKNOWN}


@pytest.mark.parametrize(("visits", "days"), VISITS)
def test_where_no_device_is_told_his_loud_night_on_his_line_is_his_too(visits: int, days: int) -> None:
    found = look(slept(untold(own_line), visits, days))
    assert actor(found, "loud") is Actor.INTRUDER
    assert "network.known" not in reasons(found, "loud")
    assert Actor.OWNER not in {actor(found, f"quiet{visit}") for visit in range(visits)}


@pytest.mark.parametrize(("visits", "days"), VISITS)
def test_where_nothing_but_his_acts_tells_him_from_her_the_loud_night_is_a_question(visits: int, days: int) -> None:
    def shy(**more: object) -> Log:
        return a_life(lambda _: changed(PHONE, device=None), untold(on_the_way), **more)  # type: ignore[arg-type]

    found = look(slept(untold(her_carrier_and_browser), visits, days, shy))
    assert actor(found, "loud") is Actor.UNKNOWN
    assert {actor(found, f"h{visit}") for visit in range(100)} == {Actor.OWNER}  # she comes by the same browser


@pytest.mark.parametrize("comes", [own_line, own_pool, her_carrier, her_carrier_and_browser])
def test_her_own_visits_stay_hers_while_he_comes(comes: Comes) -> None:
    found = look(slept(comes, 6, 4))
    assert {actor(found, f"hers{visit}") for visit in range(6)} == {Actor.OWNER}


@pytest.mark.parametrize("comes", [own_line, own_pool])
def test_the_window_opens_with_a_sleepers_first_visit(comes: Comes) -> None:
    log = slept(comes, 3, 4)
    first = next(event for event in log.events if event.data.client.session == "quiet0")
    window = look(log).findings.window
    assert window is not None
    assert window.start == first.time


def test_a_passkey_that_he_added_himself_does_not_vouch_for_him() -> None:
    log = a_life(until=EVENING - 40 * DAY)
    log.visit(own_line(0), at=EVENING - 36 * DAY, session="quiet0").item("passkeys", "his", None, {"name": "key"})
    for visit in range(1, 9):
        log.by(changed(own_pool(visit), session=f"quiet{visit}")).at = EVENING - (36 - 4 * visit) * DAY
        log.sign_in(method="passkey", credential="his").viewed("orders")
    log.by(changed(own_line(9), session="loud")).at = EVENING
    found = look(loud(log.sign_in(method="passkey", credential="his")))
    assert actor(found, "loud") is Actor.INTRUDER


def test_her_new_phone_becomes_hers_with_use_at_home() -> None:
    log = a_life(until=EVENING - 30 * DAY)
    new = changed(PHONE, device="new")
    for visit in range(8):
        log.visit(new, at=EVENING - (30 - 3 * visit) * DAY, session=f"home{visit}").viewed("orders")
    abroad = changed(new, ip="192.0.2.9", asn=3215, country="FR")
    found = look(log.visit(abroad, at=EVENING, session="abroad").viewed("orders"))
    assert actor(found, "abroad") is Actor.OWNER
    assert reasons(found, "abroad")["device.known"] < 0
    assert actors(found) == {Actor.OWNER}


def test_a_phone_that_was_never_at_home_does_not_become_hers_by_quiet_use() -> None:
    log = a_life(until=EVENING - 30 * DAY)
    for visit in range(8):
        log.visit(own_line(visit), at=EVENING - (30 - 3 * visit) * DAY, session=f"far{visit}").viewed("orders")
    found = look(log.visit(own_line(8), at=EVENING, session="last").viewed("orders"))
    assert "device.known" not in reasons(found, "last")
