"""How much of a balance is given back, and is anything paid twice?"""

import pytest

from takeback.core.events import EventType, Mark, Money, Who
from tests.core.making import INTRUDER, OWNER, Log
from tests.core.turns import given, kept, plan_of, shown, undoing


def test_an_order_of_hers_that_he_cancelled_is_said_and_what_it_refunded_stays(log: Log) -> None:
    log.by(OWNER).order("1").balance(-500, order="1")
    log.by(INTRUDER).step(EventType.ORDER_CANCELLED, "1").by(Who.SYSTEM).balance(500, order="1")
    plan = plan_of(log)
    assert plan.undoing == ()
    assert next((one.what, one.advice) for one in plan.irreversible) == ("order.cancelled", "order_again")


def test_an_order_of_his_paid_with_her_points_is_cancelled_and_the_points_are_owed(log: Log) -> None:
    log.order("9").balance(-700, order="9")
    assert undoing(log) == [("cancel_order", "9"), ("adjust_balance", {"amount": "700", "currency": "JPY"})]


def test_points_that_his_cancelled_order_has_refunded_are_not_owed(log: Log) -> None:
    log.order("9").balance(-700, order="9")
    log.by(Who.SYSTEM).step(EventType.ORDER_CANCELLED, "9").balance(700, order="9")
    assert undoing(log) == []


def test_points_that_come_back_after_takeback_had_paid_them_are_taken_back(log: Log) -> None:
    log.order("9").balance(-700, order="9")
    log.by(Who.SYSTEM).balance(700, mark=Mark("a", "adjust_balance"))
    log.balance(700, order="9")
    assert undoing(log)[-1] == ("adjust_balance", {"amount": "-700", "currency": "JPY"})


@pytest.mark.parametrize("about", [{"order": "9"}, {"reason": "goodwill"}, {"reason": "fraud_reimbursement"}])
def test_what_staff_have_made_good_is_not_paid_twice(log: Log, about: dict) -> None:
    log.order("9").balance(-700, order="9").by(Who.STAFF)
    given(log, 500, **about)
    plan = plan_of(log)
    assert plan.undoing[-1].args["change"]["amount"] == "200"
    assert ("balance:points", "staff.compensated", ()) in kept(plan)


def test_what_staff_gave_beyond_his_taking_stays(log: Log) -> None:
    log.order("9").balance(-700, order="9").by(Who.STAFF)
    given(log, 1000, order="9")
    assert undoing(log) == [("cancel_order", "9")]


@pytest.mark.parametrize("about", [{}, {"reason": "refund"}, {"order": "1"}, {"order": "1", "reason": "compensation"}])
def test_a_refund_that_may_be_for_her_own_goods_is_none_of_his(log: Log, about: dict) -> None:
    log.by(OWNER).order("1").by(INTRUDER).balance(-700).by(Who.STAFF)
    given(log, 500, **about)
    assert undoing(log) == [("adjust_balance", {"amount": "700", "currency": "JPY"})]


def test_what_staff_gave_before_he_came_is_none_of_his(log: Log) -> None:
    log.by(Who.STAFF)
    given(log, 500, reason="compensation")
    log.by(INTRUDER).balance(-700)
    assert undoing(log) == [("adjust_balance", {"amount": "700", "currency": "JPY"})]


@pytest.mark.parametrize(("balance", "owed"), [("1000", []), ("300", ["adjust_balance"])])
def test_a_refund_that_the_log_does_not_know_yet_is_not_paid_twice(log: Log, balance: str, owed: list) -> None:
    log.by(Who.SYSTEM).balance(1000)
    log.by(INTRUDER).order("9").balance(-700, order="9")
    looks = shown(orders={"9": {"status": "cancelled"}}, balances={"points": Money(balance, "JPY")})
    assert [act.action.value for act in plan_of(log, looks).undoing] == owed
