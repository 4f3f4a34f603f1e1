"""The engine itself: phases once, a hold that waits in the queue, a quiet end."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from takeback.casework import engine
from takeback.casework.ports import House
from takeback.casework.starter import Starter
from takeback.core.case import Case, Language, Stage
from takeback.core.errors import SettingsError


@pytest.fixture
def starter(house: House) -> Starter:
    """A house with the engine's tables, and what starts phases in it."""
    engine.migrate(house.configuration.engine_url)
    assert isinstance(house.starter, Starter)
    return house.starter


def test_the_same_phase_for_the_same_reason_is_one(starter: Starter) -> None:
    for _ in range(3):
        starter.start("hold", "c1", because="undone", after=3600)
    starter.start("hold", "c1", because="undone again", after=3600)
    assert len(starter._open().list_workflows(workflow_id_prefix="c1/")) == 2
    assert starter.is_waiting("c1")
    assert not starter.is_waiting("c2")


def test_a_phase_that_waits_can_be_brought_forward(starter: Starter, house: House) -> None:
    case = _case(Stage.HOLD)
    house.cases.open(case)
    starter.start("hold", case.id, because="undone", after=3600)
    with engine.working(house):
        starter.move("hold", case.id, "undone", 0.0)
        _until(lambda: _status(starter, f"{case.id}/hold/undone") in ("SUCCESS", "PENDING"))


@pytest.mark.on_store("sqlite")
def test_the_lock_is_gone_with_the_worker(starter: Starter, house: House) -> None:  # noqa: ARG001 - the tables
    with engine.working(house):
        pass
    with engine.working(house):
        pass


def test_a_case_that_has_no_phase_is_resumed_when_a_worker_starts(starter: Starter, house: House) -> None:
    case = _case(Stage.INVESTIGATE)
    house.cases.open(case)
    with engine.working(house):
        _until(lambda: starter._open().list_workflows(workflow_id_prefix=f"{case.id}/investigate/resumed-"))


def test_a_case_that_waits_for_the_owner_is_not_started_anew(starter: Starter, house: House) -> None:
    case = _case(Stage.REPORT)
    house.cases.open(case)
    with engine.working(house):
        assert not starter.is_waiting(case.id)


def test_migrating_runs_nothing_that_waits(starter: Starter, house: House) -> None:
    starter.start("hold", "c1", because="undone")
    engine.migrate(house.configuration.engine_url)
    time.sleep(0.5)
    assert _status(starter, "c1/hold/undone") == "ENQUEUED"


def test_what_has_ended_is_removed_with_all_that_was_handed_in_and_what_waits_stays(
    starter: Starter, house: House
) -> None:
    starter.start("report", "r1", "nobody", "words of a customer", "ja", "customer", because="said")
    with engine.working(house):
        _until(lambda: _status(starter, "r1/report/said") == "SUCCESS")
    starter.start("hold", "c9", because="undone-1", after=3600)
    assert starter.prune(house.clock.now() - timedelta(days=1)) == 0
    assert starter.prune(house.clock.now() + timedelta(seconds=1)) >= 1
    assert not starter._open().list_workflows(workflow_ids=["r1/report/said"])
    assert starter.is_waiting("c9")


def test_without_the_engines_tables_the_sentence_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="takeback migrate"):
        Starter(f"sqlite:///{tmp_path}/engine.db").start("freeze", "c1", because="x")


def _case(stage: Stage) -> Case:
    from datetime import UTC, datetime

    return Case("c1", "42", stage, Language.JA, datetime.now(UTC), "", "hash")


def _status(starter: Starter, row: str) -> str:
    return str(starter._open().list_workflows(workflow_ids=[row])[0].status)


def _until(so: object) -> None:
    until = time.monotonic() + 10
    while not so():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.05)
