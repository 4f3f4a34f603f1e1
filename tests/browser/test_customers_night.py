"""The customer's night in a real browser, on a real shop: in Japanese, in English, and without any script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import FOUND, MISSING, REQUIRED
from tests.browser.people import EMMA, HANAKO, YUKI
from tests.browser.pictures import SHARPNESS
from tests.browser.seen import Seen
from tests.browser.story import Story
from tests.browser.town import Night

if FOUND is None and not REQUIRED:
    pytest.skip(MISSING, allow_module_level=True)

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": SHARPNESS,
    "reduced_motion": "reduce",  # a colour on its way to another one is not to be measured
}
HEAVIEST = 100_000  # bytes of a whole page
PAGES = {
    *("door", "talk", "frozen", "code-wrong", "cards", "answered", "hold", "messages"),
    *("hand-back-wrong", "hand-back", "back", "checklist", "door-wrong", "mail-wrong", "not-found"),
}
FIRST_PAINT = """
() => new Promise((told) => {
  new PerformanceObserver((seen) => seen.getEntriesByName("first-contentful-paint").forEach((one) => told(one.name)))
    .observe({type: "paint", buffered: true});
  setTimeout(() => told("nothing was painted within 10 seconds"), 10000);
})
"""
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module", params=[HANAKO, EMMA], ids=lambda person: person.language)
def story(request: pytest.FixtureRequest, night: Night, browser: Browser) -> Story:
    """One customer's night, from the report to the sign-in at the shop."""
    person = request.param
    context = browser.new_context(**PHONE, locale=person.language, timezone_id=person.zone)
    story = Story(night, person, context.new_page())
    story.report()
    story.open_case()
    story.mistype_a_code()
    story.enter_code()
    story.was_this_you()
    story.result()
    story.hand_back()
    story.other_pages()
    story.sign_in_at_the_shop()
    context.close()
    return story


def test_the_new_password_opens_the_shop_where_her_name_and_address_are_hers_again(story: Story) -> None:
    assert story.person.email in story.told.profile
    assert story.person.name.split()[0] in story.told.profile


def test_the_page_names_all_that_was_taken_back_and_that_each_was_checked(story: Story) -> None:
    told = " ".join(story.told.taken_back)
    assert story.words("page.held") in told
    assert story.person.name in told
    assert len(story.told.taken_back) >= 5  # address, name, mail address, two orders
    assert story.told.not_held == []


def test_the_first_card_shows_her_answer(story: Story) -> None:
    assert len(story.told.answers) == 1
    assert story.words("page.not_mine") in story.told.answers[0]


def test_news_come_to_the_open_page_by_themselves(story: Story) -> None:
    assert story.told.alive == {"her answer": True, "the end of the hold": True}


def test_times_are_those_of_her_own_zone(story: Story) -> None:
    assert story.person.zone in story.told.zone


def test_every_page_was_looked_at(story: Story) -> None:
    assert {look.name for look in story.told.seen.looks} == PAGES


def test_axe_finds_no_fault_on_any_page(story: Story) -> None:
    assert {look.name: look.accessibility for look in story.told.seen.looks if look.accessibility} == {}


def test_axe_finds_every_text_readable_in_the_dark(story: Story) -> None:
    assert {look.name: look.dark for look in story.told.seen.looks if look.dark} == {}


def test_no_page_is_wider_than_a_window_of_320_pixels(story: Story) -> None:
    assert {look.name: look.narrow for look in story.told.seen.looks if look.narrow} == {}


def test_no_page_grows_out_of_its_window_with_letters_of_twice_the_size(story: Story) -> None:
    assert {look.name: look.zoomed for look in story.told.seen.looks if look.zoomed} == {}


def test_no_page_is_heavier_than_100_kilobytes(story: Story) -> None:
    assert {look.name: look.weight for look in story.told.seen.looks if not 0 < look.weight < HEAVIEST} == {}


def test_no_page_breaks_its_content_policy_or_complains(story: Story) -> None:
    assert story.told.seen.complaints == []


def test_every_stop_of_the_keyboard_is_in_sight_and_has_a_ring(story: Story) -> None:
    assert [stop for stop in story.told.stops if not (stop.ring and stop.in_sight)] == []


def test_the_keyboard_comes_first_to_the_way_past_the_heading(story: Story) -> None:
    assert story.told.stops[0].what == f"a {story.words('site.skip')}"


def test_pages_show_before_any_script_has_come(story: Story, browser: Browser) -> None:
    context = browser.new_context(**PHONE)
    context.route("**/*.js*", lambda route: None)  # noqa: ARG005 - asked for, and never answered
    page = context.new_page()
    for address in (f"{story.night.town.takeback_url}/report", story.told.address):
        page.goto(address, wait_until="commit")
        assert page.evaluate(FIRST_PAINT) == "first-contentful-paint"
        expect(page.locator("h1")).to_be_visible()
    context.close()


def test_without_any_script_she_reports_proves_and_reads_the_result_as_she_wrote_in_english(
    night: Night, browser: Browser
) -> None:
    context = browser.new_context(**PHONE, locale=YUKI.language, timezone_id=YUKI.zone, java_script_enabled=False)
    story = Story(night, YUKI, context.new_page(), closely=False)
    story.report()
    story.open_case()
    story.enter_code()
    night.mailbox.wait_for(YUKI.email, "カード", after=story.mails)
    story.tab("case.tab_cards")
    story.page.locator("#cards .card form").first.get_by_role("button", name=story.words("page.not_mine")).click()
    story.page.wait_for_url("**note=said_thanks")
    expect(story.page.locator("#cards button[aria-pressed=true]")).to_have_count(1)
    story.tab("case.tab_status")
    expect(story.page.locator("#done ~ ul li.held")).not_to_have_count(0)
    context.close()


def test_what_the_content_policy_forbids_is_heard(night: Night, browser: Browser) -> None:
    context, seen = browser.new_context(), Seen()
    seen.listen(context)
    page = context.new_page()
    page.goto(f"{night.town.takeback_url}/report")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert any("style-src" in complaint for complaint in seen.complaints)
    context.close()
