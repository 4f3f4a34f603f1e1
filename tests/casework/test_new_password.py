"""Which new password is taken for this account, what do the services still show, and what does the list remember?"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from takeback.casework import handback
from takeback.casework.progress import Purpose, known
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.leaks.known import KnownWorst
from takeback.leaks.listfile import open_list
from takeback.leaks.service import RangeService
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, INTRUDERS, NIGHT, PASSWORD, START
from tests.leaks.lists import plain
from tests.leaks.ranges_server import ranges

NEW_PASSWORD = "a completely new sentence"
SHORT = "qmzkvwtx"


@pytest.fixture
def ready(town: Town) -> Case:
    """A case whose hold is over and whose owner has returned a code since."""
    return make_ready(town)


def make_ready(town: Town) -> Case:
    case = town.report()
    assert case is not None
    town.prove(case)
    assert town.case is not None
    town.run(until=town.case.hold_until)
    town.prove(case, Purpose.HAND_BACK)
    return known(town.house, case.id)


def stage_of(town: Town) -> Stage:
    assert town.case is not None
    return town.case.stage


def set_up_second_step(town: Town, *, his: bool = False) -> None:
    for shop in (town.shop, town.video):
        mine = HERS | {"session": f"{shop.source}-42-mine-3"}
        night = INTRUDERS | {"session": f"{shop.source}-42-night"}
        at = NIGHT + timedelta(minutes=50) if his else START + timedelta(days=21, minutes=9)
        if his and shop is town.video:
            shop.sign_in(ACCOUNT, NIGHT, night, password=PASSWORD)
        shop.change_field(ACCOUNT, at, night if his else mine, "two_step", "totp")
    town.tell()


@pytest.mark.parametrize("password", ["passwordpassword", "qwertyuiop1234567890", "arigatou20261101arigatou"])
def test_what_everybody_tries_first_is_not_taken_and_sent_nowhere(town: Town, ready: Case, password: str) -> None:
    assert "password.leaked" in handback.set_password(town.house, ready.id, password)
    assert town.house.cases.actions(ready.id, "password") == []


def test_one_on_the_operators_list_is_not_taken(town: Town, ready: Case, tmp_path: Path) -> None:
    town.house = replace(town.house, leaks=(KnownWorst(), open_list(plain(tmp_path / "list", [NEW_PASSWORD]))))
    assert handback.set_password(town.house, ready.id, NEW_PASSWORD) == ("password.leaked",)


def test_a_range_service_that_does_not_answer_keeps_nobody_out_and_is_noted(town: Town, ready: Case) -> None:
    with ranges(NEW_PASSWORD) as server:
        server.slow = True
        service = RangeService(server.address, timeout=0.3)
        town.house = replace(town.house, leaks=(service, KnownWorst()))
        assert "password.leaked" in handback.set_password(town.house, ready.id, "passwordpassword")
        assert handback.set_password(town.house, ready.id, NEW_PASSWORD) == ()
        service.close()
    noted = [dict(entry.evidence) for entry in town.house.cases.log(ready.id) if entry.what == "leaks.silent"]
    assert noted == [{"source": "leaks.service"}] * 2


def test_a_range_service_that_knows_it_is_believed(town: Town, ready: Case) -> None:
    with ranges(NEW_PASSWORD) as server:
        service = RangeService(server.address)
        town.house = replace(town.house, leaks=(KnownWorst(), service))
        assert handback.set_password(town.house, ready.id, NEW_PASSWORD) == ("password.leaked",)
        assert handback.set_password(town.house, ready.id, NEW_PASSWORD + " again") == ()
        service.close()


def test_a_former_one_is_refused_by_the_service_and_another_is_taken(town: Town, ready: Case) -> None:
    town.video.trouble.impossible["set_password"] = "password.former"
    assert handback.set_password(town.house, ready.id, PASSWORD) == ("password.former",)
    town.run()
    assert stage_of(town) is Stage.HAND_BACK
    town.video.trouble.impossible.clear()
    assert handback.set_password(town.house, ready.id, NEW_PASSWORD) == ()
    town.run()
    assert stage_of(town) is Stage.CLOSED


def test_nothing_is_handed_back_while_one_service_would_not_take_the_last_password(town: Town, ready: Case) -> None:
    town.video.trouble.impossible["set_password"] = "value.invalid"
    assert handback.set_password(town.house, ready.id, NEW_PASSWORD) == ("password.not_taken",)
    with pytest.raises(CaseRefused) as caught:
        handback.refuse_unless_ready(town.house, known(town.house, ready.id))
    assert caught.value.key == "password.not_set"


def test_a_service_that_has_no_passwords_does_not_stand_in_the_way(town: Town, ready: Case) -> None:
    town.video.trouble.impossible["set_password"] = "action.unsupported"
    assert handback.set_password(town.house, ready.id, NEW_PASSWORD) == ()


def test_eight_characters_are_enough_beside_her_own_second_factor(town: Town) -> None:
    set_up_second_step(town)
    ready = make_ready(town)
    assert handback.standing(town.house, ready).shortest == 8
    assert handback.set_password(town.house, ready.id, SHORT) == ()


def test_the_intruders_second_factor_makes_no_password_shorter(town: Town) -> None:
    set_up_second_step(town, his=True)
    ready = make_ready(town)
    assert handback.standing(town.house, ready).shortest == 15
    assert handback.set_password(town.house, ready.id, SHORT) == ("password.too_short",)


def test_a_second_factor_at_one_service_of_two_makes_none_shorter(town: Town) -> None:
    mine = HERS | {"session": "/shops/oscar-42-mine-3"}
    town.shop.change_field(ACCOUNT, START + timedelta(days=21, minutes=9), mine, "two_step", "totp")
    town.tell()
    ready = make_ready(town)
    assert handback.set_password(town.house, ready.id, SHORT) == ("password.too_short",)


def test_a_service_that_does_not_answer_makes_none_shorter(town: Town) -> None:
    set_up_second_step(town)
    ready = make_ready(town)
    town.video.trouble.down = True
    assert handback.set_password(town.house, ready.id, SHORT) == ("password.too_short",)


def test_what_the_services_still_show_is_told_with_what_was_removed(town: Town) -> None:
    mine, night = HERS | {"session": "/shops/oscar-42-mine-3"}, INTRUDERS | {"session": "/shops/oscar-42-night"}
    at = START + timedelta(days=21, minutes=9)
    town.shop.add_item(ACCOUNT, at, mine, "passkeys", "k1", {"name": "花子の電話"})
    town.shop.add_item(ACCOUNT, at, mine, "trusted_devices", "d1", {"name": "花子の電話"})
    town.shop.add_item(ACCOUNT, NIGHT + timedelta(minutes=40), night, "passkeys", "k2", {"name": "mine now"})
    town.tell()
    ready = make_ready(town)
    told = handback.standing(town.house, ready)
    assert [(one.source, one.read, one.frozen, one.sessions, one.password) for one in told.services] == [
        ("/shops/oscar", True, True, 0, "disabled"),
        ("/services/video", True, True, 0, "disabled"),
    ]
    assert told.services[0].devices == ("花子の電話",)
    assert [(one.kind, one.name, one.hers) for one in told.kept if one.kind == "passkeys"] == [
        ("passkeys", "花子の電話", True)
    ]
    assert [(one.kind, one.name, one.hers) for one in told.removed] == [("passkeys", "mine now", False)]
    assert "second_factor" in told.to_set_up  # a passkey at one service of two


def test_a_service_that_does_not_answer_is_said_to_be_unread(town: Town, ready: Case) -> None:
    town.video.trouble.down = True
    told = {one.source: one.read for one in handback.standing(town.house, ready).services}
    assert told == {"/shops/oscar": True, "/services/video": False}


def test_the_list_remembers_what_is_done_and_forgets_it_again(town: Town, ready: Case) -> None:
    for _ in range(3):
        handback.tick(town.house, ready.id, "mailbox")
    handback.tick(town.house, ready.id, "cards")
    handback.tick(town.house, ready.id, "cards", done=False)
    assert set(handback.ticked(town.house, ready.id)) == {"mailbox"}
    noted = [entry for entry in town.house.cases.log(ready.id) if entry.what == "prevention.ticked"]
    assert len(noted) == 3


def test_what_is_no_item_of_the_list_is_refused(town: Town, ready: Case) -> None:
    with pytest.raises(CaseRefused):
        handback.tick(town.house, ready.id, "<script>")


def test_a_flood_of_ticks_fills_no_log(town: Town, ready: Case) -> None:
    for number in range(handback.MOST_TICKS + 60):
        handback.tick(town.house, ready.id, "cards", done=number % 2 == 0)
    noted = [entry for entry in town.house.cases.log(ready.id) if entry.what == "prevention.ticked"]
    assert len(noted) == handback.MOST_TICKS


def test_the_intruder_looked_at_the_cards_so_the_list_presses_them(town: Town, ready: Case) -> None:
    told = {item.key.value: item.pressing for item in handback.standing(town.house, ready).items}
    assert told["cards"]
