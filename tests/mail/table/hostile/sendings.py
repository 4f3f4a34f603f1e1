"""Which tricks are played round the mail? Copied Message-IDs, pasted text, mail inside mail, press and secrets."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from takeback.core.authenticity.facts import Form
from tests.mail.table.hostile.signatures import BOOKS, CARD, DOUBT, KARTE, changed
from tests.mail.table.making import (
    EVIL,
    HANAKO,
    RECEIVED,
    SIGNED,
    File,
    Letter,
    Mail,
    arrived,
    handed_in,
    ours,
    row,
    sent,
    signed,
    strange,
    unsigned,
)
from tests.mail.table.zone import BRAND, SHOP

KNOWN = f"b-1@{BRAND}"
UNPROVED = "from.shop_unproved"
EMPTY = Letter(sender=f"Hanako <{HANAKO}>", subject="Fwd: is this real?", text="Is it?\n", id="<f@mailbox.example>")
PASTED = f"""From: Example Shop <order@{SHOP}>
Subject: Your card was declined

We could not charge your card. Confirm it: https://pay.evil.top/
"""
PASTED_JA = """例のお店
【重要】お支払いが確認できません。24時間以内にこちらからカード番号を入力してください。
https://pay.evil.top/
"""


def copied_id(**how: Any) -> Mail:
    """The brand's mail, unsigned, from a stranger's machine, under a Message-ID that the ledger knows."""
    return replace(unsigned(BOOKS), ledger=(sent(KNOWN, **how),))


def pasted(text: str, **how: Any) -> Mail:
    return Mail(text.encode(), received=None, form=Form.PASTED, **how)


def forwarded_inside() -> Mail:
    """Hanako forwards a forgery as an attachment; the question is about what she attaches."""
    inner = unsigned(CARD).raw
    letter = replace(EMPTY, files=(File("doubtful.eml", inner, "message/rfc822"),))
    return Mail(arrived(signed(letter, "mailbox.example")), strangers=(EVIL,), form=Form.ATTACHED)


def genuine_inside() -> Mail:
    """The forger's mail in the shop's name carries a genuine one, so that the genuine one is judged instead."""
    letter = replace(CARD, sender=f"Example Shop <x@{EVIL}>", files=(File("order.eml", ours().raw, "message/rfc822"),))
    return strange(letter)


def inline() -> Mail:
    """The text of a mail that forwards another as text."""
    text = f"Is it?\n\n---------- Forwarded message ---------\n{PASTED}"
    return Mail(text.encode(), form=Form.INLINE)


def another_recipient() -> Mail:
    """A mail that the shop did send and sign, to the forger, handed in once more for Hanako."""
    raw = signed(Letter(to=f"Taro <taro@{EVIL}>"))
    ledger = (sent(f"order-1043.7f@{SHOP}", to=f"t***@{EVIL}", account="666"),)
    return Mail(handed_in(raw), strangers=(EVIL,), ledger=ledger)


def own_id() -> Mail:
    """The forger is a customer too: a Message-ID, recipient and time of the ledger are theirs to use, for any text."""
    letter = replace(BOOKS, to=f"Taro <taro@{EVIL}>", text="Please pay order 1043 once more, by transfer.\n")
    return replace(unsigned(letter), ledger=(sent(KNOWN, to=f"t***@{EVIL}", account="666"),))


def own_id_without(*lines: str) -> Mail:
    """The same, where the mailbox keeps less of who it was for."""
    mail = own_id()
    for line in lines:
        mail = mail.with_raw(changed(mail.raw, line.encode(), b""))
    return mail


URGENT = (
    "Your account will be closed within 24 hours. Confirm your password and card number now: https://pay.evil.top/\n"
)
EILIG = "24時間以内にご確認がない場合、アカウントを停止します。暗証番号とカード番号を入力してください。\nhttps://pay.evil.top/\n"
NOT_SHOP = "signed.by_other or from.other"
ROWS = (
    row("a Message-ID of the ledger, sent to somebody else", lambda: copied_id(to="m***@mailbox.example"),
        DOUBT, "ledger.other_recipient"),
    row("a Message-ID of the ledger, sixty days on",
        lambda: replace(copied_id(), received=RECEIVED + timedelta(days=60), now=RECEIVED + timedelta(days=60)),
        DOUBT, "ledger.other_time"),
    row("a Message-ID of the ledger, about another order", lambda: copied_id(order="2077"),
        DOUBT, f"ledger.not_enough or {UNPROVED}"),
    row("a Message-ID of the ledger, of a text message", lambda: copied_id(channel="sms"),
        DOUBT, f"{UNPROVED} or ledger.not_enough or ledger.silent"),
    row("a Message-ID of the ledger, unsigned although all of the shop's mail is signed",
        lambda: replace(unsigned(Letter()), ledger=(sent(),)), DOUBT, "policy.all_signed or ledger.not_enough"),
    row("a Message-ID of the ledger, from another domain in the shop's name",
        lambda: replace(strange(replace(CARD, sender=f"Example Shop <x@{EVIL}>")), ledger=(sent(),)),
        DOUBT, "name.claims_shop or asks.in_shops_name or ledger.not_enough"),
    row("a Message-ID of the ledger, from another domain, in Japanese",
        lambda: replace(strange(replace(KARTE, sender=f"例のお店 <x@{EVIL}>")), ledger=(sent(),)),
        DOUBT, "name.claims_shop or asks.in_shops_name or ledger.not_enough", "ja"),
    row("a Message-ID of the ledger twice in one mail, of which one is the forger's",
        lambda: replace(copied_id(to="m***@mailbox.example"),
                        raw=handed_in(replace(BOOKS, fields=(("Message-ID", f"<{KNOWN}>"),)).raw())),
        DOUBT, "ledger.other_recipient or reading.defects"),
    row("the shop's signed mail to the forger, sent again to Hanako, and the ledger knows to whom it went",
        another_recipient, DOUBT, "ledger.other_recipient"),
    row("the Message-ID of a mail that the shop sent to the forger, addressed to the forger, handed to Hanako", own_id,
        DOUBT, f"ledger.other_recipient or ledger.not_enough or {UNPROVED}"),
    row("the same, where only the receiver's own Received line says for whom it was",
        lambda: own_id_without(f"Delivered-To: {HANAKO}\r\n"), DOUBT,
        f"ledger.other_recipient or ledger.not_enough or {UNPROVED}"),
    row("the same, where nothing says for whom it was but the forger's To",
        lambda: own_id_without(f"Delivered-To: {HANAKO}\r\n", f"for <{HANAKO}>"), DOUBT,
        f"ledger.other_recipient or ledger.not_enough or {UNPROVED}"),
    row("a forged text, pasted", lambda: pasted(PASTED), "unknown", "pasted.unverifiable"),
    row("a forged text, pasted, in Japanese", lambda: pasted(PASTED_JA), "unknown", "pasted.unverifiable", "ja"),
    row("a pasted text that names an order of the ledger and leads elsewhere",
        lambda: pasted("Example Shop\nYour order 10430: pay here http://198.51.100.66/\n",
                       ledger=(sent(order="10430"),)), DOUBT, "pasted.unverifiable or link.number_host"),
    row("a pasted text with a Message-ID of the ledger and a link to a look-alike",
        lambda: pasted(f"From: order@{SHOP}\nMessage-ID: <order-1043.7f@{SHOP}>\n\nhttps://exarnple-shop.jp/\n",
                       ledger=(sent(),)), "unknown or lookalike or forged", "pasted.unverifiable or link.lookalike"),
    row("a forgery inside a mail that forwards it", forwarded_inside, "forged", "policy.all_signed"),
    row("a forgery that carries a genuine mail", genuine_inside, DOUBT,
        "name.claims_shop or asks.in_shops_name or policy.all_signed"),
    row("a forgery forwarded as text", inline, "unknown", "pasted.unverifiable"),
    row("press and secrets in the shop's name, from nobody's domain", lambda: strange(Letter(
        sender=f"Support <x@{EVIL}>", subject="Example Shop: your account", text=f"Example Shop\n{URGENT}")),
        "forged", "asks.in_shops_name"),
    row("press and secrets in the shop's name, in Japanese", lambda: strange(Letter(
        sender=f"お客様窓口 <x@{EVIL}>", subject="例のお店 アカウント停止のお知らせ",
        text=f"例のお店です。\n{EILIG}")),
        "forged", "asks.in_shops_name", "ja"),
    row("press and secrets in nobody's name", lambda: strange(Letter(
        sender=f"Support <x@{EVIL}>", subject="Your account", text=URGENT)), "unknown", NOT_SHOP),
    row("press and secrets in nobody's name, in Japanese", lambda: strange(Letter(
        sender=f"お客様窓口 <x@{EVIL}>", subject="アカウント停止のお知らせ", text=EILIG)), "unknown", NOT_SHOP, "ja"),
    row("a bank transfer asked for in the shop's name", lambda: strange(Letter(
        sender=f"経理 <x@{EVIL}>", subject="例のお店 請求書",
        text="例のお店です。下記の口座へ至急お振込みください。\n")),
        "forged or unknown", f"asks.in_shops_name or name.claims_shop or {NOT_SHOP}", "ja"),
    row("no From at all", lambda: Mail(handed_in(CARD.raw().replace(b"From: ", b"X-From: ", 1)), strangers=(EVIL,)),
        DOUBT, "from.none or from.two or asks.in_shops_name"),
    row("a date of next year, signed so", lambda: ours(at=SIGNED + timedelta(days=365)),
        DOUBT, "signed.not_yet or policy.all_signed"),
)  # fmt: skip
