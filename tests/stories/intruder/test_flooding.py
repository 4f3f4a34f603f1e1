"""He floods: reports, conversations, codes, calls, mails to check. What is hers goes on, from her own address."""

from datetime import timedelta

import pytest

from takeback.casework.codes import LIMITS
from takeback.casework.report import MOST_NOTED, RECEIVED, REPORT_LIMITS
from takeback.casework.talk import DOOR_LIMITS
from takeback.casework.ways import Channel
from takeback.core.case import Stage
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, MINE, NIGHT, PASSWORD
from tests.stories.intruder.people import (
    HER_PLACE,
    WRONG,
    ask_and_prove,
    at_the_door,
    browser,
    calls,
    codes,
    is_proven,
    page_of,
    read_code,
    report,
)


def flood(town: Town, *, hours: float, every: timedelta) -> None:
    """Reports and conversations about her account, each from an address of its own, with a code asked for each time."""
    end, number = town.clock.now() + timedelta(hours=hours), 0
    while town.clock.now() < end:
        who = browser(f"198.51.{number // 250}.{number % 250}")
        report(who, MINE if number % 2 else MINE.upper())
        who.post(f"{at_the_door(who, MINE)}/code")
        town.run()
        town.clock.turn(every)
        number += 1


def test_a_flood_of_reports_on_a_clean_account_sends_few_codes_and_her_page_keeps_the_rest(quiet: Town) -> None:
    for number in range(40):
        report(browser(f"198.51.100.{number}"), MINE)
        quiet.run()
        quiet.clock.turn(timedelta(seconds=11))
    (_, few), _ = REPORT_LIMITS
    assert len(codes(quiet)) == few
    assert not quiet.shop.account(ACCOUNT).frozen
    assert ask_and_prove(quiet, browser(HER_PLACE), page_of(quiet)).status_code == 303
    assert quiet.shop.account(ACCOUNT).frozen


def test_after_hours_of_flooding_by_every_door_her_page_still_sends_her_a_code(quiet: Town) -> None:
    flood(quiet, hours=10, every=timedelta(minutes=8))
    most = sum(limits[-1][1] for limits in (REPORT_LIMITS, DOOR_LIMITS))
    assert len(codes(quiet)) == most < LIMITS[Channel.MAIL][-1][1]
    assert ask_and_prove(quiet, browser(HER_PLACE), page_of(quiet)).status_code == 303
    assert quiet.shop.account(ACCOUNT).frozen


def test_a_flood_fills_neither_the_log_of_the_case_nor_the_desk(night: Town) -> None:
    for number in range(MOST_NOTED + 20):
        who = browser(f"198.51.{number // 250}.{number % 250}")
        report(who, MINE)
        at_the_door(who, MINE, person="yes")
        night.run()
        night.clock.turn(timedelta(seconds=11))
    log = night.house.cases.log(night.case.id)
    assert sum(entry.what == RECEIVED for entry in log) == MOST_NOTED
    assert len(log) < MOST_NOTED + 100
    assert len(calls(night)) == 1
    assert len(night.house.cases.of_account(ACCOUNT)) == 1


def test_a_report_of_hers_is_heard_in_the_middle_of_a_flood(night: Town) -> None:
    for number in range(60):
        report(browser(f"198.51.100.{number}"), f"somebody{number}@example.jp")
    assert report(browser(HER_PLACE), MINE).status_code == 202
    night.run()
    assert night.shop.account(ACCOUNT).frozen


@pytest.mark.parametrize("path", ["/report", "/mail", "/v1/reports", "{talk}/code", "{talk}/proof", "{talk}/person"])
def test_who_asks_too_often_is_refused_and_she_is_not(night: Town, path: str) -> None:
    him, her, talk = browser(), browser(HER_PLACE), at_the_door(browser("198.51.100.99"), MINE)
    body = {"account": MINE, "text": "x", "code": WRONG}

    def post(who: object) -> int:
        content = {"content_type": "application/json"} if path.startswith("/v1") else {}
        return int(who.post(path.format(talk=talk), body, **content).status_code)  # type: ignore[attr-defined]

    statuses = [post(him) for _ in range(70)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:10]
    assert post(her) != 429
    assert night.queue.names


@pytest.mark.parametrize("act", ["code", "proof", "person", "disown"])
def test_his_flood_on_the_cases_page_is_refused_and_hers_still_proves(night: Town, act: str) -> None:
    at_the_door(browser(), MINE)
    night.run()
    page, him = page_of(night), browser()
    statuses = [him.post(f"{page}/{act}", {"code": WRONG, "way": "none", "when": "now"}).status_code for _ in range(70)]
    night.run()
    assert statuses[-1] == 429
    night.clock.turn(timedelta(minutes=16))
    her = browser(HER_PLACE)
    assert ask_and_prove(night, her, page).status_code == 303
    assert is_proven(her, page)


def test_hours_of_asking_for_codes_on_the_page_leave_her_one(night: Town) -> None:
    at_the_door(browser(), MINE)
    night.run()
    page = page_of(night)
    for _ in range(100):
        browser().post(f"{page}/code")
        night.run()
        night.clock.turn(timedelta(minutes=5))
    night.clock.turn(timedelta(hours=1))
    her = browser(HER_PLACE)
    assert ask_and_prove(night, her, page).status_code == 303
    assert is_proven(her, page)


def test_the_codes_that_his_flood_sends_go_to_her_and_are_good_in_her_hands(quiet: Town) -> None:
    flood(quiet, hours=0.2, every=timedelta(minutes=1))
    assert {letter.to for letter in codes(quiet)} == {MINE}
    assert browser(HER_PLACE).post(f"{page_of(quiet)}/proof", {"code": read_code(quiet)}).status_code == 303
    quiet.run()
    assert quiet.case.stage is not Stage.REPORT


def test_accounts_that_he_made_in_her_contacts_name_do_not_crowd_hers_out(night: Town) -> None:
    for number in range(10, 16):  # by name they all come before hers
        account = str(number)
        night.shop.register(account, NIGHT, {"email": f"x{number}@evil.example"}, password=PASSWORD)
        night.shop.sign_in(account, NIGHT, {"session": f"s{number}"}, password=PASSWORD)
        night.shop.change_field(account, NIGHT, {"session": f"s{number}"}, "recovery_email", MINE)
    night.tell()
    at_the_door(browser(HER_PLACE), MINE)
    night.run()
    assert night.shop.account(ACCOUNT).frozen


def test_an_account_that_he_named_like_her_mailbox_does_not_hide_hers(night: Town) -> None:
    night.shop.register(MINE, NIGHT, {"email": "x@evil.example"}, password=PASSWORD)
    night.tell()
    report(browser(HER_PLACE), MINE)
    night.run()
    assert night.shop.account(ACCOUNT).frozen
