"""How is a mail of the table made? A letter, signed by whoever the row says, handed in to a receiver that notes it."""

from base64 import encodebytes
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime
from typing import Any

from takeback.core.authenticity.facts import Form, Sent
from tests.mail.table.sealing import sign
from tests.mail.table.zone import BRAND, RECEIVER, SHOP, SHOPS_MACHINE, STRANGERS_MACHINE

JAPAN = timezone(timedelta(hours=9))
SIGNED = datetime(2025, 5, 20, 9, 0, tzinfo=JAPAN)
RECEIVED = SIGNED + timedelta(seconds=40)
HANAKO, MASKED = "hanako@mailbox.example", "h***@mailbox.example"
NAMES = ("Example Shop", "例のお店")
EVIL = "evil.top"


@dataclass(frozen=True)
class File:
    """An attachment."""

    name: str
    content: bytes
    type: str = "application/octet-stream"


@dataclass(frozen=True)
class Letter:
    """What somebody writes. `fields` are further header fields, `date` stands in Date."""

    sender: str = f"Example Shop <order@{SHOP}>"
    subject: str = "Your order 1043"
    text: str = "Thank you for your order 1043.\nWe shall write again when it is on its way.\n"
    html: str = ""
    to: str = f"Sato Hanako <{HANAKO}>"
    id: str = f"<order-1043.7f@{SHOP}>"
    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()
    date: datetime = SIGNED
    charset: str = "utf-8"

    def raw(self) -> bytes:
        """The mail as bytes, CRLF throughout, not signed."""
        fields = [("From", self.sender), ("To", self.to), ("Subject", self.subject)]
        fields += [("Date", format_datetime(self.date)), ("Message-ID", self.id), *self.fields, ("MIME-Version", "1.0")]
        top = b"".join(name.encode() + b": " + self._encoded(value) + b"\r\n" for name, value in fields)
        return top + self._content()

    def _encoded(self, value: str) -> bytes:
        if value.isascii():
            return value.encode()
        name, angle, address = value.rpartition(" <")
        if angle:
            return self._encoded(name.strip('"')) + (angle + address).encode()
        return Header(value, self.charset, maxlinelen=70).encode(linesep="\r\n").encode()

    def _content(self) -> bytes:
        parts = [leaf("text/plain", self.text, self.charset)]
        if self.html:
            parts = [nested("alternative", [*parts, leaf("text/html", self.html, self.charset)])]
        if self.files:
            parts = [nested("mixed", [*parts, *(attached(file) for file in self.files)])]
        return parts[0]


def leaf(kind: str, text: str, charset: str = "utf-8") -> bytes:
    """A text part, base64 unless it is ASCII."""
    content = text.replace("\n", "\r\n").encode(charset)
    plain = text.isascii() and max(map(len, text.split("\n"))) < 900
    coding, written = ("7bit", content) if plain else ("base64", _base64(content))
    head = f"Content-Type: {kind}; charset={charset}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n"
    return head.encode() + written


