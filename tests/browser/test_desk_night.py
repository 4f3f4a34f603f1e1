"""A night at the desk in a real browser, on a real shop: an agent with the keyboard alone, a lead, and an auditor."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.chromium import FOUND, MISSING, REQUIRED
from tests.browser.desk_story import Desk
from tests.browser.people import HANAKO, an_odd_visit
from tests.browser.seen import Seen
from tests.browser.town import Night, the_night

if FOUND is None and not REQUIRED:
    pytest.skip(MISSING, allow_module_level=True)

HEAVIEST = 300_000  # bytes of a whole page
CAREFUL = "[approval]\nmax_total = 2000\n"  # what was ordered is more than two and a half times as dear: two people
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def night(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:  # noqa: ARG001 - no browser, no town
    """The town, in which nothing dear is taken back without two people."""
    folder = tmp_path_factory.mktemp("town")
    with the_night(folder, (HANAKO,), before=an_odd_visit, more=CAREFUL) as stands:
        yield stands


@pytest.fixture(scope="module")
def desk(night: Night, browser: Browser) -> Iterator[Desk]:
    """One case, from the queue to the call and into the book."""
    desk = Desk(night, browser, HANAKO)
    try:
        desk.tell()
        yield desk
    finally:
        desk.close()


def seen(desk: Desk) -> list[Seen]:
    """What everybody's browser showed."""
    return [desk.sato.seen, desk.mori.seen, desk.audit.seen]


def test_the_queue_says_why_the_case_comes_first(desk: Desk) -> None:
    assert desk.case in desk.told.queue
    assert "JPY" in desk.told.queue


def test_an_answer_shows_what_it_would_move_and_then_moves_the_plan(desk: Desk) -> None:
    assert desk.sato.words("desk_work.moves_added") in desk.told.moved
    assert desk.told.before
    assert desk.told.after
    assert desk.told.before != desk.told.after


def test_an_approval_of_a_plan_that_has_changed_is_refused_and_says_what_changed(desk: Desk) -> None:
    assert desk.mori.words("desk_work.stale") in desk.told.stale
    assert desk.mori.words("desk_work.stale_added") in desk.told.stale


def test_one_approval_is_not_enough_and_two_are(desk: Desk) -> None:
    assert desk.sato.words("desk_work.waits_for_other") in desk.told.waits
    assert desk.mori.words("desk_work.hold_until") in desk.told.held


def test_the_number_to_call_is_that_of_before_the_takeover_and_the_call_is_done(desk: Desk) -> None:
    assert desk.told.number == HANAKO.phone
    assert desk.sato.words("desk_work.no_calls") in desk.told.called


def test_the_book_has_all_of_it_and_is_as_it_was_written(desk: Desk) -> None:
    for who in ("sato", "mori", "endo"):
        assert who in desk.told.audit
    assert desk.told.verified


def test_the_agent_needed_no_mouse_and_always_saw_where_she_was(desk: Desk) -> None:
    assert len(desk.sato.stops) > 30
    assert [stop.what for stop in desk.sato.stops if not stop.ring] == []
    assert [stop.what for stop in desk.sato.stops if not stop.in_sight] == []


def test_no_page_has_a_fault_that_axe_finds_by_day_or_by_night(desk: Desk) -> None:
    looks = [look for one in seen(desk) for look in one.looks]
    assert {look.name for look in looks} == {"queue", "case", "try", "stale", "call", "print"}
    assert [(look.name, look.accessibility, look.dark) for look in looks if look.accessibility or look.dark] == []


def test_no_page_is_wider_than_a_narrow_window(desk: Desk) -> None:
    looks = [look for one in seen(desk) for look in one.looks]
    assert [(look.name, look.narrow) for look in looks if look.narrow] == []


def test_no_browser_complained(desk: Desk) -> None:
    assert [complaint for one in seen(desk) for complaint in one.complaints] == []


def test_no_page_is_heavy(desk: Desk) -> None:
    assert [(look.name, look.weight) for one in seen(desk) for look in one.looks if look.weight > HEAVIEST] == []
