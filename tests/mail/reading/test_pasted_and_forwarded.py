"""What does somebody hand in: a mail, a mail in a mail, or a text copied from one?"""

import base64
from datetime import UTC, datetime

import pytest

from takeback.core.authenticity.facts import Form
from takeback.mail.authenticity.forwarded import Forwarded, find_forwarded
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.parts import read_parts
from takeback.mail.authenticity.pasted import looks_like_mail, read_pasted
from tests.mail.reading.everything import claims, whose

MAIL = (
    b"Received: from x\r\nDKIM-Signature: v=1; d=shop.example\r\nFrom: Shop <info@shop.example>\r\n\r\n"
    b"hello  \r\n.\r\n\r\n"
)


def _forwarded(raw: bytes) -> Forwarded | None:
    message = read_message(raw)
    return find_forwarded(message, read_parts(message))


def _mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return b"From: me@home.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: message/rfc822\r\n\r\n" + MAIL,
        b"Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=x.eml\r\n\r\n" + MAIL,
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(MAIL),
        b"Content-Type: application/octet-stream; name=x.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(MAIL),
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n" + MAIL,
        b"Content-Type: text/plain; name=mail.eml\r\nContent-Disposition: attachment\r\n\r\n" + MAIL,
    ],
)
def test_an_attached_mail_comes_out_byte_for_byte(part: bytes) -> None:
    assert _forwarded(_mixed(b"\r\nIs this real?", part)) == Forwarded(Form.ATTACHED, MAIL)


def test_a_mail_that_is_nothing_but_an_attached_mail_is_forwarded_too() -> None:
    found = _forwarded(b"From: me@home.example\r\nContent-Type: message/rfc822\r\n\r\n" + MAIL)
    assert found == Forwarded(Form.ATTACHED, MAIL)


def test_of_mails_in_one_another_the_outermost_is_meant() -> None:
    inner = b"From: x@evil.top\r\nContent-Type: message/rfc822\r\n\r\n" + MAIL
    assert _forwarded(_mixed(b"Content-Type: message/rfc822\r\n\r\n" + inner)) == Forwarded(Form.ATTACHED, inner)
    packed = base64.encodebytes(inner)
    encoded = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + packed
    assert _forwarded(_mixed(encoded)) == Forwarded(Form.ATTACHED, inner)


def test_of_mails_beside_one_another_the_first_is_meant_and_the_others_are_counted() -> None:
    part = b"Content-Type: message/rfc822\r\n\r\n"
    found = _forwarded(_mixed(part + MAIL, part + b"From: x@evil.top\r\n\r\nx"))
    assert found == Forwarded(Form.ATTACHED, MAIL, "", 1)


@pytest.mark.parametrize(
    "marker",
    [
        "---------- Forwarded message ---------",
        "-----Original Message-----",
        "Begin forwarded message:",
        "-----元のメッセージ-----",
        "---------- 転送メッセージ ----------",
        "> -------- Forwarded Message --------",
    ],
)
def test_a_mail_forwarded_as_text_is_handed_on_as_text(marker: str) -> None:
    raw = f"From: me@home.example\r\n\r\nIs this real?\r\n{marker}\r\nFrom: Shop <info@shop.example>\r\n\r\nhello"
    assert _forwarded(raw.encode()) == Forwarded(Form.INLINE, b"", "From: Shop <info@shop.example>\r\n\r\nhello")


def test_a_mail_that_forwards_nothing_forwards_nothing() -> None:
    assert _forwarded(b"From: me@home.example\r\n\r\nIs this real?") is None
    assert _forwarded(_mixed(b"Content-Type: application/octet-stream; name=a.bin\r\n\r\nx: y\r\n\r\nz")) is None


@pytest.mark.parametrize(
    ("raw", "mail"),
    [
        (MAIL, True),
        (b"From: a@b.example\r\nMessage-ID: <x@y>\r\n\r\nx", True),
        (b"From: a@b.example\r\nDate: Mon, 23 Nov 2026 04:16:41 +0000\r\n\r\nx", True),
        (b"From: a@b.example\r\nDate: 2026/11/23 13:16\r\nSubject: x\r\n\r\nx", False),
        ("差出人: 例のお店\n件名: x\n\n本文".encode(), False),
        (b"Note: x\r\n\r\ny", False),
        (b"", False),
    ],
)
def test_a_mail_is_told_from_a_copied_text(raw: bytes, mail: bool) -> None:
    assert looks_like_mail(read_message(raw)) is mail


@pytest.mark.parametrize(
    "text",
    [
        "差出人：例のお店 <info@shop.example>\n件名：お知らせ\n日時：2026年11月23日\n宛先：me@home.example\n\n本文",
        "From: 例のお店 <info@shop.example>\r\nSubject: お知らせ\r\nTo: me@home.example\r\n\r\n本文",
        "> *From:* 例のお店＜info＠shop.example＞\n> *Subject:* お知らせ\n> *To:* me@home.example\n\n本文",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "cp932", "iso2022_jp", "utf-16", None])
def test_the_lines_that_people_copy_are_taken_as_claims(text: str, charset: str | None) -> None:
    pasted = read_pasted(text.encode(charset) if charset else text, whose, claims)
    assert [(one.name, one.address) for one in pasted.senders] == [("例のお店", "info@shop.example")]
    assert pasted.subject == "お知らせ"
    assert pasted.recipients == ("me@home.example",)
    assert pasted.text.content.endswith("本文")
    assert pasted.dated is None


def test_a_line_with_an_address_at_the_head_of_the_text_is_the_claimed_sender() -> None:
    pasted = read_pasted("例のお店 <info@shop.example>\nTo 自分\n\n本文 x@evil.top", whose, claims)
    assert [one.address for one in pasted.senders] == ["info@shop.example"]


def test_a_copied_date_is_taken_only_with_its_zone() -> None:
    pasted = read_pasted("From: a@b.example\nDate: Mon, 23 Nov 2026 13:16:41 +0900\n\nx", whose, claims)
    assert pasted.dated == datetime(2026, 11, 23, 4, 16, 41, tzinfo=UTC)


def test_a_copied_page_is_read_as_a_page() -> None:
    assert read_pasted("<html><a href='https://evil.top/'>x</a>", whose, claims).text.html
    assert not read_pasted("a < b", whose, claims).text.html
