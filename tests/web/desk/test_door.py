"""Signing in: who gets in, who does not, and what either learns from it."""

import json

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import NoReverseMatch, reverse

from takeback.bootstrap import House
from takeback.core.permission import Role
from tests.web.desk.doors import code_of, come_in, give_password, text
from tests.web.desk.people import PASSWORD, anybody, client_of, member

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def sato(house: House) -> str:  # noqa: ARG001 - the tables
    """An agent with a password and an app."""
    member(Role.AGENT, name="sato", password=PASSWORD)
    return "sato"


def whats(house: House) -> list[str]:
    """What the book says was done, oldest first."""
    return [act.what for act in reversed(house.audit.acts())]


def test_password_and_code_let_a_member_in_to_the_first_page_of_her_roles(sato: str) -> None:
    browser = anybody()
    answer = come_in(browser, sato)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/desk/"
    assert browser.get("/desk/me").status_code == 200


def test_the_password_alone_opens_nothing(sato: str) -> None:
    browser = anybody()
    give_password(browser, sato)
    assert browser.get("/desk/me").headers["Location"].startswith("/desk/sign-in?next=")


def test_a_session_gets_a_new_key_when_somebody_is_let_in(sato: str) -> None:
    browser = anybody()
    give_password(browser, sato)
    before = browser.cookies["takeback_desk"].value
    browser.post("/desk/sign-in/factor", {"code": code_of(sato)})
    assert browser.cookies["takeback_desk"].value != before
    stale = anybody()
    stale.cookies["takeback_desk"] = before
    assert stale.get("/desk/me").status_code == 302


def test_a_session_key_that_somebody_else_planted_is_not_taken_over(sato: str) -> None:
    browser = anybody()
    browser.cookies["takeback_desk"] = "planted0planted0planted0planted0"
    come_in(browser, sato)
    assert browser.cookies["takeback_desk"].value != "planted0planted0planted0planted0"


