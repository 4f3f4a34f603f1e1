"""Is the time of receipt, and who handed the mail in, taken only from lines that the sender could not write?"""

from datetime import UTC, datetime

import pytest

from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.received import Receipt, received
from tests.mail.proofs.making import AT, MAIL

OURS = ["mx.box.example"]
EDGE = (
    b"Received: from helo.shop.example (out.shop.example [192.0.2.7])\r\n\tby mx.box.example (Postfix) with ESMTPS id 1"
    b"\r\n\tfor <h@box.example>; Fri, 20 Nov 2026 18:00:05 +0900 (JST)\r\n"
)
INSIDE = (
    b"Received: from mx.box.example (mx.box.example [10.0.0.3]) by store.mx.box.example with LMTP;"
    b" Fri, 20 Nov 2026 18:00:06 +0900\r\n"
)
SENDERS = b"Received: from app (app [198.51.100.1]) by out.shop.example; Fri, 20 Nov 2026 18:00:01 +0900\r\n"
WHEN = datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)


def read(header: bytes, told: datetime | None = None) -> Receipt:
    return received(read_message(header + MAIL), OURS, told)


def test_the_receivers_own_line_tells_when_and_from_where() -> None:
    found = read(b"Return-Path: <bounce@shop.example>\r\n" + EDGE + SENDERS)
    assert found == Receipt(WHEN, True, "192.0.2.7", "helo.shop.example", "bounce@shop.example")


def test_what_the_caller_tells_comes_first() -> None:
    found = read(EDGE, told=AT)
    assert (found.time, found.trusted, found.ip) == (AT, True, "192.0.2.7")


def test_an_unknown_receivers_line_tells_the_time_and_is_not_believed() -> None:
    found = read(SENDERS + EDGE)
    assert (found.time, found.trusted, found.ip) == (datetime(2026, 11, 20, 9, 0, 1, tzinfo=UTC), False, "")


def test_a_mail_that_nobody_received_has_no_time() -> None:
    assert read(b"") == Receipt()


def test_the_hop_within_the_house_leads_to_the_one_from_outside() -> None:
    assert read(INSIDE + EDGE + SENDERS).ip == "192.0.2.7"


def test_a_line_below_the_border_that_names_the_receiver_is_not_believed() -> None:
    forged = EDGE.replace(b"192.0.2.7", b"192.0.2.99")
    assert read(EDGE + forged).ip == ""
    assert read(EDGE.replace(b" [192.0.2.7]", b"") + forged).ip == ""


def test_a_return_path_below_the_line_is_the_senders_own() -> None:
    assert read(EDGE + b"Return-Path: <bounce@shop.example>\r\n").mail_from == ""


@pytest.mark.parametrize(
    ("origin", "ip"),
    [
        (b"from x (y [192.0.2.7])", "192.0.2.7"),
        (b"from x (unknown [IPv6:2001:db8::7])", "2001:db8::7"),
        (b"from x (192.0.2.7)", "192.0.2.7"),
        (b"from [192.0.2.7] (helo=x)", "192.0.2.7"),
        (b"from x ([192.0.2.7] helo=[198.51.100.9])", "192.0.2.7"),
        (b"from [198.51.100.9] (y [192.0.2.7])", "192.0.2.7"),
        (b"from [198.51.100.9] (unknown)", ""),
        (b"from x (y [192.0.2.7] (may be forged))", "192.0.2.7"),
        (b"from x (y [999.0.2.7])", ""),
        (b"from by (y [192.0.2.7])", "192.0.2.7"),
        (b"from x", ""),
    ],
)
def test_the_address_is_the_one_the_receiver_saw(origin: bytes, ip: str) -> None:
    line = b"Received: " + origin + b" by mx.box.example; Fri, 20 Nov 2026 18:00:05 +0900\r\n"
    found = read(line)
    assert (found.trusted, found.ip) == (True, ip)


@pytest.mark.parametrize(
    "date", [b"", b"yesterday", b"Fri, 99 Nov 2026 18:00:05 +0900", b"Fri, 20 Nov 99999 18:00:05 +0900"]
)
def test_a_line_without_a_date_tells_no_time(date: bytes) -> None:
    found = read(b"Received: from x (y [192.0.2.7]) by mx.box.example; " + date + b"\r\n")
    assert (found.time, found.trusted) == (None, False)


def test_the_name_of_a_receiver_in_a_comment_or_greeting_is_not_the_receiver() -> None:
    line = b"Received: from x (y by mx.box.example [192.0.2.7]) by evil.top; Fri, 20 Nov 2026 18:00:05 +0900\r\n"
    assert not read(line).trusted
    assert not read(
        b"Received: from evilmx.box.example by evilmx-box.example; Fri, 20 Nov 2026 18:00:05 +0900\r\n"
    ).trusted
