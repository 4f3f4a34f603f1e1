"""The auditor's pages in a real Chromium: without a mouse, without a complaint, on paper-wide and hand-wide windows."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from takeback.bootstrap import House
from takeback.casework.auditbook import Act
from takeback.core.case import Case, Language, Stage
from takeback.core.permission import Role, Verb
from tests.browser.chromium import ARGUMENTS, FOUND, MISSING, REQUIRED
from tests.browser.seen import Seen
from tests.store.inhand import in_hand
from tests.web.desk.people import client_of
from tests.web.desk.serving import served

if FOUND is None and not REQUIRED:
    pytest.skip(MISSING, allow_module_level=True)

RULES = "--host-resolver-rules="
LOCAL = [f"{given}, EXCLUDE localhost" if given.startswith(RULES) else given for given in ARGUMENTS]
PICTURES = os.environ.get("TAKEBACK_AUDIT_PICTURES")  # a folder to keep what the pages look like in
CASES = tuple(f"{number * 2654435761 % 2**64:016x}" for number in range(3, 34))


@pytest.fixture
def book(house: House) -> House:
    """Some cases, an ordinary day at the desk, and one of an unusual number of looks."""
    now = house.clock.now()
    for number, case in enumerate(CASES):
        house.cases.open(Case(case, str(number), Stage.HOLD, Language.JA, now, "", case))
    for who, verb, case, why in (
        ("ito", Verb.READ_CASE, CASES[0], ""),
        ("ito", Verb.ANSWER_QUESTION, CASES[0], "she named both shoes"),
        ("ito", Verb.APPROVE_PLAN, CASES[0], ""),
        ("mori", Verb.APPROVE_AS_LEAD, CASES[0], ""),
        ("mori", Verb.SHORTEN_HOLD, CASES[1], "she travels tomorrow; proven by telephone"),
        ("kondo", Verb.CHANGE_RULES, "", "twice the usual orders before new year"),
    ):
        house.audit.note(Act(now, f"staff:{who}", verb.value, why, case, {"plan": "5f2c" * 16}))
    for number in range(31):
        at = now - timedelta(minutes=number)
        house.audit.note(Act(at, "staff:abe", Verb.READ_CASE.value, case=CASES[number]))
    return house


@pytest.fixture
def signed_in(book: House) -> dict[str, str]:  # noqa: ARG001 - the people are of its house
    """The session of an auditor, as a browser keeps it."""
    client = client_of(Role.AUDITOR, name="ueda")
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.fixture(params=["en", "ja"])
def page(request: pytest.FixtureRequest, signed_in: dict[str, str]) -> Iterator[tuple[Page, Seen, str, str]]:
    """The book in a browser, in each language."""
    with served() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=FOUND, args=LOCAL)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        seen = Seen()
        seen.listen(context)
        context.add_cookies([{**signed_in, "url": base}])  # type: ignore[typeddict-item]
        shown = context.new_page()
        shown.goto(f"{base}/desk/audit?lang={request.param}")
        yield shown, seen, base, request.param
        browser.close()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"audit-{name}.png"), full_page=True)


def test_the_pages_of_the_book_are_for_everybody(page: tuple[Page, Seen, str, str], book: House) -> None:
    shown, seen, base, language = page
    seen.look(shown, "book")
    picture(shown, f"book.{language}")
    shown.goto(f"{base}/desk/audit/line/5")
    seen.look(shown, "line")
    picture(shown, f"line.{language}")
    shown.goto(f"{base}/desk/audit?case={CASES[0]}")
    seen.look(shown, "one case")
    with in_hand(book.configuration) as hand:
        assert hand.run("UPDATE store_act SET who = 'staff:nobody' WHERE seq = 2") == 1
    shown.goto(f"{base}/desk/audit")
    button = shown.locator("form[action='/desk/audit/verify'] button")
    button.focus()
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/desk/audit/verify")
    seen.look(shown, "result")
    picture(shown, f"result.{language}")
    shown.set_viewport_size({"width": 390, "height": 844})
    shown.goto(f"{base}/desk/audit")
    picture(shown, f"narrow.{language}")
    assert seen.complaints == []
    faults = {one.name: (one.accessibility, one.dark, one.narrow, one.zoomed) for one in seen.looks}
    assert faults == {name: ([], [], [], []) for name in faults}


def test_the_book_is_filtered_and_taken_out_by_keyboard(page: tuple[Page, Seen, str, str], book: House) -> None:
    shown, seen, _, _ = page
    shown.locator("#case").focus()
    shown.keyboard.type(CASES[1])
    shown.keyboard.press("Enter")
    shown.wait_for_url(f"**case={CASES[1]}**")
    assert shown.locator("table.lines tbody tr").count() == 2
    with shown.expect_download() as download:
        shown.locator("form[action='/desk/audit/export'] button").focus()
        shown.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".ocsf.ndjson")
    with in_hand(book.configuration) as hand:
        taken = hand.rows("SELECT who FROM store_act WHERE what = 'desk:audit:export'")
    assert taken == [("staff:ueda",)]
    assert seen.complaints == []