def nested(kind: str, parts: list[bytes], boundary: str = "") -> bytes:
    """A multipart of parts that bring their own headers."""
    line = boundary or f"=_{kind}_1"
    whole = b"".join(b"--" + line.encode() + b"\r\n" + part.rstrip(b"\r\n") + b"\r\n" for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{line}"\r\n\r\n'.encode()
    return head + whole + b"--" + line.encode() + b"--\r\n"


def attached(file: File) -> bytes:
    """A file as a part; a name that is not ASCII as RFC 2231 writes it."""
    if file.name.isascii():
        name = f'filename="{file.name}"'
    else:
        name = "filename*=utf-8''" + "".join(f"%{byte:02X}" for byte in file.name.encode())
    head = f"Content-Type: {file.type}\r\nContent-Disposition: attachment;\r\n {name}\r\n"
    if file.type == "message/rfc822":
        return head.encode() + b"\r\n" + file.content
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + _base64(file.content)


def _base64(content: bytes) -> bytes:
    return encodebytes(content).replace(b"\n", b"\r\n")


def arrived(
    raw: bytes,
    *,
    machine: str = SHOPS_MACHINE,
    helo: str = f"mail.{SHOP}",
    bounces: str = f"bounce@{SHOP}",
    at: datetime = RECEIVED,
    to: str = HANAKO,
    by: str = RECEIVER,
    says: str = "",
) -> bytes:
    """The mail as the mailbox has it: the receiver's own lines on top, `says` its Authentication-Results."""
    top = f"Return-Path: <{bounces}>\r\nDelivered-To: {to}\r\n"
    if says:
        top += f"Authentication-Results: {by};\r\n {says}\r\n"
    top += f"Received: from {helo} ({helo} [{machine}])\r\n\tby {by} (Postfix) with ESMTPS id 4Xk2\r\n"
    return f"{top}\tfor <{to}>; {format_datetime(at)}\r\n".encode() + raw


@dataclass(frozen=True)
class Whole:
    """The shop that the mail is compared with."""

    domains: tuple[str, ...] = (SHOP, BRAND)
    names: tuple[str, ...] = NAMES
    receivers: tuple[str, ...] = (RECEIVER,)
    sealers: tuple[str, ...] = ("lists.example",)


@dataclass(frozen=True)
class Mail:
    """What is asked. `strangers`: domains that this mail needs in the DNS; `gone`: names taken out of it."""

    raw: bytes
    received: datetime | None = RECEIVED
    now: datetime = RECEIVED + timedelta(hours=2)
    strangers: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    more: dict[str, list[str]] = field(default_factory=dict)  # further records
    silent: bool = False  # the DNS does not answer
    ledger: tuple[Sent, ...] | None = None
    form: Form = Form.RAW
    shop: Whole = Whole()

    def with_raw(self, raw: bytes) -> "Mail":
        """The same question about other bytes."""
        return replace(self, raw=raw)


@dataclass(frozen=True)
class Row:
    """One line of the table: the verdicts that are right, most often one, and a reason that must be given."""

    name: str
    make: Callable[[], Mail]
    verdict: frozenset[str]
    because: frozenset[str]  # the keys of `reasons.Ground` of which one must be the main reason
    language: str = "en"


def row(name: str, make: Callable[[], Mail], verdict: str, because: str, language: str = "en") -> Row:
    """`verdict` and `because` name those that are right, with ` or ` between them."""
    return Row(name, make, frozenset(verdict.split(" or ")), frozenset(because.split(" or ")), language)


def signed(letter: Letter | bytes, domain: str = SHOP, **how: Any) -> bytes:
    """A letter signed at `SIGNED`, as sent."""
    raw = letter.raw() if isinstance(letter, Letter) else letter
    return sign(raw, domain, **{"at": SIGNED, **how})


def ours(letter: Letter | None = None, **how: Any) -> Mail:
    """The shop's own mail, signed and received."""
    return Mail(arrived(signed(letter or Letter(), **how)))


def strange(letter: Letter, domain: str = EVIL, **how: Any) -> Mail:
    """A stranger's mail, validly signed by the stranger's own domain, whose SPF and DMARC are in perfect order."""
    return Mail(handed_in(signed(letter, domain, **how), domain), strangers=(domain,))


def unsigned(letter: Letter, domain: str = EVIL) -> Mail:
    """A stranger's mail without any signature."""
    return Mail(handed_in(letter.raw(), domain), strangers=(domain,))


def handed_in(raw: bytes, domain: str = EVIL, *, says: str = "") -> bytes:
    """The mail as received from a stranger's machine."""
    bounces = f"bounce@{domain}"
    return arrived(raw, machine=STRANGERS_MACHINE, helo=f"mail.{domain}", bounces=bounces, says=says)


def sent(id: str = f"order-1043.7f@{SHOP}", **how: Any) -> Sent:  # noqa: A002 - the name of the field
    """A row of the ledger, of what the shop sent to Hanako at `SIGNED`."""
    usual = {"message_id": id, "channel": "mail", "to": MASKED, "time": SIGNED, "order": "1043", "account": "42"}
    return Sent(**{**usual, **how})
