"""What do a mail's header fields say, however they are folded and encoded?"""

from datetime import UTC, datetime

import pytest

from takeback.mail.authenticity import charsets, headers
from takeback.mail.authenticity.message import read_message


@pytest.mark.parametrize(
    ("raw", "reads"),
    [
        (b" plain", "plain"),
        (b" folded\r\n  twice\r\n\tover", "folded  twice\tover"),
        (b"=?ISO-2022-JP?B?GyRCTmMkTiQqRTkbKEI=?=", "例のお店"),
        (b"=?iso-2022-jp?B?GyRCLSEtahsoQg==?=", "①㈱"),
        (b"=?shift_jis?B?h0CHig==?=", "①㈱"),
        (b"=?euc-jp?B?zuOkzqSqxbk=?=", "例のお店"),
        (b"=?utf-8?Q?=E4=BE=8B_=3D?=", "例 ="),
        (b"=?utf-8?B?5L6L44Gu44KE?=\r\n =?utf-8?B?44GK5bqX?=", "例のやお店"),
        (b"=?utf-8?B?5L6L44G=?= =?utf-8?B?rg==?=", "例の"),
        (b"=?utf-8*ja?Q?=E4=BE=8B?= and =?us-ascii?q?more?=", "例 and more"),
        ("例のお店".encode(), "例のお店"),
        ("例のお店".encode("cp932"), "例のお店"),
        ("例のお店".encode("iso2022_jp"), "例のお店"),
    ],
)
def test_a_field_reads_as_a_mail_program_shows_it(raw: bytes, reads: str) -> None:
    assert headers.text(raw) == reads


def test_a_character_cut_in_two_between_encoded_words_is_put_together() -> None:
    assert headers.text(b"=?utf-8?Q?=E4=BE?=\r\n =?utf-8?Q?=8B?=") == "例"


def test_utf_7_and_codecs_that_are_no_charsets_are_refused() -> None:
    for charset in ("utf-7", "unicode_escape", "idna", "zlib", "rot13", "x-none"):
        assert charsets.decode(b"+ADw-", charset) == ("+ADw-", False)


@pytest.mark.parametrize(
    ("raw", "kind", "found"),
    [
        (b' text/HTML; charset="UTF-8"', "text/html", {"charset": "UTF-8"}),
        (b' a/b; name="a\\"b;c"; x=y ; z = w', "a/b", {"name": 'a"b;c', "x": "y", "z": "w"}),
        (b" a/b; filename*=utf-8''%E4%BE%8B.pdf", "a/b", {"filename": "例.pdf"}),
        (b" a/b; filename*1=c.exe; filename*0=ab; filename=x", "a/b", {"filename": "abc.exe"}),
        (b" a/b; filename*0*=iso-2022-jp''%1B$BNc; filename*1*=%1B%28B.txt", "a/b", {"filename": "例.txt"}),
    ],
)
def test_parameters_are_read_as_mail_programs_do(raw: bytes, kind: str, found: dict[str, str]) -> None:
    said = headers.parametered(raw)
    assert (said.kind, said.parameters, said.twice) == (kind, found, False)


def test_a_parameter_given_twice_is_seen() -> None:
    assert headers.parametered(b"a/b; boundary=x; boundary=y").twice
    assert not headers.parametered(b"a/b; boundary=x; boundary=x").twice


def test_date_message_id_and_subject_are_those_of_the_topmost_field() -> None:
    message = read_message(
        b"Date: Mon, 23 Nov 2026 13:16:41 +0900\r\nMessage-ID: <a@b.example>\r\nSubject: one\r\nSubject: two\r\n\r\nx"
    )
    assert headers.dated(message) == datetime(2026, 11, 23, 4, 16, 41, tzinfo=UTC)
    assert headers.message_id(message) == "a@b.example"
    assert headers.subject(message) == "one"
    assert headers.repeated(message) == ("subject",)


def test_a_date_without_a_zone_is_taken_as_utc_and_one_that_is_none_is_missing() -> None:
    assert headers.read_date("Mon, 23 Nov 2026 04:16:41 -0000") == datetime(2026, 11, 23, 4, 16, 41, tzinfo=UTC)
    for line in ("", "yesterday", "Mon, 99 Nov 2026 04:16:41 +0000", "9" * 500):
        assert headers.read_date(line) is None


def test_a_mailing_list_is_known_by_where_one_writes_to_it_and_a_newsletter_is_none() -> None:
    assert headers.listed(read_message(b"List-Id: x\r\nList-Post: <mailto:a@b.example>\r\n\r\nx"))
    assert headers.listed(read_message(b"List-Id: x\r\nList-Archive: y\r\n\r\nx"))
    assert not headers.listed(read_message(b"List-Id: x\r\nList-Unsubscribe: y\r\n\r\nx"))


def test_dkim2_is_noticed() -> None:
    assert headers.has_dkim2(read_message(b"DKIM2-Signature: i=1\r\n\r\nx"))
    assert not headers.has_dkim2(read_message(b"DKIM-Signature: v=1\r\n\r\nx"))
