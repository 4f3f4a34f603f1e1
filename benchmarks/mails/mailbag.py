"""Which mails are measured? Of a hundred: sixty ordinary ones of 15 to 50 kB, lists, forgeries, and some large ones.

They are built and really signed by the builder of the verdict's own table (`tests/mail/table`).
"""

import random
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from tests.mail.table.making import SIGNED, File, Letter, Mail, arrived, handed_in, signed, strange
from tests.mail.table.sealing import seal, sign
from tests.mail.table.zone import LIST, SHOP

WORDS = ("tea", "order", "parcel", "thank", "you", "for", "your", "the", "we", "have", "sent", "bowl", "spring", "box")
KANJI = "ご注文ありがとうございます商品発送番号煎茶茶碗住所お届け予定日確認配送"
PASSED = f"dkim=pass header.d={SHOP}; dmarc=pass header.from={SHOP}"
EVILS = ("evil.top", "example-shop.top", "exarnple-shop.jp", "example-shop.jp.evil.top", "exmaple-shop.jp")


class Kind(StrEnum):
    """What a mail of the set is; the values are told in the table."""

    ORDINARY = "an ordinary mail"
    LISTED = "a mail of a list"
    FORGED = "a forgery, signed or not"
    LARGE = "a mail with an invoice"


IN_TWENTY = {Kind.ORDINARY: 12, Kind.LISTED: 2, Kind.FORGED: 5, Kind.LARGE: 1}


def mails(many: int, seed: int = 7) -> list[tuple[Kind, Mail]]:
    """The set, shuffled; the same seed gives the same bytes."""
    chance = random.Random(seed)
    make = {Kind.ORDINARY: _ordinary, Kind.LISTED: _through_list, Kind.FORGED: _forgery, Kind.LARGE: _with_invoice}
    order = [kind for kind, share in IN_TWENTY.items() for _ in range(share)]
    made = [(order[number % 20], make[order[number % 20]](number, chance)) for number in range(many)]
    chance.shuffle(made)
    return made


def newsletter(number: int, chance: random.Random, size: int = 0) -> Letter:
    """A mail of a shop as they are: a table in a table, styles in each cell, a picture and a link to each article."""
    japanese = number % 2 == 0
    rows: list[str] = []
    length, size = 0, size or chance.randint(15_000, 50_000) * (3 if not japanese else 2) // 4
    while length < size:
        rows.append(_article(chance, japanese))
        length += len(rows[-1].encode())
    head = "<html><head><style>td { font: 14px sans-serif }</style></head><body><table>"
    html = f"{head}{''.join(rows)}</table></body></html>"
    text = _text(chance, japanese, 60).replace("。", "。\n") + f"\nhttps://www.{SHOP}/orders/{number}\n"
    sender = f"例のお店 <order@{SHOP}>" if japanese else f"Example Shop <order@{SHOP}>"
    subject = f"ご注文 {number} のご確認" if japanese else f"Your order {number}"
    return Letter(sender=sender, subject=subject, text=text, html=html, id=f"<order-{number}@{SHOP}>")


def _article(chance: random.Random, japanese: bool) -> str:
    number = chance.randrange(10_000)
    return (
        f'<tr><td style="padding: 8px 12px; border-bottom: 1px solid #ddd; color: #333" align="left" valign="top">\n'
        f'<a href="https://www.{SHOP}/items/{number}?utm_source=mail&amp;utm_campaign=order" style="color: #06c">'
        f'<img src="https://img.{SHOP}/{number}.jpg" width="96" height="96" alt=""></a></td>\n'
        f'<td style="padding: 8px 12px; font-family: sans-serif">{_text(chance, japanese, 14)}'
        f"&nbsp;&yen;{number}</td></tr>\n"
    )


def _text(chance: random.Random, japanese: bool, words: int) -> str:
    if japanese:
        return "".join(chance.choices(KANJI, k=words * 2)) + "。"
    return " ".join(chance.choices(WORDS, k=words)) + ". "


def _ordinary(number: int, chance: random.Random) -> Mail:
    raw = signed(newsletter(number, chance))
    if number % 3 == 0:  # sent by a service that signs too
        raw = sign(raw, "parcel.example", at=SIGNED)
    return Mail(arrived(raw))


def _through_list(number: int, chance: random.Random) -> Mail:
    raw = signed(newsletter(number, chance))
    raw = b"List-Id: <tea.lists.example>\r\n" + raw + b"-- \r\nTea lovers\r\n"
    return Mail(arrived(seal(raw, LIST, PASSED, at=SIGNED), machine="192.0.2.9", helo=LIST))


def _forgery(number: int, chance: random.Random) -> Mail:
    letter = newsletter(number, chance)
    letter = replace(letter, html=letter.html.replace(f"www.{SHOP}/items/1", "login.evil.top/1"))
    if number % 2:
        return Mail(handed_in(letter.raw()), strangers=("evil.top",))
    domain = chance.choice(EVILS)
    return strange(replace(letter, sender=letter.sender.replace(SHOP, domain)), domain)


def _with_invoice(number: int, chance: random.Random) -> Mail:
    letter = newsletter(number, chance)
    invoice = File("invoice.pdf", b"%PDF-1.7\n" + chance.randbytes(chance.randint(200_000, 800_000)), "application/pdf")
    at = SIGNED + timedelta(seconds=number)
    return Mail(arrived(signed(replace(letter, files=(invoice,), date=at))))
