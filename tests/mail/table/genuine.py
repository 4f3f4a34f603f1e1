"""Which honest mails are odd? Genuine ones that must be told so, and honest ones that nobody can prove."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from takeback.core.authenticity.facts import Form
from tests.mail.table.keys import rsa
from tests.mail.table.making import (
    HANAKO,
    RECEIVED,
    SIGNED,
    File,
    Letter,
    Mail,
    arrived,
    leaf,
    nested,
    ours,
    row,
    sent,
    signed,
)
from tests.mail.table.sealing import OVER, seal, sign
from tests.mail.table.zone import BRAND, DESK, LIST, SHOP

BOOKS = Letter(sender=f"Books <order@{BRAND}>", id=f"<b-1@{BRAND}>")
JAPANESE = Letter(
    sender=f"例のお店 <order@{SHOP}>",
    subject="ご注文ありがとうございます（注文番号 1043）",
    text="佐藤様\n\nご注文ありがとうございます。\nご注文番号: 1043\n発送しましたら、またご連絡いたします。\n",
)
CRLF = JAPANESE.text.replace("\n", "\r\n")
ORDER = f'<p>Your order 1043</p><p><a href="https://www.{SHOP}/orders/1043">See your order</a></p>'
PASSED = f"dkim=pass header.d={SHOP}; dmarc=pass header.from={SHOP}"
FOOTER = b"--\r\nTea lovers, a list. To leave it: https://lists.example/leave\r\n"
OTHERS = Letter(sender="Other Company <news@other-company.example>", subject="Our spring news", text="It is spring.\n",
                id="<n@other-company.example>")  # fmt: skip


def with_fields(raw: bytes, **lines: bytes) -> bytes:
    return b"".join(name.replace("_", "-").encode() + b": " + value + b"\r\n" for name, value in lines.items()) + raw


def through_list(sealer: str = LIST) -> Mail:
    """A list that changes the subject, adds a footer, and seals what it saw before it did so."""
    raw = signed(Letter()).replace(b"Subject: Your order", b"Subject: [tea] Your order") + FOOTER
    raw = with_fields(raw, List_Id=b"Tea lovers <tea.lists.example>", List_Post=b"<mailto:tea@lists.example>")
    whole = seal(raw, sealer, PASSED, at=SIGNED + timedelta(seconds=10))
    return Mail(arrived(whole, machine="192.0.2.9", helo=sealer, bounces=f"tea-bounces@{sealer}"))


def forwarded(sealer: str = LIST) -> Mail:
    """Forwarded by a mailbox that rewrites the text's coding, so that the shop's signature no longer fits."""
    raw = signed(Letter()).replace(b"7bit", b"8bit").replace(b"We shall", b"We=20shall")
    return Mail(arrived(seal(raw, sealer, PASSED, at=SIGNED), machine="192.0.2.9", helo=sealer))


def two_sealers() -> Mail:
    """Two of the list's machines, one after the other: both seals are trusted."""
    raw = signed(Letter()) + FOOTER
    raw = seal(raw, LIST, PASSED, at=SIGNED)
    return Mail(arrived(seal(raw, LIST, f"arc=pass; {PASSED}", at=SIGNED), machine="192.0.2.9", helo=LIST))


def help_desk(**how: Any) -> Mail:
    """A help desk writes in the brand's name and signs as itself, as such services do until they are told better."""
    letter = replace(BOOKS, subject="Re: my order", text="Hello, your parcel left today.\n", id="<t-88@desk.example>")
    raw = signed(letter, DESK)
    return Mail(arrived(raw, machine="192.0.2.30", helo=DESK, bounces=f"b@{DESK}"), **how)


def two_signatures() -> Mail:
    """The sending service signs on top; the shop's signature is the second."""
    raw = sign(signed(Letter()), "parcel.example", at=SIGNED)
    return Mail(arrived(raw))


def broken_beside() -> Mail:
    """A service's signature that no longer fits, the shop's own that does."""
    other = sign(Letter(text="Something else.\n").raw(), "parcel.example", at=SIGNED)
    return Mail(arrived(other[: other.index(b"From: ")] + signed(Letter())))


def two_of_shops_one_broken() -> Mail:
    other = signed(Letter(text="Something else.\n"), selector="s2")
    return Mail(arrived(other[: other.index(b"From: ")] + signed(Letter())))


def body(kind: str, coding: str, content: bytes, **how: Any) -> Mail:
    """A body as somebody else's program writes it."""
    head = Letter().raw().partition(b"Content-Type:")[0]
    head += f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n".encode()
    return Mail(arrived(signed(head + content, **how)))


