"""What does a text press for, and which orders does it name?"""

import pytest

from takeback.core.authenticity.facts import Wording
from takeback.mail.authenticity.wording import normalised, orders_named, wordings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("【緊急】アカウントを停止しました", {Wording.URGENCY}),
        ("ア カ ウ ン ト を 停 止 し ま し た", {Wording.URGENCY}),
        ("２４時間以内にご対応ください", {Wording.URGENCY}),
        ("アカ\u200bウントを停\u00ad止", {Wording.URGENCY}),
        ("お支払い方法の\n更新をお願いします", {Wording.SECRET}),
        ("ワンタイムパスワードを入力してください", {Wording.SECRET}),
        ("下記口座へお振込ください", {Wording.TRANSFER}),
        ("ギフトカードを購入して", {Wording.TRANSFER}),
        ("03-1234-5678までお電話ください", {Wording.CALL}),
        ("URGENT: your account has been suspended", {Wording.URGENCY}),
        ("Please verify\n  your account", {Wording.SECRET}),
        ("Ｖｅｒｉｆｙ your identity!", {Wording.SECRET}),
        ("Pay by gift card and call us.", {Wording.TRANSFER, Wording.CALL}),
        ("ご注文ありがとうございます。商品を発送しました。", set()),
        ("Thank you for your order. It is on its way.", set()),
        ("", set()),
    ],
)
def test_a_text_presses_for_what_its_phrases_say(text: str, found: set[Wording]) -> None:
    assert wordings(normalised(text)) == found


KNOWN = frozenset({"503-1234567-1234567", "ORD-2026-77", "100045", "12", "#9"})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ご注文番号：503-1234567-1234567", ("503-1234567-1234567",)),
        ("ご注文番号：５０３－１２３４５６７－１２３４５６７", ("503-1234567-1234567",)),
        ("order ord-2026-77, thanks", ("ORD-2026-77",)),
        ("https://shop.example/orders/100045?x", ("100045",)),
        ("100045、次に ORD-2026-77 と 100045", ("100045", "ORD-2026-77")),
        ("1100045 2100045x", ()),
        ("12 pieces", ()),
        ("Order #12 is ready", ("12",)),
        ("注文番号: 12", ("12",)),
        ("order 9", ("#9",)),
        ("nothing", ()),
    ],
)
def test_orders_are_named_as_whole_numbers(text: str, named: tuple[str, ...]) -> None:
    assert orders_named(text, KNOWN) == named
    assert orders_named(text, [*KNOWN, *(f"other-{n}" for n in range(100))]) == named


def test_without_known_orders_none_is_named() -> None:
    assert orders_named("order 100045", ()) == ()
