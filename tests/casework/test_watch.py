"""After the hand back: for thirty days, whoever comes again is met without anybody's report."""

from datetime import timedelta

import pytest

from takeback.casework import handback
from takeback.casework.notice import look_at
from takeback.casework.progress import Purpose
from takeback.core.case import Stage
from takeback.shops.pretend import PretendShop
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, INTRUDERS, order_of

NEW_PASSWORD = "a completely new sentence"


@pytest.fixture
def handed_back(town: Town) -> Town:
    """The town after the case of the night has ended well."""
    town.prove(town.report())
    town.run(until=town.case.hold_until)
    town.prove(town.case, Purpose.HAND_BACK)
    assert handback.set_password(town.house, town.case.id, NEW_PASSWORD) == ()
    town.run()
    assert town.case.stage is Stage.CLOSED
    return town


def again(shop: PretendShop, town: Town) -> None:
    """He has the new password too, and does what he did."""
    at = town.clock.now() + timedelta(minutes=1)
    client = INTRUDERS | {"session": "he-is-back"}
    shop.sign_in(ACCOUNT, at, client, password=NEW_PASSWORD)
    shop.view(ACCOUNT, at, client, "cards")
    shop.change_field(ACCOUNT, at, client, "email", "taro2@evil.example")
    for number in range(3):
        shop.place_order(ACCOUNT, at + timedelta(minutes=number), client, order_of(f"42-80{number}", "5980"))
    town.clock.turn(timedelta(minutes=10))
    town.tell()


def test_an_intruder_who_comes_back_is_frozen_without_a_report(handed_back: Town) -> None:
    first = handed_back.case
    handed_back.clock.turn(timedelta(days=3))
    again(handed_back.shop, handed_back)
    look_at(handed_back.house, ACCOUNT)
    handed_back.run()
    assert handed_back.case.id != first.id
    assert handed_back.shop.account(ACCOUNT).frozen
    assert handed_back.video.account(ACCOUNT).frozen
    assert handed_back.house.cases.log(handed_back.case.id)[0].who == "system"


def test_the_same_visit_opens_one_case_however_often_it_is_looked_at(handed_back: Town) -> None:
    handed_back.clock.turn(timedelta(days=3))
    again(handed_back.shop, handed_back)
    for _ in range(3):
        look_at(handed_back.house, ACCOUNT)
    handed_back.run()
    assert len(handed_back.house.cases.of_account(ACCOUNT)) == 2


def test_after_thirty_days_a_sign_is_noticed_and_waits_for_a_report(handed_back: Town) -> None:
    handed_back.clock.turn(timedelta(days=31))
    again(handed_back.shop, handed_back)
    assert look_at(handed_back.house, ACCOUNT)
    handed_back.run()
    assert len(handed_back.house.cases.of_account(ACCOUNT)) == 1
    assert not handed_back.shop.account(ACCOUNT).frozen


def test_the_owner_who_comes_home_is_left_in_peace(handed_back: Town) -> None:
    at = handed_back.clock.now() + timedelta(minutes=1)
    handed_back.shop.sign_in(ACCOUNT, at, HERS | {"session": "home"}, password=NEW_PASSWORD)
    handed_back.clock.turn(timedelta(minutes=10))
    handed_back.tell()
    assert look_at(handed_back.house, ACCOUNT) == []
    handed_back.run()
    assert len(handed_back.house.cases.of_account(ACCOUNT)) == 1


def test_a_stranger_cannot_have_the_account_stopped_for_what_was_dealt_with(handed_back: Town) -> None:
    handed_back.clock.turn(timedelta(days=2))
    case = handed_back.report(text="stop it")
    assert case.stage is Stage.REPORT
    assert not handed_back.shop.account(ACCOUNT).frozen
