"""Which texts, files and mails does a mail hold?"""

import base64

import pytest

from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.parts import Parts, Text, read_parts


def _parts(raw: bytes) -> Parts:
    return read_parts(read_message(raw))


def _mixed(*parts: bytes, head: bytes = b"multipart/mixed; boundary=b") -> bytes:
    return (
        b"Content-Type: "
        + head
        + b"\r\n\r\npreamble\r\n"
        + b"".join(b"--b\r\n" + p + b"\r\n" for p in parts)
        + b"--b--\r\n"
    )


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("utf-8", "例のお店①".encode()),
        ("ISO-2022-JP", b"\x1b$BNc$N$*E9-!\x1b(B"),
        ("shift_jis", "例のお店①".encode("cp932")),
        ("Windows-31J", "例のお店①".encode("cp932")),
        ("", "例のお店①".encode()),
        ("", "例のお店①".encode("cp932")),
        ("us-ascii", "例のお店①".encode()),
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_a_text_is_decoded_from_its_charset_and_its_encoding(charset: str, encoded: bytes, encoding: str) -> None:
    kind = b"text/plain" + (b"; charset=" + charset.encode() if charset else b"")
    body = base64.encodebytes(encoded) if encoding == "base64" else encoded
    read = _parts(
        b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body
    )
    assert read.texts == [Text("例のお店①", html=False, shown=True)]
    assert read.defects == []


def test_euc_jp_and_quoted_printable_are_read() -> None:
    head = b"Content-Type: text/plain; charset=euc-jp\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\n"
    assert _parts(head + b"=CE=E3=\r\n=A4=CE").texts[0].content == "例の"


def test_utf_7_is_refused_and_said_so() -> None:
    read = _parts(b"Content-Type: text/html; charset=utf-7\r\n\r\n+ADw-a+AD4-")
    assert read.texts[0].content == "+ADw-a+AD4-"
    assert read.defects == ["charset"]


def test_text_and_html_beside_each_other_are_both_read_and_the_line_end_before_a_boundary_is_not_part_of_them() -> None:
    read = _parts(
        _mixed(b"\r\none", b"Content-Type: text/html\r\n\r\n<p>two", head=b'multipart/alternative; boundary="b"')
    )
    assert read.texts == [Text("one", html=False, shown=True), Text("<p>two", html=True, shown=True)]


def test_parts_in_parts_are_found_and_an_outer_boundary_ends_an_inner_part() -> None:
    inner = b"Content-Type: multipart/related; boundary=c\r\n\r\n--c\r\n\r\none\r\n--c\r\n\r\ntwo"
    assert [text.content for text in _parts(_mixed(inner, b"\r\nthree")).texts] == ["one", "two", "three"]


def test_a_boundary_that_begins_like_another_is_not_taken_for_it() -> None:
    inner = b"Content-Type: multipart/related; boundary=bb\r\n\r\n--bb\r\n\r\none\r\n--bb--"
    assert [text.content for text in _parts(_mixed(inner, b"\r\n --b\r\ntwo")).texts] == ["one", " --b\r\ntwo"]


def test_lf_alone_ends_lines_as_well() -> None:
    raw = _mixed(b"Content-Type: text/html\r\n\r\nx\r\ny", b"\r\nz").replace(b"\r\n", b"\n")
    assert [text.content for text in _parts(raw).texts] == ["x\ny", "z"]


def test_an_attached_text_is_a_file_and_its_links_can_be_read_but_it_is_not_shown() -> None:
    read = _parts(_mixed(b"Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.html\r\n\r\n<p>x"))
    assert read.texts == [Text("<p>x", html=True, shown=False)]
    assert [(part.name, part.kind) for part in read.files] == [("a.html", "text/html")]


@pytest.mark.parametrize(
    "named",
    [
        b"Content-Disposition: attachment; filename==?iso-2022-jp?B?GyRCTmMbKEI=?=",
        b'Content-Disposition: attachment; filename="=?utf-8?q?=E4=BE=8B?="',
        b"Content-Disposition: attachment;\r\n filename*=utf-8''%E4%BE%8B",
        "Content-Disposition: attachment; filename=例".encode(),
        b"X: y\r\nContent-Type: image/png; name*0*=utf-8''%E4; name*1*=%BE%8B",
    ],
)
def test_the_name_of_a_file_is_read_in_every_spelling_that_mail_programs_write(named: bytes) -> None:
    assert [part.name for part in _parts(_mixed(named + b"\r\n\r\nx")).files] == ["例"]


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (b"Content-Type: multipart/mixed\r\n\r\nx", "no_boundary"),
        (b"Content-Type: multipart/mixed; boundary=c\r\n\r\nx", "no_boundary"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx", "unclosed"),
        (b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx", "content_type_twice"),
        (b"Content-Type: multipart/mixed; boundary=b; boundary=c\r\n\r\n--b\r\n\r\nx\r\n--b--", "content_type_twice"),
        (b"Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 8bit\r\n\r\neA==", "encoding_twice"),
        (b"Content-Transfer-Encoding: base64\r\n\r\neA==\r\neQ==", "encoding"),
        (b"Content-Transfer-Encoding: rot13\r\n\r\nx", "encoding"),
        (b"Content-Type: text/plain; charset=x-none\r\n\r\nx", "charset"),
        (
            b"Content-Type: multipart/mixed; boundary=b\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nLS1iDQoNCngNCi0tYi0t",
            "encoded_container",
        ),
    ],
)
def test_what_programs_take_differently_is_named_and_the_text_is_read(raw: bytes, defect: str) -> None:
    read = _parts(raw)
    assert defect in read.defects
    assert [text.content.strip() for text in read.texts] in (["x"], ["xy"])


def test_of_two_content_types_the_one_that_shows_html_counts() -> None:
    assert _parts(b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx").texts[0].html


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--",
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nx",
        b"Subject: x\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n",
    ],
)
def test_a_text_that_cannot_be_read_is_said_to_be_encrypted(raw: bytes) -> None:
    assert _parts(raw).encrypted


def test_a_calendar_entry_and_a_signature_are_files_and_no_texts() -> None:
    read = _parts(
        _mixed(b"Content-Type: text/calendar\r\n\r\nx", b"Content-Type: application/pkcs7-signature\r\n\r\nx")
    )
    assert read.texts == []
    assert len(read.files) == 2
    assert not read.encrypted
