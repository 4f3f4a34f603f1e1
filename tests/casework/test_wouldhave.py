"""What would have been under other rules: is the past looked at as it was, bounded, and left as it is?"""

from datetime import timedelta

from msgspec.structs import replace as with_

from takeback.casework.callback import ask
from takeback.casework.hold import move_end
from takeback.casework.notice import look_at
from takeback.casework.rules import change
from takeback.casework.undo import approve, hear
from takeback.casework.wouldhave import ROWS, Trial, as_it_was, try_rules
from takeback.core.approval import Needed
from takeback.core.case import Language, Stage
from takeback.core.rules import HOUR
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, INTRUDERS, bad_night, order_of, ordinary_days
from tests.casework.test_watch import again, handed_back

__all__ = ["handed_back"]


def prove(town: Town) -> None:
    """The owner reports, and proves who she is some minutes later."""
    case = town.report()
    town.clock.turn(timedelta(minutes=5))
    town.prove(case)


def trial_of(town: Town, *, days: int = 90, **values: object) -> Trial:
    *_, last = try_rules(town.house, with_(town.house.rules.now(), **values), days=days)
    return last


def test_a_plan_that_went_by_itself_is_counted_as_that(town: Town) -> None:
    prove(town)
    trial = trial_of(town)
    assert (trial.happened["plans_rule"], trial.today["plans_rule"], trial.tried["plans_rule"]) == (1, 1, 1)
    assert (trial.plans, trial.rebuilt, trial.different) == (1, 1, [])


def test_smaller_limits_would_have_taken_a_person_or_two(town: Town) -> None:
    prove(town)
    trial = trial_of(town, rule_orders=1)
    assert (trial.happened["plans_rule"], trial.tried["plans_one"], trial.tried["plans_rule"]) == (1, 1, 0)
    (different,) = trial.different
    assert (different.case, different.before, different.after) == (town.case.id, Needed.RULE, Needed.ONE)
    assert trial_of(town, rule_orders=1, two_orders=2).tried["plans_two"] == 1


def test_a_plan_that_waits_is_counted_with_who_would_have_had_to_approve_it(town: Town) -> None:
    change(town.house, with_(town.house.rules.now(), standing_rule=False), base=0, by="mori", why="first days")
    prove(town)
    trial = trial_of(town, standing_rule=True)
    assert town.case.stage is Stage.UNDO
    assert (trial.happened["plans_waiting"], trial.today["plans_one"], trial.tried["plans_rule"]) == (1, 1, 1)


def test_whom_people_approved_is_told_as_it_happened(town: Town) -> None:
    case = town.report()
    approve(town.house, case.id, case.plan_hash, by="sato", role="agent")
    town.run()
    trial = trial_of(town)
    assert (trial.happened["plans_one"], trial.today["plans_rule"]) == (1, 1)


def test_the_plan_is_the_one_of_its_moment_whatever_came_later(town: Town) -> None:
    prove(town)
    case = town.case
    begun = next(entry for entry in town.house.cases.log(case.id) if entry.what == "undo.begun")
    town.clock.turn(timedelta(minutes=20))
    late = INTRUDERS | {"session": "he-is-back"}
    town.shop.accounts[ACCOUNT].frozen = False
    town.shop.accounts[ACCOUNT].sessions.add("he-is-back")
    town.shop.place_order(ACCOUNT, town.clock.now(), late, order_of("42-991", "999999"))
    town.tell()
    town.clock.turn(timedelta(minutes=20))
    trial = trial_of(town)
    assert as_it_was(town.house, case, begun.at - timedelta.resolution).plan.hash == begun.evidence["plan"]
    assert (trial.rebuilt, trial.tried["plans_rule"]) == (1, 1)
    assert as_it_was(town.house, case, town.clock.now()).plan.hash != begun.evidence["plan"]


def test_what_the_customer_said_after_the_moment_is_not_heard(town: Town) -> None:
    change(town.house, with_(town.house.rules.now(), standing_rule=False), base=0, by="mori", why="first days")
    case = town.report()
    town.prove(case)
    before = town.clock.now()
    shown = town.case.plan_hash
    town.clock.turn(timedelta(minutes=5))
    hear(town.house, case.id, [("order", "42-901", True)])
    town.run()
    assert as_it_was(town.house, town.case, before).plan.hash == shown != town.case.plan_hash
    now = as_it_was(town.house, town.case, town.clock.now())
    assert now.plan.hash == town.case.plan_hash


