"""What is made to be endless is read in bounded time and memory, and what went unread is said."""

import base64
import resource
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from takeback.mail.authenticity.links import read_links
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.parts import read_parts
from tests.mail.reading.everything import read_everything, whose

HEAD = b"From: Shop <info@shop.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
SECONDS = 2.0  # of the processor; the slowest takes a fifth of it on an ordinary machine


def _nested() -> bytes:
    inner = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(5_000))
    return HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + inner


def _fonts() -> bytes:
    return b"".join(b"<font size=%d>" % n for n in range(300))


BOMBS = {
    "nesting": (_nested, "parts"),
    "mails in mails": (lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 50_000, "nesting"),
    "100,000 parts": (lambda: MIXED + b"--b\r\n\r\nx\r\n" * 100_000, "parts"),
    "20 MB of header lines": (lambda: b"X: y\r\n" * 3_400_000, "headers"),
    "20 MB of lines that are no header": (lambda: b"xyyy\r\n" * 3_400_000, "headers"),
    "a header field without end": (lambda: b"From: " + b"x" * 20_000_000, "headers"),
    "a folded field without end": (lambda: b"From: x\r\n" + b" y\r\n" * 5_000_000, "headers"),
    "20 MB of recipients": (lambda: b"To: " + b"a@b.example, " * 1_600_000 + b"\r\n\r\n", "headers"),
    "a boundary that stands everywhere": (
        lambda: HEAD + b"Content-Type: multipart/mixed; boundary=-\r\n\r\n" + b"-" * 20_000_000,
        "text",
    ),
    "25 MB of text": (lambda: HEAD + b"\r\n" + b"http://a.top/\r\n" * 1_700_000, "text"),
    "25 MB of HTML": (lambda: HTML + b"<p><a href=//a.top>x</a>\r\n" * 900_000, "text"),
    "300 slow pages": (
        lambda: MIXED + (b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<div><font a=1>" * 450 + b"\r\n") * 300,
        "parts",
    ),
    "300 archives": (
        lambda: (
            MIXED
            + (
                b"--b\r\nContent-Type: application/zip\r\n\r\nPK\x03\x04"
                + (b"PK\x01\x02" + b"\0" * 42) * 1_000
                + b"PK\x05\x06"
                + b"\0" * 18
                + b"\r\n"
            )
            * 300
        ),
        "archive",
    ),
    "100 mails in base64": (
        lambda: (
            MIXED
            + (
                b"--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + b"QUJD" * 50_000
                + b"\r\n"
            )
            * 100
        ),
        "headers",
    ),
    "many hosts": (
        lambda: HTML + b"".join(b"<a href=http://h%d.top>s%d.top</a>" % (n, n) for n in range(20_000)),
        "links",
    ),
    "elements in elements": (lambda: HTML + b"<div>" * 150_000, ""),
    "elements in elements that are closed": (lambda: HTML + b"<div>" * 80_000 + b"</div>" * 80_000, ""),
    "fonts that are never closed": (lambda: HTML + b"<p>".join(b"<font a=%d>" % n for n in range(30_000)), ""),
    "fonts that come back in each block": (
        lambda: HTML + b"<div>" + _fonts() + b"</div>" + b"<div>x</div>" * 20_000,
        "",
    ),
    "end tags that end nothing": (lambda: HTML + b"<div><object></div></object>" * 20_000, ""),
    "attributes without end": (lambda: HTML + b"<a " + b"".join(b"x%d " % n for n in range(90_000)) + b">", ""),
    "quotes without end": (lambda: HTML + b'<a href="' * 90_000, ""),
    "addresses in addresses": (lambda: HEAD + b"\r\n" + b"http://" * 130_000, ""),
    "addresses without an end": (lambda: HEAD + b"\r\n" + b"www." * 240_000, ""),
}


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < seconds


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_in_bounded_time_and_what_went_unread_is_named(name: str) -> None:
    build, limit = BOMBS[name]
    raw = build()
    with _timed(SECONDS):
        cut = read_everything(raw)
    assert not limit or limit in cut


def test_a_page_out_of_bounds_does_not_fill_the_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read_everything(HTML + (b"<div>" + _fonts() + b"</div>") * 5 + b"<p>x" * 50_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB; the tree would take gigabytes


def test_a_mail_of_25_megabytes_is_read_at_once_and_without_a_copy() -> None:
    line = base64.b64encode(bytes(range(57))) + b"\r\n"
    raw = b"".join(
        (
            MIXED,
            b"--b\r\nContent-Type: text/html\r\n\r\n<a href=https://evil.top/>x</a>\r\n--b\r\n",
            b'Content-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n',
            line * (25_000_000 // len(line)),
            b"--b--\r\n",
        )
    )
    tracemalloc.start()
    with _timed(1.0):
        assert read_everything(raw) == ()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 0.6 * len(raw)


def test_limits_apply_to_the_mail_as_a_whole_and_ordinary_mails_meet_none() -> None:
    rows = b"<tr><td><p>Item<br>1,200 yen</td><td><a href=https://shop.example/i>x</a></td></tr>" * 300
    parts = b"".join(b"--b\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n" for _ in range(40))
    html = b"--b\r\nContent-Type: text/html\r\n\r\n<table>" + rows + b"</table>\r\n"
    message = read_message(MIXED + html + parts + b"--b--\r\n")
    read = read_parts(message)
    assert (read.cut, read.defects) == ([], [])
    assert read_links(read.texts, whose).cut == ()
