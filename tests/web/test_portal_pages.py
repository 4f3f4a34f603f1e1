"""The pages of a case beside the first: was this you, messages, hand back; and what keeps them hers alone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from msgspec.structs import replace

from takeback.bootstrap import build_judge, move_into
from takeback.casework.page import token_now
from takeback.casework.progress import Purpose
from takeback.casework.ways import ways
from takeback.configuration import OUR_SOURCE, Mail
from takeback.core.authenticity.facts import Sent
from tests.casework.conftest import Town, clean, town
from tests.casework.life import ACCOUNT, MINE, NOW, PASSWORD

__all__ = ["clean", "town"]
PAGES = ("was-this-you", "messages", "hand-back")
FORGED = "差出人: info@shop-example.top\n件名: 至急\nhttps://shop-example.top/login パスワードを入力してください"


@pytest.fixture
def browser(town: Town) -> Iterator[Client]:
    """A browser in front of a web side that lives in the town's house and judges mails of shop.example."""
    judging = build_judge(replace(town.house.configuration, mail=Mail(shop_domains=("shop.example",))))
    move_into(town.house, judging)  # type: ignore[arg-type]  # its services are pretend ones
    yield Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    move_into(None)


@pytest.fixture
def address(town: Town) -> str:
    """The address of the page of a case that has been reported."""
    return f"/case/{token_now(town.house, town.report())}"


@pytest.fixture
def proven(town: Town, browser: Client, address: str) -> Client:
    """The browser in which the owner has returned a code."""
    return prove(town, browser, address)


def prove(town: Town, browser: Client, address: str, purpose: Purpose = Purpose.PROOF) -> Client:
    """Return a code at this browser."""
    assert browser.post(f"{address}/proof", {"code": town.code(town.case, purpose)}).status_code == 303
    town.run()
    return browser


