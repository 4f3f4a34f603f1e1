"""The report for a bank or the police: facts with times and zone, what cannot be undone, and whether the log holds."""

import pytest

from takeback.core.permission import Role
from tests.casework.conftest import Town
from tests.store.inhand import in_hand
from tests.web.desk.case_life import busy_night
from tests.web.desk.people import client_of
from tests.web.desk.test_case_page import text_of


def test_each_act_of_his_is_a_numbered_fact_with_the_time_the_client_and_the_id(desk_town: Town) -> None:
    case = busy_night(desk_town)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}/print?lang=en")
    facts = text[text.index('class="facts-list"') : text.index('id="s3"')]
    assert facts.count("<li>") == 19
    for told in ("2026-11-02 02:05:00 +0900", "198.51.100.7", "AS64500", "Romania", "order 42-900", "/shops/oscar"):
        assert told in facts
    assert "Asia/Tokyo" in text


def test_orders_are_told_with_amounts_and_what_became_of_them(desk_town: Town) -> None:
    case = busy_night(desk_town)
    desk_town.prove(case)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}/print?lang=en")
    orders = text[text.index('id="s3"') : text.index('id="s4"')]
    assert orders.count("cancelled") == 9
    assert "94,740 JPY" in orders
    assert "Visa …4242" in text


@pytest.mark.parametrize(
    ("language", "holds", "broken"),
    [
        ("en", "nothing was found wrong", "not as it was written"),
        ("ja", "異常はありませんでした", "異常が見つかりました"),
    ],
)
def test_the_log_is_verified_for_the_report_and_an_altered_line_is_told(
    desk_town: Town, language: str, holds: str, broken: str
) -> None:
    case = busy_night(desk_town)
    browser, address = client_of(Role.AGENT), f"/desk/case/{case.id}/print?lang={language}"
    assert holds in text_of(browser, address)
    with in_hand(desk_town.house.configuration) as hand:
        assert hand.run("UPDATE store_entry SET why = 'nothing' WHERE seq = 2 AND case_id = ?", [case.id]) == 1
    assert broken in text_of(browser, address)


def test_the_report_is_in_the_language_that_was_asked_for_and_the_desk_stays_in_its_own(desk_town: Town) -> None:
    case = busy_night(desk_town)
    browser = client_of(Role.AGENT, language="ja")
    assert "Report on the misuse" in text_of(browser, f"/desk/case/{case.id}/print?lang=en")
    assert "経過の図" in text_of(browser, f"/desk/case/{case.id}")
