"""Reporting from outside: one answer for everybody, and no flood that stops the owner's own report."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from takeback.bootstrap import move_into
from tests.casework.conftest import Town, town
from tests.casework.life import ACCOUNT, MINE

__all__ = ["town"]


@pytest.fixture
def browser(town: Town) -> Iterator[Client]:
    """A client in front of the town's web side."""
    move_into(town.house)  # type: ignore[arg-type]  # its services are pretend ones
    yield Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    move_into(None)


def report(client: Client, **fields: str) -> object:
    """Send a report as JSON."""
    return client.post("/v1/reports", json.dumps(fields), content_type="application/json")


def test_a_report_opens_a_case_and_stops_the_account(town: Town, browser: Client) -> None:
    answer = report(browser, email=MINE, text="買っていない商品が勝手に購入されている", language="ja")
    assert answer.status_code == 202
    town.run()
    assert town.case.report_text == "買っていない商品が勝手に購入されている"
    assert town.shop.account(ACCOUNT).frozen


def test_the_answer_is_the_same_whether_or_not_there_is_such_an_account(browser: Client) -> None:
    known, unknown = report(browser, account=ACCOUNT), report(browser, account="nobody@example.jp")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert {**known.headers} == {**unknown.headers}


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"account": 1}', '{"account": "x", "language": "fr"}', '{"text": "x"}']
)
def test_a_body_that_is_no_report_is_refused_with_one_sentence(browser: Client, body: str) -> None:
    answer = browser.post("/v1/reports", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_report_that_is_too_long_is_refused(browser: Client) -> None:
    assert report(browser, account="x", text="y" * 20_000).status_code == 413


def test_one_client_reports_only_so_often_and_others_still_can(town: Town, browser: Client) -> None:
    flood = Client(SERVER_NAME="localhost", REMOTE_ADDR="198.51.100.9")
    answers = [report(flood, account=f"x{number}@example.jp").status_code for number in range(25)]
    assert answers == [202] * 20 + [429] * 5
    assert report(browser, account=ACCOUNT).status_code == 202
    town.run()
    assert town.shop.account(ACCOUNT).frozen


def test_a_flood_on_one_account_does_not_stop_its_owners_report(town: Town, browser: Client) -> None:
    for number in range(60):
        flood = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"198.51.100.{number}")
        report(flood, account="nobody@example.jp")
        report(flood, account=MINE)
    assert report(browser, account=MINE).status_code == 202
    town.run()
    assert town.shop.account(ACCOUNT).frozen
    assert len(town.house.cases.cases(open_only=False)) == 1


def test_behind_a_proxy_on_this_machine_clients_are_told_apart(browser: Client) -> None:
    for number in range(25):
        report(browser, account=f"x{number}")
    through = {"X-Forwarded-For": "203.0.113.77, 198.51.100.200"}
    body = json.dumps({"account": "x"})
    answer = browser.post("/v1/reports", body, content_type="application/json", headers=through)
    assert answer.status_code == 202


def test_who_comes_from_elsewhere_is_not_believed_about_its_address(browser: Client) -> None:  # noqa: ARG001 - the house
    body = json.dumps({"account": "x"})
    answers = [
        Client(SERVER_NAME="localhost", REMOTE_ADDR="198.51.100.9")
        .post("/v1/reports", body, content_type="application/json", headers={"X-Forwarded-For": f"203.0.113.{number}"})
        .status_code
        for number in range(21)
    ]
    assert answers[-1] == 429


def test_reports_are_sent_by_post(browser: Client) -> None:
    assert browser.get("/v1/reports").status_code == 405
