"""What staff know of a case, as values: what it waits for, what is at risk, then and now, what is done and what not."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from takeback.casework.callback import ask
from takeback.casework.dossier import Dossier, Waiting, dossier_of
from takeback.casework.dossier_account import Row, Shape
from takeback.casework.dossier_integrity import integrity_of
from takeback.casework.investigate import inquire
from takeback.casework.queue import queue
from takeback.core.account import OrderStatus
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Money, parse_event
from takeback.core.investigate.findings import Actor
from takeback.core.undo.look import UNSEEN
from takeback.core.undo.plan import ActionKind
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, HIS, INTRUDERS, MINE, NIGHT, NOW, PASSWORD, order_of


def read(town: Town) -> Dossier:
    """The dossier of the town's case, as it is now."""
    case = town.case
    assert case is not None
    return dossier_of(town.house, case, inquire(town.house, case))


def reported(town: Town) -> Case:
    """The case after its report."""
    case = town.report()
    assert case is not None
    return case


def row(dossier: Dossier, shape: Shape, name: str, source: str = "/shops/oscar") -> Row:
    """The row of one part of the account."""
    return next(one for one in dossier.account.rows if (one.shape, one.name, one.source) == (shape, name, source))


def test_reading_a_case_writes_nothing_and_asks_no_service(town: Town) -> None:
    case = reported(town)
    log, asked = len(town.house.cases.log(case.id)), town.shop.account
    town.shop.account = town.video.account = None  # type: ignore[assignment]  # whoever asks fails
    dossier = read(town)
    town.shop.account = asked  # type: ignore[method-assign]
    assert len(town.house.cases.log(dossier.case.id)) == log
    assert dossier.approvals == ()


def test_a_case_of_a_stopped_account_waits_for_the_owners_proof_and_then_for_the_hold(town: Town) -> None:
    case = reported(town)
    assert read(town).waiting is Waiting.PROOF
    town.prove(case)
    assert read(town).waiting is Waiting.HOLD
    town.run(until=town.clock.now() + timedelta(hours=6))
    assert read(town).waiting is Waiting.OWNER


def test_an_account_without_a_sign_waits_for_whoever_reported(clean: Town) -> None:
    clean.report()
    dossier = read(clean)
    assert (dossier.case.stage, dossier.waiting) == (Stage.REPORT, Waiting.REPORTER)
    assert dossier.account.since is None
    assert all(one.before == one.now == one.after for one in dossier.account.rows)
    assert dossier.stake.standing == ()


def test_the_money_at_risk_is_what_he_ordered_and_spent_until_it_is_taken_back(town: Town) -> None:
    his = INTRUDERS | {"session": "more"}
    town.shop.sign_in(ACCOUNT, NIGHT + timedelta(minutes=40), his, password=PASSWORD)
    town.shop.spend(ACCOUNT, NIGHT + timedelta(minutes=41), his, "points", "500")
    town.tell()
    case = reported(town)
    before = read(town).stake
    assert (before.standing, before.spent) == ((Money("17940", "JPY"),), (Money("500", "JPY"),))
    assert (before.leaving, before.gone, before.cancelled) == (2, 1, 0)
    town.prove(case)
    after = read(town).stake
    assert (after.leaving, after.cancelled, after.spent) == (0, 3, ())
    assert after.saved == (Money("17940", "JPY"),)


def test_then_and_now_have_the_value_before_him_his_own_and_the_one_that_comes_back(town: Town) -> None:
    case = reported(town)
    email = row(read(town), Shape.FIELD, "email")
    assert (email.before, email.now, email.after) == (MINE, HIS, MINE)
    assert email.events
    town.prove(case)
    email = row(read(town), Shape.FIELD, "email")
    assert (email.before, email.now, email.after) == (MINE, MINE, MINE)


def test_an_order_of_his_was_not_there_before_and_will_not_be_there(town: Town) -> None:
    town.report()
    order = row(read(town), Shape.ORDER, "42-901")
    assert order.now is OrderStatus.PLACED
    assert order.before is order.after


def test_what_she_changes_after_him_stays_hers(town: Town) -> None:
    at, hers = NIGHT + timedelta(minutes=50), HERS | {"session": "after"}
    town.shop.sign_in(ACCOUNT, at, hers, password=PASSWORD)
    town.shop.change_field(ACCOUNT, at + timedelta(minutes=1), hers, "name", "佐藤はな")
    town.tell()
    town.report()
    name = row(read(town), Shape.FIELD, "name")
    assert (name.before, name.now, name.after) == ("佐藤花子", "佐藤はな", "佐藤はな")


def test_what_a_service_shows_and_the_log_does_not_know_stands_beside_it(town: Town) -> None:
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    town.report()
    name = row(read(town), Shape.FIELD, "name")
    assert (name.now, name.seen, name.seen_at) == ("山田太郎", "佐藤はな", NOW)
    assert row(read(town), Shape.FIELD, "email").seen is UNSEEN


