"""Does staff see at once what presses, find a case by its id alone, and never work on one twice?"""

from datetime import timedelta

import pytest

from takeback.casework import callback, queue
from takeback.casework.page import token_hash
from takeback.core.case import Case, Language, Stage
from takeback.core.permission import Role
from tests.casework.conftest import Town
from tests.casework.life import HIS, MINE, NOW
from tests.casework.pocket import NUMBER
from tests.web.desk.people import anybody, client_of


@pytest.fixture
def case(desk_town: Town) -> Case:
    """A case of the night."""
    found = desk_town.report()
    assert found is not None
    return found


def test_the_queue_says_in_words_why_a_case_stands_where_it_stands(desk_town: Town, case: Case) -> None:
    callback.ask(desk_town.house, case, language=Language.JA)
    page = client_of(Role.AGENT).get("/desk/")
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Orders of the intruder that have not left: 2", "Can still be saved: 17,940 JPY", "A call is waited"):
        assert words in text
    assert f"/desk/case/{case.id}" in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_name_and_no_contact_point_is_in_the_queue(desk_town: Town, case: Case, language: str) -> None:
    callback.ask(desk_town.house, case, language=Language.JA)
    text = client_of(Role.LEAD, language=language).get("/desk/").content.decode()
    for secret in (MINE, HIS, NUMBER, "佐藤花子", "山田太郎"):
        assert secret not in text


def test_a_case_is_found_by_its_id_and_its_accounts_and_by_nothing_else(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    for asked in (case.id, case.account):
        assert f"/desk/case/{case.id}" in client.get("/desk/", {"q": asked}).content.decode()
    for asked in (MINE, "佐藤花子", NUMBER):
        assert f"/desk/case/{case.id}" not in client.get("/desk/", {"q": asked}).content.decode()
    assert desk_town.house.cases.case(case.id)


def test_a_live_look_at_a_queue_in_which_nothing_changed_is_empty(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    shown = client.get("/desk/").context["queue"]
    assert client.get(f"{shown.live}&v={shown.version}").status_code == 204
    callback.ask(desk_town.house, case, language=Language.JA)
    page = client.get(f"{shown.live}&v={shown.version}")
    assert page.status_code == 200
    assert b"A call is waited for" in page.content
    assert b"<html" not in page.content


def test_a_live_look_after_the_session_has_ended_leads_to_the_door(case: Case) -> None:
    answer = anybody().get("/desk/live", headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert case.id.encode() not in answer.content
    assert anybody().get("/desk/live").status_code == 302


def test_what_holds_the_focus_has_a_name_in_the_live_part(case: Case) -> None:
    text = client_of(Role.LEAD).get("/desk/live").content.decode()
    for name in (f'id="case-{case.id}"', f'id="claim-{case.id}"', 'id="filter-1"', 'id="queue"'):
        assert name in text


def test_who_takes_a_case_has_it_and_a_colleague_is_told_so(case: Case) -> None:
    mine, other = client_of(Role.AGENT), client_of(Role.AGENT, name="mori")
    assert mine.post(f"/desk/case/{case.id}/claim").status_code == 303
    refused = other.post(f"/desk/case/{case.id}/claim")
    assert refused.status_code == 409
    assert "A colleague works on this case" in refused.content.decode()
    assert "sato" in other.get("/desk/").content.decode()
    assert other.post(f"/desk/case/{case.id}/take-over").status_code == 403
    lead = client_of(Role.LEAD, name="lead")
    assert lead.post(f"/desk/case/{case.id}/take-over").status_code == 303
    assert mine.get("/desk/?show=mine").context["queue"].found == 0
    assert lead.get("/desk/?show=mine").context["queue"].found == 1


def test_filters_show_what_they_say(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    assert client.get("/desk/?show=unclaimed").context["queue"].found == 1
    assert client.get("/desk/?show=calls").context["queue"].found == 0
    assert client.get("/desk/?show=hold").context["queue"].found == 0
    callback.ask(desk_town.house, case, language=Language.JA)
    assert client.get("/desk/?show=calls").context["queue"].found == 1
    desk_town.prove(case)
    assert client.get("/desk/?show=hold").context["queue"].found == 1
    assert client.get("/desk/?show=<script>").context["queue"].found == 1


def test_of_many_cases_a_page_shows_as_many_as_somebody_reads(desk_town: Town, case: Case) -> None:
    for number in range(60):
        name = f"c{number:03}"
        made = Case(name, f"a{number}", Stage.UNDO, Language.JA, NOW - timedelta(minutes=number), "", token_hash(name))
        desk_town.house.cases.open(made)
    client = client_of(Role.AGENT)
    queue.queue(desk_town.house, patience=60)
    page = client.get("/desk/")
    assert page.context["queue"].found == 61
    assert page.context["queue"].pages == 2
    assert case.stage is Stage.UNDO
