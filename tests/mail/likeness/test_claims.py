"""What of the shop does a text show to the person who reads it?"""

import time

import pytest

from takeback.core.authenticity.shop import Shop
from takeback.mail.authenticity.likeness import claims, make_shop

AMAZON = make_shop(["amazon.co.jp"], ["Amazon", "アマゾン"])
SHOP = make_shop(["shop.example"], ["Example Shop", "例のお店"])
LINE = make_shop(["line.me"], ["LINE", "ライン"])
BARE = make_shop(["mercari.example"])


@pytest.mark.parametrize(
    ("text", "shop", "shown"),
    [
        ("Amazon", AMAZON, "Amazon"),
        ("AMAZON カスタマーサービス", AMAZON, "Amazon"),
        ("Amazonカスタマー", AMAZON, "Amazon"),
        ("Amaz0n", AMAZON, "Amazon"),
        ("\u0410mazon", AMAZON, "Amazon"),
        ("Ａｍａｚｏｎ", AMAZON, "Amazon"),
        ("𝐀𝐦𝐚𝐳𝐨𝐧", AMAZON, "Amazon"),
        ("a\u200bm\u00adazon", AMAZON, "Amazon"),
        ("a\u0301mazo\u0308n", AMAZON, "Amazon"),
        ("arnazon team", AMAZON, "Amazon"),
        ("A m a z o n 本人確認", AMAZON, "Amazon"),
        ("A.m.a.z.o.n", AMAZON, "Amazon"),
        ("ｱﾏｿﾞﾝ", AMAZON, "アマゾン"),
        ("ア マ ゾ ン", AMAZON, "アマゾン"),
        ("アマゾン・サポート", AMAZON, "アマゾン"),
        ("info@amazon.co.jp", AMAZON, "info@amazon.co.jp"),
        ("<Auto-Confirm@AMAZON.co.jp>", AMAZON, "auto-confirm@amazon.co.jp"),
        ("https://www.amazon.co.jp/login", AMAZON, "amazon.co.jp"),
        ("amazon.co.jp.evil.top", AMAZON, "amazon.co.jp"),
        ("amaz0n．co．jp", AMAZON, "amazon.co.jp"),
        ("EXAMPLE  SHOP", SHOP, "Example Shop"),
        ("Example-Shop より", SHOP, "Example Shop"),
        ("【例のお店】重要", SHOP, "例のお店"),
        ("LINE", LINE, "LINE"),
        ("L1NE", LINE, "LINE"),
        ("ＬＩＮＥ公式", LINE, "LINE"),
        ("LIN\u0415", LINE, "LINE"),
        ("ライン公式", LINE, "ライン"),
        ("Mercari Support", BARE, "Mercari"),
    ],
)
def test_the_shop_is_seen_through_every_disguise(text: str, shop: Shop, shown: str) -> None:
    assert claims(text, shop).casefold() == shown.casefold()


@pytest.mark.parametrize(
    ("text", "shop"),
    [
        ("", AMAZON),
        ("AmazonRiver", AMAZON),
        ("the amazing one", AMAZON),
        ("notamazon.co.jp", AMAZON),
        ("my-amazon.co.jpx", make_shop(["n.co.jp"])),
        ("please read line 3", LINE),
        ("Line 3", LINE),
        ("ONLINE", LINE),
        ("オンライン", LINE),
        ("ガイドラインの改定", LINE),
        ("example of a shop", SHOP),
        ("0451 501", make_shop(["x.example"], ["Sol", "OASI"])),
        ("\u200b\u200b", AMAZON),
    ],
)
def test_a_text_that_does_not_show_the_shop_shows_nothing(text: str, shop: Shop) -> None:
    assert claims(text, shop) == ""


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    filling = "お知らせです。" * 50_000
    assert claims(f"Amazon {filling}", AMAZON) == "Amazon"
    assert claims(f"{filling} Amazon", AMAZON) == "Amazon"
    assert claims(f"{filling} Amazon {filling}", AMAZON) == ""


@pytest.mark.parametrize("unit", ["a ", "amazo", "rn", "nn", "@", "amazon.co.j", "ﷺ", "e\u0301\u0302", "\u202e", "𝐀"])
def test_no_text_of_any_length_takes_long(unit: str) -> None:
    started = time.process_time()
    claims(unit * 500_000, AMAZON)
    assert time.process_time() - started < 1
