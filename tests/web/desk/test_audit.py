"""Does the auditor see who did what, in words, and no more than the role may?"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from takeback.bootstrap import House
from takeback.casework.auditbook import Act
from takeback.casework.ocsf import FORMS
from takeback.casework.ports import ActionRecord
from takeback.casework.retention import forget
from takeback.casework.verifying import Wrong
from takeback.configuration import RetentionSettings
from takeback.core.case import Case, Language, Stage
from takeback.core.permission import Role, Verb
from takeback.core.retention import Part
from takeback.core.service import Outcome
from takeback.words import LANGUAGES, known
from tests.casework.conftest import Town
from tests.store.inhand import in_hand
from tests.web.desk.people import client_of

NOW = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
WHY = "the customer wrote that her sister did it"


@pytest.fixture
def book(desk_house: House) -> House:
    """A case and some lines about it."""
    desk_house.cases.open(Case("c1", "42", Stage.REPORT, Language.JA, NOW, "", "hash"))
    note(desk_house, "ito", Verb.READ_CASE, "c1")
    note(desk_house, "ito", Verb.SHORTEN_HOLD, "c1", WHY)
    note(desk_house, "mori", Verb.CHANGE_RULES)
    return desk_house


def note(house: House, who: str, verb: Verb, case: str = "", why: str = "", *, ago: float = 0.0) -> None:
    at = house.clock.now() - timedelta(days=ago)
    house.audit.note(Act(at, f"staff:{who}", verb.value, why, case, {"plan": "abcd1234"}))


def shown(roles: tuple[Role, ...] = (Role.AUDITOR,), path: str = "/desk/audit", language: str = "en") -> str:
    answer = client_of(*roles, language=language).get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.usefixtures("book")
def test_the_book_is_shown_in_words_newest_first() -> None:
    page = shown()
    assert page.index("changed the rules</td>") < page.index("made the hold shorter</td>")
    assert WHY in page
    assert "plan" in page


@pytest.mark.usefixtures("book")
def test_the_book_is_shown_in_japanese() -> None:
    page = shown(language="ja")
    assert "保留を短くした" in page
    assert 'lang="ja"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_noted_or_found_wrong_has_words(language: str) -> None:
    acts = [f"desk_book.act.{what}" for what in (*Verb, *FORMS)]
    wrong = [f"desk_book.wrong.{what}" for what in Wrong]
    why = [f"desk_book.why.retention.{part}" for part in Part]
    assert [key for key in (*acts, *wrong, *why) if not known(language, key)] == []


@pytest.mark.usefixtures("book")
def test_an_admin_sees_the_book_but_nothing_that_a_case_holds() -> None:
    page = shown((Role.ADMIN,))
    assert "made the hold shorter" in page
    assert WHY not in page
    assert "abcd1234" not in page.replace("changed the rules", "", 1).split("made the hold shorter</td>")[1]
    assert "/desk/case/c1" not in shown((Role.ADMIN,), "/desk/audit/line/2")
    assert WHY not in shown((Role.ADMIN,), "/desk/audit/line/2")


@pytest.mark.usefixtures("book")
def test_a_line_has_its_digest_its_neighbours_and_the_case() -> None:
    page = shown(path="/desk/audit/line/2")
    assert "Line 2 of the book" in page
    assert 'href="/desk/audit/line/1"' in page
    assert 'href="/desk/audit/line/3"' in page
    assert 'href="/desk/case/c1"' in page
    assert page.count('class="mono"') >= 3


@pytest.mark.usefixtures("book")
def test_a_line_that_is_not_there_is_not_found() -> None:
    assert client_of(Role.AUDITOR).get("/desk/audit/line/99").status_code == 404


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ("who=staff:mori", "changed the rules</td>", "made the hold shorter</td>"),
        ("what=desk:hold:shorten", "made the hold shorter</td>", "changed the rules</td>"),
        ("case=c1", "made the hold shorter</td>", "changed the rules</td>"),
        ("before=3", "made the hold shorter</td>", "changed the rules</td>"),
        ("day=2001-01-01", "No line is like that.", "changed the rules</td>"),
        ("before=x", "changed the rules</td>", "No line is like that."),
    ],
)
@pytest.mark.usefixtures("book")
def test_the_filters_show_only_what_was_asked_for(query: str, there: str, missing: str) -> None:
    page = shown(path=f"/desk/audit?{query}")
    assert there in page
    assert missing not in page


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "20261101", "99999-01-01"])
def test_a_day_that_is_none_is_said(day: str) -> None:
    answer = client_of(Role.AUDITOR).get("/desk/audit", {"day": day})
    assert answer.status_code == 400
    assert "The day is not one" in answer.content.decode()


def test_a_long_book_is_paged(desk_house: House) -> None:
    for number in range(60):
        desk_house.audit.note(Act(NOW, "staff:ito", f"verb.{number}"))
    client = client_of(Role.AUDITOR)
    first = client.get("/desk/audit").content.decode()
    assert "verb.59</td>" in first
    assert "verb.0</td>" not in first
    older = first.partition('" rel="next"')[0].rpartition('href="')[2]
    assert "verb.0</td>" in client.get(older).content.decode()


def test_what_somebody_wrote_is_shown_as_text(desk_house: House) -> None:
    desk_house.audit.note(Act(NOW, "staff:ito", "verb", "<script>alert(1)</script>"))
    assert "<script>alert" not in shown()


def test_an_unusual_number_of_looks_stands_out(desk_house: House) -> None:
    for number in range(25):
        for day in range(2, 6):
            note(desk_house, "kondo", Verb.READ_CASE, f"c{number}", ago=day)
        note(desk_house, "kondo", Verb.READ_CASE, f"c{number}", ago=0.5)
        note(desk_house, "ito", Verb.READ_CASE, f"c{number}", ago=0.5)
    page = shown()
    rows = {name: page.split(f">{name}</a>")[1].split("</tr>")[0] for name in ("ito", "kondo")}
    assert "unusual" in rows["ito"]
    assert "unusual" not in rows["kondo"]
    assert "25.0" in rows["kondo"]


def test_looking_at_every_line_says_what_came_of_it_and_is_noted(book: House, tmp_path: Path) -> None:
    client = client_of(Role.AUDITOR)
    assert "Nobody has looked yet." in client.get("/desk/audit").content.decode()
    assert "All is as it was written" in client.post("/desk/audit/verify").content.decode()
    assert "by sato: all was as it was written" in client.get("/desk/audit").content.decode()
    with in_hand(book.configuration) as hand:
        assert hand.run("UPDATE store_act SET who = 'staff:nobody' WHERE seq = 2") == 1
    page = client.post("/desk/audit/verify").content.decode()
    assert "Line 2 of the book is not what was written." in page
    assert "Change nothing in the database now." in page
    assert "not everything was as it was written. Found: 1." in client.get("/desk/audit").content.decode()
    assert tmp_path.exists()


def test_looking_at_the_book_is_noted_once_in_a_quarter_of_an_hour(book: House) -> None:
    client = client_of(Role.AUDITOR)
    for _ in range(3):
        client.get("/desk/audit")
    assert len(book.audit.acts(what=Verb.READ_AUDIT.value)) == 1


def taken(book: House, **asked: str) -> list[dict[str, object]]:
    answer = client_of(Role.AUDITOR).post("/desk/audit/export", asked)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="takeback-audit-')
    assert answer.headers["Cache-Control"] == "no-store"
    assert book.audit.acts(what=Verb.EXPORT_AUDIT.value)
    return [json.loads(line) for line in b"".join(answer).splitlines()]


def test_the_book_is_taken_out_as_ocsf_and_as_it_is(book: House) -> None:
    assert [one["class_uid"] for one in taken(book)][:3] == [6001, 3004, 3004]
    assert taken(book, form="plain")[0]["what"] == "desk:case:read"


def test_that_the_book_was_taken_out_is_noted_before_the_first_line_leaves(book: House) -> None:
    answer = client_of(Role.AUDITOR).post("/desk/audit/export", {"form": "plain"})
    assert book.audit.acts(what=Verb.EXPORT_AUDIT.value)[0].who == "staff:sato"
    answer.close()


@pytest.mark.parametrize("asked", [{"from": "2026-13-01"}, {"from": "2026-11-02", "to": "2026-11-01"}])
def test_days_that_are_none_take_nothing_out(book: House, asked: dict[str, str]) -> None:
    assert client_of(Role.AUDITOR).post("/desk/audit/export", asked).status_code == 400
    assert book.audit.acts(what=Verb.EXPORT_AUDIT.value) == []


@pytest.mark.parametrize("path", ["", "/log", "/events", "/visits", "/print", "/tasks"])
def test_a_case_of_which_much_was_erased_can_still_be_opened(desk_town: Town, path: str) -> None:
    case = desk_town.report()
    assert case is not None
    done = [("set_field", {"field": "email", "value": "a@b.example"}), ("cancel_order", {"order": "1"})]
    done += [("add_item", {"collection": "addresses", "id": "1", "value": "x"}), ("remove_item", {"id": "2"})]
    done += [("adjust_balance", {"balance": "points", "change": "1"}), ("set_order_field", {"order": "1"})]
    desk_town.house.cases.intend(
        ActionRecord(f"a{n}", case.id, "undo", "/shops/oscar", what, args, ("ev1",), n, Outcome.DONE, done_at=NOW)
        for n, (what, args) in enumerate(done)
    )
    desk_town.house.cases.change(case.id, lambda one: replace(one, stage=Stage.CLOSED, handed_back_at=NOW))
    settings = structs.replace(desk_town.house.configuration, retention=RetentionSettings(event_days=500))
    house = replace(desk_town.house, configuration=settings)
    desk_town.clock.turn(timedelta(days=600))
    parts = {batch.part for batch in forget(house, "system")}
    assert parts >= {Part.CASE, Part.ACTIONS, Part.EVENTS}
    answer = client_of(Role.LEAD).get(f"/desk/case/{case.id}{path}", follow=True)
    assert answer.status_code == 200


@pytest.mark.usefixtures("book")
def test_an_admin_cannot_take_the_book_out_and_an_agent_cannot_see_it() -> None:
    assert client_of(Role.ADMIN).post("/desk/audit/export").status_code == 403
    assert "Download" not in shown((Role.ADMIN,))
    assert client_of(Role.AGENT, name="kondo").get("/desk/audit").status_code == 403
