"""May staff decide only what they have seen, only once, and never alone where it takes two?"""

from datetime import timedelta

import pytest

from takeback.casework import deciding_reports as reports
from takeback.casework.answers import Answer
from takeback.casework.claiming import claim
from takeback.casework.deciding import reason_of, state_of
from takeback.casework.deciding_answers import Asked, answer_question, asked, moves
from takeback.casework.deciding_hold import move_hold
from takeback.casework.deciding_plan import approve_plan, changed_since, steps, votes_of
from takeback.casework.investigate import inquire
from takeback.casework.progress import known
from takeback.core.case import Case, Language, Stage
from takeback.core.errors import CaseRefused
from takeback.core.events import parse_event
from takeback.core.permission import Verb
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, NIGHT, NOW, PASSWORD, bad_night, order_of, ordinary_days
from tests.conftest import event_text

LARGE = "44"


@pytest.fixture
def case(town: Town) -> Case:
    """A case of the night."""
    found = town.report()
    assert found is not None
    return found


@pytest.fixture
def large(town: Town) -> Case:
    """A case whose plan takes two people."""
    ordinary_days(town.shop, account=LARGE, email="saburo@example.jp")
    bad_night(town.shop, account=LARGE, orders=55)
    town.tell()
    town.report(LARGE)
    return now(town, town.house.cases.of_account(LARGE)[0])


@pytest.fixture
def unsure(clean: Town) -> tuple[Town, Case]:
    """A case with a visit of nobody knows whom."""
    client = HERS | {"device": "d-other", "ip": "192.0.2.77", "session": "who", "user_agent": "Firefox", "asn": 4713}
    clean.shop.sign_in(ACCOUNT, NIGHT, client, password=PASSWORD)
    clean.shop.place_order(ACCOUNT, NIGHT + timedelta(minutes=3), client, order_of("42-77", "4000"))
    clean.tell()
    case = reports.take_report(clean.house, ACCOUNT, "知らない注文があります", Language.JA, by="sato")
    clean.run()
    return clean, now(clean, case)


def now(town: Town, case: Case) -> Case:
    return known(town.house, case.id)


def hash_of(town: Town, case: Case) -> str:
    return inquire(town.house, now(town, case)).plan.hash


def approve(town: Town, case: Case, by: str, role: str) -> bool:
    return approve_plan(town.house, case.id, hash_of(town, case), by=by, role=role)


def acts(town: Town, case: Case, verb: Verb) -> int:
    return len(town.house.audit.acts(case=case.id, what=verb.value))


def question(town: Town, case: Case) -> Asked:
    here = now(town, case)
    return asked(town.house, here, inquire(town.house, here))[0]


def test_one_person_approves_a_plan_and_what_was_taken_back_is_carried_out(town: Town, case: Case) -> None:
    assert approve(town, case, "sato", "agent")
    town.run()
    assert now(town, case).stage is Stage.HOLD
    assert acts(town, case, Verb.APPROVE_PLAN) == 1


def test_a_large_plan_takes_two_people_one_of_them_a_lead(town: Town, large: Case) -> None:
    assert not approve(town, large, "sato", "agent")
    assert votes_of(town.house, large, inquire(town.house, large)).missing == "lead"
    assert not approve(town, large, "sato", "agent"), "the same person's second approval is none"
    assert not approve(town, large, "sato", "lead"), "nor is it in another role"
    town.run()
    assert now(town, large).stage is Stage.UNDO
    assert not approve(town, large, "mori", "agent"), "two agents are not enough"
    assert approve(town, large, "lead", "lead")
    assert votes_of(town.house, large, inquire(town.house, large)).people == ("sato", "mori", "lead")
    town.run()
    assert now(town, large).stage is Stage.HOLD


def test_a_lead_alone_is_not_two(town: Town, large: Case) -> None:
    assert not approve(town, large, "lead", "lead")
    assert votes_of(town.house, large, inquire(town.house, large)).missing == "second"


def test_a_second_press_is_one_approval(town: Town, large: Case) -> None:
    for _ in range(3):
        approve(town, large, "sato", "agent")
    assert acts(town, large, Verb.APPROVE_PLAN) == 1
    assert [e.what for e in town.house.cases.log(large.id)].count("plan.approved") == 1


def test_a_press_after_it_was_carried_out_says_the_same(town: Town, case: Case) -> None:
    plan = hash_of(town, case)
    assert approve_plan(town.house, case.id, plan, by="sato", role="agent")
    assert approve_plan(town.house, case.id, plan, by="sato", role="agent")
    town.run()


