"""Does whoever asks for a person get one, once, on a number that was hers before?"""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from takeback.casework import callback, proof
from takeback.casework.callback import CALL, When, Why
from takeback.casework.ports import Task
from takeback.core.case import Case, Language, Stage
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, HIS, INTRUDERS, MINE, NIGHT, NOW, PASSWORD
from tests.casework.pocket import NUMBER, give_phone


def calls(town: Town) -> list[Task]:
    """Every call that staff were asked for."""
    cases = town.house.cases.of_account(ACCOUNT)
    return [task for case in cases for task in town.house.cases.tasks(case.id) if task.what == CALL]


def numbers(task: Task, which: str = "numbers") -> list[dict[str, str]]:
    """The numbers that a task names."""
    return msgspec.convert(task.evidence[which], list[dict[str, str]])


@pytest.fixture
def case(town: Town) -> Case:
    """A case of the night."""
    found = town.report()
    assert found is not None
    return found


def ask(town: Town, case: Case, **more: str) -> None:
    callback.ask(town.house, case, language=Language.JA, **more)


def test_a_call_says_since_when_in_which_language_and_why(town: Town, case: Case) -> None:
    callback.ask(town.house, case, language=Language.EN, because=Why.NO_WAY, when=When.MORNING)
    (task,) = calls(town)
    assert task.opened_at == town.clock.now() == callback.asked(town.house, case)
    told = {name: task.evidence[name] for name in ("language", "because", "when", "proven", "stage")}
    assert told == {"language": "en", "because": "no_way", "when": "morning", "proven": False, "stage": "undo"}


def test_the_number_is_masked_everywhere_and_whole_for_who_calls(town: Town, case: Case) -> None:
    ask(town, case)
    (task,) = calls(town)
    assert NUMBER not in str([task, town.house.cases.log(case.id)])
    (told,) = numbers(task)
    assert told["to"] == "***5678"
    assert callback.number(town.house, case.id, told["ref"]) == NUMBER
    assert callback.number(town.house, case.id, "0" * 16) is None


def test_there_is_one_call_however_often_it_is_asked_for(town: Town, case: Case) -> None:
    for number in range(200):
        ask(town, case, when=list(When)[number % 4])
    assert len(calls(town)) == 1
    assert len([one for one in town.house.cases.log(case.id) if one.what == "call.asked"]) <= 20


def test_a_call_that_was_made_can_be_asked_for_again_and_a_flood_is_slowed_not_refused(town: Town, case: Case) -> None:
    for _ in range(6):
        ask(town, case)
        for task in calls(town):
            town.house.cases.close_task(task.id, town.clock.now())
        town.clock.turn(timedelta(minutes=1))
    assert len(calls(town)) == 3
    town.clock.turn(timedelta(hours=1))
    ask(town, case)
    assert len(calls(town)) == 4


def test_words_that_are_none_of_ours_count_as_the_plainest(town: Town, case: Case) -> None:
    ask(town, case, because="<script>", when="次の満月")
    (task,) = calls(town)
    assert (task.evidence["because"], task.evidence["when"]) == ("asked", "now")


def test_a_number_of_the_intruders_is_never_called(town: Town) -> None:
    his = "+40712345678"
    client = INTRUDERS | {"session": "/shops/oscar-42-night"}
    town.shop.change_field(ACCOUNT, NIGHT + timedelta(minutes=40), client, "phone", his)
    town.tell()
    case = town.report()
    assert case is not None
    ask(town, case)
    (task,) = calls(town)
    assert [callback.number(town.house, case.id, one["ref"]) for one in numbers(task)] == [NUMBER]


def test_where_no_number_is_fit_staff_are_told_so(town: Town) -> None:
    client = HERS | {"session": "x"}
    for shop in (town.shop, town.video):
        shop.register("77", NOW - timedelta(days=90), {"email": "no-phone@example.jp"}, password=PASSWORD)
        shop.sign_in("77", NOW - timedelta(days=80), client, password=PASSWORD)
    town.tell()
    callback.ask_for(town.house, "no-phone@example.jp", Language.JA)
    town.run()
    (case,) = town.house.cases.of_account("77")
    (task,) = town.house.cases.tasks(case.id)
    assert (task.reason, task.evidence["numbers"]) == ("call.none_fit", [])


def test_a_number_that_is_said_to_be_lost_is_told_apart(town: Town) -> None:
    give_phone(town)
    case = town.report()
    assert case is not None
    (sms,) = (one for one in proof.ways(town.house, case) if one.channel is proof.Channel.SMS)
    proof.disown(town.house, case.id, sms.id)
    (task,) = calls(town)
    assert task.reason == "call.numbers_doubted"
    assert task.evidence["numbers"] == []
    assert len(numbers(task, "doubted")) == 1


@pytest.mark.parametrize("name", ["nobody@example.jp", "", HIS + "x", "0" * 5000])
def test_a_name_that_nobody_has_is_taken_in_the_same_way_and_leads_to_nothing(town: Town, name: str) -> None:
    callback.ask_for(town.house, name, Language.JA)
    assert len(town.queue.waiting) == 1
    town.run()
    assert town.house.cases.cases(open_only=False) == []


def test_a_call_for_a_taken_account_stops_it_as_a_report_does(town: Town) -> None:
    callback.ask_for(town.house, MINE, Language.JA, Why.CHAT_FAILED)
    town.run()
    assert town.case is not None
    assert town.case.stage.reached(Stage.UNDO)
    assert len(calls(town)) == 1


def test_a_call_for_a_clean_account_does_nothing_to_it_and_mails_nobody(clean: Town) -> None:
    for _ in range(5):
        callback.ask_for(clean.house, MINE, Language.EN)
        clean.run()
        clean.clock.turn(timedelta(minutes=1))
    assert clean.case is not None
    assert clean.case.stage is Stage.REPORT
    assert not clean.shop.account(ACCOUNT).frozen  # type: ignore[union-attr]  # it is there
    assert clean.postbox.letters == []
    assert len(calls(clean)) == 1


def test_a_call_belongs_to_the_case_that_is_open(town: Town, case: Case) -> None:
    callback.ask_for(town.house, MINE, Language.JA)
    town.run()
    assert [task.case for task in calls(town)] == [case.id]


def test_a_flood_over_many_cases_of_an_account_is_one_call_too(town: Town, case: Case) -> None:
    ask(town, case)
    town.house.cases.change(case.id, lambda one: replace(one, stage=Stage.CLOSED))
    town.clock.turn(timedelta(minutes=1))
    callback.ask_for(town.house, MINE, Language.JA)
    town.run()
    assert len(calls(town)) == 1
