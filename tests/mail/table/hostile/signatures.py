"""Which tricks are played with DKIM signatures? Copied, stripped, stretched, outdated, somebody else's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.mail.table.keys import rsa
from tests.mail.table.making import (
    EVIL,
    RECEIVED,
    SIGNED,
    Letter,
    Mail,
    Whole,
    arrived,
    handed_in,
    leaf,
    nested,
    ours,
    row,
    signed,
    strange,
    unsigned,
)
from tests.mail.table.zone import BARE, BRAND, KYOTO, SHOP

PLEASE = "We could not charge your card for order 1043. Confirm it: https://pay.evil.top/1043\n"
ORDER = Letter()
BOOKS = Letter(sender=f"Books <order@{BRAND}>", id=f"<b-1@{BRAND}>")
CARD = Letter(subject="Your card was declined", text=PLEASE)
KARTE = Letter(
    sender=f"例のお店 <order@{SHOP}>",
    subject="【重要】お支払い方法をご確認ください",
    text="ご注文1043のお支払いができませんでした。こちらから確認してください。\nhttps://pay.evil.top/1043\n",
)
NO_PROOF = "policy.all_signed"
TWO = leaf("text/plain", "Your order 1043 is on its way.\n")


def changed(raw: bytes, before: bytes, after: bytes) -> bytes:
    """The mail with one place of it changed; the place must be there once."""
    assert raw.count(before) == 1, (before, raw.count(before))
    return raw.replace(before, after)


def copied(letter: Letter) -> Mail:
    """Another text under the signature of a mail that the shop did send."""
    own = signed(Letter())
    signature = own[: own.index(b"From: ")]
    return Mail(handed_in(signature + letter.raw()), strangers=(EVIL,))


def appended(what: bytes, letter: bytes | Letter = ORDER, **how: Any) -> Mail:
    """A mail whose signature covers its own length of body alone, and more written under it."""
    raw = signed(letter, **{"length": -1, **how})
    return Mail(handed_in(raw + what), strangers=(EVIL,))


def under(fields: str, letter: Letter = ORDER, **how: Any) -> Mail:
    """The shop's mail, signed, with header fields added on top of those that were signed."""
    raw = signed(letter, **how)
    return Mail(handed_in(fields.encode() + raw), strangers=(EVIL,))


def on_top_of_signed(fields: str) -> Mail:
    """The shop's mail with fields that the shop did not write, between the signature and the signed ones."""
    raw = signed(Letter(), headers=("from", "to", "date", "message-id", "subject"))
    return Mail(handed_in(raw.replace(b"From: ", fields.encode() + b"From: ", 1)), strangers=(EVIL,))


def part_added() -> Mail:
    """l= covers a multipart up to before its end; the forger goes on with a part of their own."""
    whole = b"From: Example Shop <order@example-shop.jp>\r\nTo: hanako@mailbox.example\r\nSubject: Your order 1043\r\n"
    whole += b"Date: Tue, 20 May 2025 09:00:00 +0900\r\nMessage-ID: <a@example-shop.jp>\r\nMIME-Version: 1.0\r\n"
    own = (whole + nested("mixed", [TWO])).removesuffix(b"--\r\n") + b"\r\n"
    evil = leaf("text/html", f'<h1>Example Shop</h1><a href="https://pay.{EVIL}/">{PLEASE}</a>')
    return appended(evil + b"\r\n--=_mixed_1--\r\n", own)


def replaced_type() -> Mail:
    """Content-Type is not signed, so another boundary is written into it, and what it bounds stood in the preamble."""
    raw = signed(Letter(text=f"--x\nContent-Type: text/html\n\n<a href=https://pay.{EVIL}>Pay</a>\n--x--\n"),
                 headers=("from", "to", "subject", "date", "message-id"))  # fmt: skip
    return Mail(
        handed_in(changed(raw, b"text/plain; charset=utf-8", b"multipart/mixed; boundary=x")), strangers=(EVIL,)
    )