def test_a_stale_approval_is_refused_and_says_what_changed(town: Town, case: Case) -> None:
    shown = inquire(town.house, case).plan
    town.shop.ship(ACCOUNT, NOW, "42-901")
    town.tell()
    with pytest.raises(CaseRefused) as refused:
        approve_plan(town.house, case.id, shown.hash, by="sato", role="agent")
    assert refused.value.key == "plan.stale"
    changed = changed_since([act.id for act in shown.undoing], inquire(town.house, now(town, case)).plan)
    gone = [act for act in shown.undoing if act.id in changed.gone]
    assert [(act.action.value, act.args["order"]) for act in gone] == [("cancel_order", "42-901")]
    assert [(act.action.value, act.args["order"]) for act in changed.added] == [("intercept_order", "42-901")]
    assert town.house.cases.approvals(case.id) == []


def test_an_approval_needs_no_claim_and_other_acts_do(town: Town, case: Case) -> None:
    claim(town.house, case.id, by="mori")
    with pytest.raises(CaseRefused) as refused:
        reports.refuse_report(town.house, case.id, "no reason at all", state_of(now(town, case)), by="lead")
    assert refused.value.key == "case.claimed"
    assert approve(town, case, "sato", "agent")


def test_an_act_on_another_state_than_was_shown_is_refused(town: Town, case: Case) -> None:
    state = state_of(now(town, case))
    approve(town, case, "sato", "agent")
    town.run()
    with pytest.raises(CaseRefused) as refused:
        move_hold(town.house, case.id, NOW + timedelta(days=2), "she asked for it", state, by="sato", shorter=False)
    assert refused.value.key == "case.moved"


def test_nothing_is_approved_where_nothing_waits_for_it(town: Town, case: Case) -> None:
    approve(town, case, "sato", "agent")
    town.run()
    with pytest.raises(CaseRefused) as refused:
        approve(town, case, "mori", "agent")
    assert refused.value.key == "approval.nothing"


def test_the_dry_run_names_each_service_and_its_acts_in_order_and_asks_nobody(town: Town, case: Case) -> None:
    before = list(town.shop.events)
    (step,) = steps(town.house, now(town, case), inquire(town.house, case))
    assert step.source == "/shops/oscar"
    assert [act.id for act in step.actions] == [act.id for act in inquire(town.house, case).plan.undoing]
    assert town.shop.events == before


def held(town: Town, case: Case) -> Case:
    approve(town, case, "sato", "agent")
    town.run()
    return now(town, case)


def test_a_hold_is_made_longer_with_a_reason_that_is_in_log_and_book(town: Town, case: Case) -> None:
    here = held(town, case)
    assert here.hold_until is not None
    until = here.hold_until + timedelta(days=1)
    for _ in range(2):
        move_hold(town.house, case.id, until, "her mailbox is still his", state_of(here), by="sato", shorter=False)
    assert now(town, case).hold_until == until
    (entry,) = [e for e in town.house.cases.log(case.id) if e.what == "hold.moved"]
    assert (entry.who, entry.why, entry.evidence["reason"]) == (
        "staff:sato",
        "hold.longer",
        "her mailbox is still his",
    )
    (act,) = town.house.audit.acts(case=case.id, what=Verb.MOVE_HOLD.value)
    assert act.why == "her mailbox is still his"


@pytest.mark.parametrize(
    ("hours", "shorter", "lead", "key"),
    [(-2, False, True, "hold.other_way"), (2, True, True, "hold.other_way"), (24 * 20, False, False, "hold.lead")],
)
def test_an_act_for_longer_holds_never_shortens_one(
    town: Town, case: Case, hours: int, key: str, *, shorter: bool, lead: bool
) -> None:
    here = held(town, case)
    assert here.hold_until is not None
    until = here.hold_until + timedelta(hours=hours)
    with pytest.raises(CaseRefused) as refused:
        move_hold(town.house, case.id, until, "a reason", state_of(here), by="sato", shorter=shorter, lead=lead)
    assert refused.value.key == key
    assert now(town, case).hold_until == here.hold_until


def test_a_lead_shortens_a_hold_and_never_into_the_past(town: Town, case: Case) -> None:
    here = held(town, case)
    assert here.hold_until is not None
    until = here.hold_until - timedelta(hours=2)
    with pytest.raises(CaseRefused, match="past"):
        move_hold(town.house, case.id, NOW, "too soon", state_of(here), by="lead", shorter=True, lead=True)
    move_hold(town.house, case.id, until, "she is in the shop", state_of(here), by="lead", shorter=True, lead=True)
    assert now(town, case).hold_until == until


