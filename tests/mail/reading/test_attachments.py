"""What may an attached file do, as far as its name, type and first bytes tell?"""

import base64
import io
import zipfile

import pytest

from takeback.core.authenticity.facts import Attachment, AttachmentKind
from takeback.mail.authenticity.attachments import ARCHIVED, Reading, kind_by_name, read_attachments
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.parts import read_parts

RUNS, PAGE, LOCKED, TWO_NAMES, OTHER = (
    AttachmentKind.RUNS,
    AttachmentKind.PAGE,
    AttachmentKind.LOCKED,
    AttachmentKind.TWO_NAMES,
    AttachmentKind.OTHER,
)


def _attached(name: str, content: bytes, kind: str = "application/octet-stream") -> Reading:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n'.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content).replace(b"\n", b"\r\n")
        + b"--b--\r\n"
    )
    return read_attachments(read_parts(read_message(raw)))


def _kind(name: str, content: bytes, kind: str = "application/octet-stream") -> AttachmentKind:
    (one,) = _attached(name, content, kind).attachments
    return one.kind


def _zip(*names: str, encrypted: bool = False) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    raw = packed.getvalue()
    if encrypted:  # zipfile cannot encrypt: set the flag where it stands
        raw = raw.replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\x01\0").replace(
            b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\x01\0"
        )
    return raw


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("invoice.exe", RUNS),
        ("INVOICE.EXE ", RUNS),
        ("invoice.exe.", RUNS),
        ("invoice.ｅｘｅ", RUNS),
        ("in\u200bvoice.e\u00adxe", RUNS),
        ("setup.js.gz", RUNS),
        *(
            (f"a.{end}", RUNS)
            for end in ("lnk", "iso", "img", "js", "hta", "scr", "vbs", "ps1", "bat", "jar", "msi", "url")
        ),
        *((f"a.{end}", RUNS) for end in ("docm", "xlsm", "one", "chm", "apk", "vhd", "wsf", "com")),
        ("page.html", PAGE),
        ("page.SVG", PAGE),
        ("page.shtml", PAGE),
        ("invoice.pdf.exe", TWO_NAMES),
        ("invoice.pdf.html", TWO_NAMES),
        ("invoice.pdf                         .exe", TWO_NAMES),
        ("invoice\u202efdp.exe", TWO_NAMES),
        ("invoice\u2066fdp.exe", TWO_NAMES),
        ("invoice.pdf", OTHER),
        ("請求書.2026.11.pdf", OTHER),
        ("invite.ics", OTHER),
        ("photo.jpeg", OTHER),
        ("v1.2.docx", OTHER),
        ("www.shop.example", OTHER),
        ("exe", OTHER),
        ("", OTHER),
    ],
)
def test_a_name_says_what_a_file_may_do(name: str, kind: AttachmentKind) -> None:
    assert kind_by_name(name) is kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"MZ\x90\0", RUNS),
        (b"\x7fELF", RUNS),
        (b"#!/bin/sh\n", RUNS),
        (b"L\0\0\0\x01\x14\x02\0", RUNS),
        (b"[InternetShortcut]\r\nURL=x", RUNS),
        (b"{\\rtf1 {\\object\\objdata 00}}", RUNS),
        (b"  <!DOCTYPE  html><html>", PAGE),
        (b"\xef\xbb\xbf<!-- x --><script>", PAGE),
        (b"<?xml version='1.0'?><svg xmlns='x'>", PAGE),
        (b"%PDF-1.7", OTHER),
        (b"\x89PNG\r\n", OTHER),
        (b"BEGIN:VCALENDAR", OTHER),
        (b"", OTHER),
    ],
)
def test_the_first_bytes_say_what_a_file_may_do_whatever_it_is_called(content: bytes, kind: AttachmentKind) -> None:
    assert _kind("document.dat", content) is kind


def test_the_type_says_what_a_file_without_a_name_may_do() -> None:
    assert _kind("", b"x", "application/x-msdownload") is RUNS
    assert _kind("", b"x", "image/svg+xml") is PAGE
    assert _kind("", b"x", "image/png") is OTHER


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("a.pdf", "b.jpg"), OTHER),
        (("a.pdf", "dir/b.exe"), RUNS),
        (("invoice.pdf.exe",), TWO_NAMES),
        (("請求書.lnk",), RUNS),
        (("page.html",), PAGE),
        (("word/document.xml", "word/vbaProject.bin"), RUNS),
        (("xl/workbook.xml", "[Content_Types].xml"), OTHER),
    ],
)
def test_the_names_in_an_archive_are_looked_at(names: tuple[str, ...], kind: AttachmentKind) -> None:
    assert _kind("files.zip", _zip(*names)) is kind
    assert _kind("files.dat", _zip(*names)) is kind


def test_an_encrypted_archive_is_locked_and_what_runs_in_it_counts_more() -> None:
    assert _kind("a.zip", _zip("a.pdf", encrypted=True)) is LOCKED
    assert _kind("a.zip", _zip("a.exe", encrypted=True)) is RUNS


def test_an_archive_in_an_archive_is_looked_into_too() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", _zip("a.exe"))
    assert _kind("a.zip", packed.getvalue()) is RUNS


def test_an_archive_in_an_archive_that_unpacks_to_more_than_is_read_is_cut() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", b"PK\x03\x04" + b"\0" * 100_000_000)
    assert _attached("a.zip", packed.getvalue()).cut == ("archive",)


def test_old_office_documents_are_looked_into_for_macros_and_encryption() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    assert _kind("a.doc", ole) is OTHER
    assert _kind("a.doc", ole + "_VBA_PROJECT".encode("utf-16-le")) is RUNS
    assert _kind("a.xlsx", ole + "EncryptedPackage".encode("utf-16-le")) is LOCKED


def test_an_archive_with_more_names_than_are_looked_at_is_cut() -> None:
    assert _attached("a.zip", _zip(*(f"{n}.txt" for n in range(ARCHIVED)))).cut == ()
    assert _attached("a.zip", _zip(*(f"{n}.txt" for n in range(ARCHIVED + 1)))).cut == ("archive",)


def test_an_archive_whose_list_is_missing_is_cut_and_its_first_name_is_looked_at() -> None:
    reading = _attached("a.zip", _zip("a.exe", "b.txt")[:60])
    assert reading.cut == ("archive",)
    assert reading.attachments[0].kind is RUNS


def test_a_file_in_the_text_as_old_programs_write_it_is_seen() -> None:
    reading = read_attachments(
        read_parts(read_message(b"From: x\r\n\r\nsee\r\nbegin 644 a.exe\r\n#0V%T\r\n`\r\nend\r\n"))
    )
    assert reading.attachments == (Attachment("a.exe", RUNS),)


def test_a_name_is_shown_without_the_marks_that_turn_it_round() -> None:
    (one,) = _attached("invoice\u202efdp.exe", b"x").attachments
    assert one.name == "invoicefdp.exe"
