"""May nobody do what is not granted? Every page of the desk x everybody who could come, made from the pages and verbs
that there are: a new verb, or a page without one, makes a test fail.
"""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from takeback.casework.page import token_of
from takeback.casework.progress import Purpose
from takeback.core.permission import FRESH, GRANTS, Role, Verb
from takeback.web.desk.guard import BY_LINK, FRESH_SECONDS
from tests.casework.conftest import Town
from tests.web.desk.pages import Page, pages
from tests.web.desk.people import anybody, client_of, member, signed_in

PAGES = pages()
WITH_VERB = [page for page in PAGES if page.verb is not None]
OF_MEMBERS = [page for page in PAGES if page.verb is not None or page.door == "own"]
FORMS = [page for page in PAGES if page.post]
PART_OF_ANOTHER: dict[Verb, str] = {}  # verbs that no address has by itself, and why
LET_IN = {200, 204, 302, 303, 400, 404, 409, 410, 413, 415, 422, 429, 503}
DOOR = "/desk/sign-in?next=%2Fdesk"


@pytest.fixture
def case(desk_town: Town) -> str:
    """The id of a case that has been reported."""
    reported = desk_town.report()
    assert reported is not None
    return reported.id


def ask(client: Client, page: Page, case: str, **headers: str) -> HttpResponse:
    """Ask for the page, or send it an empty form, as a browser on a page of ours would."""
    address = page.address(case)
    if page.post:
        return client.post(address, headers={"Sec-Fetch-Site": "same-origin"} | headers)  # type: ignore[return-value]
    return client.get(address, headers=headers)  # type: ignore[return-value]


def holds(pages: list[Page], rule: Callable[[Page], bool]) -> None:
    """Fail with the pages for which the rule does not hold."""
    assert [str(page) for page in pages if not rule(page)] == []


def is_let_in_nowhere(answer: HttpResponse) -> bool:
    """True where a look went to the door, and an act was refused."""
    sent = answer.status_code == 302 and answer.headers["Location"].startswith(DOOR)
    return sent or answer.status_code in (403, 405)


def test_every_page_of_the_desk_has_one_verb_or_is_part_of_the_door() -> None:
    holds(PAGES, lambda page: page.verb is not None or page.door in ("open", "own"))


def test_every_verb_has_a_page_or_a_reason_why_it_has_none() -> None:
    used = {page.verb for page in PAGES}
    assert [verb for verb in Verb if verb not in used and verb not in PART_OF_ANOTHER] == []


def test_no_reason_is_given_for_a_verb_that_has_a_page() -> None:
    assert {page.verb for page in PAGES} & set(PART_OF_ANOTHER) == set()


def test_every_verb_is_granted_to_somebody_and_to_known_roles_alone() -> None:
    assert set(GRANTS) == set(Role)
    assert set().union(*GRANTS.values()) == set(Verb)


def test_the_pages_that_anybody_may_ask_for_are_these_and_no_others() -> None:
    assert {page.route for page in PAGES if page.door == "open"} == {
        "desk/sign-in",
        "desk/sign-in/factor",
        "desk/sign-in/passkey",
        "desk/sign-out",
        "desk/set-up/<str:secret>",
        "desk/sign-in/with/<slug:provider_id>",
        "desk/sign-in/with/<slug:provider_id>/back",
        "desk/sign-in/cancelled",
    }


def test_no_page_but_the_desks_asks_who_is_staff() -> None:
    assert all(page.route.startswith("desk/") for page in PAGES)
    assert {"desk/me", "desk/staff", "desk/staff/add", "desk/sign-in"} <= {page.route for page in PAGES}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_its_grants_say_and_nothing_else(role: Role, case: str) -> None:
    browser = client_of(role, name=f"only-{role}")
    for page in WITH_VERB:
        answer = ask(browser, page, case)
        assert page.verb is not None
        if page.verb in GRANTS[role]:
            assert answer.status_code in LET_IN, f"{role} may {page}"
            assert "/desk/sign-in" not in answer.headers.get("Location", ""), f"{role} may {page}"
        else:
            assert answer.status_code == 403, f"{role} may not {page}"
            assert page.verb.value in answer.content.decode(), f"{role} is told what is missing for {page}"


