"""What the owner reads: five mails, two languages, each complete, calm and without a question for a password."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from takeback.casework.outcome import Change, Lost, OrderLine, Result
from takeback.casework.ports import Letter, Task
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Money
from takeback.core.undo.plan import Kept
from takeback.mail.notices import MailNotices

PAGE = "https://takeback.example/case/SECRET"
NOW = datetime(2026, 11, 1, 18, 0, tzinfo=UTC)
WATCH = OrderLine("1043", ("腕時計",), Money("5980", "JPY"))
PARCEL = OrderLine("1044", ("鞄", "靴", "帽子", "傘"), Money("12000", "JPY"))


class Kept_(list[Letter]):  # noqa: N801 - a list that can send
    """Keeps letters."""

    def send(self, letter: Letter) -> None:
        """Keep one."""
        self.append(letter)


def case(language: Language) -> Case:
    """A case."""
    return Case("c0ffee", "42", Stage.HOLD, language, NOW, "", "hash", hold_until=NOW + timedelta(hours=5))


RESULT = Result(
    services={"/shops/oscar": True, "/services/video": True},
    cards_locked=True,
    cards_masked=True,
    password_void=True,
    changes=(
        Change("set_field", "/shops/oscar", "email", "h***@example.jp", settled=True, held=True),
        Change("remove_item", "/shops/oscar", "addresses", None, settled=True, held=True),
        Change("set_field", "/shops/oscar", "language", "ja", settled=True, held=False),
    ),
    cancelled=(Change("cancel_order", "/shops/oscar", "1043", None, settled=True, held=True, order=WATCH),),
    kept=(Kept("field:phone", "owner.wrote_later", ("ev8",)),),
    lost=(Lost("order.shipped", "intercept_order", (PARCEL,)),),
    seen=("viewed.cards", "viewed.addresses"),
    questions=2,
    tasks=(Task("t", "c0ffee", "set_field", "/shops/oscar", "read_back.differs", {}, NOW),),
    hold_until=NOW + timedelta(hours=5),
)


def all_letters(language: Language) -> dict[str, Letter]:
    """Each mail once, by template."""
    kept = Kept_()
    notices, about = MailNotices(kept, time_zone="Asia/Tokyo"), case(language)
    to = "hanako@example.jp"
    notices.send_account_frozen(about, to, letter="l1", page=PAGE, services={"/shops/oscar": True, "/x/video": False})
    notices.send_code(about, to, letter="l2", page=PAGE, code="12345678", purpose="proof")
    notices.send_result(about, to, letter="l3", page=PAGE, result=RESULT)
    notices.send_hold_ended(about, to, letter="l4", page=PAGE)
    notices.send_welcome_back(about, to, letter="l5", page=PAGE)
    return {letter.template: letter for letter in kept}


@pytest.mark.parametrize("language", list(Language))
def test_every_mail_is_written_in_both_forms_with_the_page_and_the_case(language: Language) -> None:
    letters = all_letters(language)
    assert len(letters) == 5
    for letter in letters.values():
        assert letter.subject
        assert "\n" not in letter.subject
        for form in (letter.text, letter.html):
            assert PAGE in form
            assert "c0ffee" in form
            assert "{{" not in form
            assert "{%" not in form
        assert f'<html lang="{language}">' in letter.html


@pytest.mark.parametrize("language", list(Language))
def test_no_mail_asks_for_a_password(language: Language) -> None:
    for letter in all_letters(language).values():
        assert "<form" not in letter.html
        assert "<input" not in letter.html
    frozen = all_letters(language)["account_frozen"].text
    assert ("パスワードをお尋ねすることはありません" if language is Language.JA else "never ask") in frozen


def test_the_result_tells_the_five_results_and_all_else_in_japanese() -> None:
    text = all_letters(Language.JA)["result"].text
    for told in (
        "登録カード：どなたも利用できない状態にし、確認しました",
        "カード番号：下4けた",
        "パスワード：無効にしました",
        "メールアドレス（h***@example.jp）",
        "追加されたお届け先（取り除き）",
        "次の1件を取り消しました",
        "注文番号 1043　腕時計 / 5,980円",
        "すでに発送された注文",
        "注文番号 1044　鞄、靴、帽子… / 12,000円",
        "受け取らずにお返しください",
        "電話番号：そのあとご本人が変更されたため",
        "カード（下4桁）",
        "11月2日 8時00分（JST）まで",
        "2件",
    ):
        assert told in text, told


def test_the_result_tells_the_same_in_english() -> None:
    text = all_letters(Language.EN)["result"].text
    for told in (
        "Saved cards: nobody can use them any more",
        "E-mail address (h***@example.jp)",
        "these 1 have been cancelled",
        "Order 1043: 腕時計 / 5,980 JPY",
        "2 November, 08:00 (JST)",
    ):
        assert told in text, told


def test_what_did_not_hold_is_not_among_what_was_taken_back() -> None:
    text = all_letters(Language.JA)["result"].text
    done, _, rest = text.partition("担当者が対応しているもの")
    assert "表示言語" not in done
    assert "表示言語" in rest


def test_what_to_do_next_comes_last() -> None:
    text = all_letters(Language.JA)["result"].text
    headings = re.findall(r"^■ (.+)$", text, re.MULTILINE)
    assert headings[0] == "結果"
    assert headings[-1] == "次にしていただくこと"


def test_a_service_that_is_not_stopped_yet_is_said() -> None:
    text = all_letters(Language.EN)["account_frozen"].text
    assert "- oscar: stopped, and checked" in text
    assert "- video: still being stopped" in text
    assert "Every service has been stopped" not in text


def test_what_came_from_outside_is_no_markup_in_the_mail() -> None:
    kept = Kept_()
    evil = OrderLine("1", ("<script>alert(1)</script>",), None)
    lost = (Lost("order.shipped", "intercept_order", (evil,)),)
    result = Result(**{**{f: getattr(RESULT, f) for f in RESULT.__slots__}, "lost": lost})
    MailNotices(kept).send_result(case(Language.JA), "a@example.jp", letter="l", page=PAGE, result=result)
    assert "<script>" not in kept[0].html
    assert "&lt;script&gt;" in kept[0].html


def test_the_customer_reads_of_a_third_party_and_of_herself() -> None:
    for letter in all_letters(Language.JA).values():
        assert "侵入者" not in letter.text
        assert "犯人" not in letter.text
