"""Signing in through the company's own page: only whom an admin made, always as the same person, and never without the
second factor.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from takeback.bootstrap import House
from takeback.core.permission import Role
from tests.web.desk.doors import code_of, text
from tests.web.desk.people import anybody, member

CLIENT, SECRET = "takeback", "a secret that the company gave, for the tests"
WITH, BACK = "/desk/sign-in/with/company", "/desk/sign-in/with/company/back"


@dataclass
class Company:
    """An identity provider that says whatever `person` says, and remembers what it was asked."""

    address: str = ""
    person: dict[str, object] = field(default_factory=dict)
    audience: str = CLIENT
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def answer(self, path: str) -> dict[str, object]:
        """What stands at an address."""
        if path.startswith("/.well-known/"):
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/token":
            now = int(time.time())
            said = {"iss": self.address, "aud": self.audience, "iat": now, "exp": now + 60, "sub": self.person["sub"]}
            token = jwt.encode(said, "a key of the company's, which nobody here knows", algorithm="HS256")
            return {"access_token": "given", "token_type": "Bearer", "id_token": token}
        return self.person


@pytest.fixture
def company() -> Iterator[Company]:
    """A company's sign-in on this machine, which Takeback is told of."""
    here = Company()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            here.asked.append(parse_qs(sent))
            self._answer()

        def _answer(self) -> None:
            body = json.dumps(here.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    here.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    app = {
        "provider_id": "company",
        "name": "Example ID",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": here.address},
    }
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}):
        yield here
    server.shutdown()
    server.server_close()


def come(browser: Client, company: Company, **person: object) -> HttpResponse:
    """Go to the company's page and come back as this person."""
    company.person = person
    sent = browser.get(WITH, headers={"Sec-Fetch-Site": "same-origin"})
    assert sent.status_code == 302
    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    return browser.get(BACK, {"code": "given", "state": asked["state"][0]})  # type: ignore[return-value]


def sato(house: House, **changes: object) -> dict[str, object]:
    """What the company says of Sato, whom an admin has made with her mail address."""
    if house.people.add("sato", [Role.AGENT], "sato@shop.example") is not None:
        member(Role.AGENT, name="sato")
    return {"sub": "c-1", "email": "Sato@shop.example", "email_verified": True} | changes


def is_turned_away(answer: HttpResponse) -> bool:
    return answer.status_code == 303 and "desk_door.note_company_unknown" in answer.headers["Location"]


def test_a_member_comes_in_with_her_second_factor_and_is_the_same_next_time(house: House, company: Company) -> None:
    said = sato(house)
    for ahead, changed in ((0, {}), (1, {"email": "new@shop.example"})):
        browser = anybody()
        answer = come(browser, company, **(said | changed))
        assert answer.headers["Location"].startswith("/desk/sign-in/factor")
        assert browser.get("/desk/me").status_code == 302
        browser.post("/desk/sign-in/factor", {"code": code_of("sato", ahead=ahead)})
        assert "sato" in text(browser.get("/desk/me"))
    assert company.asked[0]["client_secret"] == [SECRET]
    assert company.asked[0]["code_verifier"]


def test_whoever_has_no_second_factor_sets_one_up_first(house: House, company: Company) -> None:
    house.people.add("new", [Role.AGENT], "new@shop.example")
    browser = anybody()
    come(browser, company, sub="c-2", email="new@shop.example", email_verified=True)
    assert browser.get("/desk/me").headers["Location"] == "/desk/me/factors"
    assert browser.get("/desk/me/factors/app").status_code == 200
    assert browser.get("/desk/").headers["Location"] == "/desk/me/factors"


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "stranger@shop.example"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email": None},
        {"email": None, "preferred_username": "sato"},  # she has a mail address, so by name nobody is her
    ],
    ids=str,
)
def test_nobody_signs_up_and_nobody_is_taken_for_somebody_else(
    house: House, company: Company, changes: dict[str, object]
) -> None:
    browser = anybody()
    assert is_turned_away(come(browser, company, **sato(house, **changes)))
    assert browser.get("/desk/me").status_code == 302
    assert [found.name for found in house.people.every()] == ["sato"]
    assert house.audit.acts(what="staff.sign_in_failed")


@pytest.mark.usefixtures("house")
def test_a_name_alone_is_believed_of_whoever_has_a_second_factor(company: Company) -> None:
    member(Role.AGENT, name="tanaka")
    member(Role.AGENT, name="new", factor=False)
    answer = come(anybody(), company, sub="c-3", preferred_username="tanaka")
    assert answer.headers["Location"].startswith("/desk/sign-in/factor")
    assert is_turned_away(come(anybody(), company, sub="c-4", preferred_username="new"))


def test_another_person_there_is_never_linked_to_the_same_member(house: House, company: Company) -> None:
    come(anybody(), company, **sato(house))
    assert is_turned_away(come(anybody(), company, **sato(house, sub="c-9")))


def test_who_has_left_here_does_not_come_in_from_there(house: House, company: Company) -> None:
    said = sato(house)
    come(anybody(), company, **said)
    house.people.disable("sato")
    assert is_turned_away(come(anybody(), company, **said))
    assert is_turned_away(come(anybody(), company, **sato(house, sub="c-9")))


def test_an_answer_that_nobody_asked_for_opens_nothing(house: House, company: Company) -> None:
    said = sato(house)
    company.person = said
    browser, asked = anybody(), {"code": "given", "state": "made up"}
    assert browser.get(BACK, asked).status_code == 200  # the page that asks again from our own site
    answer = browser.get(BACK, asked | {"_redir": ""})
    assert "desk_door.note_company_failed" in answer.headers["Location"]


def test_a_browser_that_kept_its_cookie_from_the_companys_answer_comes_again_with_it(
    house: House, company: Company
) -> None:
    company.person = sato(house)
    browser = anybody()
    asked = parse_qs(urlsplit(browser.get(WITH).headers["Location"]).query)
    answer = {"code": "given", "state": asked["state"][0]}
    between = text(anybody().get(BACK, answer))
    again = re.search(r'content="0;url=([^"]+)"', between)
    assert again is not None
    assert browser.get(unescape(again[1])).headers["Location"].startswith("/desk/sign-in/factor")


def test_a_token_for_somebody_elses_site_opens_nothing(house: House, company: Company) -> None:
    company.audience = "another site"
    answer = come(anybody(), company, **sato(house))
    assert "desk_door.note_company_failed" in answer.headers["Location"]


def test_no_other_site_sends_anybody_to_the_companys_page(company: Company) -> None:  # noqa: ARG001 - it is there
    assert anybody().get(WITH, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_where_no_company_is_set_up_there_is_no_such_page(house: House) -> None:  # noqa: ARG001 - the tables
    assert anybody().get(WITH).status_code == 404
    assert "company" not in text(anybody().get("/desk/sign-in"))
