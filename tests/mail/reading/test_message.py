"""Is a mail cut into fields and body as mail programs do, whatever its bytes?"""

from takeback.mail.authenticity.message import FIELD_BYTES, HEADER_FIELDS, read_message


def test_fields_come_in_order_with_lower_case_names_and_their_folding() -> None:
    message = read_message(b"To: a\r\n b\r\nDKIM-Signature : v=1\r\nto:c\r\n\r\nbody\r\n")
    assert message.fields == (("to", b" a\r\n b"), ("dkim-signature", b" v=1"), ("to", b"c"))
    assert message.values("to") == [b" a\r\n b", b"c"]
    assert message.values("cc") == []
    assert message.count("to") == 2
    assert message.raw[message.body_at :] == b"body\r\n"
    assert message.defects == ()


def test_an_mbox_line_a_byte_order_mark_and_empty_lines_are_not_part_of_the_mail() -> None:
    mail = b"From: a@b.example\r\n\r\nx\r\n"
    for before in (b"From x@y Mon Nov 23 04:16:41 2026\n", b">From x@y\r\n", b"\xef\xbb\xbf", b"\r\n\r\n"):
        assert read_message(before + mail).raw == mail


def test_line_ends_become_crlf_and_a_mail_that_has_them_is_not_copied() -> None:
    crlf = read_message(b"A: b\r\n c\r\n\r\nx\r\ny\r\n")
    assert crlf.crlf is crlf.raw
    assert read_message(b"A: b\n c\n\nx\ny\n").crlf == crlf.raw
    assert read_message(b"A: b\r\n c\n\r\nx\ny\r\n").crlf == crlf.raw


def test_the_body_begins_behind_the_first_empty_line_whatever_its_line_ends() -> None:
    for raw in (b"A: b\n\nx\n\ny", b"A: b\r\n\r\nx\n\ny", b"A: b\n\r\nx\n\ny"):
        assert read_message(raw).raw[read_message(raw).body_at :] == b"x\n\ny"
    assert read_message(b"A: b").body_at == 4


def test_what_readers_take_differently_is_named() -> None:
    assert read_message(b"A: b\r\nno colon\r\nFrom: c\r\n\r\nx").defects == ("header_line",)
    assert read_message(b"A: b\rFrom: c\r\n\r\nx").defects == ("bare_cr",)
    assert read_message(b"A: b\0\r\n\r\nx").defects == ("nul",)
    assert read_message(b"A: b\r\n \r\nC: d\r\n\r\nx").defects == ("blank_fold",)
    assert read_message(b"A: b\r\n").defects == ("no_body",)


def test_a_field_behind_a_line_that_is_none_is_still_read() -> None:
    message = read_message(b"From: a@b.example\r\nno colon\r\nFrom: c@d.example\r\n\r\nx")
    assert message.count("from") == 2


def test_limits_that_are_met_are_named() -> None:
    many = read_message(b"A: b\r\n" * (HEADER_FIELDS + 1) + b"\r\nx")
    assert many.cut == ("headers",)
    assert len(many.fields) == HEADER_FIELDS
    assert many.raw[many.body_at :] == b"x"
    assert read_message(b"A: b\r\n" * HEADER_FIELDS + b"\r\nx").cut == ()
    long = read_message(b"A: " + b"b" * (FIELD_BYTES + 1) + b"\r\n\r\nx")
    assert long.cut == ("headers",)
    assert len(long.values("a")[0]) == FIELD_BYTES
