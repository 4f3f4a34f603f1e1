"""What the services show and the log does not know: is it left alone, said, and asked for no more often than needed?"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace as with_settings

from takeback.casework.investigate import inquire
from takeback.casework.looking import LOOKED, noted
from takeback.casework.undo import approve
from takeback.configuration import ApprovalRule
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.service import AccountSnapshot
from takeback.shops.pretend import PretendShop
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, INTRUDERS, NIGHT, order_of

NIGHTLY = INTRUDERS | {"session": "/shops/oscar-42-night"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each service was asked how the account stands."""
    count: Counter[str] = Counter()
    ask = PretendShop.account

    def counted(shop: PretendShop, account: str) -> AccountSnapshot | None:
        count[shop.source] += 1
        return ask(shop, account)

    monkeypatch.setattr(PretendShop, "account", counted)
    return count


def test_a_name_that_somebody_set_outside_of_the_log_is_not_overwritten(town: Town) -> None:
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    town.prove(town.report())
    assert town.case.stage is Stage.HOLD
    assert town.shop.accounts[ACCOUNT].fields["name"] == "佐藤はな"
    kept = {(one.target, one.why) for one in inquire(town.house, town.case).plan.kept}
    assert ("field:name", "snapshot.differs") in kept


def test_a_mail_address_that_somebody_set_outside_of_the_log_is_a_question(town: Town) -> None:
    town.shop.accounts[ACCOUNT].fields["email"] = "third@example.org"
    case = town.report()
    assert "snapshot.differs" in {question.why for question in inquire(town.house, case).plan.questions}
    town.prove(case)
    assert town.shop.accounts[ACCOUNT].fields["email"] == "third@example.org"


def test_what_is_as_it_should_be_already_is_not_asked_for(town: Town) -> None:
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤花子"
    town.prove(town.report())
    rows = town.house.cases.actions(town.case.id, "undo")
    assert "name" not in {row.args.get("field") for row in rows}


def test_a_parcel_that_left_without_word_is_called_back(town: Town) -> None:
    town.shop.accounts[ACCOUNT].orders["42-901"].status = "shipped"
    town.prove(town.report())
    did = {
        row.args["order"]: row.action for row in town.house.cases.actions(town.case.id, "undo") if "order" in row.args
    }
    assert did["42-901"] == "intercept_order"
    assert town.shop.accounts[ACCOUNT].orders["42-901"].status == "cancelled"


def test_the_plan_that_is_shown_is_the_plan_that_is_approved_and_carried_out(town: Town) -> None:
    _by_people(town)
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    case = town.report()
    assert inquire(town.house, case).plan.hash == case.plan_hash
    assert approve(town.house, case.id, case.plan_hash, by="sato", role="agent")
    town.run()
    assert town.case.approved_hash == case.plan_hash
    assert town.case.stage is Stage.HOLD


def test_what_changed_in_the_shop_after_the_approval_wants_another(town: Town) -> None:
    _by_people(town)
    case = town.report()
    assert approve(town.house, case.id, case.plan_hash, by="sato", role="agent")
    town.clock.turn(timedelta(seconds=1))
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    town.run()
    assert town.case.stage is Stage.UNDO
    assert town.house.cases.actions(case.id, "undo") == []
    with pytest.raises(CaseRefused):
        approve(town.house, case.id, case.plan_hash, by="tanaka", role="agent")
    assert approve(town.house, case.id, town.case.plan_hash, by="tanaka", role="agent")
    town.run()
    assert town.case.stage is Stage.HOLD
    assert town.shop.accounts[ACCOUNT].fields["name"] == "佐藤はな"


def test_what_the_shop_shows_beyond_the_log_is_not_emptied(town: Town) -> None:
    home = {"line1": "銀座1-1", "country": "JP"}
    town.shop.change_item(ACCOUNT, NIGHT + timedelta(minutes=40), NIGHTLY, "addresses", "1", home | {"line1": "x"})
    town.tell()
    town.shop.accounts[ACCOUNT].collections["addresses"]["1"] = home | {"line1": "x", "note": "ring twice"}
    town.prove(town.report())
    assert town.shop.accounts[ACCOUNT].collections["addresses"]["1"] == home | {"note": "ring twice"}
    assert inquire(town.house, town.case).plan.undoing == ()


def test_nothing_is_noted_where_the_services_show_what_the_log_says(town: Town) -> None:
    town.prove(town.report())
    assert _looked(town, town.case) == 0


def test_what_goes_on_differing_is_noted_once(town: Town) -> None:
    _by_people(town)
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    case = town.report()
    for number in range(3):
        town.clock.turn(timedelta(minutes=1))
        town.queue.start("investigate", case.id, because=f"again-{number}")
        town.run()
    assert _looked(town, case) == 1


