"""The door and the conversation, over HTTP: one answer for everybody, and nothing lost."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from takeback.bootstrap import move_into
from takeback.core.talk import LONGEST
from takeback.web.portal import talk
from tests.casework.conftest import Town, clean, code_in, town
from tests.casework.life import ACCOUNT, MINE

__all__ = ["clean", "town"]
ALARM = "買っていない商品が勝手に購入されている"


@pytest.fixture
def browser(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A browser in front of a web side that lives in the town's house."""
    monkeypatch.setattr(talk, "SAME_TIME", 0.0)
    move_into(town.house)  # type: ignore[arg-type]  # its services are pretend ones
    yield Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    move_into(None)


def report(browser: Client, account: str = MINE, **fields: str) -> str:
    """Fill in the door's form; the address of the conversation."""
    answer = browser.post("/report", {"choice": "orders", "account": account, "text": ALARM} | fields)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer.headers["Location"]).partition("#")[0]


def test_the_door_is_the_first_page_and_needs_no_sign_in(browser: Client) -> None:
    for address in ("/", "/report"):
        text = browser.get(address).content.decode()
        assert 'action="/report"' in text
        assert text.count('type="radio"') == 4
        assert 'type="password"' not in text


def test_a_report_through_the_door_stops_the_account_and_opens_a_conversation(town: Town, browser: Client) -> None:
    address = report(browser)
    town.run()
    assert town.shop.account(ACCOUNT).frozen
    text = browser.get(address).content.decode()
    assert ALARM in text
    assert "お知らせくださり、ありがとうございます" in text


def test_the_conversation_goes_on_from_another_device(town: Town, browser: Client) -> None:  # noqa: ARG001 - the house
    address = report(browser)
    other = Client(SERVER_NAME="localhost", REMOTE_ADDR="198.51.100.50")
    assert other.post(address, {"text": "まだ続いています"}).status_code == 303
    assert "まだ続いています" in browser.get(address).content.decode()


def test_what_is_shown_is_the_same_for_an_account_that_does_not_exist(town: Town, browser: Client) -> None:
    shown = []
    for account in (MINE, "nobody@example.jp"):
        address = report(browser, account)
        token = address.rpartition("/")[2]
        for path, fields in (("", {"text": "help"}), ("/code", {}), ("/person", {"when": "now"})):
            assert browser.post(f"{address}{path}", fields).status_code == 303
        wrong = browser.post(f"{address}/proof", {"code": "1234 5678"})
        assert wrong.status_code == 422
        town.run()
        pages = (wrong, browser.get(address))
        shown.append([page.content.decode().replace(token, "TOKEN") for page in pages])
    assert shown[0] == shown[1]


def test_a_report_without_an_account_says_what_is_missing_and_keeps_what_was_typed(browser: Client) -> None:
    answer = browser.post("/report", {"choice": "access", "account": " ", "text": "助けて"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#account"' in text
    assert 'aria-invalid="true"' in text
    assert "助けて" in text
    assert re.search(r'value="access" checked', text)


def test_a_right_code_leads_to_the_cases_page_with_everything_on_it(town: Town, browser: Client) -> None:
    address = report(browser)
    town.run()
    browser.post(f"{address}/code")
    town.run()
    answer = browser.post(f"{address}/proof", {"code": code_in(town.postbox.named("code")[-1])})
    assert answer.status_code == 303
    case = str(answer.headers["Location"])
    assert case.startswith("/case/")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    town.run()
    assert "注文番号 42-901" in browser.get(case).content.decode()


def test_asking_for_a_person_at_the_door_is_one_press(town: Town, browser: Client) -> None:
    address = report(browser, person="yes")
    town.run()
    assert "担当者に取り次ぎます" in browser.get(address).content.decode()
    assert "call.customer" in {task.what for task in town.house.cases.tasks(town.case.id)}


def test_a_person_can_be_asked_for_with_the_next_words(town: Town, browser: Client) -> None:
    address = report(browser)
    browser.post(address, {"text": "電話をください", "person": "yes"})
    town.run()
    text = browser.get(address).content.decode()
    assert "電話をください" in text
    assert "担当者に取り次ぎます" in text


def test_empty_words_are_said_to_be_missing(browser: Client) -> None:
    address = report(browser)
    answer = browser.post(address, {"text": "  "})
    assert answer.status_code == 422
    assert 'href="#text"' in answer.content.decode()


def test_words_are_cut_to_their_length_and_shown_as_text(browser: Client) -> None:
    address = report(browser)
    browser.post(address, {"text": "<script>alert(1)</script>" + "x" * (LONGEST + 100)})
    text = browser.get(address).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "x" * LONGEST not in text


@pytest.mark.parametrize("address", ["/talk/AAAA", "/talk/AAAA?lang=en", "/case/AAAA", "/talk", "/nothing"])
def test_an_address_that_opens_nothing_is_answered_alike(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 404
    assert 'href="/report"' in answer.content.decode()


def test_the_page_of_a_conversation_goes_to_nobody_else(browser: Client) -> None:
    answer = browser.get(report(browser))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}],
)
def test_a_form_of_another_site_is_refused(browser: Client, headers: dict[str, str]) -> None:
    answer = browser.post("/report", {"account": MINE}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "http://localhost"}, {"origin": "null"}]
)
def test_our_own_forms_are_taken(browser: Client, headers: dict[str, str]) -> None:
    answer = browser.post("/report", {"account": MINE}, headers=headers)
    assert answer.status_code == 303


def test_one_client_opens_only_so_many_conversations(browser: Client) -> None:
    answers = [browser.post("/report", {"account": f"x{number}"}).status_code for number in range(22)]
    assert answers == [303] * 20 + [429] * 2
    refused = browser.post("/report", {"account": "x"})
    assert refused.headers["Retry-After"] == "600"
    assert "少しお待ちください" in refused.content.decode()


def test_one_client_tries_only_so_many_codes(browser: Client) -> None:
    address = report(browser)
    answers = [browser.post(f"{address}/proof", {"code": "1"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_language_that_was_chosen_is_remembered_and_identifies_nobody(browser: Client) -> None:
    assert "What has happened?" in browser.get("/report?lang=en").content.decode()
    cookie = browser.cookies["takeback_language"]
    assert (cookie.value, cookie["samesite"]) == ("en", "Lax")
    assert "What has happened?" in browser.get("/report").content.decode()
    assert "どうされましたか" in browser.get("/report?lang=ja").content.decode()


def test_a_language_or_zone_that_is_none_changes_nothing(town: Town, browser: Client) -> None:
    browser.cookies["takeback_language"] = "xx"
    browser.cookies["takeback_zone"] = "../../etc/passwd"
    address = report(browser)
    town.clock.turn(timedelta(minutes=1))
    assert 'data-zone="Asia/Tokyo"' in browser.get(address).content.decode()


@pytest.mark.parametrize("address", ["/report", "/mail", "/talk/AAAA"])
def test_no_page_is_heavy(browser: Client, address: str) -> None:
    assert len(browser.get(address).content) < 20_000
