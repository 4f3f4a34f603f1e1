"""Does a call at the desk show no number before it is asked for, prove by a code, and lead on from each outcome?"""

import re
from dataclasses import replace

import pytest

from takeback.bootstrap import move_into
from takeback.casework import callback
from takeback.casework.calling import MOST_NUMBERS, Call, calls
from takeback.casework.progress import known
from takeback.core.case import Case, Language, Stage
from takeback.core.errors import OutsideError
from takeback.core.permission import Role, Verb
from tests.casework.conftest import Town, code_in
from tests.casework.life import HIS, MINE, ordinary_days
from tests.casework.pocket import NUMBER
from tests.casework.test_calling import Switchboard
from tests.web.desk.people import client_of


@pytest.fixture
def board(desk_town: Town) -> Switchboard:
    """A telephone provider in the desk's house."""
    made = Switchboard()
    desk_town.house = replace(desk_town.house, phones=made)
    move_into(desk_town.house)
    return made


@pytest.fixture
def call(desk_town: Town, board: Switchboard) -> Call:
    """A call that she asked for."""
    case = desk_town.report()
    assert case is not None
    callback.ask(desk_town.house, case, language=Language.EN, because="no_way", when="evening")
    (found,) = calls(desk_town.house)
    assert board.connected == []
    return found


def stage(town: Town, case: Case) -> Stage:
    return known(town.house, case.id).stage


def test_the_list_says_when_in_which_language_and_why_and_masks_numbers(call: Call) -> None:
    text = client_of(Role.AGENT).get("/desk/calls").content.decode()
    for words in ("In the evening", "English", "No way by which a code could reach her", "***5678", call.case.id):
        assert words in text
    assert NUMBER not in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_script_asks_nothing_that_can_be_seen_in_the_account(call: Call, language: str) -> None:
    text = client_of(Role.AGENT, language=language).get(f"/desk/call/{call.task.id}").content.decode()
    script = text[text.index('id="script"') : text.index('id="proof"')]
    assert 'lang="ja"' in script
    assert 'lang="en"' in script
    for seen in (MINE, HIS, "佐藤花子", "山田太郎", "4242", "銀座", "42-901", call.case.account + "-", NUMBER):
        assert seen not in text


def test_a_whole_number_is_in_the_answer_to_its_press_alone(desk_town: Town, call: Call) -> None:
    client = client_of(Role.AGENT)
    page = client.post(f"/desk/call/{call.task.id}/number", {"ref": call.numbers[0].ref})
    assert f'href="tel:{NUMBER}"' in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert NUMBER not in client.get(f"/desk/call/{call.task.id}").content.decode()
    (act,) = desk_town.house.audit.acts(what=Verb.READ_NUMBER.value)
    assert (act.who, act.case) == ("staff:sato", call.case.id)


def test_nobody_collects_numbers(call: Call) -> None:
    client = client_of(Role.AGENT)
    for _ in range(MOST_NUMBERS):
        assert client.post(f"/desk/call/{call.task.id}/number", {"ref": call.numbers[0].ref}).status_code == 200
    page = client.post(f"/desk/call/{call.task.id}/number", {"ref": call.numbers[0].ref})
    assert page.status_code == 409
    assert NUMBER not in page.content.decode()


def test_an_auditor_and_an_admin_read_no_number(call: Call) -> None:
    for role in (Role.AUDITOR, Role.ADMIN):
        client = client_of(role, name=role.value)
        assert client.post(f"/desk/call/{call.task.id}/number", {"ref": call.numbers[0].ref}).status_code == 403
        assert client.get("/desk/calls").status_code == 403


def test_two_people_do_not_call_one_customer(call: Call) -> None:
    client_of(Role.AGENT).post(f"/desk/call/{call.task.id}/number", {"ref": call.numbers[0].ref})
    page = client_of(Role.AGENT, name="mori").post(f"/desk/call/{call.task.id}/number", {"ref": call.numbers[0].ref})
    assert page.status_code == 409
    assert "A colleague works on this case" in page.content.decode()


def test_click_to_call_rings_the_desk_and_then_her_once(call: Call, board: Switchboard) -> None:
    client = client_of(Role.AGENT)
    text = client.get(f"/desk/call/{call.task.id}").content.decode()
    (press,) = re.findall(r'name="press" value="(\w+)"', text)
    sent = {"ref": call.numbers[0].ref, "own": "03-1234-5678", "press": press}
    for _ in range(2):
        done = client.post(f"/desk/call/{call.task.id}/ring", sent)
        assert done.status_code == 303
        assert NUMBER not in done["Location"]
    assert [(one, two) for one, two, _ in board.connected] == [("+81312345678", NUMBER)]
    for abroad in ("+19005550100", "+1", "my telephone"):
        assert client.post(f"/desk/call/{call.task.id}/ring", sent | {"own": abroad, "press": "x"}).status_code == 422
    assert len(board.connected) == 1


