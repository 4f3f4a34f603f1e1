"""Does a whole case, from the report to the hand back, take items of the checklist back and say what it cannot undo?

Every row is undone with the core alone in `test_pretend`; here are those of which the customer must be told something,
and some of each kind.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.configuration import Configuration
from takeback.words import LANGUAGES, known, say
from tests.architecture.tree import SOURCE
from tests.checklist.row import Row
from tests.checklist.rows import ROWS
from tests.checklist.running import Office, hand_back, live, open_office, stop, take_back

PAGE = (SOURCE / "web" / "templates" / "portal" / "case.html").read_text(encoding="utf-8")


SOME_OF_EACH_KIND = {1, 15, 20, 26, 40, 43}
BY_STAFF = {27}  # no mailbox is left that only she reads: see test_outside
CHOSEN = [row for row in ROWS if (row.says or row.number in SOME_OF_EACH_KIND) and row.number not in BY_STAFF]


@pytest.fixture
def office(configuration: Configuration, cases_path: Path) -> Iterator[Office]:
    opened = open_office(configuration, cases_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("row", CHOSEN, ids=lambda row: row.name)
def test_a_whole_case_takes_it_back_and_hands_a_clean_account_over(row: Row, office: Office) -> None:
    night = live(row, office.shop, beside=True)
    found = stop(office, night)
    assert row.held(night)
    result = take_back(office)
    night.kept["lost"] = {one.what for one in found.plan.irreversible}
    assert row.lost <= night.kept["lost"]
    assert result.tasks == ()
    hand_back(office, night)
    assert row.gone(night)
    assert row.still_there(night)
    assert [(language, key) for language in LANGUAGES for key in row.says if not told(office, language, key)] == []


def told(office: Office, language: str, key: str) -> bool:
    """True when the customer reads it: advice for later on the case's page, all else in the result mail."""
    if key.startswith("page."):
        return known(language, key) and f"words.{key}" in PAGE
    return known(language, key) and say(language, key).casefold() in office.texts[language].casefold()
