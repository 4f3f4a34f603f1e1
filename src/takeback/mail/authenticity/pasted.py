"""What does a text say that somebody copied out of a mail?

Nothing in it can be verified. The lines that people copy with it ("差出人:", "From:") are taken as what it claims.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from takeback.core.authenticity.facts import Address
from takeback.mail.authenticity import charsets, headers
from takeback.mail.authenticity.addresses import ClaimsIn, WhoseOf, addresses_in
from takeback.mail.authenticity.message import Message
from takeback.mail.authenticity.parts import Text

PASTED_CHARS = 300_000
HEAD_LINES = 40  # in which claims are looked for
CLAIM_CHARS = 1_000

# What programs write and people do not copy: one of these tells a mail from a copied text.
MACHINE_FIELDS = frozenset(
    {
        *("received", "return-path", "message-id", "mime-version", "dkim-signature", "authentication-results"),
        *("arc-seal", "content-type", "content-transfer-encoding", "delivered-to", "x-mailer", "x-original-to"),
    }
)
_LABELS = {
    "from": "from",
    "差出人": "from",
    "送信者": "from",
    "送信元": "from",
    "発信者": "from",
    "送信者名": "from",
    "reply-to": "reply-to",
    "返信先": "reply-to",
    "to": "to",
    "宛先": "to",
    "宛て先": "to",
    "送信先": "to",
    "受信者": "to",
    "cc": "to",
    "date": "date",
    "sent": "date",
    "日時": "date",
    "日付": "date",
    "送信日時": "date",
    "送信日": "date",
    "受信日時": "date",
    "subject": "subject",
    "件名": "subject",
    "題名": "subject",
    "タイトル": "subject",
}
_CLAIM = re.compile(
    r"[\s>＞*_■・]{0,10}([A-Za-z-]{2,10}|[\u3040-\u30ff\u4e00-\u9fff]{2,5})[\s*]{0,3}[:：][\s*\u3000]{0,5}(.*)\Z"
)
_FROM_LINE = re.compile(r"[^<>]{0,200}[<＜]\s?[^\s<>＜＞@]{1,64}[@＠][^\s<>＜＞@]{1,255}\s?[>＞]\Z")
_JAPANESE_DATE = re.compile(
    r"(\d{4})\s?[年/.-]\s?(\d{1,2})\s?[月/.-]\s?(\d{1,2})\s?日?(?:\s?[(（][^)）]{1,4}[)）])?(?:\s{1,3}(\d{1,2})[:：時](\d{1,2}))?"
)
_WIDE = str.maketrans({"＜": "<", "＞": ">", "＠": "@"})


@dataclass(frozen=True, slots=True)
class Pasted:
    """A copied text and what it claims of itself. `dated` is without a zone where the copy has none: then None."""

    text: Text
    senders: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: str = ""
    dated: datetime | None = None
    cut: tuple[str, ...] = ()


def looks_like_mail(message: Message) -> bool:
    """Is it a mail with its headers, rather than a text that somebody copied?

    A mail has a From (or a signature) and one field that programs write, or a Date as only programs spell it. A copy of
    "From: …, Date: 2026/11/23, Subject: …" has neither.
    """
    names = {name for name, _ in message.fields}
    if "dkim-signature" in names or ("received" in names and ("from" in names or "message-id" in names)):
        return True
    if "from" not in names:
        return False
    return not names.isdisjoint(MACHINE_FIELDS) or headers.dated(message) is not None


def read_pasted(given: bytes | str, whose: WhoseOf, claims: ClaimsIn) -> Pasted:
    """Read a copied text. Never raises."""
    spelled = given if isinstance(given, str) else _decoded(given[: PASTED_CHARS * 4])
    cut = ("text",) if len(spelled) > PASTED_CHARS or len(given) > PASTED_CHARS * 4 else ()
    spelled = spelled[:PASTED_CHARS]
    begin = spelled[:200].lstrip("\ufeff \r\n\t").lower()
    html = begin.startswith(("<!doctype html", "<html", "<body", "<div", "<table", "<p>", "<p "))
    said = {} if html else _said(spelled)
    return Pasted(
        Text(spelled, html, shown=True),
        addresses_in(said.get("from", ()), whose, claims),
        addresses_in(said.get("reply-to", ()), whose, claims),
        tuple(one.address for one in addresses_in(said.get("to", ()), whose, claims)),
        said.get("subject", [""])[0],
        _date(said.get("date", [""])[0]),
        cut,
    )


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    return charsets.guess(raw.removeprefix(b"\xef\xbb\xbf"))


def _said(text: str) -> dict[str, list[str]]:
    """The claims at the head of the text, by what they are about."""
    said: dict[str, list[str]] = {}
    for line in text[: HEAD_LINES * CLAIM_CHARS].splitlines()[:HEAD_LINES]:
        line = line.strip()[:CLAIM_CHARS]
        found = _CLAIM.match(line)
        about = _LABELS.get(found[1].lower()) if found else None
        if found and about:
            said.setdefault(about, []).append(found[2].translate(_WIDE) if about != "subject" else found[2].strip())
        elif "from" not in said and _FROM_LINE.match(line):
            said["from"] = [line.translate(_WIDE)]
    return said


def _date(line: str) -> datetime | None:
    """The claimed date, if it names a zone: of others nobody knows what hour they mean."""
    if _JAPANESE_DATE.search(line):
        return None
    return headers.read_date(line) if line else None
