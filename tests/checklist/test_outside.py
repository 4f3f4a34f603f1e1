"""What lies outside the shop, and yet has to be known and said? A stolen number, a mailbox that is read, a mail that
names what was set right.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.casework.progress import Purpose
from takeback.configuration import Configuration
from takeback.shops.pretend import PretendShop
from takeback.words import say
from tests.architecture.tree import SOURCE
from tests.casework.life import MINE
from tests.checklist.rows import ROWS
from tests.checklist.running import Office, live, looked_into, open_office, stop, take_back

BY_NUMBER = {row.number: row for row in ROWS}


@pytest.fixture
def office(configuration: Configuration, cases_path: Path) -> Iterator[Office]:
    opened = open_office(configuration, cases_path)
    yield opened
    opened.close()


def test_the_owner_of_a_stolen_number_is_advised() -> None:
    page = SOURCE / "web" / "templates" / "portal" / "case.html"
    assert "words.page.advice_phone" in page.read_text(encoding="utf-8")


def test_a_mailbox_that_the_intruder_reads_is_no_proof() -> None:
    found = looked_into(live(BY_NUMBER[27], PretendShop(), beside=False))
    assert [contact.value for contact in found.findings.contacts if contact.trusted and contact.value == MINE] == []


def test_a_number_that_the_intruder_reads_is_no_proof() -> None:
    found = looked_into(live(BY_NUMBER[26], PretendShop(), beside=False))
    assert [contact.field for contact in found.findings.contacts if contact.trusted and contact.field == "phone"] == []


def test_the_result_mail_names_the_order_that_was_set_right(office: Office) -> None:
    night = live(BY_NUMBER[45], office.shop, beside=False)
    stop(office, night)
    take_back(office)
    assert "注文 o-1 の内容" in office.texts["ja"].casefold()


def test_where_the_only_mailbox_is_read_by_the_intruder_no_code_goes_there_and_staff_are_told(office: Office) -> None:
    night = live(BY_NUMBER[27], office.shop, beside=False)
    stop(office, night)
    result = take_back(office)
    assert {task.what for task in result.tasks} == {"mail.undeliverable"}
    office.queue.start("code", office.known_case.id, Purpose.HAND_BACK.value, because="asked")
    office.run()
    assert not office.postbox.named("code")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_owner_of_a_read_mailbox_is_advised(language: str) -> None:
    page = SOURCE / "web" / "templates" / "portal" / "case.html"
    assert "words.page.advice_mailbox" in page.read_text(encoding="utf-8")
    assert say(language, "page.advice_mailbox") != "page.advice_mailbox"
