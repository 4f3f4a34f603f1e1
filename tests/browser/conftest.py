"""What does a test in a browser stand on? One town and one browser for all of them, and each customer's night told
once.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import FOUND, MISSING, launch
from tests.browser.people import EMMA, HANAKO, YUKI
from tests.browser.town import Night, the_night


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Ended with the module: as long as it lives, this thread counts as one that must not wait for a database."""
    if FOUND is None:
        pytest.fail(MISSING)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser without a window."""
    launched = launch(playwright)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def night(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:  # noqa: ARG001 - no browser, no town
    """The town in which everybody had the same bad night."""
    with the_night(tmp_path_factory.mktemp("town"), (HANAKO, EMMA, YUKI)) as stands:
        yield stands
