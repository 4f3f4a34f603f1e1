"""What waits while a case is paused, what goes on, and what is written down of it?"""

import pytest

from takeback.casework.dossier import Waiting, dossier_of
from takeback.casework.investigate import inquire
from takeback.casework.pauses import EVERY
from takeback.casework.pausing import PAUSED, RESUMED, pause, resume
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.undo.plan import ActionKind
from tests.casework.conftest import Town

BY, WHY = "cli:sato", "the shop has asked us to"


def reported(town: Town) -> Case:
    """The case, after all that follows a report at once."""
    case = town.report()
    assert case is not None
    return case


def stage_of(town: Town) -> Stage:
    """How far the case is."""
    assert town.case is not None
    return town.case.stage


def test_while_all_is_paused_accounts_are_stopped_and_codes_are_sent_and_nothing_is_undone(town: Town) -> None:
    pause(town.house, EVERY, by=BY, why=WHY)
    case = reported(town)
    town.prove(case)
    now = town.case
    assert now is not None
    assert now.frozen_at is not None
    assert now.stage is Stage.INVESTIGATE
    assert not [row for row in town.house.cases.actions(case.id) if row.action == ActionKind.CANCEL_ORDER]


def test_when_the_pause_ends_the_case_goes_on_where_it_was(town: Town) -> None:
    pause(town.house, EVERY, by=BY, why=WHY)
    town.prove(reported(town))
    assert resume(town.house, EVERY, by=BY, why="it is well again") >= 1
    town.run()
    assert town.case is not None
    assert town.case.stage is Stage.HOLD
    assert town.house.pauses.held(EVERY) == []


def test_a_paused_case_holds_up_no_other_and_says_what_it_waits_for(town: Town) -> None:
    case = reported(town)
    pause(town.house, case.id, by=BY, why=WHY)
    assert town.house.pauses.of("another") is None
    town.prove(case)
    assert town.case is not None
    assert town.case.stage is Stage.UNDO
    assert dossier_of(town.house, town.case, inquire(town.house, town.case)).waiting is Waiting.RESUMING


def test_what_is_paused_twice_goes_on_when_both_have_ended(town: Town) -> None:
    case = reported(town)
    pause(town.house, case.id, by=BY, why=WHY)
    pause(town.house, EVERY, by=BY, why=WHY)
    town.prove(case)
    assert resume(town.house, case.id, by=BY, why=WHY) == 0
    town.run()
    assert stage_of(town) is Stage.UNDO
    assert resume(town.house, EVERY, by=BY, why=WHY) == 1
    town.run()
    assert stage_of(town) is Stage.HOLD


def test_who_paused_and_resumed_and_why_is_in_the_cases_log_and_in_the_book(town: Town) -> None:
    case = reported(town)
    pause(town.house, case.id, by=BY, why=WHY)
    resume(town.house, case.id, by=BY, why="enough")
    noted = [(entry.who, entry.what, entry.evidence["reason"]) for entry in town.house.cases.log(case.id)[-2:]]
    assert noted == [(BY, PAUSED, WHY), (BY, RESUMED, "enough")]
    acts = [(act.who, act.what, act.why, act.case) for act in town.house.audit.acts(case=case.id)]
    assert sorted(acts) == [(BY, PAUSED, WHY, case.id), (BY, RESUMED, "enough", case.id)]
    assert town.house.cases.verify(case.id) is None


def test_a_pause_is_begun_and_ended_once(town: Town) -> None:
    with pytest.raises(CaseRefused, match="not paused"):
        resume(town.house, EVERY, by=BY, why=WHY)
    pause(town.house, EVERY, by=BY, why=WHY)
    with pytest.raises(CaseRefused, match="already"):
        pause(town.house, EVERY, by=BY, why=WHY)
    assert [one.case for one in town.house.pauses.every()] == [EVERY]