def test_the_cookie_is_for_the_desk_alone_and_for_no_script(sato: str) -> None:
    browser = anybody()
    come_in(browser, sato)
    cookie = browser.cookies["takeback_desk"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/desk", True, "Strict")
    assert not cookie["max-age"]  # it goes with the browser


def test_an_unknown_name_a_wrong_password_and_one_who_left_read_the_same(sato: str, house: House) -> None:
    member(Role.AGENT, name="left", password=PASSWORD)
    house.people.disable("left")
    member(Role.AGENT, name="new", factor=False)
    said = []
    for name, password in ((sato, "not the password"), ("nobody", PASSWORD), ("left", PASSWORD), ("new", PASSWORD)):
        answer = give_password(anybody(), name, password)
        assert answer.status_code == 200
        said.append(text(answer).replace(f'value="{name}"', ""))
        assert "The name or the password is not right." in said[-1]
    without_tokens = {"".join(line for line in page.splitlines() if "csrfmiddleware" not in line) for page in said}
    assert len(without_tokens) == 1


def test_an_unknown_name_costs_the_same_one_hash_as_a_known_one(sato: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    encode = Argon2PasswordHasher.encode

    def counted(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        made.append("encoded")
        return encode(self, password, salt)

    verify = Argon2PasswordHasher.verify

    def verified(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        made.append("verified")
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verified)
    hashes = []
    for name in (sato, "nobody"):
        made.clear()
        give_password(anybody(), name, "not the password")
        hashes.append(len(made))
    assert hashes == [1, 1]


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(sato: str) -> None:
    for _ in range(5):
        give_password(anybody(), sato, "not the password")
    answer = give_password(anybody(), sato)
    assert answer.status_code == 200
    assert "wait five minutes" in text(answer)


def test_wrong_codes_are_counted_too(sato: str) -> None:
    browser = anybody()
    give_password(browser, sato)
    for _ in range(5):
        assert "The code is not right" in text(browser.post("/desk/sign-in/factor", {"code": "000000"}))
    assert "wait five minutes" in text(browser.post("/desk/sign-in/factor", {"code": code_of(sato)}))


def test_one_client_does_not_try_one_name_after_the_other() -> None:
    browser = anybody()
    said = [text(give_password(browser, f"name{number}")) for number in range(11)]
    assert "wait five minutes" not in said[9]
    assert "wait five minutes" in said[10]


def test_one_client_does_not_go_on_without_end() -> None:
    browser = anybody()
    answers = [browser.post("/desk/sign-in/factor", {"code": "000000"}).status_code for _ in range(301)]
    assert answers[299] == 302
    assert answers[300] == 429


def test_an_office_behind_one_address_gets_in(house: House) -> None:  # noqa: ARG001 - the tables
    for number in range(12):
        member(Role.AGENT, name=f"agent{number}", password=PASSWORD)
        assert come_in(anybody(), f"agent{number}").headers["Location"] == "/desk/"


def test_a_code_works_once(sato: str) -> None:
    code = code_of(sato)
    first, second = anybody(), anybody()
    give_password(first, sato)
    assert first.post("/desk/sign-in/factor", {"code": code}).status_code == 302
    give_password(second, sato)
    assert second.post("/desk/sign-in/factor", {"code": code}).status_code == 200
    assert second.get("/desk/me").status_code == 302


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example/desk/", "//evil.example", "/\\evil.example", "/report", "javascript:alert(1)", "/desk/../x"],
)
def test_nobody_is_led_away_after_signing_in(sato: str, next_page: str) -> None:
    browser = anybody()
    answer = browser.post(f"/desk/sign-in?next={next_page}", {"login": sato, "password": PASSWORD, "next": next_page})
    assert answer.headers["Location"].startswith("/desk/sign-in/factor")
    answer = browser.post("/desk/sign-in/factor", {"code": code_of(sato), "next": next_page})
    assert answer.headers["Location"] == "/desk/"


def test_the_page_that_was_asked_for_comes_after_signing_in(sato: str) -> None:
    browser = anybody()
    sent = browser.get("/desk/me?lang=en").headers["Location"]
    assert sent == "/desk/sign-in?next=%2Fdesk%2Fme%3Flang%3Den"
    browser.post(sent, {"login": sato, "password": PASSWORD, "next": "/desk/me?lang=en"})
    assert browser.post("/desk/sign-in/factor", {"code": code_of(sato)}).headers["Location"] == "/desk/me?lang=en"


def test_a_link_in_a_chat_leads_to_the_page_although_the_cookie_stays_behind(sato: str) -> None:
    browser = anybody()
    come_in(browser, sato)
    without_cookie = anybody()
    between = without_cookie.get("/desk/me?lang=en", headers={"Sec-Fetch-Site": "cross-site"})
    assert between.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/desk/me?lang=en">' in text(between)
    assert browser.get("/desk/me?lang=en", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert without_cookie.get("/desk/me", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_a_live_part_of_a_page_whose_session_ended_leads_the_whole_page_to_the_door() -> None:
    answer = anybody().get("/desk/me", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (401, "true", b"")


def test_signing_out_takes_a_form_of_ours_and_ends_the_session(sato: str) -> None:
    browser = anybody()
    come_in(browser, sato)
    assert browser.get("/desk/sign-out").status_code == 405
    strict = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    strict.cookies = browser.cookies
    assert strict.post("/desk/sign-out").status_code == 403
    assert browser.get("/desk/me").status_code == 200
    key = browser.cookies["takeback_desk"].value
    assert browser.post("/desk/sign-out").status_code == 303
    stolen = anybody()
    stolen.cookies["takeback_desk"] = key
    assert stolen.get("/desk/me").status_code == 302


def test_the_book_says_who_came_failed_and_left(sato: str, house: House) -> None:
    browser = anybody()
    give_password(browser, sato, "not the password")
    come_in(browser, sato)
    browser.post("/desk/sign-out")
    assert [what for what in whats(house) if what.startswith("staff.sign")] == [
        "staff.sign_in_failed",
        "staff.signed_in",
        "staff.signed_out",
    ]
    assert {act.who for act in house.audit.acts()} == {"staff:sato"}


def test_of_an_unknown_name_the_book_keeps_a_keyed_digest_alone(house: House) -> None:
    give_password(anybody(), "my-secret-password", PASSWORD)
    act = house.audit.acts()[0]
    assert act.who.startswith("unknown:")
    assert "my-secret-password" not in json.dumps([act.who, act.why, dict(act.evidence or {})])
    assert PASSWORD not in json.dumps([act.who, act.why, dict(act.evidence or {})])


@pytest.mark.parametrize(
    "step",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_inactive",
        "mfa_signup_webauthn",
        "mfa_trust",
        "mfa_download_recovery_codes",
        "socialaccount_signup",
        "socialaccount_connections",
        "usersessions_list",
    ],
)
def test_what_nobody_needs_does_not_exist(step: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(step)


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/desk/sign-up", "/admin/", "/desk/x/y"])
def test_addresses_that_other_sites_have_lead_nowhere(address: str) -> None:
    assert anybody().get(address).status_code == 404


def test_the_door_speaks_japanese_and_english() -> None:
    assert "対応窓口にサインイン" in text(anybody("ja").get("/desk/sign-in"))
    english = text(anybody("en").get("/desk/sign-in"))
    assert "Sign in to the desk" in english
    wrong = text(give_password(anybody("ja"), "nobody"))
    assert "名前またはパスワードが違います。" in wrong


def test_the_door_may_not_be_framed_kept_or_found(sato: str) -> None:
    answer = anybody().get("/desk/sign-in")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    come_in(browser := anybody(), sato)
    assert browser.get("/desk/me").headers["Cache-Control"] == "no-store"


def test_no_customers_page_asks_for_the_desks_session(sato: str) -> None:
    browser = anybody()
    come_in(browser, sato)
    answer = browser.get("/report")
    assert "takeback_desk" not in answer.cookies
    assert "takeback_desk_csrf" not in answer.cookies


def test_a_note_is_shown_to_the_session_for_which_it_was_made_and_nobody_else() -> None:
    browser = client_of(Role.ADMIN, name="admin")
    assert "The roles are changed." not in text(browser.get("/desk/me?note=desk_door.note_staff_roles"))
    assert "The roles are changed." not in text(browser.get("/desk/me?note=desk_door.note_staff_roles&seal=0"))
    member(name="other")
    answer = browser.post("/desk/staff/other", {"do": "roles", "role": "agent"})
    assert answer.status_code == 303
    assert "The roles are changed." in text(browser.get(answer.headers["Location"]))
