"""He tries names: does such an account exist? What is answered, and what is done for the answer, is the same."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from takeback.bootstrap import move_into
from takeback.web.portal import talk as door
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HIS, MINE
from tests.stories.intruder.people import WRONG, at_the_door, browser, report, told

NOBODY = "nobody@example.jp"
KNOWN = (MINE, HIS, ACCOUNT, "090-1234-5678", MINE.upper())
PATHS = ("", "/code", "/person", "/proof")


class Counted:
    """Stands before the event log and counts what is asked of it."""

    def __init__(self, log: Any, work: Counter[str]) -> None:
        self._log, self._work = log, work

    def __getattr__(self, name: str) -> Any:
        self._work[f"event_log.{name}"] += 1
        return getattr(self._log, name)


@contextmanager
def work_of(town: Town) -> Iterator[Counter[str]]:
    """Count the work that is done meanwhile: statements to the database, looks at the event log, phases started."""
    work: Counter[str] = Counter()
    before = len(town.queue.names)

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        work[sql] += 1
        return execute(sql, params, many, context)

    move_into(replace(town.house, event_log=Counted(town.house.event_log, work)))  # type: ignore[arg-type]
    with connection.execute_wrapper(count):
        yield work
    move_into(town.house)  # type: ignore[arg-type]  # its services are pretend ones
    work["phases"] = len(town.queue.names) - before


def whole_visit(named: str) -> list[HttpResponse]:
    """Everything that can be done at the door for a name; nothing that waits for a worker is done meanwhile."""
    who = browser()
    answers = [who.post("/report", {"choice": "orders", "account": named, "text": "help"})]
    talk = str(answers[0].headers["Location"]).partition("#")[0]
    for _ in range(2):
        answers += [who.post(f"{talk}{path}", {"text": "more", "code": WRONG, "when": "now"}) for path in PATHS]
        answers += [who.get(talk), who.get(talk, headers={"accept": "application/json"}), who.head(talk)]
    return answers


@pytest.mark.parametrize("named", KNOWN)
def test_the_door_answers_with_the_same_bytes_and_headers_for_every_name(night: Town, named: str) -> None:
    before = len(night.queue.names)
    hers, nobodys = told(whole_visit(named)), told(whole_visit(NOBODY))
    assert hers == nobodys
    assert len(night.queue.names) > before


@pytest.mark.parametrize("named", KNOWN)
def test_the_conversation_shows_the_same_after_the_worker_has_heard_it(night: Town, named: str) -> None:
    shown = []
    for name in (named, NOBODY):
        talk = at_the_door(browser(), name, person="yes")
        night.run()
        browser().post(f"{talk}/code")
        night.run()
        shown.append(told([browser().get(talk), browser().post(f"{talk}/proof", {"code": WRONG})]))
    assert shown[0] == shown[1]


@pytest.mark.parametrize("named", KNOWN)
def test_a_report_as_data_gets_the_same_answer_for_every_name(night: Town, named: str) -> None:
    assert told([report(browser(), named)]) == told([report(browser(), NOBODY)])
    assert len(night.queue.names) == 2


@pytest.mark.parametrize("named", KNOWN)
def test_the_same_work_is_done_for_every_name_and_nobody_looks_into_an_account_for_it(night: Town, named: str) -> None:
    done = []
    for name in (named, NOBODY):
        with work_of(night) as work:
            assert report(browser(), name).status_code == 202
            whole_visit(name)
        done.append(work)
    assert done[0] == done[1]
    assert done[0]["phases"] > 0
    assert not any(what.startswith("event_log") for what in done[0])


@pytest.mark.parametrize("act", PATHS[:3])
def test_when_the_worker_has_found_an_account_the_door_still_does_the_same_work(night: Town, act: str) -> None:
    done = []
    for name in (MINE, NOBODY):
        talk = at_the_door(browser(), name)
        night.run()
        with work_of(night) as work:
            browser().get(talk)
            browser().post(f"{talk}{act}", {"text": "more"})
        done.append(work)
    assert done[0] == done[1]


def test_a_code_at_the_door_is_looked_at_no_faster_for_a_name_that_nobody_has(
    night: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "SAME_TIME", 0.3)
    for name in (MINE, NOBODY):
        talk = at_the_door(browser(), name)
        night.run()
        begun = monotonic()
        browser().post(f"{talk}/proof", {"code": WRONG})
        assert monotonic() - begun >= 0.3


@pytest.mark.parametrize("named", [MINE, NOBODY])
def test_the_limit_of_a_client_counts_every_name_alike(night: Town, named: str) -> None:
    assert night.case is None
    statuses = [report(browser(), named).status_code for _ in range(22)]
    assert statuses == [202] * 20 + [429] * 2