def test_a_provider_that_is_down_is_told_and_loses_nothing(
    call: Call, board: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: str, id: str) -> None:  # noqa: A002 - the port's word
        raise OutsideError(f"{id} went nowhere", permanent=False)

    monkeypatch.setattr(board, "connect", down)
    sent = {"ref": call.numbers[0].ref, "own": "03-1234-5678", "press": "p"}
    page = client_of(Role.AGENT).post(f"/desk/call/{call.task.id}/ring", sent)
    assert page.status_code == 502
    assert "dial the number yourself" in page.content.decode()


def test_she_is_proven_by_a_code_that_she_reads_back(desk_town: Town, call: Call) -> None:
    client, place = client_of(Role.AGENT), f"/desk/call/{call.task.id}"
    text = client.get(place).content.decode()
    ways = re.findall(r'name="way" value="(\w+)"', text)
    early = client.post(f"{place}/outcome", {"outcome": "proven", "basis": "code"})
    assert early.status_code == 422
    assert client.post(f"{place}/code", {"way": "0" * 32}).status_code == 409
    assert client.post(f"{place}/code", {"way": ways[0]}).status_code == 303
    desk_town.run()
    wrong = client.post(f"{place}/proof", {"code": "0000 0000"})
    assert wrong.status_code == 422
    assert "not right" in wrong.content.decode()
    right = code_in(desk_town.postbox.named("code")[-1])
    assert client.post(f"{place}/proof", {"code": right}).status_code == 303
    for _ in range(2):
        assert client.post(f"{place}/outcome", {"outcome": "proven", "basis": "code"}).status_code == 303
    desk_town.run()
    assert stage(desk_town, call.case) is Stage.HOLD
    assert right.replace(" ", "") not in repr(desk_town.house.audit.acts(most=200))
    assert calls(desk_town.house) == []


def test_a_doubtful_caller_is_refused_in_neutral_words_and_nothing_shows(desk_town: Town, call: Call) -> None:
    client, place = client_of(Role.AGENT), f"/desk/call/{call.task.id}"
    text = client.get(place).content.decode()
    assert "I cannot go on with this by telephone today" in text
    assert "本日は、お電話ではこれ以上お手続きを進められません" in text
    done = client.post(f"{place}/outcome", {"outcome": "doubtful", "words": "asked what we know"})
    assert done.status_code == 303
    panel = client.get(f"/desk/case/{call.case.id}").content.decode()
    assert "A call about this case was doubtful" in panel
    assert "A call was doubtful" in client.get("/desk/").content.decode()
    assert [task for task in desk_town.house.cases.tasks(call.case.id) if task.closed_at is None] == []


def test_a_call_that_nobody_answers_comes_again(desk_town: Town, call: Call) -> None:
    client = client_of(Role.AGENT)
    for _ in range(2):  # a double click is one call
        client.post(f"/desk/call/{call.task.id}/outcome", {"outcome": "no_answer"})
    (again,) = calls(desk_town.house)
    text = client.get("/desk/calls").content.decode()
    assert again.tries == 1
    assert "Not answered so far: 1" in text


def test_a_code_for_an_account_that_is_not_stopped_says_that_it_stops_it(desk_town: Town, board: Switchboard) -> None:
    ordinary_days(desk_town.shop, account="47", email="mutsuko@example.jp")
    desk_town.tell()
    callback.ask_for(desk_town.house, "47", Language.JA)
    desk_town.run()
    (call,) = calls(desk_town.house)
    assert call.case.stage is Stage.REPORT
    assert "and stops it" in client_of(Role.AGENT).get(f"/desk/call/{call.task.id}").content.decode()
    assert board.connected == []


def test_a_call_that_is_none_is_not_there(desk_town: Town) -> None:
    assert client_of(Role.AGENT).get("/desk/call/nothing").status_code == 404
    assert calls(desk_town.house) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_call_pages_have_their_words_in_both_languages(call: Call, language: str) -> None:
    client = client_of(Role.AGENT, language=language)
    for place in ("/desk/calls", f"/desk/call/{call.task.id}", "/desk/report"):
        text = client.get(place).content.decode()
        assert f'<html lang="{language}"' in text
        assert text.count("<h1") == 1
        assert "desk_work." not in text.replace("desk_work.css", "")
