"""Does the store of cases keep what it is given, once, whoever asks at the same time?"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
from django.db import IntegrityError, connection

from takeback.casework.ports import ActionRecord, Approval, Code, Entry, Said, SentLetter, Sign, Task
from takeback.core.case import Case, Language, Stage
from takeback.core.service import Outcome
from takeback.store.cases import DjangoCaseStore
from takeback.store.start import released_connections, waiting_migrations

NOW = datetime(2026, 11, 1, 2, 30, 0, 123456, tzinfo=UTC)
Given = TypeVar("Given")
ADDED_TO = ("store_act", "store_entry", "store_rule_version")
HEADS = ("store_book_head", "store_log_head")
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgres": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'store%' ORDER BY tgname",
}


def a_case(case_id: str = "c1", account: str = "42") -> Case:
    return Case(
        id=case_id,
        account=account,
        stage=Stage.REPORT,
        language=Language.JA,
        opened_at=NOW,
        report_text="買っていない商品が勝手に購入されている",
        token_hash=f"hash of {case_id}",
    )


def an_action(action_id: str = "a1", position: int = 0, phase: str = "freeze") -> ActionRecord:
    return ActionRecord(
        id=action_id,
        case="c1",
        phase=phase,
        source="/shops/oscar",
        action="cancel_order",
        args={"order": "1043"},
        undoes=("ev1", "ev2"),
        position=position,
    )


def an_entry(what: str = "report.received") -> Entry:
    return Entry("c1", NOW, "customer", what, "said.so", {"order": "1043"})


def a_code(code_id: str = "k1") -> Code:
    return Code(code_id, "c1", "proof", "h***@example.jp", "hash", NOW, NOW + timedelta(minutes=10))


def at_once(work: Callable[[int], Given], times: int = 8) -> list[Given]:
    """What `work` gave in as many threads, each with a connection of its own, all let go at the same moment."""
    gate = threading.Barrier(times)

    def run(number: int) -> Given:
        with released_connections():
            gate.wait(timeout=10)
            return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.fixture
def empty(cases_path: Path) -> DjangoCaseStore:
    assert cases_path.parent.is_dir()
    return DjangoCaseStore(chain_key=b"c" * 32)


@pytest.fixture
def store(empty: DjangoCaseStore) -> Iterator[DjangoCaseStore]:
    empty.open(a_case())
    yield empty
    assert empty.verify("c1") is None  # no test here tampers with the log


def test_a_case_comes_back_as_it_was_written(store: DjangoCaseStore) -> None:
    full = replace(
        a_case(),
        stage=Stage.HAND_BACK,
        frozen_at=NOW,
        plan_hash="p1",
        approved_hash="p1",
        undone_at=NOW,
        hold_until=NOW + timedelta(hours=5),
        proven_at=NOW,
        proven_after_hold_at=NOW,
        handed_back_at=NOW,
    )
    store.save(full)
    assert store.case("c1") == full
    assert store.by_token("hash of c1") == full


def test_what_is_not_there_is_none(store: DjangoCaseStore) -> None:
    assert store.case("c2") is None
    assert store.by_token("other") is None


def test_a_case_that_was_never_opened_cannot_be_saved(store: DjangoCaseStore) -> None:
    with pytest.raises(Exception, match="there is no case c9"):
        store.save(a_case("c9"))


def test_an_account_has_one_open_case_and_opening_another_gives_that_one(store: DjangoCaseStore) -> None:
    assert store.open(a_case("c2")) == a_case("c1")
    assert store.cases() == [a_case("c1")]


def test_an_account_whose_case_is_closed_may_have_a_new_one(store: DjangoCaseStore) -> None:
    store.save(replace(a_case(), stage=Stage.CLOSED))
    assert store.open(a_case("c2")).id == "c2"
    assert [case.id for case in store.cases()] == ["c2"]
    assert [case.id for case in store.cases(open_only=False)] == ["c1", "c2"]


def test_of_many_who_open_a_case_at_once_one_does_and_all_get_it(empty: DjangoCaseStore) -> None:
    opened = at_once(lambda number: empty.open(a_case(f"c{number}")))
    assert len({case.id for case in opened}) == 1
    assert len(empty.cases(open_only=False)) == 1


@pytest.mark.usefixtures("store")
def test_the_table_itself_refuses_a_second_open_case() -> None:
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("INSERT INTO store_case SELECT 'c2', account, stage, language, opened_at, report_text, 'other', "
                       "frozen_at, plan_hash, approved_hash, undone_at, hold_until, proven_at, proven_after_hold_at, "
                       "handed_back_at FROM store_case")  # fmt: skip


def test_a_case_id_that_exists_is_an_error_and_not_another_accounts_case(store: DjangoCaseStore) -> None:
    with pytest.raises(IntegrityError):
        store.open(a_case("c1", account="43"))


def test_the_newest_case_comes_first(store: DjangoCaseStore) -> None:
    store.open(replace(a_case("c2", "43"), opened_at=NOW + timedelta(seconds=1)))
    assert [case.id for case in store.cases()] == ["c2", "c1"]


def test_two_who_change_a_case_at_once_undo_nothing_of_each_other(store: DjangoCaseStore) -> None:
    def lengthen(_: int) -> Case:
        return store.change("c1", lambda case: replace(case, report_text=case.report_text + "+"), entry=an_entry())

    at_once(lengthen)
    changed = store.case("c1")
    assert changed is not None
    assert changed.report_text.endswith("+" * 8)
    assert [entry.seq for entry in store.log("c1")] == list(range(1, 9))


def test_a_case_and_its_entry_are_written_together_or_not_at_all(store: DjangoCaseStore) -> None:
    unwritable = replace(an_entry(), evidence={"what": object()})  # type: ignore[dict-item]
    with pytest.raises(TypeError):
        store.save(replace(a_case(), stage=Stage.FREEZE), entry=unwritable)
    assert store.case("c1") == a_case()
    assert store.log("c1") == []


def test_a_log_is_read_as_it_was_written_oldest_first(store: DjangoCaseStore) -> None:
    store.note(an_entry("report.received"))
    store.save(a_case(), entry=an_entry("case.frozen"))
    log = store.log("c1")
    assert [(entry.seq, entry.what) for entry in log] == [(1, "report.received"), (2, "case.frozen")]
    assert replace(log[0], seq=0, digest="") == an_entry()


def test_many_who_write_to_one_log_leave_one_unbroken_log(store: DjangoCaseStore) -> None:
    at_once(lambda number: store.note(an_entry(f"note.{number}")))
    assert [entry.seq for entry in store.log("c1")] == list(range(1, 9))
    assert store.verify("c1") is None


def test_intended_actions_that_exist_are_left_as_they_are(store: DjangoCaseStore) -> None:
    store.intend([an_action("a2", 2), an_action("a1", 1)])
    done = replace(
        an_action("a1", 1), outcome=Outcome.DONE, attempts=2, done_at=NOW, read_back_at=NOW, read_back_ok=True
    )
    store.settle(done, entry=an_entry("action.done"))
    store.intend([an_action("a1", 1), an_action("a3", 3, phase="undo")])
    assert store.actions("c1") == [done, an_action("a2", 2), an_action("a3", 3, phase="undo")]
    assert store.actions("c1", "undo") == [an_action("a3", 3, phase="undo")]
    assert [entry.what for entry in store.log("c1")] == ["action.done"]


def test_a_task_is_opened_once(store: DjangoCaseStore) -> None:
    task = Task("t1", "c1", "cancel_order", "/shops/oscar", "order.shipped", {"order": "1043"}, NOW)
    store.open_task(task)
    store.open_task(replace(task, reason="another"))
    assert store.tasks("c1") == [task]


def test_one_person_approves_a_plan_once(store: DjangoCaseStore) -> None:
    first, second = Approval("c1", "p1", "staff:mori", "agent", NOW), Approval("c1", "p1", "staff:abe", "lead", NOW)
    for approval in (first, replace(first, role="lead"), second):
        store.approve(approval)
    assert store.approvals("c1") == [first, second]


def test_the_customers_later_word_on_a_thing_replaces_the_earlier(store: DjangoCaseStore) -> None:
    first = Said("c1", "order", "1043", mine=True, proven=False, at=NOW)
    other = Said("c1", "session", "1043", mine=True, proven=False, at=NOW)
    later = replace(first, mine=False, proven=True, at=NOW + timedelta(minutes=1))
    store.hear([first, other])
    store.hear([later])
    assert store.said("c1") == [other, later]


def test_a_code_comes_back_and_the_newest_first(store: DjangoCaseStore) -> None:
    newer = replace(a_code("k2"), made_at=NOW + timedelta(minutes=1))
    store.put_code(a_code())
    store.put_code(newer)
    assert store.codes("c1") == [newer, a_code()]


def test_guesses_that_come_at_once_all_count(store: DjangoCaseStore) -> None:
    store.put_code(a_code())
    counts = at_once(lambda _: store.try_code("k1").tries)
    assert sorted(counts) == list(range(1, 9))


def test_a_code_written_from_an_older_copy_neither_forgets_tries_nor_its_use(store: DjangoCaseStore) -> None:
    store.put_code(a_code())
    store.try_code("k1")
    store.use_code("k1", NOW)
    store.put_code(a_code())
    assert store.codes("c1") == [replace(a_code(), tries=1, used_at=NOW)]


def test_a_code_is_used_by_one(store: DjangoCaseStore) -> None:
    store.put_code(a_code())
    assert sorted(at_once(lambda _: store.use_code("k1", NOW))) == [False] * 7 + [True]


def test_a_later_sign_of_a_session_replaces_the_earlier(store: DjangoCaseStore) -> None:
    sign = Sign("42", NOW, 0.7, ("device.never_seen", "country.new"), "s9")
    later = replace(sign, at=NOW + timedelta(minutes=1), probability=0.9)
    other = replace(sign, session="s8", at=NOW - timedelta(minutes=1))
    for told in (sign, other, later):
        store.notice(told)
    assert store.signs("42") == [other, later]
    assert store.signs("43") == []


def test_a_letter_is_intended_once_and_its_handing_over_is_kept(store: DjangoCaseStore) -> None:
    letter = SentLetter("l1", "c1", "result", "h***@example.jp", NOW)
    assert store.intend_letter(letter) == letter
    store.letter_sent("l1", NOW + timedelta(seconds=2))
    sent = replace(letter, sent_at=NOW + timedelta(seconds=2))
    assert store.intend_letter(replace(letter, intended_at=NOW + timedelta(hours=1))) == sent
    assert store.letters("c1") == [sent]


@pytest.mark.on_store("sqlite")
def test_every_commit_is_synced(store: DjangoCaseStore) -> None:
    assert store.cases()
    with connection.cursor() as cursor:
        full = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous
        assert cursor.execute("PRAGMA synchronous").fetchone() == (full,)
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_thread_keeps_its_connection_while_it_lives_and_leaves_none_behind(store: DjangoCaseStore) -> None:
    def look(_: int) -> Any:
        with released_connections():
            store.cases()
        return connection.connection

    with ThreadPoolExecutor(1) as pool:
        first, second = pool.map(look, [1, 2])
        assert first is second is not None
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        first.cursor()


def test_the_migrations_make_all_that_the_models_say(empty: DjangoCaseStore, which_store: str) -> None:
    from django.core.management import call_command

    assert waiting_migrations() == []
    call_command("makemigrations", "store", check=True, dry_run=True, verbosity=0, skip_checks=True)
    assert empty.cases() == []
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[which_store])
        triggers = [name for (name,) in cursor.fetchall()]
    also = {"sqlite": "replace", "postgres": "truncate"}[which_store]
    added_to = [f"{table}_no_{act}" for table in ADDED_TO for act in ("delete", also, "update")]
    heads = [
        f"{table}_no_{act}" for table in HEADS for act in ("delete", also) if (which_store, act) != ("sqlite", also)
    ]
    assert triggers == sorted(added_to + heads)
