"""Which rules hold, who may change them, and does the whole house keep to them at once?"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace as with_

from takeback.casework.auditbook import Act
from takeback.casework.callback import ask
from takeback.casework.investigate import inquire
from takeback.casework.notice import BACK, look_at
from takeback.casework.progress import Purpose
from takeback.casework.rules import Came, agree, change, withdraw
from takeback.casework.rules_told import Reminder
from takeback.casework.undo import approve, limits_of, who_must_approve
from takeback.casework.verifying import VERIFIED
from takeback.configuration import ApprovalRule
from takeback.core.approval import Limits, Needed
from takeback.core.case import Language, Stage
from takeback.core.errors import CaseRefused, OutsideError
from takeback.core.rules import HOUR, Rules, Wrong
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, MINE, NIGHT
from tests.casework.test_watch import again, handed_back

__all__ = ["handed_back"]
ADMIN, OTHER = "mori", "abe"


def setting(town: Town, **values: object) -> Came:
    """An admin changes rules; where a second one is needed, another agrees."""
    here = town.house
    answer = change(here, with_(here.rules.now(), **values), base=here.rules.number(), by=ADMIN, why="a trial")
    if answer.came is Came.WAITS:
        agree(here, here.rules.wish(town.clock.now()).id, by=OTHER)
    return answer.came


@pytest.fixture
def big(town: Town) -> Town:
    """A town whose rule goes no further than one order, so that a plan of three takes two people."""
    configuration = with_(town.house.configuration, approval=ApprovalRule(max_orders=1))
    town.house = replace(town.house, configuration=configuration)
    return town


def test_where_nothing_was_set_the_settings_hold(town: Town) -> None:
    approval = ApprovalRule(standing_rule=False, max_orders=3, max_total=7, currency="EUR")
    configuration = with_(town.house.configuration, approval=approval, hold_seconds=60)
    town.house = replace(town.house, configuration=configuration)
    now = town.house.rules.now()
    assert (now.standing_rule, now.hold, now.currency) == (False, timedelta(minutes=1), "EUR")
    assert limits_of(town.house) == Limits(3, Decimal(7), 7, Decimal("17.5"), "EUR")
    assert town.house.rules.number() == 0


def test_a_change_holds_at_once_for_whoever_asks(town: Town) -> None:
    case = town.report()
    assert setting(town, standing_rule=False) is Came.HOLDS
    assert who_must_approve(town.house, inquire(town.house, case)) is Needed.ONE
    town.prove(case)
    assert town.case.stage is Stage.UNDO


def test_the_hold_is_as_long_as_the_rules_say_when_the_undoing_ends(town: Town) -> None:
    setting(town, hold_seconds=9 * HOUR)
    town.prove(town.report())
    assert town.case.hold_until - town.case.undone_at == timedelta(hours=9)


def test_every_change_is_in_the_book_with_before_and_after(town: Town) -> None:
    setting(town, claim_minutes=10)
    (act,) = town.house.audit.acts()
    assert (act.who, act.what, act.why) == ("staff:mori", "desk:rules:change", "a trial")
    assert act.evidence == {
        "version": 1,
        "before": {"claim_minutes": 30},
        "after": {"claim_minutes": 10},
        "state": "set",
    }


def test_the_book_names_no_whole_address_of_staff(town: Town) -> None:
    setting(town, tell_call_waiting=("tanaka.hanae@shop.example",))
    assert "tanaka.hanae" not in str(town.house.audit.acts())
    assert town.house.rules.now().tell_call_waiting == ("tanaka.hanae@shop.example",)


def test_versions_are_kept_and_say_who_when_and_why(town: Town) -> None:
    setting(town, claim_minutes=10)
    town.clock.turn(timedelta(hours=1))
    setting(town, claim_minutes=20)
    newest, first = town.house.rules.table.versions(10)
    assert (first.number, first.by, first.why, first.before, first.after) == (
        *(1, ADMIN, "a trial"),
        {"claim_minutes": 30},
        {"claim_minutes": 10},
    )
    assert newest.at - first.at == timedelta(hours=1)
    assert town.house.rules.at(first).claim_minutes == 10


def test_what_was_set_back_to_its_default_follows_the_settings_again(town: Town) -> None:
    setting(town, hold_seconds=9 * HOUR)
    setting(town, hold_seconds=5 * HOUR)
    town.house = replace(town.house, configuration=with_(town.house.configuration, hold_seconds=7 * HOUR))
    assert town.house.rules.now().hold_seconds == 7 * HOUR


def test_a_change_of_rules_that_were_changed_meanwhile_is_refused(town: Town) -> None:
    wished = with_(town.house.rules.now(), claim_minutes=10)
    setting(town, claim_minutes=20)
    with pytest.raises(CaseRefused) as refused:
        change(town.house, wished, base=0, by=ADMIN, why="late")
    assert refused.value.key == "rules.stale"
    assert town.house.rules.now().claim_minutes == 20


def test_a_change_without_a_reason_is_refused(town: Town) -> None:
    with pytest.raises(CaseRefused) as refused:
        change(town.house, with_(town.house.rules.now(), claim_minutes=10), base=0, by=ADMIN, why="  ")
    assert refused.value.key == "rules.no_why"


def test_what_is_out_of_bounds_is_refused_and_nothing_is_kept(town: Town) -> None:
    answer = change(town.house, with_(town.house.rules.now(), hold_seconds=60), base=0, by=ADMIN, why="quick")
    assert (answer.came, [one.wrong for one in answer.problems]) == (Came.REFUSED, [Wrong.BELOW])
    assert town.house.rules.number() == 0
    assert town.house.audit.acts() == []


def test_a_less_careful_change_holds_only_when_a_second_admin_has_agreed(town: Town) -> None:
    answer = change(town.house, with_(town.house.rules.now(), two_orders=60), base=0, by=ADMIN, why="a sale")
    assert (answer.came, answer.less_careful) == (Came.WAITS, ("two_orders",))
    assert town.house.rules.now().two_orders == 50
    wish = town.house.rules.wish(town.clock.now())
    agree(town.house, wish.id, by=OTHER)
    assert town.house.rules.now().two_orders == 60
    version = town.house.rules.table.newest()
    assert (version.by, version.second, version.why) == (ADMIN, OTHER, "a sale")
    assert [act.evidence["state"] for act in town.house.audit.acts()] == ["agreed", "asked"]


def test_nobody_is_the_second_to_agree_to_their_own_change(town: Town) -> None:
    change(town.house, with_(town.house.rules.now(), two_orders=60), base=0, by=ADMIN, why="a sale")
    with pytest.raises(CaseRefused) as refused:
        agree(town.house, town.house.rules.wish(town.clock.now()).id, by=ADMIN)
    assert refused.value.key == "rules.same_person"
    assert town.house.rules.now().two_orders == 50


def test_a_change_that_was_taken_back_cannot_be_agreed_to(town: Town) -> None:
    change(town.house, with_(town.house.rules.now(), two_orders=60), base=0, by=ADMIN, why="a sale")
    wish = town.house.rules.wish(town.clock.now())
    withdraw(town.house, wish.id, by=OTHER)
    with pytest.raises(CaseRefused) as refused:
        agree(town.house, wish.id, by=OTHER)
    assert refused.value.key == "rules.no_wish"


def test_a_change_that_waits_is_dead_when_the_rules_change_or_a_week_has_passed(town: Town) -> None:
    change(town.house, with_(town.house.rules.now(), two_orders=60), base=0, by=ADMIN, why="a sale")
    assert town.house.rules.wish(town.clock.now() + timedelta(days=7)) is not None
    assert town.house.rules.wish(town.clock.now() + timedelta(days=7, seconds=1)) is None
    setting(town, claim_minutes=10)
    assert town.house.rules.wish(town.clock.now()) is None


def test_where_notice_may_not_open_a_case_staff_are_asked_by_one_task(handed_back: Town) -> None:
    setting(handed_back, notice_opens=False)
    first = handed_back.case
    handed_back.clock.turn(timedelta(days=3))
    again(handed_back.shop, handed_back)
    for _ in range(2):
        look_at(handed_back.house, ACCOUNT)
    handed_back.run()
    assert [case.id for case in handed_back.house.cases.of_account(ACCOUNT)] == [first.id]
    assert [task.what for task in handed_back.house.cases.tasks(first.id)] == [BACK]
    assert not handed_back.shop.account(ACCOUNT).frozen


def test_staff_are_told_once_that_a_large_plan_waits_and_nothing_of_whom_it_concerns(big: Town) -> None:
    setting(big, tell_plan_waiting=("lead@shop.example", "desk@shop.example"))
    case = big.report()
    for _ in range(3):
        Reminder(big.house).look()
    letters = big.postbox.named("staff.plan_waiting")
    assert sorted(letter.to for letter in letters) == ["desk@shop.example", "lead@shop.example"]
    told = letters[0].subject + letters[0].text + letters[0].html
    assert f"/desk/case/{case.id}" in told
    assert [word for word in (ACCOUNT + " ", MINE, "花子", case.plan_hash) if word in told] == []


def test_nobody_is_told_of_a_plan_that_the_owners_proof_will_approve(town: Town) -> None:
    setting(town, tell_plan_waiting=("lead@shop.example",))
    town.report()
    Reminder(town.house).look()
    assert town.postbox.named("staff.plan_waiting") == []


def test_nobody_is_told_of_a_plan_that_enough_have_approved(town: Town) -> None:
    setting(town, standing_rule=False, tell_plan_waiting=("lead@shop.example",))
    case = town.report()
    approve(town.house, case.id, case.plan_hash, by="sato", role="agent")
    Reminder(town.house).look()
    assert town.postbox.named("staff.plan_waiting") == []


def test_staff_are_told_of_a_call_that_waits(town: Town) -> None:
    setting(town, tell_call_waiting=("desk@shop.example",))
    ask(town.house, town.report(), language=Language.JA)
    reminder = Reminder(town.house)
    reminder.look()
    reminder.look()
    assert [letter.to for letter in town.postbox.named("staff.call_waiting")] == ["desk@shop.example"]


def test_staff_are_told_of_a_task_when_its_time_is_over_and_not_before(town: Town) -> None:
    setting(town, tell_task_overdue=("desk@shop.example",), target_tasks_minutes=60)
    case = town.report()
    town.shop.trouble.impossible["cancel_order"] = "order.shipped"
    town.prove(case)
    reminder = Reminder(town.house)
    reminder.look()
    assert town.postbox.named("staff.task_overdue") == []
    town.clock.turn(timedelta(minutes=61))
    reminder.look()
    assert town.postbox.named("staff.task_overdue") != []


def test_staff_are_told_of_a_fault_in_the_audit_once_a_day(town: Town) -> None:
    setting(town, tell_audit_fault=("auditor@shop.example",))
    reminder = Reminder(town.house)
    for wrong, days in ((0, 0), (1, 0), (1, 0), (1, 1)):
        town.clock.turn(timedelta(days=days, minutes=1))
        town.house.audit.note(Act(town.clock.now(), "system", VERIFIED, evidence={"wrong": wrong}))
        reminder.look()
    assert [letter.to for letter in town.postbox.named("staff.audit_fault")] == ["auditor@shop.example"] * 2


def test_a_mail_to_staff_that_could_not_be_sent_is_sent_the_next_time(big: Town) -> None:
    setting(big, tell_plan_waiting=("lead@shop.example",))
    big.report()
    reminder = Reminder(big.house)
    big.postbox.broken = OutsideError("the mail server cannot be reached", permanent=False)
    reminder.look()
    big.postbox.broken = None
    reminder.look()
    assert len(big.postbox.named("staff.plan_waiting")) == 1


def test_a_mail_to_staff_that_no_server_takes_is_in_the_book_and_not_tried_for_ever(big: Town) -> None:
    setting(big, tell_plan_waiting=("lead@shop.example",))
    big.report()
    reminder = Reminder(big.house)
    big.postbox.broken = OutsideError("no such address", permanent=True)
    reminder.look()
    big.postbox.broken = None
    reminder.look()
    assert big.postbox.named("staff.plan_waiting") == []
    assert [act.evidence["matter"] for act in big.house.audit.acts(what="rules.mail_refused")] == ["plan_waiting"]


def test_no_rule_leaves_out_a_letter_to_the_owner(town: Town) -> None:
    setting(town, standing_rule=True, notice_opens=False, tell_plan_waiting=())
    town.prove(town.report())
    assert {letter.to for letter in town.postbox.letters} == {MINE}
    assert {letter.template for letter in town.postbox.letters} >= {"account_frozen", "result"}
    assert not [name for name in Rules.__struct_fields__ if "owner" in name or "letter" in name]


def test_who_proved_herself_is_asked_again_by_the_rules_of_then(town: Town) -> None:
    case = town.report()
    setting(town, hold_seconds=6 * HOUR)
    town.prove(case)
    setting(town, hold_seconds=12 * HOUR)
    assert town.case.hold_until - town.case.undone_at == timedelta(hours=6)
    town.run(until=NIGHT + timedelta(hours=8))
    town.prove(town.case, Purpose.HAND_BACK)