def test_holds_are_compared_with_what_they_were(town: Town) -> None:
    prove(town)
    assert trial_of(town).tried["holds_same"] == 1
    assert trial_of(town, hold_seconds=9 * HOUR).tried["holds_longer"] == 1
    assert trial_of(town, hold_seconds=2 * HOUR).tried["holds_shorter"] == 1


def test_a_moved_hold_would_have_taken_a_lead_under_closer_bounds(town: Town) -> None:
    prove(town)
    move_end(town.house, town.case.id, town.case.undone_at + timedelta(hours=30), by="sato", why="parcel")
    assert trial_of(town).tried["moves_lead"] == 0
    assert trial_of(town, agent_hold_longest_seconds=24 * HOUR).tried["moves_lead"] == 1


def test_a_case_that_notice_opened_would_only_have_been_asked_about(handed_back: Town) -> None:
    handed_back.clock.turn(timedelta(days=3))
    again(handed_back.shop, handed_back)
    look_at(handed_back.house, ACCOUNT)
    handed_back.run()
    trial = trial_of(handed_back, notice_opens=False)
    assert (trial.happened["notice_opened"], trial.today["notice_opened"]) == (1, 1)
    assert (trial.tried["notice_opened"], trial.tried["notice_asked"]) == (0, 1)


def test_a_call_is_late_by_the_target_that_is_tried(town: Town) -> None:
    ask(town.house, town.report(), language=Language.JA)
    town.clock.turn(timedelta(minutes=20))
    assert trial_of(town).tried["late_called"] == 0
    assert trial_of(town, target_called_minutes=10).tried["late_called"] == 1


def test_only_the_cases_of_the_days_asked_for_are_looked_at(town: Town) -> None:
    prove(town)
    town.clock.turn(timedelta(days=10))
    assert (trial_of(town, days=9).total, trial_of(town, days=11).total) == (0, 1)


def test_a_trial_tells_how_far_it_is_and_ends_when_its_time_is_over(town: Town) -> None:
    prove(town)
    steps = [(trial.done, trial.total) for trial in try_rules(town.house, town.house.rules.now(), days=90)]
    assert steps == [(0, 1), (1, 1)]
    *_, cut = try_rules(town.house, town.house.rules.now(), days=90, patience=-1)
    assert (cut.done, cut.cut) == (0, True)
    *_, few = try_rules(town.house, town.house.rules.now(), days=90, most=0)
    assert (few.done, few.cut) == (0, True)


def test_a_trial_writes_nothing_and_asks_no_service(town: Town) -> None:
    prove(town)

    def everything() -> tuple[object, ...]:
        cases, one = town.house.cases, town.case.id
        kept = (
            cases.cases(open_only=False),
            cases.log(one),
            cases.actions(one),
            cases.approvals(one),
            cases.tasks(one),
        )
        return (*kept, town.house.rules.number(), town.house.audit.acts(), dict(town.shop.effects), town.queue.names)

    before = everything()
    town.shop.trouble.down = True
    trial_of(town, rule_orders=1, hold_seconds=2 * HOUR, notice_opens=False)
    assert everything() == before


def test_every_count_has_a_row_and_every_row_a_count_somewhere(town: Town) -> None:
    prove(town)
    ask(town.house, town.case, language=Language.JA)
    trial = trial_of(town, target_called_minutes=1)
    rows = {name for name, _ in ROWS}
    assert {*trial.happened, *trial.today, *trial.tried} <= rows


def test_every_case_of_many_is_tried(town: Town) -> None:
    for place in range(6):
        account = f"many-{place}"
        ordinary_days(town.shop, account=account, email=f"{account}@example.jp")
        bad_night(town.shop, account=account)
    town.tell()
    for place in range(6):
        town.report(f"many-{place}")
    trial = trial_of(town, standing_rule=False)
    assert (trial.done, trial.plans, trial.tried["plans_one"]) == (6, 6, 6)
