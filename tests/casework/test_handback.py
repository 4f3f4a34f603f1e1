"""Stages 6 and 7, and the codes: how long, to whom, and is the account clean?"""

from datetime import timedelta

import pytest

from takeback.casework import hold
from takeback.casework.engine import run_phase
from takeback.casework.handback import set_password
from takeback.casework.phases import PHASES
from takeback.casework.progress import Purpose, known
from takeback.casework.proof import TRIES, enter
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from tests.casework.conftest import Town, code_in
from tests.casework.life import ACCOUNT, INTRUDERS, MINE, NIGHT, PASSWORD, order_of

NEW_PASSWORD = "a completely new sentence"


@pytest.fixture
def held(town: Town) -> Case:
    """A case on hold."""
    town.prove(town.report())
    assert town.case.stage is Stage.HOLD
    return town.case


@pytest.fixture
def ready(town: Town, held: Case) -> Case:
    """A case whose hold is over and whose owner has returned a code since."""
    town.run(until=held.hold_until)
    town.prove(held, Purpose.HAND_BACK)
    return known(town.house, held.id)


def test_the_hold_ends_when_its_time_has_come_and_the_owner_is_told(town: Town, held: Case) -> None:
    town.run(until=held.hold_until - timedelta(seconds=1))
    assert town.case.stage is Stage.HOLD
    town.run(until=held.hold_until)
    assert town.case.stage is Stage.HAND_BACK
    assert len(town.postbox.named("hold_ended")) == 1


def test_staff_may_lengthen_a_hold(town: Town, held: Case) -> None:
    later = held.hold_until + timedelta(hours=2)
    hold.move_end(town.house, held.id, later, by="sato", why="asked for")
    town.run(until=held.hold_until)
    assert town.case.stage is Stage.HOLD
    town.run(until=later)
    assert town.case.stage is Stage.HAND_BACK


def test_staff_may_end_a_hold_early(town: Town, held: Case) -> None:
    hold.move_end(town.house, held.id, town.clock.now(), by="sato", why="seen in person")
    town.run()
    assert town.case.stage is Stage.HAND_BACK
    assert ("staff:sato", "hold.moved") in [(entry.who, entry.what) for entry in town.house.cases.log(held.id)]


def test_no_hold_lasts_longer_than_four_weeks(town: Town, held: Case) -> None:
    with pytest.raises(CaseRefused):
        hold.move_end(town.house, held.id, town.clock.now() + timedelta(days=60), by="sato", why="x")


def test_no_password_is_taken_before_the_hold_has_ended(town: Town, held: Case) -> None:
    assert "hold.not_over" in set_password(town.house, held.id, NEW_PASSWORD)
    assert town.shop.account(ACCOUNT).password == "disabled"


def test_a_code_from_before_the_hold_ended_is_no_proof_after_it(town: Town, held: Case) -> None:
    town.run(until=held.hold_until)
    assert set_password(town.house, held.id, NEW_PASSWORD) == ("owner.not_proven",)


def test_a_code_sent_before_the_hold_ended_is_worth_nothing_after_it(town: Town, held: Case) -> None:
    code = town.code(held, Purpose.PROOF)
    town.clock.at = held.hold_until - timedelta(seconds=1)
    town.run(until=held.hold_until)
    assert not enter(town.house, held.id, code)


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "password.too_short"), ("hanako hanako hanako", "password.personal"), ("a" * 20, "password.too_simple")],
)
def test_a_weak_password_is_refused_and_sent_nowhere(town: Town, ready: Case, password: str, why: str) -> None:
    assert why in set_password(town.house, ready.id, password)
    assert town.house.cases.actions(ready.id, "password") == []


def test_the_password_is_in_no_row_of_any_kind(town: Town, ready: Case) -> None:
    assert set_password(town.house, ready.id, NEW_PASSWORD) == ()
    town.run()
    cases = town.house.cases
    told = [cases.actions(ready.id), cases.log(ready.id), cases.tasks(ready.id), town.queue.names, town.postbox.letters]
    assert NEW_PASSWORD not in str(told)
    town.house.event_log.close()
    for file in (path for path in town.house.configuration.data_dir.rglob("*") if path.is_file()):
        assert NEW_PASSWORD.encode() not in file.read_bytes(), file


