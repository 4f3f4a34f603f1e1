"""The page of rules in a real Chromium: a change is tried, seen and made without a mouse, and everybody can use it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, sync_playwright

from takeback.core.permission import Role
from tests.browser.chromium import ARGUMENTS, FOUND, MISSING, REQUIRED
from tests.browser.seen import Seen
from tests.casework.conftest import Town
from tests.web.desk.people import client_of
from tests.web.desk.serving import served
from tests.web.desk.test_rules import set_, try_

if FOUND is None and not REQUIRED:
    pytest.skip(MISSING, allow_module_level=True)

RULES = "--host-resolver-rules="
LOCAL = [f"{given}, EXCLUDE localhost" if given.startswith(RULES) else given for given in ARGUMENTS]
WORDS = {
    "ja": ("過去の案件で試す", "ルールを変更する", "ルールを変更しました。"),
    "en": ("Try on past cases", "Change the rules", "The rules have changed."),
}


@pytest.fixture
def session(desk_town: Town) -> str:
    """An admin's session, in a town with a case that is over and a change of another admin's that waits."""
    case = desk_town.report()
    desk_town.clock.turn(timedelta(minutes=5))
    desk_town.prove(case)
    other = client_of(Role.ADMIN, name="abe")
    set_(other, try_(other, two_orders="60"))
    return client_of(Role.ADMIN, name="mori").cookies["takeback_desk"].value


@pytest.fixture
def browser(session: str) -> Iterator[Browser]:
    """A browser without a window."""
    assert session  # made before: later this thread must not wait for a database
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=FOUND, args=LOCAL)
        yield launched
        launched.close()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_admin_tries_and_changes_a_rule_by_keyboard(browser: Browser, session: str, language: str) -> None:
    to_try, to_change, changed = WORDS[language]
    with served() as base:
        context, seen = browser.new_context(locale=language), Seen()
        seen.listen(context)
        context.add_cookies([{"name": "takeback_desk", "value": session, "url": f"{base}/desk"}])
        page = context.new_page()
        page.goto(f"{base}/desk/rules")
        seen.look(page, "rules")
        field = page.locator("form.rules input[name=claim_minutes]")
        field.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("20")
        page.locator("form.rules").get_by_role("button", name=to_try).press("Enter")
        page.locator("#why").wait_for()
        assert page.locator("h1").count() == 1
        seen.look(page, "tried")
        page.locator("#why").focus()
        page.keyboard.type("quieter nights")
        page.get_by_role("button", name=to_change).press("Enter")
        page.get_by_text(changed).wait_for()
        assert page.locator("form.rules input[name=claim_minutes]").input_value() == "20"
        seen.look(page, "changed")
        context.close()
    assert seen.complaints == []
    faults = [(one.name, one.accessibility, one.dark, one.narrow, one.zoomed) for one in seen.looks]
    assert faults == [(name, [], [], [], []) for name in ("rules", "tried", "changed")]
    assert max(one.weight for one in seen.looks) < 100_000