def oddly_folded() -> Mail:
    raw = Letter().raw().replace(b"Subject: Your order 1043", b"SUBJECT:\r\n\tYour\r\n  order\r\n\t 1043")
    raw = raw.replace(b"From: Example Shop <", b"from:Example Shop\r\n <")
    return Mail(arrived(signed(raw)))


def signature_folded() -> Mail:
    """The signature's own field on one line, tabs before its tags, upper-case name."""
    raw = signed(Letter())
    head, start, rest = raw.partition(b"\r\nFrom: ")
    return Mail(arrived(head.replace(b"\r\n ", b"\r\n\t").replace(b"DKIM-Signature", b"dkim-signature") + start + rest))


def lf(mail: Mail) -> Mail:
    return mail.with_raw(mail.raw.replace(b"\r\n", b"\n"))


def smime() -> Mail:
    inner = nested("signed", [leaf("text/plain", Letter().text), b"Content-Type: application/pkcs7-signature;"
                   b" name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3\r\n"])  # fmt: skip
    return Mail(arrived(signed(Letter().raw().partition(b"Content-Type:")[0] + inner)))


def key_rotated_away() -> Mail:
    raw = signed(Letter(), selector="y2025", key=rsa(2048, 5))
    return Mail(arrived(raw, says=f"dkim=pass header.d={SHOP} header.s=y2025;\r\n dmarc=pass header.from={SHOP}"))


def of(letter: Letter, **how: Any) -> Mail:
    return ours(letter, **how)


def known(letter: Letter = BOOKS, **how: Any) -> Mail:
    """The brand's mail, unsigned, with a ledger that has it."""
    row_ = sent(letter.id.strip("<>"), **how)
    return Mail(arrived(letter.raw(), bounces=f"b@{BRAND}"), ledger=(row_,))


def pasted(text: str) -> Mail:
    return Mail(text.encode(), received=None, form=Form.PASTED, ledger=(sent(order="10430-2201"),))


def from_line(mail: Mail) -> Mail:
    return mail.with_raw(b"From bounce@example-shop.jp Tue May 20 00:00:40 2025\r\n" + mail.raw)


def later(mail: Mail, days: int) -> Mail:
    """Asked about so many days after it came."""
    return replace(mail, now=RECEIVED + timedelta(days=days))


def by_received_line(mail: Mail) -> Mail:
    """Nobody says when it came; the receiver's own line does."""
    return replace(mail, received=None)


def slow() -> Mail:
    """Two days in a queue."""
    at = SIGNED + timedelta(days=2)
    return replace(Mail(arrived(signed(Letter()), at=at)), received=at, now=at + timedelta(hours=1))


def inside() -> Mail:
    outer = Letter(sender=f"Hanako <{HANAKO}>", to="check@example-shop.jp", subject="Fwd", text="Is it you?\n",
                   id="<f@mailbox.example>", files=(File("mail.eml", ours().raw, "message/rfc822"),))  # fmt: skip
    return Mail(arrived(signed(outer, "mailbox.example")), form=Form.ATTACHED)


PDF = File("invoice-1043.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\n", "application/pdf")
CALENDAR = File("delivery.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar")
CODE = replace(BOOKS, subject="Your sign-in code", text="Your sign-in code is 493 027.\n", id=f"<code-9@{BRAND}>")
TRACKING = '<a href="https://www.kuronekoyamato.example/track?n=1234">Track your parcel</a>'
CAMPAIGN = f'<a href="https://click.news.{SHOP}/c/9f31">See the spring sale at {SHOP}</a>'
PRESSING = Letter(
    subject="Your password was changed", text="Was it not you? Act within 24 hours: change your password.\n"
)
BY_SHOP, KNOWN, NOT_SHOP = "signed.by_shop", "ledger.known", "signed.by_other or from.other"

