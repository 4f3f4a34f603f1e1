"""Which tricks are played in the From line? Two addresses, an address as a name, letters that look like the shop's."""

from base64 import b64encode
from dataclasses import replace

from tests.mail.table.hostile.signatures import CARD, KARTE
from tests.mail.table.making import EVIL, Letter, Mail, handed_in, row, signed, strange
from tests.mail.table.zone import SHOP

ASKS = Letter(subject="Please confirm", text="Confirm your password here: https://login.evil.top/\n")
BITTE = Letter(subject="ご確認のお願い", text="こちらでパスワードを入力してください。\nhttps://login.evil.top/\n")
REAL = f"order@{SHOP}"


def by(sender: str, letter: Letter = ASKS) -> Mail:
    """Written so in From, and signed by the stranger."""
    return strange(replace(letter, sender=sender))


def word(text: str, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{b64encode(text.encode(charset)).decode()}?="


def bytes_in_from(value: bytes) -> Mail:
    """A From line that no library would write; it is signed as it stands."""
    raw = ASKS.raw()
    start = raw.index(b"From: ")
    end = raw.index(b"\r\n", start)
    return Mail(handed_in(signed(raw[:start] + b"From: " + value + raw[end:], EVIL)), strangers=(EVIL,))


SHOWS, CLAIMS = "name.shows_address", "name.claims_shop or asks.in_shops_name"
TWO = "from.two or name.shows_address"
ROWS = (
    row("From with two addresses, the shop's first", lambda: by(f"{REAL}, x@{EVIL}", CARD), "forged", "from.two"),
    row("From with two addresses, the shop's last", lambda: by(f"x@{EVIL}, {REAL}", CARD), "forged", "from.two"),
    row("From as a group", lambda: by(f"Example Shop: {REAL}, x@{EVIL};", CARD), "forged", "from.two"),
    row("the shop's address as the name, bare", lambda: by(f"{REAL} <x@{EVIL}>"), "forged", TWO),
    row("the shop's address as the name, quoted", lambda: by(f'"{REAL}" <x@{EVIL}>'), "forged", TWO),
    row("the shop's address in a comment", lambda: by(f"x@{EVIL} ({REAL})"), "forged", TWO),
    row("the shop's address in angle brackets in the name", lambda: by(f'"Shop <{REAL}>" <x@{EVIL}>'), "forged", TWO),
    row("two addresses in angle brackets", lambda: by(f"<{REAL}> <x@{EVIL}>"), "forged", TWO),
    row("the local part quoted, with the shop's address in it", lambda: by(f'"{REAL}"@{EVIL}'), "forged",
        f"{TWO} or {CLAIMS}"),
    row("a source route through the shop", lambda: by(f"<@{SHOP}:x@{EVIL}>"), "forged or unknown",
        f"{TWO} or {CLAIMS} or signed.by_other or from.other"),
    row("the shop's domain as the name", lambda: by(f"{SHOP} <x@{EVIL}>"), "forged", SHOWS),
    row("the shop's address as the name, base64", lambda: by(f"{word(REAL)} <x@{EVIL}>"), "forged", TWO),
    row("the shop's address and brackets, base64", lambda: by(f"{word(f'{REAL} <{REAL}>')} <x@{EVIL}>"),
        "forged", TWO),
    row("the shop's address as the name, quoted-printable",
        lambda: by(f"=?utf-8?Q?order=40example=2Dshop.jp?= <x@{EVIL}>"), "forged", TWO),
    row("the shop's name in two encoded words", lambda: by(f"{word('例の')}\r\n {word('お店')} <x@{EVIL}>", BITTE),
        "forged", CLAIMS, "ja"),
    row("an encoded word inside quotes", lambda: by(f'"{word("例のお店")}" <x@{EVIL}>', BITTE), "forged", CLAIMS,
        "ja"),
    row("the shop's name in ISO-2022-JP", lambda: by(f"{word('例のお店', 'iso-2022-jp')} <x@{EVIL}>", BITTE),
        "forged", CLAIMS, "ja"),
    row("the shop's name in UTF-7", lambda: by(f"{word('例のお店', 'utf-7')} <x@{EVIL}>", BITTE), "forged or unknown",
        f"{CLAIMS} or signed.by_other or from.other", "ja"),
    row("the shop's name", lambda: by(f"Example Shop <x@{EVIL}>"), "forged", CLAIMS),
    row("the shop's name in Japanese", lambda: by(f"例のお店 <x@{EVIL}>", BITTE), "forged", CLAIMS, "ja"),
    row("the shop's name and a department", lambda: by(f"例のお店 カスタマーサポート <x@{EVIL}>", BITTE), "forged",
        CLAIMS, "ja"),
    row("the shop's name and a department in English", lambda: by(f"Example Shop Security Team <x@{EVIL}>"),
        "forged", CLAIMS),
    row("the shop's name in brackets", lambda: by(f"【例のお店】お客様窓口 <x@{EVIL}>", BITTE), "forged", CLAIMS,
        "ja"),
    row("the shop's name spaced out", lambda: by(f"例 の お 店 <x@{EVIL}>", BITTE), "forged", CLAIMS, "ja"),
    row("the shop's name in full width", lambda: by(f"Ｅｘａｍｐｌｅ　Ｓｈｏｐ <x@{EVIL}>", BITTE), "forged",
        CLAIMS, "ja"),
    row("the shop's name with zero-width characters",
        lambda: by(f"Exam\u200bple\u2060 S\u200dhop <x@{EVIL}>"), "forged", CLAIMS),
    row("the shop's name in Japanese with zero-width characters",
        lambda: by(f"例\u200bの\u200cお\ufeff店 <x@{EVIL}>", BITTE), "forged", CLAIMS, "ja"),
    row("the shop's name with digits for letters", lambda: by(f"Examp1e Sh0p <x@{EVIL}>"), "forged", CLAIMS),
    row("the shop's name with Cyrillic letters", lambda: by(f"Ехаmрlе Shор <x@{EVIL}>"), "forged", CLAIMS),
    row("the shop's name in mathematical letters", lambda: by(f"𝐄𝐱𝐚𝐦𝐩𝐥𝐞 𝐒𝐡𝐨𝐩 <x@{EVIL}>"), "forged", CLAIMS),
    row("the shop's name with soft hyphens", lambda: by(f"Ex\u00adam\u00adple Sh\u00adop <x@{EVIL}>"), "forged",
        CLAIMS),
    row("the shop's name turned round by a direction mark", lambda: by(f"\u202epohS elpmaxE\u202c <x@{EVIL}>"),
        "forged or unknown", f"{CLAIMS} or signed.by_other or from.other or reading.defects"),
    row("a NUL inside the address", lambda: bytes_in_from(f"<{REAL}\0@{EVIL}>".encode()),
        "forged or unknown", f"{TWO} or {CLAIMS} or reading.defects or policy.all_signed"),
    row("a NUL before the real address", lambda: bytes_in_from(f"{REAL}\0 <x@{EVIL}>".encode()), "forged", TWO),
    row("a bare CR after the shop's address", lambda: bytes_in_from(f"{REAL}\r <x@{EVIL}>".encode()), "forged", TWO),
    row("a bare CR and another From behind it", lambda: bytes_in_from(f"x@{EVIL}\rFrom: {REAL}".encode()),
        "forged or unknown", f"{TWO} or {CLAIMS} or reading.defects or signed.by_other or policy.all_signed"),
    row("the true address folded out of sight",
        lambda: bytes_in_from(f"{REAL}".encode() + b"\r\n " * 60 + b"                    <x@evil.top>"), "forged",
        TWO),
    row("the true address behind a thousand spaces", lambda: bytes_in_from(
        f'"Example Shop <{REAL}>{" " * 900}" <x@{EVIL}>'.encode()), "forged", TWO),
    row("raw UTF-8 in From", lambda: bytes_in_from(f"例のお店 <x@{EVIL}>".encode()), "forged", CLAIMS, "ja"),
    row("raw Shift_JIS in From", lambda: bytes_in_from("例のお店 <x@evil.top>".encode("shift_jis")),
        "forged or unknown", f"{CLAIMS} or reading.defects or signed.by_other or from.other", "ja"),
    row("the shop in Sender alone", lambda: strange(
        replace(ASKS, sender=f"Support <x@{EVIL}>", fields=(("Sender", REAL),))), "forged or unknown",
        f"{CLAIMS} or signed.by_other or from.other"),
    row("the shop's name in Japanese, and its address in Reply-To", lambda: strange(
        replace(KARTE, sender=f"例のお店 <x@{EVIL}>", fields=(("Reply-To", REAL),))),
        "forged or unknown", CLAIMS, "ja"),
)  # fmt: skip