def text_of(browser: Client, address: str) -> str:
    """A page's text."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_no_page_of_the_case_tells_anything_before_proof(browser: Client, address: str) -> None:
    for page in PAGES:
        answer = browser.get(f"{address}/{page}")
        assert answer.headers["Location"] == f"{address}?note=prove_first"
        text = browser.get(answer.headers["Location"]).content.decode()
        assert f'action="{address}/proof"' in text
        assert "42-901" not in text
        assert "ルーマニア" not in text


def test_the_cards_show_what_was_done_where_and_on_what(proven: Client, address: str) -> None:
    text = text_of(proven, f"{address}/was-this-you")
    for told in ("注文番号 42-901", "第三者と見られます", "ルーマニア", "ご本人と見られます", "日本", "<svg"):
        assert told in text
    assert "taro@evil.example" not in text  # masked, like every contact point


def test_every_card_is_answered_with_three_buttons_that_say_what_they_are_about(proven: Client, address: str) -> None:
    text = text_of(proven, f"{address}/was-this-you")
    cards = text.count('<li class="card">')
    assert cards > 3
    for answer in ("yes", "no", "not_sure"):
        assert text.count(f'name="mine" value="{answer}"') == cards


def test_mine_changes_the_plan_before_her_eyes(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    before = browser.get(address, headers={"accept": "application/json"}).json()["plan"]
    answer = browser.post(f"{address}/said", {"order": "42-901", "mine": "yes"}, headers={"hx-request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="cards"' in text
    assert "<html" not in text
    assert "「自分です」とお答えです" in text
    assert browser.get(address, headers={"accept": "application/json"}).json()["plan"] != before


def test_not_sure_takes_back_what_was_said_before(proven: Client, address: str) -> None:
    plan = [proven.get(address, headers={"accept": "application/json"}).json()["plan"]]
    for said in ("yes", "not_sure"):
        assert proven.post(f"{address}/said", {"order": "42-901", "mine": said}).status_code == 303
        plan.append(proven.get(address, headers={"accept": "application/json"}).json()["plan"])
    assert plan[0] == plan[2] != plan[1]
    assert "「わからない」とお答えです" in text_of(proven, f"{address}/was-this-you")


def test_an_answer_given_after_the_proof_has_run_out_leads_to_the_code(browser: Client, address: str) -> None:
    answer = browser.post(f"{address}/said", {"order": "42-901", "mine": "yes"}, headers={"hx-request": "true"})
    assert answer.status_code == 403
    assert answer.headers["HX-Redirect"] == f"{address}?note=prove_first"


def test_a_big_account_shows_the_latest_first_and_more_when_asked_within_a_page(town: Town, browser: Client) -> None:
    for day in range(150):
        client = {"session": f"many-{day}", "device": "d-phone", "ip": "203.0.113.20", "country": "JP", "asn": 2527}
        town.video.sign_in(ACCOUNT, NOW - timedelta(hours=200 - day), client, password=PASSWORD)
    town.tell()
    address = f"/case/{token_now(town.house, town.report())}"
    prove(town, browser, address)
    few, many = (browser.get(f"{address}/was-this-you{query}").content for query in ("", "?more=1"))
    assert b"?more=1" in few
    assert few.count(b'<li class="card">') < many.count(b'<li class="card">')
    assert len(few) < 40_000
    assert len(many) < 100_000


def test_the_messages_are_those_that_were_really_sent_newest_first(town: Town, proven: Client, address: str) -> None:
    for number, template in enumerate(("account_frozen", "code")):
        sent = Sent(
            message_id=f"m{number}@shop.example",
            channel="mail",
            to="h***@example.jp",
            time=NOW + timedelta(minutes=number),
            template=template,
            account=ACCOUNT,
            source=OUR_SOURCE,
        )
        town.house.event_log.sent.record(f"letter-{number}", sent)
    text = text_of(proven, f"{address}/messages")
    assert text.index("確認コード</strong>") < text.index("アカウントを止めたお知らせ")
    assert MINE not in text


@pytest.mark.parametrize("page", ["/mail", "{address}/mail"])
def test_a_mail_that_is_pasted_or_uploaded_is_judged_in_words(proven: Client, address: str, page: str) -> None:
    where = page.format(address=address)
    pasted = proven.post(where, {"text": FORGED})
    assert "お店に似せたアドレス" in pasted.content.decode()
    uploaded = proven.post(where, {"file": SimpleUploadedFile("mail.eml", FORGED.encode())})
    assert uploaded.status_code == 200
    assert 'id="verdict"' in uploaded.content.decode()


def test_a_mail_that_is_missing_is_said_beside_the_field(browser: Client) -> None:
    answer = browser.post("/mail", {"text": " "})
    assert answer.status_code == 422
    assert 'href="#file"' in answer.content.decode()


def test_the_messages_page_judges_nothing_before_proof(browser: Client, address: str) -> None:
    assert browser.post(f"{address}/mail", {"text": FORGED}).status_code == 422


def test_a_replaced_link_says_so_and_the_new_one_works_here_at_once(town: Town, proven: Client, address: str) -> None:
    answer = proven.post(f"{address}/link")
    fresh = str(answer.headers["Location"]).partition("?")[0]
    assert fresh != address
    assert "注文番号 42-901" in text_of(proven, fresh)
    old = proven.get(address)
    assert old.status_code == 410
    assert "このリンクは使えなくなりました" in old.content.decode()
    for act in ("code", "proof", "said", "password", "disown", "person", "link", "tick", "mail"):
        assert proven.post(f"{address}/{act}", {"code": town.code(town.case, Purpose.PROOF)}).status_code == 410


@pytest.mark.parametrize(("act", "page"), [("mail", "/messages"), ("proof", "")])
def test_what_was_refused_can_be_read_in_the_other_language(proven: Client, address: str, act: str, page: str) -> None:
    text = proven.post(f"{address}/{act}", {"text": ""}).content.decode()
    assert f'href="{address}{page}?lang=en"' in text
    assert proven.get(f"{address}{page}?lang=en").status_code == 200


def test_a_link_is_not_replaced_without_proof(town: Town, browser: Client, address: str) -> None:
    assert browser.post(f"{address}/link").status_code == 422
    assert f"/case/{token_now(town.house, town.case)}" == address


def test_a_mailbox_that_is_hers_no_more_gets_nothing_and_its_proof_ends(
    town: Town, proven: Client, address: str
) -> None:
    way = next(way for way in ways(town.house, town.case) if way.shown == "h***@example.jp")
    assert proven.post(f"{address}/disown", {"way": way.id}).status_code == 303
    assert "42-901" not in text_of(proven, address)
    sent = len(town.postbox.named("code"))
    proven.post(f"{address}/code", {"way": way.id})
    town.run()
    assert len(town.postbox.named("code")) == sent


def test_nothing_new_is_answered_with_nothing(proven: Client, address: str) -> None:
    version, turn = re.search(r"live\?v=([0-9a-f]+)&amp;t=([^\"]+)", text_of(proven, address)).groups()  # type: ignore[union-attr]
    assert proven.get(f"{address}/live?v={version}&t={turn}").status_code == 204


def test_news_come_as_a_piece_of_the_page_that_says_what_is_new(town: Town, browser: Client, address: str) -> None:
    version, turn = re.search(r"live\?v=([0-9a-f]+)&amp;t=([^\"]+)", text_of(browser, address)).groups()  # type: ignore[union-attr]
    prove(town, browser, address)
    text = browser.get(f"{address}/live?v={version}&t={turn}").content.decode()
    assert "<html" not in text
    assert 'id="live"' in text
    assert 'aria-live="polite" hx-swap-oob="innerHTML">新しい情報があります：元に戻しました' in text
    assert 'id="turn"' in text  # there is no code to be typed any more


def test_a_closed_case_is_not_asked_after_any_more(town: Town, proven: Client, address: str) -> None:
    town.run(until=town.case.hold_until)
    prove(town, proven, address, Purpose.HAND_BACK)
    word = "a completely new sentence"
    assert proven.post(f"{address}/password", {"password": word, "again": word}).status_code == 303
    town.run()
    assert "hx-trigger" not in text_of(proven, address)


def test_the_list_remembers_what_is_done(proven: Client, address: str) -> None:
    assert proven.post(f"{address}/tick", {"item": "mailbox"}).status_code == 303
    assert "✓ 済み" in text_of(proven, f"{address}/hand-back")
    assert proven.post(f"{address}/tick", {"item": "mailbox", "done": "no"}).status_code == 303
    assert "✓ 済み" not in text_of(proven, f"{address}/hand-back")
    assert proven.post(f"{address}/tick", {"item": "nothing"}).status_code == 422


def test_times_are_told_in_her_zone_and_the_page_names_it(proven: Client, address: str) -> None:
    proven.cookies["takeback_zone"] = "America/New_York"
    text = text_of(proven, address)
    assert "America/New_York" in text
    assert re.search(r"（E[SD]T）", text)


def test_a_form_of_another_site_does_nothing_on_a_case(proven: Client, address: str) -> None:
    for act in ("code", "proof", "said", "password", "disown", "person", "link", "tick", "mail"):
        assert proven.post(f"{address}/{act}", {}, headers={"sec-fetch-site": "cross-site"}).status_code == 403, act


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_speaks_one_language_and_has_one_heading(proven: Client, address: str, language: str) -> None:
    for page in ("", "/was-this-you", "/messages", "/hand-back"):
        text = text_of(proven, f"{address}{page}?lang={language}")
        assert f'<html lang="{language}"' in text
        assert text.count("<h1") == 1
        assert len(text.encode()) < 60_000
