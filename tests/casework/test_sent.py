"""Is every letter of our own in the ledger of what was really sent, sign-in codes too, before it leaves?"""

from dataclasses import replace

import pytest

from takeback.casework.ports import Letter
from takeback.casework.progress import Purpose
from takeback.casework.sent import RecordedMailer
from takeback.core.errors import OutsideError
from takeback.mail.notices import MailNotices
from tests.casework.conftest import Postbox, Town
from tests.casework.life import ACCOUNT, MINE


class NamingPostbox(Postbox):
    """A postbox that says how it names letters."""

    def message_id(self, letter_id: str) -> str:
        """As the mail server's adapter does."""
        return f"<{letter_id}@help.example>"


@pytest.fixture
def postbox(town: Town) -> NamingPostbox:
    """What the town's letters go through from now on, recorded."""
    postbox = NamingPostbox()
    mailer = RecordedMailer(postbox, town.house.event_log.sent, town.house.cases, town.clock)
    town.house = replace(town.house, mailer=mailer, notices=MailNotices(mailer))
    town.postbox = postbox
    return postbox


def test_every_letter_of_a_case_can_be_found_by_its_message_id(town: Town, postbox: NamingPostbox) -> None:
    case = town.report()
    assert case is not None
    town.prove(case)
    assert {"account_frozen", "code", "result"} <= {letter.template for letter in postbox.letters}
    for letter in postbox.letters:
        (row,) = town.house.event_log.sent.with_id(postbox.message_id(letter.id))
        assert (row.template, row.channel, row.to) == (letter.template, "mail", "h***@example.jp")
        assert (row.account, row.source) == (ACCOUNT, "/takeback")


def test_no_code_and_no_whole_address_is_in_the_ledger(town: Town, postbox: NamingPostbox) -> None:
    case = town.report()
    assert case is not None
    code = town.code(case, Purpose.PROOF)
    assert postbox.named("code")
    told = repr(town.house.event_log.sent.of_account(ACCOUNT))
    assert code not in told
    assert MINE not in told


def test_a_letter_that_may_have_left_is_in_the_ledger(town: Town, postbox: NamingPostbox) -> None:
    postbox.broken = OutsideError("the mail server cannot be reached", permanent=False)
    with pytest.raises(OutsideError):
        town.house.mailer.send(Letter("l1", "", "verdict", MINE, "s", "t", "h"))
    (row,) = town.house.event_log.sent.with_id("l1@help.example")
    assert row.account == ""


def test_our_own_letters_change_nothing_in_what_is_found_of_the_account(town: Town, postbox: NamingPostbox) -> None:
    before = [event.id for event in town.house.event_log.account(ACCOUNT)]
    town.house.mailer.send(Letter("l1", "", "code", MINE, "s", "t", "h"))
    assert [event.id for event in town.house.event_log.account(ACCOUNT)] == before
    assert postbox.letters
