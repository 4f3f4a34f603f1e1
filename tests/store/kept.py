"""What is there to be altered? Two cases with their logs, and a book; and somebody who has the file in hand."""

# ruff: noqa: S608 - the statements are the tests' own words

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from takeback.bootstrap import House
from takeback.casework.auditbook import Act
from takeback.casework.ports import Entry
from takeback.casework.verifying import Verdict, Wrong
from takeback.core.case import Case, Language, Stage

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
def tamper(cases_path: Path) -> Tamper:
    """Alters the file as somebody would who has it in hand: no trigger, no key checks, statement by statement."""

    def run(*statements: str) -> None:
        with closing(sqlite3.connect(cases_path)) as connection, connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for sql in statements:
                assert connection.execute(sql).rowcount != 0, sql

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


def copy(source: Path, to: Path) -> None:
    """A copy as an operator makes one."""
    with closing(sqlite3.connect(source)) as connection, closing(sqlite3.connect(to)) as backup:
        connection.backup(backup)
