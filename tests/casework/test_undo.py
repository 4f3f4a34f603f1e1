"""Stages 4 and 5: who did what, who approves, and what is taken back once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace as with_settings

from takeback.casework.investigate import inquire
from takeback.casework.progress import Purpose
from takeback.casework.proof import enter
from takeback.casework.undo import approve, hear
from takeback.configuration import ApprovalRule
from takeback.core.case import Stage
from takeback.core.errors import CaseRefused, OutsideError
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, INTRUDERS, MINE, NIGHT, PASSWORD, order_of


def test_the_standing_rule_approves_a_small_plan_once_the_owner_is_proven(town: Town) -> None:
    case = town.report()
    town.prove(case)
    assert town.case.stage is Stage.HOLD
    assert [a.role for a in town.house.cases.approvals(case.id)] == ["rule"]


def test_a_shop_without_a_standing_rule_waits_for_a_person(town: Town) -> None:
    _approval(town, standing_rule=False)
    case = town.report()
    town.prove(case)
    assert town.case.stage is Stage.UNDO
    assert approve(town.house, case.id, town.case.plan_hash, by="sato", role="agent")
    town.run()
    assert town.case.stage is Stage.HOLD


def test_staff_approve_without_the_owners_proof(town: Town) -> None:
    case = town.report()
    assert approve(town.house, case.id, case.plan_hash, by="sato", role="agent")
    town.run()
    assert town.shop.account(ACCOUNT).fields["email"] == MINE


def test_a_big_plan_needs_two_people_one_of_them_a_lead(town: Town) -> None:
    _approval(town, max_orders=1)  # two and a half times of it is two: three orders need two people
    case = town.report()
    town.prove(case)
    assert not approve(town.house, case.id, case.plan_hash, by="sato", role="agent")
    assert not approve(town.house, case.id, case.plan_hash, by="sato", role="lead")  # the same person is one person
    town.run()
    assert town.case.stage is Stage.UNDO
    assert approve(town.house, case.id, case.plan_hash, by="tanaka", role="lead")
    town.run()
    assert town.case.stage is Stage.HOLD


def test_an_approval_of_a_plan_that_has_changed_is_refused(town: Town) -> None:
    _approval(town, standing_rule=False)
    case = town.report()
    stale = case.plan_hash
    late = INTRUDERS | {"session": "/shops/oscar-42-night"}
    town.shop.accounts[ACCOUNT].frozen = False
    town.shop.accounts[ACCOUNT].sessions.add("/shops/oscar-42-night")
    town.shop.place_order(ACCOUNT, NIGHT + timedelta(minutes=50), late, order_of("42-950", "100"))
    town.tell()
    with pytest.raises(CaseRefused) as refused:
        approve(town.house, case.id, stale, by="sato", role="agent")
    assert refused.value.key == "plan.stale"
    assert town.house.cases.approvals(case.id) == []


def test_an_approval_given_before_the_plan_changed_carries_nothing_out(town: Town) -> None:
    _approval(town, standing_rule=False)
    case = town.report()
    assert approve(town.house, case.id, case.plan_hash, by="sato", role="agent")
    late = INTRUDERS | {"session": "/shops/oscar-42-night"}
    town.shop.accounts[ACCOUNT].frozen = False
    town.shop.accounts[ACCOUNT].sessions.add("/shops/oscar-42-night")
    town.shop.place_order(ACCOUNT, NIGHT + timedelta(minutes=50), late, order_of("42-950", "100"))
    town.tell()
    town.run()
    assert town.case.stage is Stage.UNDO
    assert town.case.plan_hash != case.plan_hash
    assert town.house.cases.actions(case.id, "undo") == []


def test_a_stranger_to_the_desk_approves_nothing(town: Town) -> None:
    case = town.report()
    with pytest.raises(CaseRefused):
        approve(town.house, case.id, case.plan_hash, by="x", role="rule")


def test_what_the_owner_changed_afterwards_stays(town: Town) -> None:
    mine = HERS | {"session": "mine-after"}
    town.shop.sign_in(ACCOUNT, NIGHT + timedelta(minutes=35), mine, password=PASSWORD)
    town.shop.change_field(ACCOUNT, NIGHT + timedelta(minutes=36), mine, "name", "佐藤はな")
    town.tell()
    case = town.report()
    town.prove(case)
    assert town.shop.account(ACCOUNT).fields["name"] == "佐藤はな"
    assert "お名前：そのあとご本人が変更されたため" in town.postbox.named("result")[0].text


def test_points_that_a_cancelled_order_pays_back_by_itself_are_not_paid_twice(town: Town) -> None:
    bad = INTRUDERS | {"session": "/shops/oscar-42-night"}
    order = order_of("42-960", "700")
    at = NIGHT + timedelta(minutes=40)
    town.shop.place_order(ACCOUNT, at, bad, order | {"payment": "points"})
    town.shop.spend(ACCOUNT, at, bad, "points", "700", order="42-960")
    town.tell()
    case = town.report()
    town.prove(case)
    assert town.shop.account(ACCOUNT).balances["points"].value == Decimal(1200)
    assert town.shop.account(ACCOUNT).orders["42-960"]["status"] == "cancelled"


def test_points_that_were_taken_come_back(town: Town) -> None:
    bad = INTRUDERS | {"session": "/shops/oscar-42-night"}
    town.shop.spend(ACCOUNT, NIGHT + timedelta(minutes=40), bad, "points", "500")
    town.tell()
    town.prove(town.report())
    assert town.shop.account(ACCOUNT).balances["points"].value == Decimal(1200)


def test_an_impossible_action_is_a_task_and_the_case_goes_on(town: Town) -> None:
    case = town.report()
    town.shop.trouble.impossible["cancel_order"] = "order.shipped"
    town.prove(case)
    assert town.case.stage is Stage.HOLD
    tasks = {(task.what, task.reason) for task in town.house.cases.tasks(case.id)}
    assert tasks == {("cancel_order", "order.shipped")}
    assert "担当者が対応しているもの" in town.postbox.named("result")[0].text


def test_a_shop_that_is_down_during_the_undoing_is_tried_until_it_is_back(town: Town) -> None:
    case = town.report()
    town.shop.trouble.down = True
    town.prove(case)
    assert town.case.stage is Stage.UNDO
    assert town.postbox.named("result") == []
    town.shop.trouble.down = False
    town.run(until=town.clock.now() + timedelta(minutes=10))
    assert town.case.stage is Stage.HOLD
    assert town.shop.account(ACCOUNT).fields["email"] == MINE
    assert len(town.postbox.named("result")) == 1


def test_a_shop_that_stays_down_is_handed_to_staff_and_the_owner_is_told(town: Town) -> None:
    case = town.report()
    town.shop.trouble.down = True
    town.prove(case)
    town.clock.turn(timedelta(minutes=31))
    town.queue.waiting.clear()
    town.queue.start("undo", case.id, because="half an hour later")
    town.run()
    assert town.case.stage is Stage.HOLD
    assert {task.reason for task in town.house.cases.tasks(case.id)} == {"service.down"}
    assert len(town.postbox.named("result")) == 1
    town.shop.trouble.down = False
    town.run(until=town.clock.now() + timedelta(minutes=10))
    assert town.shop.account(ACCOUNT).fields["email"] == MINE
    assert all(task.closed_at is not None for task in town.house.cases.tasks(case.id))
    assert len(town.postbox.named("result")) == 1


def test_the_result_mail_is_sent_when_the_mail_server_is_back_and_once(town: Town) -> None:
    case = town.report()
    code = town.code(case, Purpose.PROOF)
    town.postbox.broken = OutsideError("the mail server cannot be reached", permanent=False)
    assert enter(town.house, case.id, code)
    town.run()
    assert town.postbox.named("result") == []
    town.postbox.broken = None
    town.run(until=town.clock.now() + timedelta(minutes=10))
    assert len(town.postbox.named("result")) == 1


def test_a_letter_that_no_server_takes_is_a_task(town: Town) -> None:
    town.postbox.broken = OutsideError("the mail server refuses the address", permanent=True)
    case = town.report()
    tasks = [(task.what, task.reason) for task in town.house.cases.tasks(case.id)]
    assert tasks == [("mail.undeliverable", "mail.refused")]


def test_letters_go_to_no_address_that_was_set_in_the_night(town: Town) -> None:
    town.prove(town.report())
    assert {letter.to for letter in town.postbox.letters} == {MINE}


def test_nobody_who_has_not_proven_who_she_is_says_what_was_hers(town: Town) -> None:
    case = town.report()
    with pytest.raises(CaseRefused) as refused:
        hear(town.house, case.id, [("session", "/shops/oscar-42-night", True)])
    assert refused.value.key == "owner.not_proven"
    assert town.house.cases.said(case.id) == []


def test_a_word_of_the_owner_changes_the_plan(town: Town) -> None:
    _approval(town, standing_rule=False)
    case = town.report()
    town.prove(case)
    hear(town.house, case.id, [("order", "42-901", True)])
    town.run()
    assert town.case.plan_hash != case.plan_hash
    plan = inquire(town.house, town.case).plan
    assert "42-901" not in [act.args.get("order") for act in plan.undoing]


def test_a_plan_that_was_carried_out_leaves_nothing_to_do(town: Town) -> None:
    town.prove(town.report())
    assert inquire(town.house, town.case).plan.undoing == ()


def test_a_second_case_on_the_account_undoes_no_undoing(town: Town) -> None:
    town.prove(town.report())
    case = town.case
    town.house.cases.change(case.id, lambda now: replace(now, stage=Stage.CLOSED))
    before = dict(town.shop.effects)
    town.clock.turn(timedelta(hours=1))
    again = town.report()
    assert again.id != case.id
    town.prove(again)
    fields = town.shop.account(ACCOUNT).fields
    assert (fields["email"], fields["name"]) == (MINE, "佐藤花子")
    assert {row.action for row in town.house.cases.actions(again.id, "undo")} == set()
    assert all(town.shop.effects[action] == count for action, count in before.items())


def _approval(town: Town, **changes: object) -> None:
    configuration = with_settings(town.house.configuration, approval=ApprovalRule(**changes))
    town.house = replace(town.house, configuration=configuration)
