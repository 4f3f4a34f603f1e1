"""What is there to be altered? Two cases with their logs, and a book; and somebody who has the database in hand."""

# ruff: noqa: S608 - the statements are the tests' own words

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from takeback.bootstrap import House
from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.casework.verifying import Verdict, Wrong
from takeback.configuration import Configuration
from takeback.core.case import Case, Language, Stage
from tests.store.inhand import in_hand

NOW = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
LINES = 5
Tamper = Callable[..., None]


@pytest.fixture
def kept(house: House) -> House:
    """Two cases with logs of five lines, and a book of five lines, all good."""
    for case_id in ("c1", "c2"):
        house.cases.open(Case(case_id, case_id, Stage.REPORT, Language.JA, NOW, "", case_id))
        for number in range(1, LINES + 1):
            house.cases.note(Entry(case_id, NOW, "system", f"act.{number}", "rule", {"order": "1043", "seen": 0.1}))
    for number in range(1, LINES + 1):
        house.audit.note(Act(NOW, "staff:sato", f"verb.{number}", "asked", "c1", {"n": number}))
    return house


@pytest.fixture
def tamper(configuration: Configuration) -> Tamper:
    """Alters the database as somebody would who has it in hand, statement by statement."""

    def run(*statements: str) -> None:
        with in_hand(configuration) as hand:
            for sql in statements:
                assert hand.run(sql) != 0, sql

    return run


def look(house: House) -> Verdict:
    return house.verifier.verify()


def wrong(house: House) -> list[tuple[Wrong, str, int]]:
    return [(one.what, one.case, one.seq) for one in look(house).troubles]


def without(case: str) -> tuple[str, ...]:
    return (
        f"DELETE FROM store_entry WHERE case_id = '{case}'",
        f"DELETE FROM store_log_head WHERE case_id = '{case}'",
        f"DELETE FROM store_case WHERE id = '{case}'",
    )