def test_who_has_no_role_may_nothing(case: str) -> None:
    browser = client_of(name="new")
    holds(WITH_VERB, lambda page: ask(browser, page, case).status_code == 403)


def test_the_anonymous_are_sent_to_the_door(case: str) -> None:
    browser = anybody()
    for page in OF_MEMBERS:
        looked, acted = browser.get(page.address(case)), browser.post(page.address(case))
        assert looked.status_code in (302, 405), page
        assert looked.status_code == 405 or looked.headers["Location"].startswith(DOOR), page
        assert acted.status_code in (403, 405), page


def test_a_customers_link_and_cookies_open_nothing(desk_town: Town, case: str) -> None:
    customer, token = anybody(), token_of(desk_town.house, case)
    assert customer.get(f"/case/{token}").status_code == 200
    reported = desk_town.house.cases.case(case)
    assert reported is not None
    code = desk_town.code(reported, Purpose.PROOF)
    assert customer.post(f"/case/{token}/proof", {"code": code}).status_code == 303
    holds(OF_MEMBERS, lambda page: is_let_in_nowhere(ask(customer, page, case)))
    holds(OF_MEMBERS, lambda page: is_let_in_nowhere(ask(customer, page, token)))


def test_a_password_alone_gets_nobody_further_not_even_to_set_up_the_first_factor(case: str) -> None:
    member(*Role, name="half", factor=False)
    browser = signed_in("half", factor=False)
    holds(OF_MEMBERS, lambda page: ask(browser, page, case).status_code in (403, 405))


def test_whoever_comes_by_a_link_gets_no_further_than_setting_up_a_second_factor(case: str) -> None:
    member(*Role, name="half", factor=False)
    browser = signed_in("half", factor=False)
    session = browser.session
    session[BY_LINK] = True
    session.save()
    for page in OF_MEMBERS:
        answer = ask(browser, page, case)
        if page.set_up:
            assert answer.status_code in (200, 302, 403, 404, 405), page
        elif page.post or answer.status_code == 405:
            assert answer.status_code in (403, 405), page
        else:
            assert answer.headers["Location"] == "/desk/me/factors", page


def test_a_session_that_was_opened_without_the_second_factor_is_worth_nothing(case: str) -> None:
    member(*Role, name="both")
    holds(OF_MEMBERS, lambda page: is_let_in_nowhere(ask(signed_in("both", factor=False), page, case)))


def test_whoever_has_left_is_let_in_nowhere_from_that_moment(desk_town: Town, case: str) -> None:
    leaving = client_of(*Role, name="leaving")
    client_of(Role.ADMIN, name="staying")
    assert leaving.get("/desk/me").status_code == 200
    desk_town.house.people.disable("leaving")
    holds(OF_MEMBERS, lambda page: is_let_in_nowhere(ask(leaving, page, case)))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str], case: str) -> None:
    browser = client_of(*Role)
    holds(FORMS, lambda page: browser.post(page.address(case), headers=headers).status_code == 403)


def test_a_form_without_our_pages_token_is_refused(case: str) -> None:
    strict = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    strict.cookies = client_of(*Role).cookies
    holds(FORMS, lambda page: ask(strict, page, case).status_code == 403)


def test_a_page_is_asked_for_in_one_way_alone(case: str) -> None:
    browser, ways = client_of(*Role), {}
    for page in WITH_VERB:
        ways.setdefault(page.route, set()).add(page.post)
    for page in WITH_VERB:
        if len(ways[page.route]) == 1:
            assert (browser.get if page.post else browser.post)(page.address(case)).status_code == 405, page
        assert browser.put(page.address(case)).status_code == 405, page


def test_a_dangerous_act_asks_again_who_it_is_and_no_other_does(case: str) -> None:
    member(*Role, name="tired")
    browser = signed_in("tired", age=FRESH_SECONDS + 1)
    for page in WITH_VERB:
        answer = ask(browser, page, case)
        asked = answer.headers.get("Location", "").startswith("/desk/me/again")
        assert asked == (page.verb in FRESH), page
