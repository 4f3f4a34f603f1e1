"""No mail, however broken, may raise or take long."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback.mail.authenticity.addresses import read_field
from takeback.mail.authenticity.attachments import kind_by_name
from takeback.mail.authenticity.hosts import normal
from takeback.mail.authenticity.links import in_text, read_links, reads_as
from takeback.mail.authenticity.pages import read_page
from takeback.mail.authenticity.parts import Text
from takeback.mail.authenticity.targets import read_target
from tests.mail.reading.broken import BROKEN
from tests.mail.reading.everything import read_everything, whose

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_PIECES = st.sampled_from(
    [
        *(
            b"From: ",
            b"Content-Type: ",
            b"multipart/mixed; boundary=b",
            b"text/html",
            b"message/rfc822",
            b"\r\n",
            b"\n",
            b"\r",
        ),
        *(
            b"\r\n\r\n",
            b"--b",
            b"--",
            b"<a href=",
            b"http://",
            b"@",
            b"<",
            b">",
            b'"',
            b"(",
            b")",
            b",",
            b";",
            b":",
            b"\\",
            b"\0",
        ),
        *(
            b"=?utf-8?b?",
            b"=?iso-2022-jp?q?",
            b"?=",
            b"shop.example",
            b"info@shop.example",
            b"\x1b$B",
            b"\x1b(B",
            b"=3D",
            b"&#x",
        ),
        *(
            b"Content-Transfer-Encoding: base64",
            b"quoted-printable",
            b"PK\x01\x02",
            b"PK\x05\x06",
            b"\xe3\x81\x82",
            b"\xff",
            b" ",
        ),
        *(
            b"<div hidden>",
            b"<style>",
            b"</a>",
            b"<form action=",
            b"<base href=",
            b"xn--",
            b"[::",
            b"0x7f.1",
            b"%2F",
            b"www.",
        ),
        *(
            b"begin 644 x.exe\n",
            "差出人：".encode(),
            "。".encode(),
            b"Date: Mon, 23 Nov 2026",
            b"name*0*=utf-8''%e3",
            b"hxxp://",
        ),
    ]
)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_mail_is_read_without_raising(name: str) -> None:
    read_everything(BROKEN[name])


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_mail_is_read_from_any_of_its_ends(name: str) -> None:
    raw = BROKEN[name][:400]
    for at in range(0, len(raw), 7):
        read_everything(raw[:at])
        read_everything(raw[at:])


@QUICK
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_without_raising(raw: bytes) -> None:
    read_everything(raw)


@QUICK
@given(st.lists(_PIECES, max_size=60).map(b"".join))
def test_any_heap_of_pieces_of_mail_is_read_without_raising(raw: bytes) -> None:
    read_everything(raw)


@QUICK
@given(
    st.lists(st.sampled_from(sorted(BROKEN.values())), min_size=2, max_size=3), st.integers(0, 300), st.integers(0, 300)
)
def test_pieces_of_broken_mails_set_in_one_another_are_read(mails: list[bytes], cut: int, back: int) -> None:
    read_everything(b"".join(one[:cut] + two[back:] for one, two in pairwise(mails)))


@QUICK
@given(st.text(max_size=300))
def test_any_text_is_read_in_every_place_where_text_comes_from_a_mail(text: str) -> None:
    read_field(text.encode("utf-8", "replace"))
    read_target(text)
    read_target("http://" + text, "http://shop.example/")
    read_page(text)
    reads_as(text)
    in_text("http://" + text)
    kind_by_name(text)
    read_links([Text(text, html=True, shown=True), Text(text, html=False, shown=True)], whose)
    host = normal(text)
    assert host == "" or (host.isascii() and host == host.lower() and len(host) <= 253)
    assert normal(host) == host
