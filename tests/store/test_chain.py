"""Does it show when somebody altered the log of a case?"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from takeback.casework.ports import Entry
from takeback.configuration import Configuration
from takeback.core.case import Case, Language, Stage
from takeback.store.cases import DjangoCaseStore
from takeback.store.chain import Fault, Wrong
from tests.store.inhand import in_hand

NOW = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
Tamper = Callable[[str], None]


@pytest.fixture
def store(cases_path: Path) -> DjangoCaseStore:
    """A case with a log of four lines, and another beside it."""
    store = DjangoCaseStore(chain_key=b"c" * 32)
    for case_id in ("c1", "c2"):
        store.open(Case(case_id, case_id, Stage.REPORT, Language.JA, NOW, "", case_id))
        for number in range(1, 5):
            store.note(Entry(case_id, NOW, "system", f"act.{number}", "rule", {"order": "1043", "seen": 0.1}))
    assert cases_path.parent.is_dir()
    return store


@pytest.fixture
def tamper(configuration: Configuration) -> Tamper:
    """Alters the database as somebody would who has it in hand, past Django and past the triggers."""

    def run(sql: str) -> None:
        with in_hand(configuration) as hand:
            assert hand.run(sql) > 0

    return run


def test_a_log_that_nobody_touched_is_whole(store: DjangoCaseStore) -> None:
    assert store.verify("c1") is None
    assert store.verify("c2") is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("who", "staff:nobody"),
        ("what", "act.9"),
        ("why", "no.rule"),
        ("at", "2026-11-01 02:30:00.000001"),
        ("evidence", '{"order": "1044", "seen": 0.1}'),
        ("digest", "0" * 64),
    ],
)
def test_an_altered_line_is_found(store: DjangoCaseStore, tamper: Tamper, column: str, value: str) -> None:
    tamper(f"UPDATE store_entry SET {column} = '{value}' WHERE case_id = 'c1' AND seq = 2")  # noqa: S608 - our own words
    assert store.verify("c1") == Fault(Wrong.ALTERED, 2)
    assert store.verify("c2") is None


def test_a_removed_line_is_found(store: DjangoCaseStore, tamper: Tamper) -> None:
    tamper("DELETE FROM store_entry WHERE case_id = 'c1' AND seq = 2")
    assert store.verify("c1") == Fault(Wrong.MISSING, 2)


def test_a_removed_line_is_found_when_the_others_close_the_gap(store: DjangoCaseStore, tamper: Tamper) -> None:
    tamper("DELETE FROM store_entry WHERE case_id = 'c1' AND seq = 2")
    tamper("UPDATE store_entry SET seq = seq - 1 WHERE case_id = 'c1' AND seq = 3")
    assert store.verify("c1") == Fault(Wrong.ALTERED, 2)


def test_two_lines_that_changed_places_are_found(store: DjangoCaseStore, tamper: Tamper) -> None:
    for old, new in ((2, 9), (3, 2), (9, 3)):
        tamper(f"UPDATE store_entry SET seq = {new} WHERE case_id = 'c1' AND seq = {old}")  # noqa: S608 - numbers
    assert store.verify("c1") == Fault(Wrong.ALTERED, 2)


def test_a_line_taken_from_another_case_is_found(store: DjangoCaseStore, tamper: Tamper) -> None:
    tamper("DELETE FROM store_entry WHERE case_id = 'c1' AND seq = 4")
    tamper("UPDATE store_entry SET case_id = 'c1' WHERE case_id = 'c2' AND seq = 4")
    assert store.verify("c1") == Fault(Wrong.ALTERED, 4)


def test_a_tail_that_was_cut_is_found(store: DjangoCaseStore, tamper: Tamper) -> None:
    tamper("DELETE FROM store_entry WHERE case_id = 'c1' AND seq > 2")
    assert store.verify("c1") == Fault(Wrong.CUT, 3)


def test_a_whole_log_that_was_removed_is_found(store: DjangoCaseStore, tamper: Tamper) -> None:
    tamper("DELETE FROM store_entry WHERE case_id = 'c1'")
    assert store.verify("c1") == Fault(Wrong.CUT, 1)
    tamper("DELETE FROM store_log_head WHERE case_id = 'c1'")
    assert store.verify("c1") == Fault(Wrong.HEAD, 0)


CUT_WITH_ITS_HEAD = (
    "DELETE FROM store_entry WHERE case_id = 'c1' AND seq > 2",
    "UPDATE store_log_head SET count = 2, digest = (SELECT digest FROM store_entry WHERE case_id = 'c1' AND seq = 2) "
    "WHERE case_id = 'c1'",
)


def test_a_head_that_was_made_to_fit_a_cut_tail_is_found(store: DjangoCaseStore, tamper: Tamper) -> None:
    for sql in CUT_WITH_ITS_HEAD:
        tamper(sql)
    assert store.verify("c1") == Fault(Wrong.HEAD, 2)


def test_a_line_written_after_the_damage_does_not_heal_it(store: DjangoCaseStore, tamper: Tamper) -> None:
    for sql in CUT_WITH_ITS_HEAD:
        tamper(sql)
    store.note(Entry("c1", NOW, "system", "act.5", "rule", {}))
    store.note(Entry("c1", NOW, "system", "act.6", "rule", {}))
    assert store.verify("c1") == Fault(Wrong.HEAD, 4)


def test_an_end_that_was_rewritten_by_one_without_the_key_is_found(store: DjangoCaseStore, cases_path: Path) -> None:
    stranger = DjangoCaseStore(chain_key=b"a stranger's key")
    stranger.note(Entry("c1", NOW, "system", "act.5", "rule", {}))
    assert cases_path.parent.is_dir()
    assert store.verify("c1") == Fault(Wrong.ALTERED, 5)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE store_entry SET who = 'nobody' WHERE seq = 1",
        "DELETE FROM store_entry WHERE seq = 4",
        "DELETE FROM store_log_head",
    ],
)
@pytest.mark.usefixtures("store")
def test_the_database_itself_refuses_to_change_a_log(configuration: Configuration, sql: str) -> None:
    refusal = pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="only ever added to")
    with refusal, in_hand(configuration, guarded=True) as hand:
        hand.run(sql)


REPLACED = "SELECT id, seq, at, 'nobody', what, why, evidence, digest, case_id FROM store_entry"
OTHER_WAYS = [
    pytest.param("sqlite", f"INSERT OR REPLACE INTO store_entry {REPLACED}", id="replace"),
    pytest.param(
        "postgres",
        "INSERT INTO store_entry (id, seq, at, who, what, why, evidence, digest, case_id) OVERRIDING SYSTEM VALUE "
        f"{REPLACED} ON CONFLICT (id) DO UPDATE SET who = excluded.who",
        id="on conflict",
    ),
    pytest.param("postgres", "TRUNCATE store_entry", id="truncate"),
    pytest.param("postgres", "TRUNCATE store_case CASCADE", id="truncate all"),
]


@pytest.mark.parametrize(("only", "sql"), OTHER_WAYS)
@pytest.mark.usefixtures("store")
def test_no_other_way_of_its_own_is_open_either(
    configuration: Configuration, which_store: str, only: str, sql: str
) -> None:
    if only != which_store:
        pytest.skip("the other store has no such word")
    refusal = pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="only ever added to")
    with refusal, in_hand(configuration, guarded=True) as hand:
        hand.run(sql)


def test_the_database_refuses_django_too(store: DjangoCaseStore) -> None:
    from django.db import IntegrityError

    from takeback.store.models import EntryRow

    with pytest.raises(IntegrityError, match="only ever added to"):
        EntryRow.objects.filter(case_id="c1").delete()
    with pytest.raises(IntegrityError, match="only ever added to"):
        EntryRow.objects.filter(case_id="c1").update(who="nobody")
    assert store.verify("c1") is None
