"""Are versions of the rules kept as they were set, is the book always with them, and does one of two win?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections
from django.db.utils import IntegrityError

from takeback.casework.auditbook import Act
from takeback.casework.rulebook import RuleBook, Version, Wish, read
from takeback.configuration import Configuration

if TYPE_CHECKING:
    from takeback.store.rules import DjangoRules

NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
FIRST = Version(1, NOW, "mori", "a trial", {"claim_minutes": 10}, {"claim_minutes": 30}, {"claim_minutes": 10})
WISH = Wish(0, 0, NOW, "mori", "a sale", {"two_orders": 60}, ("two_orders",))
ACT = Act(NOW, "staff:mori", "desk:rules:change", "a trial")


@pytest.fixture
def rules(cases_path: Path) -> "DjangoRules":
    """An empty table of rules, and a book."""
    assert cases_path.parent.is_dir()
    return table()


def table() -> "DjangoRules":
    from takeback.store.book import DjangoBook
    from takeback.store.rules import DjangoRules

    return DjangoRules(lambda: DjangoBook(b"k" * 32))


def lines() -> int:
    from takeback.store.models import ActRow

    return ActRow.objects.count()


def elsewhere(work: Callable[[], None]) -> None:
    """Do this as another process would: with a connection of its own."""

    def go() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=go)
    thread.start()
    thread.join()


def test_a_version_comes_back_as_it_was_set(rules: "DjangoRules") -> None:
    assert rules.newest() is None
    assert rules.put(FIRST, ACT)
    assert rules.newest() == FIRST
    assert rules.versions(5) == [FIRST]


def test_a_number_is_given_once_and_the_one_who_comes_late_writes_nothing(rules: "DjangoRules") -> None:
    assert rules.put(FIRST, ACT)
    assert not rules.put(replace(FIRST, by="abe"), ACT)
    assert not rules.put(replace(FIRST, number=3), ACT)
    assert (rules.newest().by, lines()) == ("mori", 1)


def test_of_many_who_change_the_rules_at_once_one_does(rules: "DjangoRules") -> None:
    start, came = Barrier(4), []

    def go(name: str) -> None:
        try:
            mine = table()
            start.wait()
            came.append(mine.put(replace(FIRST, by=name), ACT))
        finally:
            connections.close_all()

    threads = [Thread(target=go, args=(f"admin{place}",)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [False, False, False, True]
    assert (len(rules.versions(5)), lines()) == (1, 1)


def test_a_change_is_seen_by_another_process_without_a_restart(
    rules: "DjangoRules", configuration: Configuration
) -> None:
    book = RuleBook(configuration, rules)
    assert book.now().claim_minutes == 30
    elsewhere(lambda: assert_put(table()))
    assert book.now().claim_minutes == 10


def assert_put(rules: "DjangoRules") -> None:
    assert rules.put(FIRST, ACT)


def test_without_its_line_in_the_book_no_change_is_made(rules: "DjangoRules") -> None:
    with pytest.raises(TypeError):
        rules.put(FIRST, replace(ACT, evidence={"no": object()}))
    assert (rules.newest(), lines()) == (None, 0)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE store_rule_version SET why = 'another'",
        "DELETE FROM store_rule_version",
    ],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_what_was_set(rules: "DjangoRules", sql: str) -> None:
    rules.put(FIRST, ACT)
    refused(rules, sql)


def test_nor_is_another_word_for_it_let_through(rules: "DjangoRules", which_store: str) -> None:
    rules.put(FIRST, ACT)
    replaced = "INSERT OR REPLACE INTO store_rule_version SELECT * FROM store_rule_version"
    refused(rules, replaced if which_store == "sqlite" else "TRUNCATE store_rule_version")


def refused(rules: "DjangoRules", sql: str) -> None:
    with pytest.raises(IntegrityError, match="only ever added"), connection.cursor() as cursor:
        cursor.execute(sql)
    assert rules.newest() == FIRST


def test_one_wish_waits_and_a_later_one_takes_its_place(rules: "DjangoRules") -> None:
    first = rules.ask(WISH, ACT)
    second = rules.ask(replace(WISH, by="abe"), ACT)
    assert rules.wish() == second
    assert not rules.end(first.id, ACT)
    assert rules.end(second.id, ACT)
    assert rules.wish() is None
    assert lines() == 3


def test_a_wish_becomes_a_version_once(rules: "DjangoRules") -> None:
    wish = rules.ask(WISH, ACT)
    assert rules.put(replace(FIRST, values=wish.values), ACT, wish=wish.id)
    assert rules.wish() is None
    assert not rules.put(replace(FIRST, number=2), ACT, wish=wish.id)


def test_what_no_version_of_the_software_knows_any_more_is_left_to_the_default() -> None:
    stored = {"claim_minutes": "soon", "two_orders": 60, "gone_rule": 1, "currency": "USD"}
    assert read(stored) == {"two_orders": 60}


def test_a_letter_to_staff_is_settled_once(rules: "DjangoRules") -> None:
    assert rules.begin_letter("a", NOW)
    assert rules.begin_letter("a", NOW)  # begun, and its process ended
    rules.settle_letter("a", NOW)
    assert not rules.begin_letter("a", NOW)