def test_a_reason_is_wanted_and_keeps_no_card_number() -> None:
    with pytest.raises(CaseRefused, match="Say why"):
        reason_of("  .. ")
    assert reason_of("card 4111 1111 1111 1111\nwas named") == "card …1111 was named"


def test_trying_an_answer_shows_what_would_move_and_writes_nothing(unsure: tuple[Town, Case]) -> None:
    town, case = unsure
    one = question(town, case)
    before = (town.house.cases.log(case.id), town.house.cases.said(case.id), len(town.queue.waiting))
    not_hers = moves(town.house, case, inquire(town.house, case), one.things, Answer.NO)
    hers = moves(town.house, case, inquire(town.house, case), one.things, Answer.YES)
    assert "cancel_order" in [act.action.value for act in not_hers.added]
    assert [now_.value for _, _, now_ in not_hers.strands] == ["intruder"]
    assert not hers.added
    assert [then.value for _, _, then in hers.strands] == ["owner"]
    assert moves(town.house, case, inquire(town.house, case), one.things, Answer.NOT_SURE).nothing
    assert before == (town.house.cases.log(case.id), town.house.cases.said(case.id), len(town.queue.waiting))


def test_an_answer_moves_findings_and_plan_as_was_tried(unsure: tuple[Town, Case]) -> None:
    town, case = unsure
    one = question(town, case)
    tried = moves(town.house, case, inquire(town.house, case), one.things, Answer.NO)
    for _ in range(2):
        answer_question(town.house, case.id, one.id, Answer.NO, state_of(case), by="sato")
    town.run()
    assert inquire(town.house, now(town, case)).plan.hash == tried.then.plan.hash
    assert acts(town, case, Verb.ANSWER_QUESTION) == 1
    assert [e.who for e in town.house.cases.log(case.id) if e.what == "said"] == ["staff:sato"]


def test_not_being_able_to_tell_is_an_answer_that_leaves_the_evidence_alone(unsure: tuple[Town, Case]) -> None:
    town, case = unsure
    one, before = question(town, case), hash_of(town, case)
    answer_question(town.house, case.id, one.id, Answer.NOT_SURE, state_of(case), by="sato")
    town.run()
    assert hash_of(town, case) == before
    assert question(town, case).answer is Answer.NOT_SURE


def test_a_contact_point_that_staff_changed_and_she_did_not_wish_is_set_right(town: Town) -> None:
    at = (NIGHT + timedelta(minutes=6)).isoformat()
    data = {"field": "phone", "before": "+819012345678", "after": "+819099999999", "actor": "staff"}
    text = event_text(id="by-staff", subject=ACCOUNT, type="account.field_changed", time=at, data=data)
    town.house.event_log.append([(parse_event(text), text)])
    case = town.report()
    assert case is not None
    here = now(town, case)
    one = next(q for q in asked(town.house, here, inquire(town.house, here)) if q.by_others)
    answer_question(town.house, case.id, one.id, Answer.NO, state_of(here), by="sato")
    tasks = [task for task in town.house.cases.tasks(case.id) if task.reason == "contact.not_her_wish"]
    by_plan = [act for act in inquire(town.house, now(town, case)).plan.undoing if "by-staff" in act.undoes]
    assert len(tasks) + len(by_plan) == 1, "by the plan, or by hand where the plan leaves it alone"
    assert all((task.source, task.evidence["field"]) == ("/shops/oscar", "phone") for task in tasks)
    assert "+819099999999" not in str(tasks)


def test_a_report_by_telephone_stops_the_account_at_once_and_twice_is_once(clean: Town) -> None:
    for _ in range(2):
        case = reports.take_report(clean.house, ACCOUNT, "she called", Language.JA, by="sato")
    clean.run()
    assert now(clean, case).frozen_at is not None
    assert len(clean.house.cases.of_account(ACCOUNT)) == 1
    assert acts(clean, case, Verb.TAKE_REPORT) == 1
    with pytest.raises(CaseRefused, match="no such account"):
        reports.take_report(clean.house, "nobody", "x", Language.JA, by="sato")


def test_a_report_that_is_nothing_is_closed_and_the_account_opened_again(clean: Town) -> None:
    case = reports.take_report(clean.house, ACCOUNT, "she called", Language.JA, by="sato")
    clean.run()
    here = now(clean, case)
    assert here.frozen_at is not None
    state = state_of(here)
    for _ in range(2):
        left = reports.refuse_report(clean.house, case.id, "she had forgotten the order", state, by="sato")
        assert left == []
    assert now(clean, case).stage is Stage.CLOSED
    snapshot = clean.shop.account(ACCOUNT)
    assert snapshot is not None
    assert not snapshot.frozen
    assert acts(clean, case, Verb.REFUSE_REPORT) == 1
    clean.run()
    after = clean.shop.account(ACCOUNT)
    assert after is not None
    assert not after.frozen, "nothing that waited stops it again"


