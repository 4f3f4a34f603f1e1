"""An admin's page: who is taken on, in what role, and who leaves."""

import re

import pytest

from takeback.bootstrap import House
from takeback.core.permission import Role
from tests.web.desk.doors import text
from tests.web.desk.people import anybody, client_of, member

pytestmark = pytest.mark.usefixtures("house")


def test_an_admin_takes_somebody_on_and_sees_the_link_once(house: House) -> None:
    admin = client_of(Role.ADMIN, name="admin")
    answer = admin.post("/desk/staff/add", {"name": "tanaka", "mail": "Tanaka@shop.example", "role": ["agent", "lead"]})
    link = re.search(r'<code id="link">([^<]+)</code>', text(answer))
    assert link is not None
    assert link[1].startswith(house.configuration.base_url)
    assert anybody().get(link[1].removeprefix(house.configuration.base_url)).status_code == 200
    added = house.people.of("tanaka")
    assert added is not None
    assert (added.roles, added.mail) == ({Role.AGENT, Role.LEAD}, "tanaka@shop.example")
    assert link[1] not in text(admin.get("/desk/staff"))


@pytest.mark.parametrize("name", ["", "a", "Tanaka", "1tanaka", "田中", "tanaka sato", "a" * 41, "<b>", "x!"])
def test_a_name_that_could_be_misread_is_not_given(name: str, house: House) -> None:
    answer = client_of(Role.ADMIN, name="admin").post("/desk/staff/add", {"name": name})
    assert answer.status_code == 422
    assert "This name cannot be used" in text(answer)
    assert [found.name for found in house.people.every()] == ["admin"]


def test_a_name_is_not_given_twice_and_the_page_says_so_in_japanese_too() -> None:
    admin = client_of(Role.ADMIN, name="admin", language="ja")
    member(name="tanaka")
    answer = admin.post("/desk/staff/add", {"name": "tanaka"})
    assert answer.status_code == 422
    assert "この名前は前に使われています" in text(answer)


def test_roles_change_at_once(house: House) -> None:
    agent, admin = client_of(Role.AGENT, name="tanaka"), client_of(Role.ADMIN, name="admin")
    assert agent.get("/desk/staff").status_code == 403
    admin.post("/desk/staff/tanaka", {"do": "roles", "role": "admin"})
    assert agent.get("/desk/staff").status_code == 200
    admin.post("/desk/staff/tanaka", {"do": "roles"})
    assert agent.get("/desk/staff").status_code == 403
    changed = [act for act in house.audit.acts() if act.what == "staff.roles_changed"]
    assert changed[0].who == "staff:admin"
    assert changed[0].evidence == {"member": "tanaka", "before": ["admin"], "roles": []}


@pytest.mark.parametrize("do", ["roles", "disable", "enable", "link"])
def test_nobody_changes_what_concerns_herself(do: str, house: House) -> None:
    admin = client_of(Role.ADMIN, name="admin")
    member(Role.ADMIN, name="other")
    answer = admin.post("/desk/staff/admin", {"do": do, "role": ["admin", "lead"]})
    assert answer.status_code == 422
    assert "concerns yourself" in text(answer)
    found = house.people.of("admin")
    assert found is not None
    assert (found.active, found.roles) == (True, {Role.ADMIN})


def test_whoever_is_let_go_is_out_at_once_and_the_book_says_by_whom(house: House) -> None:
    agent, admin = client_of(Role.AGENT, name="tanaka"), client_of(Role.ADMIN, name="admin")
    agent.get("/desk/me")
    assert admin.post("/desk/staff/tanaka", {"do": "disable"}).status_code == 303
    assert agent.get("/desk/me").status_code == 302
    act = next(act for act in house.audit.acts() if act.what == "staff.disabled")
    assert (act.who, (act.evidence or {})["member"]) == ("staff:admin", "tanaka")
    assert "Left" in text(admin.get("/desk/staff"))
    assert admin.post("/desk/staff/tanaka", {"do": "enable"}).status_code == 303
    assert agent.get("/desk/me").status_code == 302  # the session of before stays ended


def test_there_is_no_change_that_the_page_does_not_name() -> None:
    admin = client_of(Role.ADMIN, name="admin")
    member(name="tanaka")
    assert admin.post("/desk/staff/tanaka", {"do": "delete"}).status_code == 422
    assert admin.post("/desk/staff/nobody", {"do": "disable"}).status_code == 404


def test_an_auditor_does_not_see_who_works_here() -> None:
    assert client_of(Role.AUDITOR).get("/desk/staff").status_code == 403


def test_the_page_offers_no_change_of_oneself() -> None:
    page = text(client_of(Role.ADMIN, name="admin").get("/desk/staff"))
    assert 'action="/desk/staff/admin"' not in page
    member(name="tanaka")
    assert 'action="/desk/staff/tanaka"' in text(client_of(Role.ADMIN, name="admin").get("/desk/staff"))
