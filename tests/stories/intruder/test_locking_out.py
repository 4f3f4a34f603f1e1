"""He would like to have a stranger locked out: nothing has happened in her account, and he reports it."""

from datetime import timedelta

import pytest

from takeback.casework.report import Report, receive
from takeback.core.case import Language, Stage
from takeback.core.triage import ATTEMPTS
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, INTRUDERS, MINE, NIGHT
from tests.stories.intruder.people import (
    HER_PLACE,
    WRONG,
    at_the_door,
    browser,
    calls,
    codes,
    page_of,
    read_code,
    report,
)


@pytest.mark.parametrize(
    "words", ["買っていない商品が勝手に購入されている", "STOP THIS ACCOUNT NOW", "", "乗っ取られました！！！"]
)
def test_a_report_alone_never_stops_a_clean_account_whatever_it_says(quiet: Town, words: str) -> None:
    him = browser()
    talk = at_the_door(him, MINE, text=words, person="yes")
    report(him, MINE, text=words)
    him.post(talk, {"text": words + " now"})
    for guess in range(3):
        him.post(f"{talk}/proof", {"code": f"{guess:08}"})
    quiet.run()
    assert not quiet.shop.account(ACCOUNT).frozen
    assert quiet.shop.is_signed_in(ACCOUNT, "/shops/oscar-42-mine-3")
    assert quiet.case.stage is Stage.REPORT


def test_the_code_for_a_clean_account_goes_to_its_owner_alone(quiet: Town) -> None:
    him = browser()
    him.post(f"{at_the_door(him, MINE)}/code")
    quiet.run()
    assert codes(quiet)
    assert {letter.to for letter in quiet.postbox.letters} == {MINE}


def test_a_code_that_the_owner_reads_and_enters_stops_it(quiet: Town) -> None:
    her = browser(HER_PLACE)
    talk = at_the_door(her, MINE)
    quiet.run()
    assert her.post(f"{talk}/proof", {"code": read_code(quiet)}).status_code == 303
    quiet.run()
    assert quiet.shop.account(ACCOUNT).frozen


def test_the_code_that_stops_an_account_shows_nothing_of_it_and_undoes_nothing(quiet: Town) -> None:
    her = browser(HER_PLACE)
    talk = at_the_door(her, MINE)
    quiet.run()
    her.post(f"{talk}/proof", {"code": read_code(quiet)})
    quiet.run()
    page = page_of(quiet)
    assert "plan" not in her.get(page, headers={"accept": "application/json"}).json()
    assert quiet.case.proven_at is None


def test_staff_can_stop_it_on_their_own_word(quiet: Town) -> None:
    report(browser(HER_PLACE), MINE)
    quiet.run()
    receive(quiet.house, Report("by-staff", ACCOUNT, "", Language.JA), by_staff="lead")
    quiet.run()
    assert quiet.shop.account(ACCOUNT).frozen


def test_a_call_that_he_asks_for_stops_nothing_and_reaches_her_number(quiet: Town) -> None:
    at_the_door(browser(), MINE, person="yes")
    quiet.run()
    (task,) = calls(quiet)
    assert [number["to"] for number in task.evidence["numbers"]] == ["***5678"]
    assert not quiet.shop.account(ACCOUNT).frozen


def knock(town: Town, times: int = 12) -> None:
    """Fail to sign in to her account, from abroad, as anybody can who knows her address."""
    for number in range(times):
        client = INTRUDERS | {"session": f"knock-{number}"}
        town.shop.sign_in(ACCOUNT, NIGHT + timedelta(minutes=number), client, password=WRONG)
    town.tell()
    last = town.house.event_log.account(ACCOUNT)[-times:]
    assert {event.type for event in last} <= ATTEMPTS


def test_failing_to_sign_in_and_then_reporting_stops_nobodys_account(quiet: Town) -> None:
    knock(quiet)
    at_the_door(browser(), MINE, person="yes")
    report(browser(), MINE)
    quiet.run()
    assert quiet.case.stage is Stage.REPORT
    assert not quiet.shop.account(ACCOUNT).frozen


def test_who_gets_in_leaves_a_sign_and_then_a_report_stops_it_at_once(quiet: Town) -> None:
    knock(quiet)
    client = INTRUDERS | {"session": "inside"}
    quiet.shop.sign_in(ACCOUNT, NIGHT + timedelta(minutes=20), client, password="correct horse battery")
    quiet.shop.view(ACCOUNT, NIGHT + timedelta(minutes=21), client, "cards")
    quiet.tell()
    report(browser(HER_PLACE), MINE)
    quiet.run()
    assert quiet.shop.account(ACCOUNT).frozen
