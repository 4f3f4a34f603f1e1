"""Does what no service could do get a person, a date, and a word on what was done?"""

from datetime import timedelta

import pytest

from takeback.casework.ports import Task
from takeback.core.case import Case
from takeback.core.permission import Role
from tests.casework.conftest import Town
from tests.web.desk.people import client_of, member


@pytest.fixture
def case(desk_town: Town) -> Case:
    """A case of the night with a task."""
    found = desk_town.report()
    assert found is not None
    evidence = {"field": "email", "value": "hanako@example.jp"}
    task = Task("t1", found.id, "set_field", "/shops/oscar", "field.taken", evidence, desk_town.clock.now())
    desk_town.house.cases.open_task(task)
    return found


def task_of(town: Town) -> Task:
    found = town.house.cases.task("t1")
    assert found is not None
    return found


def test_a_task_names_the_thing_and_masks_a_contact_point(case: Case) -> None:
    text = client_of(Role.AGENT).get(f"/desk/case/{case.id}/tasks").content.decode()
    assert "Put a value back" in text
    assert "h***@example.jp" in text
    assert "{" not in text
    assert "hanako@example.jp" not in text


def test_a_task_is_handed_to_a_colleague_until_a_day(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    member(Role.AGENT, name="mori")
    day = f"{desk_town.clock.now() + timedelta(days=2):%Y-%m-%d}"
    sent = {"task": "t1", "to": "mori", "until": day}
    for _ in range(2):
        assert client.post(f"/desk/case/{case.id}/tasks/hand", sent).status_code == 303
    assert desk_town.house.claims.hands(["t1"])["t1"].to == "mori"
    assert client.post(f"/desk/case/{case.id}/tasks/hand", sent | {"to": "nobody"}).status_code == 409
    assert client.post(f"/desk/case/{case.id}/tasks/hand", sent | {"until": "yesterday"}).status_code == 422
    desk_town.clock.turn(timedelta(days=3))
    assert "Tasks past their date: 1" in client.get("/desk/").content.decode()


def test_a_task_is_closed_with_what_was_done(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    missing = client.post(f"/desk/case/{case.id}/tasks/close", {"task": "t1", "done": " "})
    assert missing.status_code == 422
    assert task_of(desk_town).closed_at is None
    for _ in range(2):
        sent = {"task": "t1", "done": "set in the back office"}
        assert client.post(f"/desk/case/{case.id}/tasks/close", sent).status_code == 303
    assert task_of(desk_town).closed_at is not None
    assert "set in the back office" in client.get(f"/desk/case/{case.id}/tasks").content.decode()


def test_a_task_of_another_case_is_none_of_this_one(desk_town: Town, case: Case) -> None:
    desk_town.report("nobody")
    client = client_of(Role.AGENT)
    assert client.post(f"/desk/case/{case.id}/tasks/close", {"task": "t2", "done": "something"}).status_code == 409


def test_an_auditor_sees_tasks_and_closes_none(case: Case) -> None:
    client = client_of(Role.AUDITOR)
    text = client.get(f"/desk/case/{case.id}/tasks").content.decode()
    assert "/tasks/close" not in text
    assert client.post(f"/desk/case/{case.id}/tasks/close", {"task": "t1", "done": "x x x"}).status_code == 403
