"""Does staff see before they decide, decide only what they saw, and never alone where it takes two?"""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client

from takeback.casework import deciding_reports as reports
from takeback.casework.calling import DOUBTED
from takeback.casework.investigate import inquire
from takeback.casework.ports import Entry
from takeback.casework.progress import known
from takeback.core.case import Case, Language, Stage
from takeback.core.permission import Role, Verb
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, MINE, NIGHT, NOW, PASSWORD, bad_night, order_of, ordinary_days
from tests.web.desk.people import client_of

LARGE = "44"


@pytest.fixture
def case(desk_town: Town) -> Case:
    """A case of the night."""
    found = desk_town.report()
    assert found is not None
    return found


@pytest.fixture
def large(desk_town: Town) -> Case:
    """A case whose plan takes two people."""
    ordinary_days(desk_town.shop, account=LARGE, email="saburo@example.jp")
    bad_night(desk_town.shop, account=LARGE, orders=55)
    desk_town.tell()
    desk_town.report(LARGE)
    return desk_town.house.cases.of_account(LARGE)[0]


@pytest.fixture
def unsure(desk_town: Town) -> Case:
    """A case with a visit of nobody knows whom."""
    ordinary_days(desk_town.shop, account="45", email="shiro@example.jp")
    client = HERS | {"device": "d-other", "ip": "192.0.2.77", "session": "who", "user_agent": "Firefox", "asn": 4713}
    desk_town.shop.sign_in("45", NIGHT, client, password=PASSWORD)
    desk_town.shop.place_order("45", NIGHT + timedelta(minutes=3), client, order_of("45-77", "4000"))
    desk_town.tell()
    made = reports.take_report(desk_town.house, "45", "知らない注文があります", Language.JA, by="sato")
    desk_town.run()
    return made


def now(town: Town, case: Case) -> Case:
    return known(town.house, case.id)


def form(client: Client, case: Case, action: str) -> dict[str, str]:
    """The hidden fields of one form of the case's page, as a browser sends them."""
    text = client.get(f"/desk/case/{case.id}").content.decode()
    (found,) = re.findall(rf'<form method="post" action="/desk/case/{case.id}/{action}">(.*?)</form>', text, re.S)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))