def test_a_service_that_is_down_when_the_password_is_set_is_said_and_it_may_be_set_again(
    town: Town, ready: Case
) -> None:
    town.video.trouble.down = True
    assert set_password(town.house, ready.id, NEW_PASSWORD) == ("service.down",)
    town.run()
    assert town.case.stage is Stage.HAND_BACK
    town.video.trouble.down = False
    assert set_password(town.house, ready.id, NEW_PASSWORD + " again") == ()
    town.run()
    assert town.case.stage is Stage.CLOSED
    at = town.clock.now() + timedelta(minutes=1)
    for service in (town.shop, town.video):
        signed_in = service.sign_in(ACCOUNT, at, {"session": "new"}, password=NEW_PASSWORD + " again")
        assert signed_in["type"] == "account.signed_in"


def test_nothing_is_handed_back_without_a_new_password(town: Town, ready: Case) -> None:
    run_phase(town.house, "hand_back", PHASES["hand_back"], (ready.id,), f"{ready.id}/hand_back/forged")
    assert town.shop.account(ACCOUNT).frozen
    assert town.case.stage is Stage.HAND_BACK
    assert town.house.cases.log(ready.id)[-1].why == "password.not_set"


def test_news_of_the_intruder_before_the_hand_back_are_taken_back_first(town: Town, ready: Case) -> None:
    late = INTRUDERS | {"session": "/shops/oscar-42-night"}
    town.shop.accounts[ACCOUNT].frozen = False
    town.shop.accounts[ACCOUNT].sessions.add("/shops/oscar-42-night")
    town.shop.place_order(ACCOUNT, NIGHT + timedelta(minutes=50), late, order_of("42-950", "100"))
    town.shop.accounts[ACCOUNT].frozen = True
    town.shop.accounts[ACCOUNT].sessions.clear()
    town.tell()
    assert set_password(town.house, ready.id, NEW_PASSWORD) == ()
    town.run()
    assert town.case.stage is Stage.HOLD
    assert town.shop.account(ACCOUNT).frozen
    assert town.shop.account(ACCOUNT).orders["42-950"]["status"] == "cancelled"
    assert len(town.postbox.named("result")) == 2  # of two plans


def test_after_the_hand_back_everything_of_before_fails(town: Town, ready: Case) -> None:
    assert set_password(town.house, ready.id, NEW_PASSWORD) == ()
    town.run()
    assert town.case.handed_back_at is not None
    assert not town.shop.is_signed_in(ACCOUNT, "/shops/oscar-42-night")
    at = town.clock.now() + timedelta(minutes=1)
    refused = town.shop.sign_in(ACCOUNT, at, INTRUDERS | {"session": "x"}, password=PASSWORD)
    assert refused["type"] == "account.sign_in_failed"
    assert set_password(town.house, ready.id, NEW_PASSWORD)[0] == "case.closed"


def test_a_code_goes_to_the_contact_of_before_the_takeover_only(town: Town) -> None:
    case = town.report()
    town.code(case, Purpose.PROOF)
    assert [letter.to for letter in town.postbox.named("code")] == [MINE]


def test_a_wrong_code_is_refused_and_after_five_the_right_one_too(town: Town) -> None:
    case = town.report()
    right = town.code(case, Purpose.PROOF)
    wrong = "0000 0000" if right != "0000 0000" else "1111 1111"
    assert [enter(town.house, case.id, wrong) for _ in range(TRIES)] == [False] * TRIES
    assert not enter(town.house, case.id, right)


def test_a_code_is_good_once(town: Town) -> None:
    case = town.report()
    code = town.code(case, Purpose.PROOF)
    assert enter(town.house, case.id, code)
    assert not enter(town.house, case.id, code)


def test_a_code_is_good_for_fifteen_minutes(town: Town) -> None:
    case = town.report()
    code = town.code(case, Purpose.PROOF)
    town.clock.turn(timedelta(minutes=15))
    assert not enter(town.house, case.id, code)


def test_a_code_may_be_typed_in_full_width_digits_with_or_without_a_space(town: Town) -> None:
    case = town.report()
    code = town.code(case, Purpose.PROOF)
    assert enter(town.house, case.id, code.translate(str.maketrans("0123456789", "０１２３４５６７８９")))


def test_the_code_itself_is_kept_nowhere(town: Town) -> None:
    case = town.report()
    code = town.code(case, Purpose.PROOF).replace(" ", "")
    assert code not in str(town.house.cases.codes(case.id)) + str(town.house.cases.log(case.id))


def test_codes_are_not_sent_without_end(town: Town) -> None:
    case = town.report()
    for number in range(12):
        town.queue.start("code", case.id, "proof", because=f"again-{number}")
        town.run()
        town.clock.turn(timedelta(seconds=5))
    assert len(town.postbox.named("code")) == 5
    assert code_in(town.postbox.named("code")[-1])
