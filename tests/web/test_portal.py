"""The case page: what it shows to whom, and what can be done there."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from takeback.bootstrap import move_into
from takeback.casework.page import token_of
from takeback.casework.progress import Purpose
from takeback.core.case import Stage
from takeback.web.statics import ADDRESSES
from tests.casework.conftest import Town, clean, town
from tests.casework.life import ACCOUNT

__all__ = ["clean", "town"]
NEW_PASSWORD = "a completely new sentence"


@pytest.fixture
def browser(town: Town) -> Iterator[Client]:
    """A browser in front of a web side that lives in the town's house."""
    move_into(town.house)  # type: ignore[arg-type]  # its services are pretend ones
    yield Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    move_into(None)


@pytest.fixture
def address(town: Town) -> str:
    """The address of the page of a case that has been reported."""
    return f"/case/{token_of(town.house, town.report().id)}"


def prove(town: Town, browser: Client, address: str, purpose: Purpose = Purpose.PROOF) -> None:
    """Return a code at this browser."""
    code = town.code(town.case, purpose)
    assert browser.post(f"{address}/proof", {"code": code}).status_code == 303
    town.run()


def test_an_address_that_opens_no_case_is_not_found(browser: Client) -> None:
    answer = browser.get("/case/AAAA")
    assert answer.status_code == 404
    assert "見つかりません" in answer.content.decode()


def test_the_page_shows_the_seven_stages_and_the_services_read_back(browser: Client, address: str) -> None:
    text = browser.get(address).content.decode()
    for stage in (
        "兆候の確認",
        "お申し出の受付",
        "アカウントの停止",
        "調査",
        "取り消し",
        "保留期間",
        "アカウントの返還",
    ):
        assert stage in text
    assert text.count("停止を確認しました") == 2


def test_the_page_speaks_english_when_asked(browser: Client, address: str) -> None:
    text = browser.get(f"{address}?lang=en").content.decode()
    assert '<html lang="en"' in text
    assert "Stopping the account" in text
    assert re.search(r'<a class="language" lang="ja" hreflang="ja" href="\?lang=ja">日本語</a>', text)


def test_the_address_alone_shows_nothing_of_the_account(browser: Client, address: str) -> None:
    text = browser.get(address).content.decode()
    for secret in ("42-901", "5,980", "佐藤花子", "evil", "<svg"):
        assert secret not in text
    assert "plan" not in browser.get(address, headers={"accept": "application/json"}).json()