def test_an_agent_approves_the_plan_that_was_shown(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    sent = form(client, case, "approve")
    for _ in range(2):  # a double click
        done = client.post(f"/desk/case/{case.id}/approve", sent)
        assert done.status_code == 303
    assert "The plan is approved" in client.get(done["Location"]).content.decode()
    desk_town.run()
    assert now(desk_town, case).stage is Stage.HOLD
    assert len(desk_town.house.audit.acts(case=case.id, what=Verb.APPROVE_PLAN.value)) == 1


def test_two_people_approve_a_large_plan_and_who_has_is_shown(desk_town: Town, large: Case) -> None:
    agent, lead = client_of(Role.AGENT), client_of(Role.LEAD, name="lead")
    done = agent.post(f"/desk/case/{large.id}/approve", form(agent, large, "approve"))
    text = agent.get(done["Location"]).content.decode()
    assert "somebody else" in text
    assert f"/desk/case/{large.id}/approve" not in text
    desk_town.run()
    assert now(desk_town, large).stage is Stage.UNDO
    text = lead.get(f"/desk/case/{large.id}").content.decode()
    assert "sato approved" in text
    assert "A lead&#x27;s approval is missing" in text
    assert lead.post(f"/desk/case/{large.id}/approve-as-lead", form(lead, large, "approve-as-lead")).status_code == 303
    desk_town.run()
    assert now(desk_town, large).stage is Stage.HOLD


def test_an_agent_cannot_approve_as_a_lead(large: Case) -> None:
    agent = client_of(Role.AGENT)
    sent = form(agent, large, "approve")
    assert agent.post(f"/desk/case/{large.id}/approve-as-lead", sent).status_code == 403


def test_a_stale_approval_is_refused_and_says_what_changed(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    sent = form(client, case, "approve")
    desk_town.shop.ship(ACCOUNT, NOW, "42-901")
    desk_town.tell()
    page = client.post(f"/desk/case/{case.id}/approve", sent)
    text = page.content.decode()
    assert page.status_code == 409
    added, gone = text.partition("No longer in the plan")[::2]
    assert "To be sent back: order 42-901" in added or "42-901" in added
    assert "Cancelled" in gone
    assert "42-901" in gone
    assert desk_town.house.cases.approvals(case.id) == []


def test_a_forged_note_of_what_was_shown_is_not_believed(desk_town: Town, case: Case) -> None:
    client = client_of(Role.AGENT)
    sent = form(client, case, "approve") | {"shown": "forged", "plan": "0" * 64}
    page = client.post(f"/desk/case/{case.id}/approve", sent)
    assert page.status_code == 409
    assert "is not known any more" in page.content.decode()
    assert desk_town.house.cases.approvals(case.id) == []


def test_an_answer_is_tried_first_and_the_try_writes_nothing(desk_town: Town, unsure: Case) -> None:
    client = client_of(Role.AGENT)
    text = client.get(f"/desk/case/{unsure.id}").content.decode()
    (question,) = re.findall(r'name="question" value="(\w+)"', text)
    log = desk_town.house.cases.log(unsure.id)
    page = client.get(f"/desk/case/{unsure.id}/try", {"question": question, "answer": "no"})
    tried = page.content.decode()
    assert page.status_code == 200
    assert "unknown → intruder" in tried
    assert "45-77" in tried
    assert desk_town.house.cases.log(unsure.id) == log
    assert desk_town.house.cases.said(unsure.id) == []
    before = inquire(desk_town.house, now(desk_town, unsure)).plan.hash
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', tried))
    for _ in range(2):
        assert client.post(f"/desk/case/{unsure.id}/answer", sent).status_code == 303
    desk_town.run()
    assert inquire(desk_town.house, now(desk_town, unsure)).plan.hash != before
    assert len(desk_town.house.audit.acts(case=unsure.id, what=Verb.ANSWER_QUESTION.value)) == 1


def test_the_dry_run_says_what_each_service_would_be_asked(desk_town: Town, case: Case) -> None:
    events = list(desk_town.shop.events)
    text = client_of(Role.AGENT).get(f"/desk/case/{case.id}/try").content.decode()
    assert "oscar" in text
    assert "42-901" in text
    assert MINE not in text
    assert desk_town.shop.events == events


def test_an_agent_makes_a_hold_longer_and_a_lead_shorter(desk_town: Town, case: Case) -> None:
    desk_town.prove(case)
    agent, lead = client_of(Role.AGENT), client_of(Role.LEAD, name="lead")
    before = now(desk_town, case).hold_until
    assert before is not None
    later = f"{(before + timedelta(hours=3)).isoformat()}"
    sent = form(agent, case, "hold") | {"until": later, "reason": "her mailbox is not safe yet"}
    assert agent.post(f"/desk/case/{case.id}/hold-shorter", sent).status_code == 403
    assert agent.post(f"/desk/case/{case.id}/hold", sent).status_code == 303
    assert now(desk_town, case).hold_until == before + timedelta(hours=3)
    stale = agent.post(f"/desk/case/{case.id}/hold", sent | {"until": (before + timedelta(hours=9)).isoformat()})
    assert stale.status_code == 409
    assert "has changed since it was shown" in stale.content.decode()
    agent.post(f"/desk/case/{case.id}/release")
    sent = form(lead, case, "hold-shorter") | {"until": (before + timedelta(hours=1)).isoformat(), "reason": ""}
    missing = lead.post(f"/desk/case/{case.id}/hold-shorter", sent)
    assert missing.status_code == 422
    assert "Say why" in missing.content.decode()
    assert lead.post(f"/desk/case/{case.id}/hold-shorter", sent | {"reason": "she came in person"}).status_code == 303
    assert now(desk_town, case).hold_until == before + timedelta(hours=1)


def test_a_report_by_telephone_names_the_account_and_stops_it(desk_town: Town) -> None:
    client = client_of(Role.AGENT)
    sent = {"account": MINE, "text": "card 4111 1111 1111 1111 was used", "spoken": "ja"}
    done = client.post("/desk/report/take", sent)
    assert done.status_code == 303
    desk_town.run()
    case = desk_town.case
    assert case is not None
    assert case.frozen_at is not None
    assert case.report_text == "card …1111 was used"
    assert client.post("/desk/report/take", sent)["Location"].partition("?")[0] == f"/desk/case/{case.id}"


def test_a_name_that_is_no_account_does_nothing(desk_town: Town) -> None:
    page = client_of(Role.AGENT).post("/desk/report/take", {"account": "nobody@example.jp", "text": "", "spoken": "ja"})
    assert page.status_code == 422
    assert "No account is known by this" in page.content.decode()
    assert desk_town.house.cases.cases(open_only=False) == []


def test_a_contact_point_of_two_accounts_is_asked_about(desk_town: Town) -> None:
    ordinary_days(desk_town.shop, account="43")
    desk_town.tell()
    client = client_of(Role.AGENT)
    sent = {"account": MINE, "text": "", "spoken": "ja"}
    page = client.post("/desk/report/take", sent)
    assert page.status_code == 200
    assert desk_town.house.cases.cases() == []
    assert client.post("/desk/report/take", sent | {"chosen": "43"}).status_code == 303
    assert [one.account for one in desk_town.house.cases.cases()] == ["43"]


def test_a_report_is_refused_with_a_reason_and_reopened_as_a_new_case(desk_town: Town) -> None:
    ordinary_days(desk_town.shop, account="46", email="goro@example.jp")
    desk_town.tell()
    case = reports.take_report(desk_town.house, "46", "she called", Language.JA, by="sato")
    desk_town.run()
    lead = client_of(Role.LEAD, name="lead")
    sent = form(lead, case, "refuse") | {"reason": "it was her husband's order"}
    for _ in range(2):
        assert lead.post(f"/desk/case/{case.id}/refuse", sent).status_code == 303
    assert now(desk_town, case).stage is Stage.CLOSED
    desk_town.clock.turn(timedelta(hours=1))
    done = lead.post(f"/desk/case/{case.id}/reopen", {"reason": "it was not"})
    assert done.status_code == 303
    assert case.id in lead.get(done["Location"]).content.decode()
    assert client_of(Role.AGENT).post(f"/desk/case/{case.id}/reopen", {"reason": "x"}).status_code == 403


def test_a_doubtful_call_is_shown_until_a_lead_has_looked(desk_town: Town, case: Case) -> None:
    desk_town.house.cases.note(Entry(case.id, NOW, "staff:sato", DOUBTED, "call.doubtful", {}))
    lead = client_of(Role.LEAD, name="lead")
    assert "A call about this case was doubtful" in lead.get(f"/desk/case/{case.id}").content.decode()
    assert lead.post(f"/desk/case/{case.id}/doubt", {"reason": "I called her at work"}).status_code == 303
    assert "A call about this case was doubtful" not in lead.get(f"/desk/case/{case.id}").content.decode()


def test_an_auditor_reads_and_has_nothing_to_press(case: Case) -> None:
    client = client_of(Role.AUDITOR)
    text = client.get(f"/desk/case/{case.id}").content.decode()
    panel = text[text.index('id="work"') :]
    assert "<button" not in panel.partition("</section>")[0]
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", ["", "/try", "/tasks"])
def test_pages_have_one_heading_and_levels_without_a_gap(case: Case, page: str, language: str) -> None:
    text = client_of(Role.LEAD, language=language).get(f"/desk/case/{case.id}{page}").content.decode()
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "desk_work." not in re.sub(r"desk_work\.css", "", text)


def test_an_unknown_case_is_answered_with_the_way_to_the_queue(desk_town: Town) -> None:
    page = client_of(Role.LEAD).post("/desk/case/nothing/claim")
    assert page.status_code == 404
    assert b'href="/desk/"' in page.content
    assert desk_town.house.cases.cases() == []
