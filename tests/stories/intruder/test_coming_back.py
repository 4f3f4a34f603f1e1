"""He has lost the account and comes back; or he works beside the owner, to be there before her."""

from datetime import timedelta

from takeback.casework import callback
from takeback.casework.notice import look_at
from takeback.core.case import Language, Stage
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HIS, INTRUDERS, MINE
from tests.stories.intruder.people import (
    HER_PLACE,
    WRONG,
    ask_and_prove,
    at_the_door,
    browser,
    calls,
    codes,
    page_of,
    report,
)

NEW = "a completely new sentence"


def hand_back(town: Town) -> None:
    """Hanako gets her account back; a day passes."""
    her = browser(HER_PLACE)
    at_the_door(her, MINE)
    town.run()
    page = page_of(town)
    ask_and_prove(town, her, page)
    town.run(until=town.case.hold_until)
    ask_and_prove(town, her, page)
    assert her.post(f"{page}/password", {"password": NEW, "again": NEW}).status_code == 303
    town.run()
    assert town.case.stage is Stage.CLOSED
    town.clock.turn(timedelta(days=1))


def knock(town: Town) -> None:
    """Fail to sign in to her account, as anybody can who knows her address."""
    for number in range(12):
        client = INTRUDERS | {"session": f"knock-{number}"}
        town.shop.sign_in(ACCOUNT, town.clock.now(), client, password=WRONG)
    town.tell()


def test_after_the_hand_back_his_mailbox_of_before_gets_no_code_that_stops_her_again(night: Town) -> None:
    hand_back(night)
    him = browser()
    talk = at_the_door(him, HIS)
    him.post(f"{talk}/code")
    report(him, HIS)
    night.run()
    assert codes(night)[-1].to == MINE
    assert HIS not in {letter.to for letter in night.postbox.letters}
    assert not night.shop.account(ACCOUNT).frozen


def test_after_the_hand_back_failing_to_sign_in_does_not_stop_it_again(night: Town) -> None:
    hand_back(night)
    knock(night)
    look_at(night.house, ACCOUNT)
    night.run()
    assert night.case.stage is Stage.CLOSED
    assert not night.shop.account(ACCOUNT).frozen


def test_reporting_and_then_failing_to_sign_in_stops_nobodys_account(quiet: Town) -> None:
    report(browser(), MINE)
    quiet.run()
    knock(quiet)
    look_at(quiet.house, ACCOUNT)
    quiet.run()
    assert not quiet.shop.account(ACCOUNT).frozen


def test_a_call_that_he_puts_off_to_the_evening_does_not_put_off_hers(night: Town) -> None:
    him = browser()
    talk = at_the_door(him, MINE)
    night.run()
    him.post(f"{talk}/person", {"when": "evening"})
    night.run()
    at_the_door(browser(HER_PLACE), MINE, person="yes")
    night.run()
    waiting = [task for task in calls(night) if task.closed_at is None]
    assert [task.evidence["when"] for task in waiting] == ["now"]


def test_a_call_that_is_asked_for_in_another_language_does_not_change_that_of_her_letters(quiet: Town) -> None:
    callback.ask_for(quiet.house, MINE, Language.EN)
    quiet.run()
    assert quiet.case.language is Language.JA


def test_the_code_that_she_asks_for_at_the_door_is_sent_though_reports_have_spent_theirs(quiet: Town) -> None:
    for number in range(10):
        report(browser(f"198.51.100.{number}"), MINE)
        quiet.run()
        quiet.clock.turn(timedelta(seconds=11))
    sent, her = len(codes(quiet)), browser(HER_PLACE)
    talk = at_the_door(her, MINE, text="注文した商品はいつ届きますか", choice="other")
    quiet.run()
    her.post(f"{talk}/code")
    quiet.run()
    assert len(codes(quiet)) == sent + 1
