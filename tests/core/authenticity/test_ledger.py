"""What does the ledger of sent mails know of a mail?"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from takeback.core.authenticity.ledger import EARLIEST, LATEST, LedgerBook, bare_id, sent_by
from takeback.core.events import Event, EventType, MessageSent, SignedIn
from tests.core.authenticity.making import CAME, HERS, ROW, SENT

BOOK = LedgerBook([ROW])


def event(**data: str) -> Event:
    return Event("e1", "/shops/main", "42", SENT, EventType.MESSAGE_SENT, MessageSent(**data))


def test_every_message_sent_is_in_the_ledger_a_sign_in_code_too() -> None:
    code = event(message_id="<c1@shop.example>", channel="mail", to=ROW.to, template="sign_in_code")
    other = Event("e2", "/shops/main", "42", SENT, EventType.SIGNED_IN, SignedIn())
    book = LedgerBook.of([other, code])
    found = book.look_up("<c1@shop.example>", [HERS], CAME, [])
    assert [row.template for row in found.by_id] == ["sign_in_code"]
    assert (found.recipient_fits, found.time_fits, found.order_fits) == (True, True, None)
    assert sent_by(other) is None


def test_a_mail_is_found_by_its_message_id_with_and_without_brackets() -> None:
    assert bare_id(" <a1@shop.example> ") == "a1@shop.example"
    assert BOOK.look_up("<a1@shop.example>", [HERS], CAME, ["1043"]).by_id == (ROW,)
    assert BOOK.look_up("a2@shop.example", [HERS], CAME, ["1043"]).by_id == ()
    assert BOOK.look_up("", [HERS], CAME, []).by_id == ()


@pytest.mark.parametrize(
    ("recipients", "fits"),
    [
        ([HERS], True),
        (["HANAKO@Mailbox.Example"], True),
        (["other@mailbox.example"], False),
        (["hanako@other.example"], False),
        (["other@mailbox.example", HERS], True),
        ([], None),
    ],
)
def test_the_masked_recipient_is_compared_with_all_that_the_mail_names(
    recipients: list[str], fits: bool | None
) -> None:
    assert BOOK.look_up(ROW.message_id, recipients, CAME, []).recipient_fits is fits


@pytest.mark.parametrize(
    ("received", "fits"),
    [
        (SENT - EARLIEST, True),
        (SENT - EARLIEST - timedelta(seconds=1), False),
        (SENT + LATEST, True),
        (SENT + LATEST + timedelta(seconds=1), False),
        (None, None),
    ],
)
def test_a_mail_comes_within_the_time_that_mail_takes(received: datetime | None, fits: bool | None) -> None:
    assert BOOK.look_up(ROW.message_id, [HERS], received, []).time_fits is fits


def test_of_several_mails_with_one_number_the_one_that_fits_best_is_compared() -> None:
    book = LedgerBook([replace(ROW, to="x***@other.example"), ROW])
    found = book.look_up(ROW.message_id, [HERS], CAME, ["1043"])
    assert (found.recipient_fits, found.order_fits, found.by_id[0]) == (True, True, ROW)


def test_what_was_pushed_or_sent_to_a_telephone_is_no_mail() -> None:
    book = LedgerBook([replace(ROW, channel="sms"), replace(ROW, channel="push")])
    found = book.look_up(ROW.message_id, [HERS], CAME, ["1043"])
    assert (found.by_id, found.by_order) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "Your order 1043 is on its way.",
        "Order #1043.",
        "(1043)",
        "注文番号1043を承りました",
        "ご注文番号：１０４３です",
        "注文 1043、発送済み",
    ],
)
def test_an_order_is_found_in_a_text_however_it_stands_there(text: str) -> None:
    assert BOOK.orders_in(text) == ("1043",)


@pytest.mark.parametrize("text", ["10430", "order 11043", "1043-99", "x1043", ""])
def test_a_part_of_a_longer_number_is_not_the_order(text: str) -> None:
    assert BOOK.orders_in(text) == ()


def test_long_order_numbers_with_hyphens_are_found_whole() -> None:
    book = LedgerBook([replace(ROW, order="503-1234567-7654321")])
    assert book.orders_in("Bestellung 503-1234567-7654321, danke") == ("503-1234567-7654321",)


def test_an_order_number_that_stands_in_any_text_by_chance_is_not_looked_for() -> None:
    assert LedgerBook([replace(ROW, order="7")]).orders_in("7 days") == ()


def test_mails_about_an_order_are_found_where_recipient_and_time_do_not_say_otherwise() -> None:
    assert BOOK.look_up("", [], None, ["1043"]).by_order == (ROW,)
    assert BOOK.look_up("", [HERS], CAME, ["1043"]).by_order == (ROW,)
    assert BOOK.look_up("", ["other@mailbox.example"], CAME, ["1043"]).by_order == ()
    assert BOOK.look_up("", [HERS], CAME + timedelta(days=90), ["1043"]).by_order == ()


def test_the_order_of_the_mail_must_be_the_one_that_the_text_names() -> None:
    assert BOOK.look_up(ROW.message_id, [HERS], CAME, ["1043"]).order_fits is True
    assert BOOK.look_up(ROW.message_id, [HERS], CAME, ["2000"]).order_fits is False