def test_what_agrees_with_the_log_again_is_believed_no_more(town: Town) -> None:
    _by_people(town)
    his = town.shop.accounts[ACCOUNT].fields["name"]
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    case = town.report()
    assert noted(town.house.cases.log(case.id))
    town.shop.accounts[ACCOUNT].fields["name"] = his
    town.queue.start("investigate", case.id, because="again")
    town.run()
    assert noted(town.house.cases.log(case.id)) == {}
    assert "name" in {act.args.get("field") for act in inquire(town.house, case).plan.undoing}


def test_the_note_says_what_the_service_showed(town: Town) -> None:
    _by_people(town)
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    case = town.report()
    look = noted(town.house.cases.log(case.id))["/shops/oscar"]
    shown = town.shop.account(ACCOUNT)
    assert look.account.fields == {"email": shown.fields["email"], "name": "佐藤はな"}
    assert look.account.collections == {"addresses": shown.collections["addresses"]}
    assert look.account.orders.keys() == {"42-900", "42-901", "42-902"}


def test_whoever_looks_at_a_case_asks_no_service(town: Town, asked: Counter[str]) -> None:
    case = town.report()
    asked.clear()
    assert inquire(town.house, case).plan.hash == case.plan_hash
    assert not asked


def test_a_service_is_asked_once_for_the_plan_and_once_before_it_is_carried_out(
    town: Town, asked: Counter[str]
) -> None:
    case = town.report()
    assert asked["/services/video"] == 2  # once to read the freeze back, once for the plan
    town.prove(case)
    assert asked["/services/video"] == 3


def test_a_service_that_is_down_is_not_waited_for_and_the_log_is_believed(town: Town, asked: Counter[str]) -> None:
    town.video.trouble.down = True
    town.report()
    before = asked["/services/video"]
    town.queue.start("investigate", town.case.id, because="again")
    town.run()
    assert asked["/services/video"] == before
    assert town.case.plan_hash is not None


def test_a_shop_that_falls_silent_goes_on_being_believed(town: Town) -> None:
    _by_people(town)
    town.shop.accounts[ACCOUNT].fields["name"] = "佐藤はな"
    case = town.report()
    town.shop.trouble.fail = 1
    town.queue.start("investigate", case.id, because="again")
    town.run()
    assert town.case.plan_hash == case.plan_hash
    assert noted(town.house.cases.log(case.id))


def test_a_cancellation_that_takes_its_time_is_waited_for_before_points_are_paid(town: Town) -> None:
    _points_order(town)
    case = town.report()
    town.shop.trouble.later = 8  # more questions than one run asks
    town.prove(case)
    paid = [row for row in town.house.cases.actions(case.id, "undo") if row.action == "adjust_balance"]
    assert [row.outcome for row in paid] == [None]
    town.run(until=town.clock.now() + timedelta(minutes=20))
    assert town.shop.account(ACCOUNT).balances["points"].value == Decimal(1200)


def test_a_second_undoing_in_one_case_pays_back_all_that_it_owes(town: Town) -> None:
    town.shop.spend(ACCOUNT, NIGHT + timedelta(minutes=40), NIGHTLY, "points", "500")
    town.tell()
    case = town.report()
    town.prove(case)
    assert town.shop.account(ACCOUNT).balances["points"].value == Decimal(1200)
    shop = town.shop.accounts[ACCOUNT]
    shop.frozen = False
    shop.sessions.add(str(NIGHTLY["session"]))
    town.shop.spend(ACCOUNT, town.clock.now() + timedelta(minutes=1), NIGHTLY, "points", "300")
    town.clock.turn(timedelta(minutes=2))
    town.tell()
    town.queue.start("investigate", case.id, because="he was back")
    town.run()
    assert town.shop.account(ACCOUNT).balances["points"].value == Decimal(1200)


def _points_order(town: Town) -> None:
    at = NIGHT + timedelta(minutes=40)
    town.shop.place_order(ACCOUNT, at, NIGHTLY, order_of("42-960", "700") | {"payment": "points"})
    town.shop.spend(ACCOUNT, at, NIGHTLY, "points", "700", order="42-960")
    town.tell()


def _looked(town: Town, case: Case) -> int:
    return sum(entry.what == LOOKED for entry in town.house.cases.log(case.id))


def _by_people(town: Town) -> None:
    configuration = with_settings(town.house.configuration, approval=ApprovalRule(standing_rule=False))
    town.house = replace(town.house, configuration=configuration)