def test_balances_are_sums_of_what_the_log_tells(town: Town) -> None:
    his = INTRUDERS | {"session": "more"}
    town.shop.sign_in(ACCOUNT, NIGHT + timedelta(minutes=40), his, password=PASSWORD)
    town.shop.spend(ACCOUNT, NIGHT + timedelta(minutes=41), his, "points", "500")
    town.tell()
    town.report()
    points = row(read(town), Shape.BALANCE, "points")
    assert (points.before, points.now, points.after) == (Decimal(1200), Decimal(700), Decimal(1200))


def test_years_of_her_own_orders_are_no_rows(town: Town) -> None:
    town.report()
    orders = {one.name for one in read(town).account.rows if one.shape is Shape.ORDER}
    assert orders == {"42-900", "42-901", "42-902"}


def test_each_line_of_the_plan_is_planned_first_and_has_its_row_of_the_ledger_afterwards(town: Town) -> None:
    case = reported(town)
    planned = read(town).taken_back
    assert planned
    assert all(line.record is None for line in planned)
    town.prove(case)
    done = read(town)
    assert done.inquiry.plan.undoing == ()
    assert {(line.action, line.source) for line in done.taken_back} == {(line.action, line.source) for line in planned}
    assert all(line.record is not None and line.record.read_back_ok is not False for line in done.taken_back)


def test_a_line_tells_what_he_left_and_what_is_wanted(town: Town) -> None:
    town.report()
    lines = {(line.action, str(line.args.get("field", ""))): line for line in read(town).taken_back}
    email = lines[(ActionKind.SET_FIELD, "email")]
    assert (email.left, email.wanted) == (HIS, MINE)
    cancelled = next(line for (action, _), line in lines.items() if action is ActionKind.CANCEL_ORDER)
    assert (cancelled.left, cancelled.wanted) == (OrderStatus.PLACED, OrderStatus.CANCELLED)


def test_services_are_told_as_they_were_last_read_back(town: Town) -> None:
    town.report()
    shop, video = read(town).services
    assert (shop.source, shop.stopped, shop.sessions, shop.is_void) == ("/shops/oscar", True, 0, True)
    assert video.stopped is True
    assert len(shop.contained) == 6
    assert all(one.holds for one in shop.contained)


def test_a_service_that_only_events_speak_of_is_shown_as_not_in_the_settings(town: Town) -> None:
    text = msgspec.json.encode({**town.shop.events[0], "source": "/shops/forgotten"})
    town.house.event_log.append([(parse_event(text), text)])
    town.report()
    found = {service.source: service for service in read(town).services}
    assert found["/shops/oscar"].in_settings
    assert not found["/shops/forgotten"].in_settings
    assert (found["/shops/forgotten"].stopped, found["/shops/forgotten"].events) == (None, 1)


def test_what_he_looked_at_names_what_was_there(town: Town) -> None:
    town.report()
    (cards,) = read(town).looked
    assert cards.what == "cards"
    assert [value["last4"] for value in cards.held.values() if isinstance(value, dict)] == ["4242"]


def test_visits_are_his_hers_that_were_odd_and_the_rest(town: Town) -> None:
    town.report()
    visits = read(town).visits
    assert {found.actor for found in visits.doubtful} == {Actor.INTRUDER}
    assert len(visits.ordinary) + len(visits.unusual) == 8
    assert all(found.actor is Actor.OWNER for found in (*visits.ordinary, *visits.unusual))


def test_tasks_and_claims_come_along(town: Town) -> None:
    case = reported(town)
    ask(town.house, case, language=Language.JA)
    assert read(town).tasks
    assert read(town).claim is None


@pytest.mark.parametrize("many", [1, 3])
def test_a_plan_that_is_too_large_for_the_rule_waits_for_people(town: Town, many: int) -> None:
    his = INTRUDERS | {"session": "large"}
    town.shop.sign_in(ACCOUNT, NIGHT + timedelta(minutes=40), his, password=PASSWORD)
    for number in range(many):
        at = NIGHT + timedelta(minutes=41 + number)
        town.shop.place_order(ACCOUNT, at, his, order_of(f"large-{number}", "210000"))
    town.tell()
    town.report()
    assert read(town).waiting is (Waiting.ONE if many == 1 else Waiting.TWO)


def test_money_at_risk_and_the_clock_are_those_of_the_queue(town: Town) -> None:
    case = reported(town)
    ask(town.house, case, language=Language.JA)
    town.clock.turn(timedelta(hours=2))
    (place,) = queue(town.house, patience=60)
    dossier = read(town)
    assert dossier.clock == place.urgency.clock
    assert dossier.clock is not None
    assert dossier.clock.late
    assert dossier.stake.standing == (Money(str(place.facts.money), "JPY"),)
    assert dossier.stake.leaving == place.facts.parcels


def test_the_log_is_looked_at_line_by_line(town: Town) -> None:
    town.report()
    dossier = read(town)
    found = integrity_of(town.house, dossier.case, dossier.log)
    assert (found.lines, found.end, found.holds) == (len(dossier.log), dossier.log[-1].digest, True)