INSIDE = row("attached to the mail that asks", inside, "genuine", BY_SHOP)
ROWS = (
    row("an order confirmation as it should be", lambda: of(replace(Letter(), html=ORDER)), "genuine", BY_SHOP),
    row("an order confirmation in Japanese", lambda: of(replace(JAPANESE, html=ORDER)), "genuine", BY_SHOP, "ja"),
    row("through a list that adds a footer and whose seal is trusted", through_list, "genuine", "arc.attested"),
    row("through a list whose seal is not trusted", lambda: through_list("forwarder.example"), "unknown",
        "signed.changed or arc.untrusted"),
    row("forwarded by a mailbox whose seal is trusted", forwarded, "genuine", "arc.attested"),
    row("forwarded by a mailbox whose seal is not", lambda: forwarded("forwarder.example"), "unknown or forged",
        "signed.changed or arc.untrusted or policy.all_signed"),
    row("two machines of the trusted list", two_sealers, "genuine", "arc.attested"),
    row("a help desk that signs for itself", help_desk, "unknown", "from.shop_unproved or signed.by_other"),
    row("a help desk that signs for itself, and the ledger has it",
        lambda: help_desk(ledger=(sent("t-88@desk.example", order=""),)), "genuine", KNOWN),
    row("expired since it came", lambda: later(of(Letter(), expires=SIGNED + timedelta(days=7)), 30),
        "genuine", BY_SHOP),
    row("asked about a year later", lambda: later(of(Letter()), 365), "genuine", BY_SHOP),
    row("two days in a queue", slow, "genuine", BY_SHOP),
    row("the time of receipt from the receiver's own line", lambda: by_received_line(of(Letter())), "genuine", BY_SHOP),
    row("the brand's domain", lambda: Mail(arrived(signed(BOOKS, BRAND), bounces=f"b@{BRAND}")), "genuine", BY_SHOP),
    row("a subdomain in From, the shop's domain in the signature",
        lambda: of(replace(Letter(), sender=f"Example Shop <hello@news.{SHOP}>")), "genuine", BY_SHOP),
    row("the shop's domain in From, a subdomain in the signature",
        lambda: Mail(arrived(signed(Letter(), f"mail.{SHOP}"))), "genuine", BY_SHOP),
    row("two signatures of which the shop's is the second", two_signatures, "genuine", BY_SHOP),
    row("a broken signature of a service beside the shop's", broken_beside, "genuine", BY_SHOP),
    row("a broken signature of the shop's beside one that holds", two_of_shops_one_broken, "genuine", BY_SHOP),
    row("the key is gone and the receiver saw it pass", key_rotated_away, "genuine", "receiver.attested"),
    row("ISO-2022-JP throughout", lambda: of(replace(JAPANESE, charset="iso-2022-jp")), "genuine", BY_SHOP, "ja"),
    row("Shift_JIS throughout", lambda: of(replace(JAPANESE, charset="shift_jis")), "genuine", BY_SHOP, "ja"),
    row("EUC-JP throughout", lambda: of(replace(JAPANESE, charset="euc-jp")), "genuine", BY_SHOP, "ja"),
    row("ISO-2022-JP in 7 bits, not coded",
        lambda: body("text/plain; charset=iso-2022-jp", "7bit", CRLF.encode("iso-2022-jp")),
        "genuine", BY_SHOP, "ja"),
    row("raw UTF-8 in 8 bits",
        lambda: body("text/plain; charset=utf-8", "8bit", CRLF.encode()),
        "genuine", BY_SHOP, "ja"),
    row("a line of five thousand characters",
        lambda: body("text/html", "7bit", b"<p>" + b"tea " * 1250 + b"</p>\r\n"), "genuine", BY_SHOP),
    row("the shop's domain in capitals", lambda: of(replace(Letter(), sender="Example Shop <Order@EXAMPLE-SHOP.JP>")),
        "genuine", BY_SHOP),
    row("the signer's domain in capitals", lambda: Mail(arrived(signed(Letter(), "Example-Shop.JP", key=rsa(2048, 0)))),
        "genuine", BY_SHOP),
    row("the address as its own name", lambda: of(replace(Letter(), sender=f"order@{SHOP} <order@{SHOP}>")),
        "genuine", BY_SHOP),
    row("an address without a name", lambda: of(replace(Letter(), sender=f"order@{SHOP}")), "genuine", BY_SHOP),
    row("the name in a comment, as old programs write it", lambda: of(replace(
        Letter(), sender=f"order@{SHOP} (Example Shop)")), "genuine", BY_SHOP),
    row("a quoted local part", lambda: of(replace(Letter(), sender=f'"order.desk"@{SHOP}')), "genuine", BY_SHOP),
    row("to nobody in particular", lambda: of(replace(Letter(), to="undisclosed-recipients:;")), "genuine", BY_SHOP),
    row("an empty body", lambda: body("text/plain", "7bit", b""), "genuine", BY_SHOP),
    row("an empty body under simple", lambda: body("text/plain", "7bit", b"", canonical="simple/simple"),
        "genuine", BY_SHOP),
    row("a body of blank lines", lambda: body("text/plain", "7bit", b"\r\n" * 9), "genuine", BY_SHOP),
    row("no line end at the end",
        lambda: body("text/plain", "7bit", b"Thank you."), "genuine", BY_SHOP),
    row("folded oddly", oddly_folded, "genuine", BY_SHOP),
    row("the signature's own field written oddly", signature_folded, "genuine", BY_SHOP),
    row("signed simple/simple", lambda: of(JAPANESE, canonical="simple/simple"), "genuine", BY_SHOP, "ja"),
    row("signed relaxed/simple", lambda: of(Letter(), canonical="relaxed/simple"), "genuine", BY_SHOP),
    row("signed simple/relaxed", lambda: of(Letter(), canonical="simple/relaxed"), "genuine", BY_SHOP),
    row("signed with ed25519 and rsa",
        lambda: Mail(arrived(sign(signed(Letter()), SHOP, at=SIGNED, selector="ed"))), "genuine", BY_SHOP),
    row("signed with ed25519 alone", lambda: of(Letter(), selector="ed"), "genuine", BY_SHOP),
    row("a key of 1,024 bits", lambda: of(Letter(), selector="s2"), "genuine", BY_SHOP),
    row("l= of exactly the body", lambda: of(Letter(), length=-1), "genuine", BY_SHOP),
    row("headers signed once more than they stand there", lambda: of(Letter(), headers=OVER), "genuine", BY_SHOP),
    row("a Reply-To of the shop's, signed",
        lambda: of(replace(Letter(), fields=(("Reply-To", f"help@{SHOP}"),))), "genuine", BY_SHOP),
    row("a Reply-To of the help desk's, signed by the shop",
        lambda: of(replace(Letter(), fields=(("Reply-To", f"case-8@{DESK}"),))), "genuine", BY_SHOP),
    row("links that count clicks on the shop's own subdomain", lambda: of(replace(Letter(), html=CAMPAIGN)),
        "genuine", BY_SHOP),
    row("a link to the parcel service", lambda: of(replace(Letter(), html=TRACKING)), "genuine", BY_SHOP),
    row("an invoice as PDF and a date for the calendar", lambda: of(replace(Letter(), files=(PDF, CALENDAR))),
        "genuine", BY_SHOP),
    row("signed with S/MIME too", smime, "genuine", BY_SHOP),
    row("sent by a service, whose machine and bounce address are its own",
        lambda: Mail(arrived(sign(signed(Letter()), "parcel.example", at=SIGNED), machine="192.0.2.77",
                             helo="m.parcel.example", bounces="b@parcel.example")), "genuine", BY_SHOP),
    row("a warning that presses and speaks of passwords", lambda: of(PRESSING), "genuine", BY_SHOP),
    row("a file with LF alone", lambda: lf(of(JAPANESE)), "genuine", BY_SHOP, "ja"),
    row("a file with LF alone, signed simple/simple", lambda: lf(of(Letter(), canonical="simple/simple")),
        "genuine", BY_SHOP),
    row("a mailbox's From line on top", lambda: from_line(of(Letter())), "genuine", BY_SHOP),
    row("a mailbox's From line on top, LF alone", lambda: lf(from_line(of(Letter()))), "genuine", BY_SHOP),
    INSIDE,
    row("a sign-in code that the ledger has", lambda: known(CODE, order=""), "genuine", KNOWN),
    row("an order confirmation that the ledger has, unsigned, of a domain without policy", known, "genuine", KNOWN),
    row("the same, unsigned, without a ledger", lambda: replace(known(), ledger=None), "unknown", "from.shop_unproved"),
    row("the ledger has it and so has the signature", lambda: replace(of(Letter()), ledger=(sent(),)),
        "genuine", f"{KNOWN} or {BY_SHOP}"),
    row("signed by the shop, and the ledger does not know it", lambda: replace(of(Letter()), ledger=()),
        "genuine", BY_SHOP),
    row("an order confirmation pasted, whose order the ledger has",
        lambda: pasted("例のお店です。ご注文番号 10430-2201 を承りました。\nhttps://www.example-shop.jp/orders\n"),
        "genuine or unknown", "ledger.knows_order or pasted.unverifiable", "ja"),
    row("an order confirmation pasted, without a ledger",
        lambda: Mail(JAPANESE.text.encode(), received=None, form=Form.PASTED), "unknown", "pasted.unverifiable", "ja"),
    row("the DNS does not answer", lambda: replace(of(Letter()), silent=True), "unknown", "dns.silent"),
    row("the DNS does not answer, and the receiver saw it pass",
        lambda: replace(key_rotated_away(), silent=True), "genuine", "receiver.attested"),
    row("another company's mail, in perfect order",
        lambda: Mail(arrived(signed(OTHERS, "other-company.example"), machine="192.0.2.50",
                             helo="other-company.example", bounces="b@other-company.example")), "unknown", NOT_SHOP),
    row("a friend who writes about the shop", lambda: Mail(arrived(signed(Letter(
        sender="Kenji <kenji@mailbox.example>", subject="Tea", text=f"I buy mine at Example Shop, https://{SHOP}/ .\n"),
        "mailbox.example"), machine="192.0.2.4")), "unknown", NOT_SHOP),
)  # fmt: skip