def half_signed(**how: Any) -> Mail:
    """A mail as the shop never sends it, under a signature that must not count; from a stranger's machine."""
    return Mail(handed_in(signed(CARD, **how)), strangers=(EVIL,))


def revoked() -> Mail:
    return half_signed(selector="revoked", key=rsa(2048, 0))


def testing() -> Mail:
    return half_signed(selector="testing", key=rsa(2048, 0))


def other_service() -> Mail:
    record = rsa(2048, 0).record.replace("v=DKIM1;", "v=DKIM1; s=tlsrpt;")
    return replace(half_signed(selector="tls", key=rsa(2048, 0)), more={f"tls._domainkey.{SHOP} TXT": [record]})


def sibling(of: str, signer: str) -> Mail:
    letter = Letter(sender=f"Example Shop <order@{of}>", text=PLEASE)
    return replace(strange(letter, signer), shop=Whole(domains=(of,)))


def with_spacing() -> Mail:
    raw = copied(CARD).raw
    return Mail(changed(raw, b"DKIM-Signature:", b"DKIM-Signature :"), strangers=(EVIL,))


def to_another() -> Mail:
    """i= is the shop's, d= is not: the field contradicts itself."""
    return strange(CARD, EVIL, identity=f"@{SHOP}")


def late() -> Mail:
    return replace(ours(), raw=arrived(signed(Letter()), at=SIGNED + timedelta(days=60)),
                   received=SIGNED + timedelta(days=60), now=SIGNED + timedelta(days=61))  # fmt: skip