def test_what_still_has_something_to_take_back_is_not_refused(town: Town, case: Case) -> None:
    with pytest.raises(CaseRefused) as refused:
        reports.refuse_report(town.house, case.id, "I say it is nothing", state_of(now(town, case)), by="lead")
    assert refused.value.key == "report.not_nothing"
    here = held(town, case)
    with pytest.raises(CaseRefused) as refused:
        reports.refuse_report(town.house, case.id, "I say it is nothing", state_of(here), by="lead")
    assert refused.value.key == "report.begun"


def test_a_report_is_not_refused_while_its_freeze_is_on_the_way(clean: Town) -> None:
    case = reports.take_report(clean.house, ACCOUNT, "she called", Language.JA, by="sato")
    with pytest.raises(CaseRefused) as refused:
        reports.refuse_report(clean.house, case.id, "it was nothing", state_of(now(clean, case)), by="sato")
    assert refused.value.key == "report.stopping"
    clean.run()
    assert reports.refuse_report(clean.house, case.id, "it was nothing", state_of(now(clean, case)), by="sato") == []


def test_a_service_that_is_down_when_a_report_is_refused_becomes_a_task(clean: Town) -> None:
    case = reports.take_report(clean.house, ACCOUNT, "she called", Language.JA, by="sato")
    clean.run()
    clean.video.trouble.down = True
    left = reports.refuse_report(clean.house, case.id, "it was nothing", state_of(now(clean, case)), by="sato")
    assert left == ["/services/video"]
    assert now(clean, case).stage is Stage.CLOSED
    assert {task.source for task in clean.house.cases.tasks(case.id) if task.closed_at is None} == {"/services/video"}


def test_a_double_is_closed_with_a_pointer_and_its_words_go_along(clean: Town) -> None:
    ordinary_days(clean.shop, account="43")
    clean.tell()
    first = reports.take_report(clean.house, ACCOUNT, "the first words", Language.JA, by="sato")
    second = reports.take_report(clean.house, "43", "the second words", Language.JA, by="sato")
    clean.run()
    assert [one.id for one in reports.mergeable(clean.house, now(clean, second))] == [first.id]
    reports.merge_report(clean.house, second.id, first.id, "the same customer", state_of(now(clean, second)), by="sato")
    assert now(clean, second).stage is Stage.CLOSED
    assert now(clean, first).report_text == "the first words\n\nthe second words"
    (entry,) = [e for e in clean.house.cases.log(second.id) if e.what == "report.merged"]
    assert entry.evidence["into"] == first.id


def test_a_case_of_somebody_else_takes_no_merged_report(clean: Town) -> None:
    first = reports.take_report(clean.house, ACCOUNT, "one", Language.JA, by="sato")
    clean.run()
    with pytest.raises(CaseRefused) as refused:
        reports.merge_report(clean.house, first.id, "0" * 16, "wrong", state_of(now(clean, first)), by="sato")
    assert refused.value.key == "merge.not_same"


def test_a_closed_case_is_reopened_as_a_new_one_that_names_it(clean: Town) -> None:
    case = reports.take_report(clean.house, ACCOUNT, "the words", Language.JA, by="sato")
    clean.run()
    reports.refuse_report(clean.house, case.id, "it was nothing", state_of(now(clean, case)), by="sato")
    clean.clock.turn(timedelta(hours=1))
    new = reports.reopen(clean.house, case.id, "it was something after all", by="lead")
    assert reports.reopen(clean.house, case.id, "it was something after all", by="lead").id == new.id
    clean.run()
    assert new.id != case.id
    assert now(clean, new).frozen_at is not None
    assert now(clean, case).stage is Stage.CLOSED
    snapshot = clean.shop.account(ACCOUNT)
    assert snapshot is not None
    assert snapshot.frozen
    assert [e.evidence.get("from") for e in clean.house.cases.log(new.id) if e.what == "case.continues"] == [case.id]


def test_an_open_case_is_not_reopened(town: Town, case: Case) -> None:
    with pytest.raises(CaseRefused) as refused:
        reports.reopen(town.house, case.id, "again please", by="lead")
    assert refused.value.key == "reopen.not_closed"
