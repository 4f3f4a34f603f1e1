"""The door in a real Chromium: a passkey is made and lets its owner in, without a mouse, under the strict policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from takeback.bootstrap import House
from takeback.casework import staffing
from takeback.core.permission import Role
from tests.browser.chromium import ARGUMENTS, FOUND, MISSING, REQUIRED
from tests.browser.seen import Seen
from tests.web.desk.doors import code_for
from tests.web.desk.people import PASSWORD
from tests.web.desk.serving import served

if FOUND is None and not REQUIRED:
    pytest.skip(MISSING, allow_module_level=True)

RULES = "--host-resolver-rules="
LOCAL = [f"{given}, EXCLUDE localhost" if given.startswith(RULES) else given for given in ARGUMENTS]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def links(house: House) -> list[str]:
    """The paths of two new members' links: an admin's and an agent's."""
    secrets = [staffing.add(house, "cli:test", name, [role])[1] for name, role in PEOPLE]
    return [f"/desk/set-up/{secret}" for secret in secrets]


PEOPLE = (("admin", Role.ADMIN), ("sato", Role.AGENT))


@pytest.fixture
def browser(links: list[str]) -> Iterator[Browser]:  # noqa: ARG001 - made before: later this thread must not wait for a database
    """A browser without a window."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=FOUND, args=LOCAL)
        yield launched
        launched.close()


def with_key(context: BrowserContext) -> Page:
    """A page of a browser that has a fingerprint reader."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def set_password(page: Page, address: str) -> None:
    """Fill in the form of the link, by keyboard."""
    page.goto(address)
    page.locator("#password:focus").wait_for()  # the page puts it there by itself
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/me/factors?*")


def test_a_passkey_is_made_and_lets_its_owner_in_by_itself(browser: Browser, links: list[str]) -> None:
    with served() as base:
        context, seen = browser.new_context(locale="en-GB"), Seen()
        seen.listen(context)
        page = with_key(context)
        set_password(page, base + links[0])
        page.get_by_role("link", name="Add a passkey").press("Enter")
        page.get_by_label("Name of this passkey").fill("work laptop")
        page.get_by_role("button", name="Add a passkey").press("Enter")
        page.wait_for_url("**/desk/me/factors/codes")
        assert page.locator(".codes code").count() == 10
        page.get_by_role("link", name="Continue").press("Enter")
        page.wait_for_url("**/desk/me")
        page.get_by_role("button", name="Sign out").press("Enter")
        page.wait_for_url("**/desk/sign-in?*")
        page.get_by_role("button", name="Use a passkey").press("Enter")
        page.wait_for_url(f"{base}/desk/audit")  # the first page of an admin
        page.goto(f"{base}/desk/me/again/passkey?next=/desk/me")
        page.get_by_role("button", name="Use a passkey").press("Enter")
        page.wait_for_url("**/desk/me")
        assert seen.complaints == []
        context.close()


def test_a_passkey_is_the_second_factor_after_the_password(browser: Browser, links: list[str]) -> None:
    with served() as base:
        context = browser.new_context(locale="en-GB")
        page = with_key(context)
        set_password(page, base + links[1])
        page.goto(f"{base}/desk/me/factors/passkeys/add")
        page.get_by_role("button", name="Add a passkey").press("Enter")
        page.wait_for_url("**/desk/me/factors/codes")
        page.get_by_role("button", name="Sign out").press("Enter")
        page.get_by_role("textbox", name="Name").fill("sato")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/sign-in/factor*")
        page.get_by_role("button", name="Use a passkey").press("Enter")
        page.wait_for_url(f"{base}/desk/")
        context.close()


def test_whoever_says_no_to_the_browsers_question_is_told_what_else_there_is(browser: Browser) -> None:
    with served() as base:
        context = browser.new_context(locale="en-GB")
        page = with_key(context)  # with no passkey in it
        page.goto(f"{base}/desk/sign-in")
        page.get_by_role("button", name="Use a passkey").press("Enter")
        page.get_by_text("The passkey could not be used.").wait_for()
        assert page.evaluate("document.activeElement.id") == "passkey-failed"
        context.close()


@pytest.mark.parametrize("locale", ["ja-JP", "en-GB"])
def test_every_page_of_the_door_can_be_used_by_everybody(browser: Browser, links: list[str], locale: str) -> None:
    with served() as base:
        context, seen = browser.new_context(locale=locale), Seen()
        seen.listen(context)
        page = with_key(context)
        page.goto(f"{base}/desk/sign-in")
        seen.look(page, "sign-in")
        page.goto(base + links[0])
        seen.look(page, "link")
        set_password(page, base + links[0])
        seen.look(page, "first factor")
        page.goto(f"{base}/desk/me/factors/app")
        seen.look(page, "app")
        page.fill("#code", code_for(page.locator("#secret").inner_text()))
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/me/factors/codes")
        seen.look(page, "codes")
        for name in ("me", "me/factors", "me/password", "me/factors/passkeys/add", "me/factors/app/remove"):
            page.goto(f"{base}/desk/{name}")
            seen.look(page, name)
        for name in ("me/factors/codes/new", "me/again", "me/again/code", "staff"):
            page.goto(f"{base}/desk/{name}")
            seen.look(page, name)
        page.fill("#name", "tanaka")
        page.keyboard.press("Enter")
        page.locator("#link").wait_for()
        seen.look(page, "link of a new member")
        page.goto(f"{base}/desk/nowhere")
        seen.look(page, "nothing")
        wrong = {
            look.name: (look.accessibility, look.dark, look.narrow, look.zoomed)
            for look in seen.looks
            if look.accessibility or look.dark or look.narrow or look.zoomed
        }
        assert wrong == {}
        assert seen.complaints == []
        assert max(look.weight for look in seen.looks) < 60_000
        context.close()
