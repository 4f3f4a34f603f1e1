"""Does a character that no store can keep stop anybody, wherever somebody outside can bring it in?"""

from collections.abc import Iterator
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import Client

from takeback.bootstrap import House, move_into
from takeback.casework.auditbook import Act
from takeback.casework.page import token_of
from takeback.casework.ports import Entry
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Json
from takeback.core.permission import Role
from tests.casework.conftest import Town, clean, town
from tests.casework.life import ACCOUNT
from tests.web.desk.people import anybody, client_of

__all__ = ["clean", "town"]

NUL, HALF = "a\0b", "a\udc80b"
TOLD = [quote_from_bytes(sent) for sent in (b"a\0b", HALF.encode("utf-8", "surrogatepass"), b"a\xff\xfeb")]  # in a form
ON_A_TALK = ("", "/code", "/proof", "/person")
ON_A_CASE = ("/code", "/proof", "/disown", "/person", "/link", "/said", "/hand-back", "/password", "/tick")
FIELDS = (
    *("account", "text", "way", "code", "because", "when", "order", "session", "event", "item", "password", "again"),
    *("language", "lang", "username", "login", "file", "done", "mine", "more"),
)


@pytest.fixture
def here(town: Town) -> Iterator[Town]:
    """The town, in whose house the pages live."""
    move_into(town.house)
    yield town
    move_into(None)


@pytest.fixture
def which_house(house: House) -> House:
    """A house without any shop, in which the pages live."""
    return house


def post(browser: Client, address: str, told: str, **fields: str) -> int:
    """Fill it into every field that there may be but these."""
    given = {name: told for name in FIELDS if name not in fields}
    body = "&".join(f"{name}={value}" for name, value in given.items()) + "&" + urlencode(fields)
    return browser.post(address, body, content_type="application/x-www-form-urlencoded").status_code


def test_nobody_at_the_door_is_stopped(here: Town) -> None:
    browser = anybody()
    for told in TOLD:
        assert post(browser, "/report", told, choice="orders") < 500
        assert post(browser, "/report", told, choice="access", account=ACCOUNT) < 500
    answer = browser.post("/report", {"choice": "orders", "account": ACCOUNT, "text": "買っていない"})
    talk = str(answer.headers["Location"]).partition("#")[0]
    here.run()
    case = f"/case/{token_of(here.house, here.case.id)}"  # type: ignore[union-attr]  # it has just been opened
    for told in TOLD:
        for address in (*(talk + part for part in ON_A_TALK), *(case + part for part in ON_A_CASE)):
            assert post(browser, address, told) < 500, address
    here.run()
    assert here.house.verifier.verify().good


def test_a_report_of_a_shops_server_is_taken(here: Town) -> None:
    for name in (ACCOUNT, "a\\u0000b"):
        body = f'{{"account": "{name}", "text": "a\\u0000b"}}'
        assert anybody().post("/v1/reports", body, content_type="application/json").status_code == 202
    here.run()
    (case,) = here.house.cases.of_account(ACCOUNT)
    assert case.report_text == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.usefixtures("which_house")
def test_nobody_signs_in_with_it_and_nothing_breaks() -> None:
    for told in TOLD:
        assert post(anybody(), "/desk/sign-in", told) < 500
        assert anybody().get(f"/desk/set-up/{told}").status_code < 500
    for cookie in ("takeback_desk", "takeback_desk_csrf"):
        for value in ('"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\000"', '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\377"'):
            browser = Client(SERVER_NAME="localhost", headers={"cookie": f"{cookie}={value}"})
            assert browser.get("/desk/").status_code < 500
            assert browser.get("/desk/sign-in").status_code == 200


def test_staff_may_paste_it_anywhere(here: Town) -> None:
    case = here.report()
    assert case is not None
    browser = client_of(*Role)
    for told in TOLD:
        for address in (
            *(f"/desk/audit?{name}={told}" for name in ("who", "what", "case", "day")),
            *(f"/desk/{kind}/{told}" for kind in ("staff", "case", "call")),
            *(f"/desk/?{name}={told}" for name in ("q", "show", "page")),
        ):
            assert browser.get(address).status_code < 500, address
        for address in (
            *("/desk/staff/add", f"/desk/staff/{told}", "/desk/staff/sato", "/desk/report", "/desk/report/take"),
            *(f"/desk/case/{case.id}/{act}" for act in ("hold", "doubt", "refuse", "merge", "tasks/hand", "answer")),
            *("/desk/rules/try", "/desk/rules/change"),
        ):
            assert post(browser, address, told, reason="because") < 500, address
            assert post(browser, address, told, name=NUL, why=NUL, reason=NUL, words=NUL) < 500, address
    assert here.house.verifier.verify().good


@pytest.mark.parametrize("bad", [NUL, HALF], ids=["NUL", "half a character"])
def test_what_the_terminal_or_a_shop_brings_is_written_and_the_chains_stay_whole(which_house: House, bad: str) -> None:
    at = which_house.clock.now()
    seen: dict[str, Json] = {"said": bad, bad: [bad]}
    which_house.cases.open(Case("c1", bad, Stage.REPORT, Language.JA, at, bad, "hash"))
    which_house.cases.note(Entry("c1", at, bad, bad, bad, {"seen": seen, "told": seen}, aside=("seen",)))
    which_house.audit.note(Act(at, bad, bad, bad, "c1", {"seen": seen}))
    assert which_house.verifier.verify().good
    assert which_house.cases.log("c1")[-1].who == "a\N{REPLACEMENT CHARACTER}b"
    assert which_house.people.of(bad) is None
    assert [case.id for case in which_house.cases.of_account(bad)] == ["c1"]
    assert which_house.cases.of_account("ab") == []
