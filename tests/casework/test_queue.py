"""Does the queue show what presses, without looking into everything again and again?"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from takeback.casework import callback, queue, undo
from takeback.casework.investigate import Inquiry
from takeback.casework.page import token_hash
from takeback.casework.ports import House
from takeback.casework.queue import Place
from takeback.core.case import Case, Language, Stage
from takeback.core.urgency import Pressing
from tests.casework.conftest import Town
from tests.casework.life import HERS, NOW, PASSWORD, bad_night, ordinary_days


@pytest.fixture
def case(town: Town) -> Case:
    """A case of the night."""
    found = town.report()
    assert found is not None
    return found


def only(town: Town) -> Place:
    (place,) = queue.queue(town.house)
    return place


def keys(place: Place) -> list[Pressing]:
    return [why.key for why in place.urgency.reasons]


def test_money_and_parcels_are_those_of_the_intruder_that_can_still_be_saved(town: Town, case: Case) -> None:
    place = only(town)
    assert place.case.id == case.id
    assert place.facts.money == Decimal(3 * 5980)
    assert place.facts.parcels == 2, "one has been shipped"
    town.prove(case)
    place = only(town)
    assert (place.facts.money, place.facts.parcels) == (Decimal(0), 0), "all were cancelled or called back"


def test_a_large_plan_waits_for_people_and_a_small_one_for_her(town: Town, case: Case) -> None:
    assert Pressing.APPROVAL not in keys(only(town)), "the standing rule approves it once she has proven herself"
    many_orders(town)
    town.tell()
    town.report("44")
    large = next(place for place in queue.queue(town.house) if place.case.account == "44")
    assert large.missing == "person"
    assert Pressing.APPROVAL in keys(large)
    undo.approve(town.house, large.case.id, str(large.case.plan_hash), by="sato", role="agent")
    large = next(place for place in queue.queue(town.house) if place.case.account == "44")
    assert Pressing.APPROVAL not in keys(large)
    assert case.stage is Stage.UNDO


def many_orders(town: Town) -> None:
    ordinary_days(town.shop, account="44", email="saburo@example.jp")
    bad_night(town.shop, account="44", orders=25)


def test_a_call_that_is_waited_for_is_a_reason(town: Town, case: Case) -> None:
    callback.ask(town.house, case, language=Language.JA)
    place = only(town)
    assert Pressing.CALL in keys(place)
    assert place.call


def test_the_more_urgent_case_comes_first(town: Town, case: Case) -> None:
    ordinary_days(town.shop, account="43", email="jiro@example.jp")
    bad_night(town.shop, account="43", orders=12)
    town.tell()
    town.report("43")
    first, second = queue.queue(town.house)
    assert (first.case.account, second.case.account) == ("43", "42")
    assert first.urgency.score > second.urgency.score
    assert second.case.id == case.id


def test_what_happened_since_is_weighed_anew(town: Town, case: Case) -> None:
    before = only(town)
    town.shop.ship("42", NOW, "42-901")
    town.tell()
    town.clock.turn(timedelta(minutes=11))
    assert only(town).facts.parcels == before.facts.parcels - 1
    assert case.stage is not Stage.CLOSED


def test_a_closed_case_that_still_has_a_task_is_not_lost(town: Town, case: Case) -> None:
    callback.ask(town.house, case, language=Language.JA)
    now = town.house.cases.case(case.id)
    assert now is not None
    town.house.cases.save(replace(now, stage=Stage.CLOSED))
    assert only(town).case.stage is Stage.CLOSED


def test_an_ordinary_account_has_nothing_at_risk(clean: Town) -> None:
    clean.shop.sign_in("42", NOW - timedelta(minutes=5), HERS | {"session": "s-now"}, password=PASSWORD)
    clean.tell()
    clean.report()
    place = only(clean)
    assert (place.facts.money, place.facts.parcels, place.facts.approval) == (Decimal(0), 0, False)


def test_of_five_hundred_cases_each_is_looked_into_once_and_not_again_while_nothing_happens(
    town: Town, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(500):
        name = f"c{number:03}"
        made = Case(name, f"a{number}", Stage.UNDO, Language.JA, NOW - timedelta(minutes=number), "", token_hash(name))
        town.house.cases.open(made)
    looked: list[str] = []
    look = queue.inquire

    def counted(house: House, one: Case) -> Inquiry:
        looked.append(one.id)
        return look(house, one)

    monkeypatch.setattr(queue, "inquire", counted)
    queue.queue(town.house, patience=60)
    assert len(looked) == len(set(looked)) == 501
    places = queue.queue(town.house)
    assert len(looked) == 501
    assert len(places) == 501
    assert all(place.weighed for place in places)
    assert places[0].case.id == case.id


def test_a_first_look_does_not_wait_for_all_investigations(town: Town, case: Case) -> None:
    for number in range(100):
        name = f"d{number:03}"
        town.house.cases.open(Case(name, f"b{number}", Stage.UNDO, Language.JA, NOW, "", token_hash(name)))
    places = queue.queue(town.house, patience=0.0)
    assert len(places) == 101
    assert sum(place.weighed for place in places) <= 1
    assert all(place.urgency.reasons for place in places), "each has its place all the same"
    assert case.stage is Stage.UNDO