DOUBT = "unknown or forged"
ROWS = (
    row("unsigned mail in the shop's name from a stranger's machine", lambda: unsigned(CARD), "forged", NO_PROOF),
    row("unsigned mail in the shop's name, in Japanese", lambda: unsigned(KARTE), "forged", NO_PROOF, "ja"),
    row("signed, by the stranger", lambda: strange(CARD), "forged", NO_PROOF),
    row("signed by the stranger, in Japanese", lambda: strange(KARTE), "forged", NO_PROOF, "ja"),
    row("the shop's signature taken off on the way", lambda: unsigned(Letter()), "forged", NO_PROOF),
    row("signed by a sibling under a public suffix nobody knows", lambda: sibling(BARE, "esp.example"),
        "forged", NO_PROOF),
    row("signed by a sibling under co.jp", lambda: sibling(KYOTO, "evil-company.co.jp"), "forged", NO_PROOF),
    row("the signature of another mail of the shop's", lambda: copied(CARD), "forged", NO_PROOF),
    row("the signature of another mail, in Japanese", lambda: copied(KARTE), "forged", NO_PROOF, "ja"),
    row("the shop's domain in d=, a key that is not the shop's",
        lambda: half_signed(key=rsa(2048, 1)), "forged", NO_PROOF),
    row("the shop's domain in i=, the stranger's in d=", to_another, "forged", NO_PROOF),
    row("one letter of the body changed, straight from a stranger",
        lambda: Mail(handed_in(changed(signed(Letter()), b"on its way", b"in his way"))),
        "forged", NO_PROOF),
    row("the subject changed, straight from a stranger",
        lambda: Mail(handed_in(changed(signed(Letter()), b"Subject: Your order 1043", b"Subject: Your order 9999"))),
        "forged", NO_PROOF),
    row("a changed mail of the brand, which publishes no policy",
        lambda: Mail(arrived(changed(signed(BOOKS, BRAND), b"on its way", b"in his way"))),
        "unknown", "signed.changed"),
    row("a space before the colon, so that some see no signature, and it is a copied one", with_spacing,
        "forged", NO_PROOF),
    row("expired before it was received",
        lambda: replace(ours(expires=SIGNED + timedelta(days=1)), received=SIGNED + timedelta(days=9),
                        now=SIGNED + timedelta(days=9)), DOUBT, "signed.expired"),
    row("signed a week after it was received", lambda: ours(at=RECEIVED + timedelta(days=7)), DOUBT,
        f"signed.not_yet or {NO_PROOF}"),
    row("a key of 512 bits, which anybody can break", lambda: half_signed(selector="weak"),
        DOUBT, f"signed.key_weak or {NO_PROOF}"),
    row("rsa-sha1", lambda: half_signed(algorithm="rsa-sha1"), DOUBT,
        f"signed.key_weak or signed.not_counted or {NO_PROOF}"),
    row("a key that the shop has revoked", revoked, DOUBT, f"signed.key_gone or {NO_PROOF}"),
    row("a key that says it is for testing", testing, DOUBT, f"signed.not_counted or {NO_PROOF}"),
    row("text under the signed length", lambda: appended(PLEASE.encode()), DOUBT, f"signed.partly or {NO_PROOF}"),
    row("a MIME part after the signed length", part_added, DOUBT, f"signed.partly or {NO_PROOF}"),
    row("l=0, so that any body fits", lambda: appended(b"", CARD, length=0), DOUBT, f"signed.partly or {NO_PROOF}"),
    row("blank lines and then text under the signed length", lambda: appended(b"\r\n" * 80 + PLEASE.encode()),
        DOUBT, f"signed.partly or {NO_PROOF}"),
    row("a second From above", lambda: under(f"From: Example Shop <pay@{EVIL}>\r\n"), DOUBT, "from.two"),
    row("a second From below the signed one",
        lambda: Mail(handed_in(changed(signed(Letter()), b"Subject: ", b"From: x@evil.top\r\nSubject: "))),
        DOUBT, "from.two"),
    row("a second From with a space before its colon", lambda: under(f"From : Example Shop <pay@{EVIL}>\r\n"),
        DOUBT, "from.two or reading.defects"),
    row("a second Subject above", lambda: under("Subject: Your card was declined, call us\r\n"),
        DOUBT, f"signed.header_open or {NO_PROOF}"),
    row("a second Subject, in Japanese", lambda: under("Subject: =?utf-8?b?44CQ6YeN6KaB44CR?=\r\n"),
        DOUBT, f"signed.header_open or {NO_PROOF}", "ja"),
    row("a Reply-To added, unsigned", lambda: under(f"Reply-To: order@{EVIL}\r\n"),
        DOUBT, f"signed.header_open or reply_to.elsewhere or {NO_PROOF}"),
    row("a Reply-To added on the way by the shop's look-alike", lambda: under("Reply-To: order@examp1e-shop.jp\r\n"),
        "lookalike or forged", "reply_to.lookalike"),
    row("a second To above", lambda: under("To: everybody@mailbox.example\r\n"), DOUBT,
        f"signed.header_open or {NO_PROOF}"),
    row("a Content-Type added where it was not signed", replaced_type, DOUBT, f"signed.header_open or {NO_PROOF}"),
    row("a second Content-Type, which some readers take first",
        lambda: on_top_of_signed("Content-Type: text/html\r\n"), DOUBT, f"signed.header_open or {NO_PROOF}"),
    row("a transfer coding written over where it was not signed",
        lambda: on_top_of_signed("Content-Transfer-Encoding: quoted-printable\r\n"),
        DOUBT, f"signed.header_open or {NO_PROOF}"),
    row("From is not among the signed fields", lambda: half_signed(headers=("to", "subject", "date"), key=rsa(2048, 0)),
        DOUBT, f"signed.not_counted or {NO_PROOF}"),
    row("a key that is meant for another service", other_service, DOUBT,
        f"signed.key_gone or signed.not_counted or {NO_PROOF}"),
    row("signed by the public suffix itself", lambda: sibling(KYOTO, "co.jp"), "forged", NO_PROOF),
    row("the shop's mail sent again sixty days later", late, "unknown", "signed.long_ago"),
    row("sent again sixty days later, with a Received line of the first day under the receiver's own",
        lambda: replace(late(), received=None, raw=arrived(ours().raw, at=SIGNED + timedelta(days=60))),
        "unknown", "signed.long_ago"),
)  # fmt: skip
