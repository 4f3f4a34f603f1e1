"""Does a call reach the right person, prove what it can, and let nobody collect numbers?"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from takeback.casework import callback, proof
from takeback.casework.calling import (
    MOST_NUMBERS,
    Basis,
    Call,
    Outcome,
    calls,
    doubted,
    read_number,
    record_call,
    ring,
    settle_doubt,
)
from takeback.casework.ports import Task
from takeback.casework.progress import known
from takeback.casework.tasks import close_task, hand_task, todos
from takeback.core.case import Case, Language, Stage
from takeback.core.errors import CaseRefused
from takeback.core.permission import Verb
from tests.casework.conftest import Town, code_in
from tests.casework.pocket import NUMBER, Pocket, give_phone

OWN = "03-1234-5678"


@dataclass
class Switchboard(Pocket):
    """A pocket that can also bring two telephones together."""

    connected: list[tuple[str, str, str]] = field(default_factory=list)

    def connect(self, agent: str, customer: str, *, id: str) -> None:  # noqa: A002 - the port's word
        """Keep who was brought together with whom."""
        self.connected.append((agent, customer, id))


@pytest.fixture
def case(town: Town) -> Case:
    """A case of the night."""
    found = town.report()
    assert found is not None
    return found


@pytest.fixture
def call(town: Town, case: Case) -> Call:
    """A call that she asked for."""
    callback.ask(town.house, case, language=Language.JA)
    (found,) = calls(town.house)
    return found


def now(town: Town, case: Case) -> Case:
    return known(town.house, case.id)


def whats(town: Town, case: Case) -> list[str]:
    return [entry.what for entry in town.house.cases.log(case.id)]


def test_calls_are_listed_with_what_is_needed_and_without_a_whole_number(town: Town, call: Call) -> None:
    assert (call.language, call.when, call.because, call.since) == ("ja", "now", "asked", town.clock.now())
    assert [(one.shown, one.doubted) for one in call.numbers] == [("***5678", False)]
    assert NUMBER not in repr(call)


def test_a_whole_number_is_read_one_at_a_time_and_noted_without_it(town: Town, call: Call) -> None:
    assert read_number(town.house, call.task.id, call.numbers[0].ref, by="sato") == NUMBER
    (act,) = town.house.audit.acts(what=Verb.READ_NUMBER.value)
    assert (act.who, act.case) == ("staff:sato", call.case.id)
    assert NUMBER not in repr([act, town.house.cases.log(call.case.id)])
    with pytest.raises(CaseRefused, match="not trusted"):
        read_number(town.house, call.task.id, "0" * 16, by="sato")


def test_nobody_collects_numbers(town: Town, call: Call) -> None:
    for _ in range(MOST_NUMBERS):
        read_number(town.house, call.task.id, call.numbers[0].ref, by="sato")
    with pytest.raises(CaseRefused) as refused:
        read_number(town.house, call.task.id, call.numbers[0].ref, by="sato")
    assert refused.value.key == "call.too_many"
    assert read_number(town.house, call.task.id, call.numbers[0].ref, by="mori") == NUMBER
    town.clock.turn(timedelta(minutes=61))
    assert read_number(town.house, call.task.id, call.numbers[0].ref, by="sato") == NUMBER


def test_no_number_is_read_for_a_call_that_is_done(town: Town, call: Call) -> None:
    record_call(town.house, call.task.id, Outcome.NOT_PROVEN, by="sato")
    with pytest.raises(CaseRefused, match="no such call"):
        read_number(town.house, call.task.id, call.numbers[0].ref, by="sato")


def test_click_to_call_rings_the_desk_first_and_once(town: Town, call: Call) -> None:
    board = Switchboard()
    town.house = replace(town.house, phones=board)
    for _ in range(2):
        ring(town.house, call.task.id, call.numbers[0].ref, OWN, "press-1", by="sato")
    ((agent, customer, _),) = board.connected
    assert (agent, customer) == ("+81312345678", NUMBER)
    assert len(town.house.audit.acts(what=Verb.READ_NUMBER.value)) == 1


@pytest.mark.parametrize("own", ["", "+1 900 555 0100", "not a number"])
def test_click_to_call_rings_no_number_abroad(town: Town, call: Call, own: str) -> None:
    board = Switchboard()
    town.house = replace(town.house, phones=board)
    with pytest.raises(CaseRefused) as refused:
        ring(town.house, call.task.id, call.numbers[0].ref, own, "press-1", by="sato")
    assert refused.value.key == "phones.own"
    assert board.connected == []


def test_without_a_provider_that_connects_one_dials_by_hand(town: Town, call: Call) -> None:
    give_phone(town)
    with pytest.raises(CaseRefused) as refused:
        ring(town.house, call.task.id, call.numbers[0].ref, OWN, "press-1", by="sato")
    assert refused.value.key == "phones.none"


def test_proven_is_written_only_after_a_code_came_back(town: Town, case: Case, call: Call) -> None:
    with pytest.raises(CaseRefused) as refused:
        record_call(town.house, call.task.id, Outcome.PROVEN, by="sato", basis=Basis.CODE)
    assert refused.value.key == "call.no_proof"
    assert calls(town.house), "the call stays open"
    proof.send(town.house, case.id, proof.ways(town.house, case)[0].id)
    town.run()
    assert proof.enter(town.house, case.id, code_in(town.postbox.named("code")[-1]))
    record_call(town.house, call.task.id, Outcome.PROVEN, by="sato", basis=Basis.CODE)
    assert calls(town.house) == []
    town.run()
    assert now(town, case).stage is Stage.HOLD


def test_what_the_shop_has_outside_of_the_account_proves_too_and_has_to_be_said(
    town: Town, case: Case, call: Call
) -> None:
    with pytest.raises(CaseRefused, match="Say why"):
        record_call(town.house, call.task.id, Outcome.PROVEN, by="sato", basis=Basis.OUTSIDE)
    record_call(
        town.house, call.task.id, Outcome.PROVEN, by="sato", basis=Basis.OUTSIDE, words="number of her paper contract"
    )
    assert now(town, case).proven_at is not None
    (act,) = town.house.audit.acts(what=Verb.RECORD_CALL.value)
    assert act.why == "number of her paper contract"


def test_who_was_not_proven_has_changed_nothing(town: Town, case: Case, call: Call) -> None:
    before = now(town, case)
    record_call(town.house, call.task.id, Outcome.NOT_PROVEN, by="sato")
    assert now(town, case) == before
    assert calls(town.house) == []


def test_a_call_that_nobody_answers_is_tried_again_later_and_then_is_a_leads(
    town: Town, case: Case, call: Call
) -> None:
    first = call.since
    for tries in range(1, 3):
        record_call(town.house, calls(town.house)[0].task.id, Outcome.NO_ANSWER, by="sato")
        (again,) = calls(town.house)
        assert (again.tries, again.since) == (tries, first)
        assert again.not_before == town.clock.now() + timedelta(hours=1)
        town.clock.turn(timedelta(hours=1))
    record_call(town.house, calls(town.house)[0].task.id, Outcome.NO_ANSWER, by="sato")
    assert calls(town.house) == []
    assert doubted(town.house, case.id)


def test_a_number_that_reached_somebody_else_is_hers_no_more(town: Town, case: Case, call: Call) -> None:
    with pytest.raises(CaseRefused, match="which number"):
        record_call(town.house, call.task.id, Outcome.WRONG_PERSON, by="sato")
    record_call(town.house, call.task.id, Outcome.WRONG_PERSON, by="sato", ref=call.numbers[0].ref)
    (again,) = calls(town.house)
    assert [(one.shown, one.doubted) for one in again.numbers] == [("***5678", True)]
    assert "contact.disowned" in whats(town, case)


def test_a_doubtful_caller_leaves_a_mark_for_a_lead_and_no_task_that_a_page_could_show(
    town: Town, case: Case, call: Call
) -> None:
    with pytest.raises(CaseRefused, match="Say why"):
        record_call(town.house, call.task.id, Outcome.DOUBTFUL, by="sato")
    record_call(town.house, call.task.id, Outcome.DOUBTFUL, by="sato", words="asked which address we have")
    assert doubted(town.house, case.id)
    assert [task for task in town.house.cases.tasks(case.id) if task.closed_at is None] == []
    settle_doubt(town.house, case.id, "I called the number on paper", by="lead")
    assert not doubted(town.house, case.id)


def test_the_outcome_is_written_once(town: Town, case: Case, call: Call) -> None:
    for _ in range(3):
        record_call(town.house, call.task.id, Outcome.NO_ANSWER, by="sato")
    assert whats(town, case).count("call.recorded") == 1
    assert len(calls(town.house)) == 1


def test_a_call_is_not_closed_as_a_task(town: Town, case: Case, call: Call) -> None:
    with pytest.raises(CaseRefused) as refused:
        close_task(town.house, case.id, call.task.id, "I called her", by="sato")
    assert refused.value.key == "task.is_call"


def test_a_task_is_handed_on_until_a_date_and_closed_with_what_was_done(town: Town, case: Case) -> None:
    town.video.trouble.down = True
    town.prove(case)
    town.run(until=town.clock.now() + timedelta(hours=1))
    town.house.cases.open_task(Task("t1", case.id, "set_field", "/shops/oscar", "field.taken", {}, now_of(town)))
    until = now_of(town) + timedelta(days=2)
    for _ in range(2):
        hand_task(town.house, case.id, "t1", "mori", until, by="sato")
    with pytest.raises(CaseRefused) as refused:
        hand_task(town.house, case.id, "t1", "mori", now_of(town) - timedelta(days=1), by="sato")
    assert refused.value.key == "task.date"
    (one,) = [todo for todo in todos(town.house, case.id) if todo.task.id == "t1"]
    assert one.hand is not None
    assert (one.hand.to, one.overdue) == ("mori", False)
    town.clock.turn(timedelta(days=3))
    (one,) = [todo for todo in todos(town.house, case.id) if todo.task.id == "t1"]
    assert one.overdue
    for _ in range(2):
        close_task(town.house, case.id, "t1", "set by hand in the shop's back office", by="mori")
    (one,) = [todo for todo in todos(town.house, case.id) if todo.task.id == "t1"]
    assert (one.overdue, one.done) == (False, "set by hand in the shop's back office")
    assert whats(town, case).count("task.closed") == whats(town, case).count("task.handed") == 1


def now_of(town: Town) -> datetime:
    return town.clock.now()
