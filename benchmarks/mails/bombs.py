"""Can a mail exhaust whoever reads it? Each bomb in a process of its own, held to the limits of the largest mail."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.mails.alone import measured
from benchmarks.mails.large import MEGABYTES, SECONDS
from benchmarks.row import Row
from tests.mail.table.making import EVIL, File, Letter, handed_in, signed
from tests.mail.table.zone import zone

HEAD = b"From: Example Shop <x@evil.top>\r\nTo: hanako@mailbox.example\r\nSubject: Order\r\nMIME-Version: 1.0\r\n"
SIZE = 20_000_000


def nested() -> bytes:
    """Twenty thousand multiparts, each in the one before."""
    parts = (b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (one, one) for one in range(20_000))
    return HEAD + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nEnd\r\n"


def letters_in_letters() -> bytes:
    """A forwarded mail in a forwarded mail, twenty thousand deep."""
    return (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 20_000 + HEAD + b"\r\nEnd\r\n"


def parts() -> bytes:
    """Three hundred thousand parts."""
    one = b"--b\r\nContent-Type: text/html\r\n\r\n<a href=https://evil.top>x</a>\r\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + one * 300_000 + b"--b--\r\n"


def headers() -> bytes:
    """A million header fields."""
    return HEAD + b"X-More: and more\r\n" * 1_000_000 + b"\r\nEnd\r\n"


def one_header() -> bytes:
    """One field of 20 MB, folded."""
    return HEAD + b"X-More: " + b"more and more\r\n " * (SIZE // 16) + b"end\r\n\r\nEnd\r\n"


def addresses() -> bytes:
    """A From with half a million addresses."""
    return HEAD.replace(b"From: ", b"From: " + b"a@evil.top, " * 500_000, 1) + b"\r\nEnd\r\n"


def comments() -> bytes:
    """A From with a million comments inside each other."""
    return HEAD.replace(b"From: ", b"From: " + b"(" * 1_000_000, 1) + b"\r\nEnd\r\n"


def encoded_words() -> bytes:
    """A subject of three hundred thousand encoded words."""
    return HEAD.replace(b"Order", b"\r\n ".join([b"=?iso-2022-jp?B?GyRCTmMbKEI=?="] * 300_000)) + b"\r\nEnd\r\n"


def signatures() -> bytes:
    """Two thousand signatures, each of which would have to be verified over a megabyte."""
    whole = signed(Letter(text="tea\n" * 250_000), EVIL)
    start = whole.index(b"From: ")
    return whole[:start] * 2_000 + whole[start:]


def seals() -> bytes:
    """Fifty ARC sets, each over ten megabytes."""
    sets = (
        b"ARC-Seal: i=%d; a=rsa-sha256; cv=%s; d=lists.example; s=s1; b=AAAA\r\n"
        b"ARC-Message-Signature: i=%d; a=rsa-sha256; c=relaxed/relaxed; d=lists.example; s=s1;"
        b" h=from; bh=AAAA; b=AAAA\r\n"
        b"ARC-Authentication-Results: i=%d; lists.example; dkim=pass header.d=example-shop.jp\r\n"
        % (number, b"pass" if number > 1 else b"none", number, number)
        for number in range(50, 0, -1)
    )
    return b"".join(sets) + HEAD + b"\r\n" + b"tea and more tea\r\n" * 600_000


def received() -> bytes:
    """A hundred thousand Received lines and results."""
    line = b"Received: from a (a [192.0.2.1]) by mx.mailbox.example; Tue, 20 May 2025 09:00:00 +0900\r\n"
    line += b"Authentication-Results: mx.mailbox.example; dkim=pass header.d=example-shop.jp\r\n"
    return line * 100_000 + HEAD + b"\r\nEnd\r\n"


def spf() -> bytes:
    """Handed in from a domain whose SPF includes itself, for ever."""
    return handed_in(HEAD + b"\r\nEnd\r\n", "loop.example")


def links() -> bytes:
    """Half a million links."""
    return (
        HEAD
        + b"Content-Type: text/html\r\n\r\n"
        + b"<a href=https://evil.top/>https://example-shop.jp/</a>\r\n" * 400_000
    )


def tags() -> bytes:
    """A million tags inside each other."""
    return HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div><b>" * 1_000_000


def brackets() -> bytes:
    """Ten million angle brackets, and as many ampersands."""
    return HEAD + b"Content-Type: text/html\r\n\r\n" + b"<" * 10_000_000 + b"&" * 10_000_000


def words() -> bytes:
    """One word of twenty million letters, and dots between many more."""
    return HEAD + b"Content-Type: text/plain\r\n\r\n" + b"a" * 10_000_000 + b".a" * 5_000_000


def boundary() -> bytes:
    """A boundary that almost occurs in every line."""
    line = b"-" * 69
    return (
        HEAD + b'Content-Type: multipart/mixed; boundary="' + line + b'x"\r\n\r\n' + (b"--" + line + b"\r\n") * 280_000
    )


def parameters() -> bytes:
    """A Content-Type with three hundred thousand parameters in pieces (RFC 2231)."""
    pieces = b";\r\n ".join(b"name*%d*=utf-8''%%41" % number for number in range(300_000))
    return HEAD + b"Content-Type: application/octet-stream;\r\n " + pieces + b"\r\n\r\nEnd\r\n"


def zeros() -> bytes:
    """An archive of 1 GB of zeros, in an archive."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.bin", "w") as held:
        for _ in range(250):
            held.write(bytes(1_000_000))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.zip", inner.getvalue())
    return Letter(files=(File("a.zip", outer.getvalue(), "application/zip"),)).raw()


def names() -> bytes:
    """An archive of sixty thousand entries."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.txt", b"")
    return Letter(files=(File("a.zip", whole.getvalue(), "application/zip"),)).raw()


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "20,000 multiparts in each other": nested,
    "20,000 mails in each other": letters_in_letters,
    "300,000 parts": parts,
    "a million header fields": headers,
    "a header field of 20 MB": one_header,
    "500,000 addresses in From": addresses,
    "a million open comments in From": comments,
    "300,000 encoded words": encoded_words,
    "2,000 signatures over 1 MB": signatures,
    "50 ARC sets over 10 MB": seals,
    "100,000 Received lines": received,
    "an SPF record that includes itself": spf,
    "400,000 links": links,
    "2,000,000 tags in each other": tags,
    "20 MB of < and &": brackets,
    "a word of 20 MB": words,
    "a boundary that almost occurs": boundary,
    "300,000 parameters": parameters,
    "an archive of 1 GB of zeros": zeros,
    "an archive of 60,000 entries": names,
}


def rows() -> Iterator[Row]:
    """Seconds of each, and the most memory that any of them took."""
    records = zone((EVIL,)) | {"loop.example TXT": ["v=spf1 include:loop.example include:loop.example -all"]}
    worst, whose = 0.0, ""
    with tempfile.TemporaryDirectory() as name:
        mail, dns = Path(name) / "mail", Path(name) / "zone.json"
        dns.write_text(json.dumps(records), encoding="utf-8")
        for what, make in BOMBS.items():
            mail.write_bytes(make())
            found = measured(mail, dns)
            assert found.verdict != "genuine", what
            worst, whose = max((worst, whose), (found.peak, what))
            yield Row(what, found.seconds, "s", "", None, SECONDS)
    yield Row(f"the most memory of them: {whose}", worst, "MB", "", None, MEGABYTES)