def test_whoever_returned_the_code_sees_what_was_taken_back(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    text = browser.get(address).content.decode()
    assert "注文番号 42-901" in text
    assert "メールアドレス（h***@example.jp）" in text
    assert "<svg" in text
    assert "アカウントを止めておきます" in text


def test_another_browser_with_the_address_sees_no_more_than_before(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    other = Client(SERVER_NAME="localhost")
    assert "42-901" not in other.get(address).content.decode()


def test_the_same_as_data_for_who_accepts_json(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    data = browser.get(address, headers={"accept": "application/json"}).json()
    assert data["stage"] == "hold"
    assert data["services"] == {"/shops/oscar": True, "/services/video": True}
    assert {"action": "cancel_order", "source": "/shops/oscar", "target": "42-901", "held": True} in data["done"]
    assert data["seen"] == ["viewed.cards"]


def test_a_page_has_no_inline_script_or_style_and_a_policy_that_says_so(
    town: Town, browser: Client, address: str
) -> None:
    prove(town, browser, address)
    answer = browser.get(address)
    found = _Found()
    found.feed(answer.content.decode())
    assert found.scripts
    assert all(source and source.startswith("/static/") for source in found.scripts)
    assert "style" not in found.tags | found.attributes
    assert not any(name.startswith(("on", "hx-on")) for name in found.attributes)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_script_the_page_refreshes_itself_only_while_nothing_is_typed_there(
    town: Town, browser: Client, address: str
) -> None:
    assert 'http-equiv="refresh"' not in browser.get(address).content.decode()  # a code is to be typed
    prove(town, browser, address)
    assert '<noscript><meta http-equiv="refresh"' in browser.get(address).content.decode()


def test_every_field_has_a_label(browser: Client, address: str) -> None:
    found = _Found()
    found.feed(browser.get(address).content.decode())
    assert found.fields <= found.labelled


def test_asking_for_a_code_sends_one(town: Town, browser: Client, address: str) -> None:
    assert browser.post(f"{address}/code").status_code == 303
    town.run()
    assert len(town.postbox.named("code")) == 1


def test_a_wrong_code_is_said_and_proves_nothing(browser: Client, address: str) -> None:
    answer = browser.post(f"{address}/proof", {"code": "1234"})
    assert answer.status_code == 422
    assert "コードが正しくない" in answer.content.decode()
    assert browser.cookies == {}


def test_nobody_says_what_was_hers_before_the_proof(town: Town, browser: Client, address: str) -> None:
    answer = browser.post(f"{address}/said", {"order": "42-901", "mine": "yes"})
    assert answer.status_code == 422
    assert town.house.cases.said(town.case.id) == []


def test_the_address_alone_says_nothing_even_after_the_owners_proof(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    other = Client(SERVER_NAME="localhost")
    assert other.post(f"{address}/said", {"order": "42-901", "mine": "yes"}).status_code == 422
    assert browser.post(f"{address}/said", {"order": "42-901", "mine": "yes"}).status_code == 303


def test_a_new_password_is_set_after_the_hold_with_a_new_code(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    fields = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert browser.post(f"{address}/password", fields).status_code == 422
    town.run(until=town.case.hold_until)
    assert browser.post(f"{address}/password", fields).status_code == 422
    prove(town, browser, address, Purpose.HAND_BACK)
    assert f'href="{address}/hand-back"' in browser.get(address).content.decode()
    assert 'type="password"' in browser.get(f"{address}/hand-back").content.decode()
    assert Client(SERVER_NAME="localhost").post(f"{address}/password", fields).status_code == 422
    assert browser.post(f"{address}/password", fields).status_code == 303
    town.run()
    assert town.case.stage is Stage.CLOSED
    assert "アカウントをお返ししました" in browser.get(address).content.decode()
    at = town.clock.now() + timedelta(minutes=1)
    signed_in = town.shop.sign_in(ACCOUNT, at, {"session": "new"}, password=NEW_PASSWORD)
    assert signed_in["type"] == "account.signed_in"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"password": "short", "again": "short"}, "15文字以上"),
        ({"password": NEW_PASSWORD, "again": "something else"}, "同じではありません"),
    ],
)
def test_a_password_that_is_not_taken_is_said_and_never_shown(
    town: Town, browser: Client, address: str, fields: dict[str, str], why: str
) -> None:
    prove(town, browser, address)
    town.run(until=town.case.hold_until)
    prove(town, browser, address, Purpose.HAND_BACK)
    answer = browser.post(f"{address}/password", fields)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert fields["password"] not in answer.content.decode()


def test_the_cookie_is_for_this_case_alone_and_out_of_reach(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    cookie = browser.cookies["takeback_proof"]
    assert cookie["path"] == address
    assert cookie["samesite"] == "Strict"
    assert cookie["httponly"]


def test_a_forged_cookie_proves_nothing(town: Town, browser: Client, address: str) -> None:
    prove(town, browser, address)
    other = Client(SERVER_NAME="localhost")
    told = browser.cookies["takeback_proof"].value
    another = "B" if told[-9] == "A" else "A"  # not the last one, of whose bits some say nothing
    other.cookies["takeback_proof"] = f"{told[:-9]}{another}{told[-8:]}"
    assert "42-901" not in other.get(address).content.decode()


def test_an_act_by_get_is_refused(browser: Client, address: str) -> None:
    for act in ("code", "proof", "said", "password"):
        assert browser.get(f"{address}/{act}").status_code == 405


@pytest.mark.parametrize(("name", "kind"), [("portal_css", "text/css"), ("portal_js", "text/javascript")])
def test_what_a_page_stands_on_is_served_and_may_be_kept(browser: Client, name: str, kind: str) -> None:
    answer = browser.get(ADDRESSES[name])
    assert answer.headers["Content-Type"].startswith(kind)
    assert "immutable" in answer.headers["Cache-Control"]
    small = browser.get(ADDRESSES[name], headers={"accept-encoding": "gzip"})
    assert gzip.decompress(small.content) == answer.content


@pytest.mark.parametrize("name", ["nothing.css", "../settings.py", "vendor/NOTICE.txt"])
def test_no_other_file_is_served(browser: Client, name: str) -> None:
    assert browser.get(f"/static/{name}").status_code == 404


class _Found(HTMLParser):
    """The tags, attributes, fields and labels of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.fields: set[str | None] = set()
        self.labelled: set[str | None] = set()
        self.scripts: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag."""
        values = dict(attrs)
        self.tags.add(tag)
        if tag == "script":
            self.scripts.append(values.get("src"))
        self.attributes |= values.keys()
        if tag in ("input", "textarea", "select") and values.get("type") != "hidden":
            self.fields.add(values.get("id"))
        if tag == "label":
            self.labelled.add(values.get("for"))
