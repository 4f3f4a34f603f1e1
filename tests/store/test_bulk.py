"""Rows past Django's objects: what is written is what Django would have written, however many rows it is."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from takeback.store import bulk, rows
from takeback.store.cases import DjangoCaseStore
from takeback.store.models import ActionRow, CaseRow, TaskRow
from tests.store.test_cases import NOW, a_case, an_action

JAPAN = timezone(timedelta(hours=9))
EVIDENCE: dict[str, Any] = {"品名": "時計", "big": 1e22, "none": None, "nul": "a\0b", "list": [1, {"a": True}]}


def tasks(many: int) -> list[bulk.Values]:
    return [
        {
            "id": f"t{number:04}",
            "case_id": "c1",
            "what": "service.read_back",
            "source": f"/shops/{number}",
            "reason": "service.down",
            "evidence": EVIDENCE | {"number": number},
            "opened_at": NOW + timedelta(seconds=number),
            "closed_at": None if number % 2 else NOW.astimezone(JAPAN),
        }
        for number in range(many)
    ]


@pytest.fixture
def empty(cases_path: Path) -> DjangoCaseStore:
    assert cases_path.parent.is_dir()
    return DjangoCaseStore(chain_key=b"c" * 32)


@pytest.fixture
def case(empty: DjangoCaseStore) -> str:
    return empty.open(a_case()).id


@pytest.mark.parametrize("many", [1, 2, bulk.TOGETHER, bulk.TOGETHER + 1])
def test_rows_are_as_django_reads_them(case: str, many: int) -> None:
    given = tasks(many)
    with transaction.atomic():
        bulk.insert(TaskRow, given)
    kept = list(TaskRow.objects.order_by("id").values(*given[0]))
    assert kept == [row | {"evidence": kept[place]["evidence"]} for place, row in enumerate(given)]
    assert [row["evidence"]["number"] for row in kept] == list(range(many))
    assert kept[0]["evidence"] == EVIDENCE | {"number": 0}
    assert {row["case_id"] for row in kept} == {case}


def test_they_are_as_django_writes_them(case: str) -> None:
    (row,) = tasks(1)
    with transaction.atomic():
        bulk.insert(TaskRow, [row])
        TaskRow.objects.create(**row | {"id": "by django"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM store_task ORDER BY id")
        names = [column[0] for column in cursor.description]
        ours, djangos = ({**dict(zip(names, found, strict=True)), "id": ""} for found in cursor.fetchall())
    assert ours == djangos
    assert case


@pytest.mark.parametrize("many", [1, 2, bulk.TOGETHER, bulk.TOGETHER + 1])
def test_each_row_gets_its_own_new_values_and_no_other_changes(case: str, many: int) -> None:
    with transaction.atomic():
        bulk.insert(TaskRow, tasks(many + 1))
        written = bulk.update(
            TaskRow,
            [
                {"id": f"t{number:04}", "closed_at": NOW + timedelta(hours=number), "evidence": {"now": number}}
                for number in range(many)
            ],
        )
    assert written == many
    *changed, last = bulk.select(TaskRow, ("id",), case_id=case)
    assert [(row.closed_at, row.evidence) for row in changed] == [
        (NOW + timedelta(hours=number), {"now": number}) for number in range(many)
    ]
    assert {row.reason for row in changed} == {"service.down"}
    assert last.evidence["number"] == many


def test_what_becomes_of_an_action_may_be_nothing_a_text_a_number_a_moment_or_a_truth(case: str) -> None:
    given = [an_action("a1", 0), an_action("a2", 1)]
    with transaction.atomic():
        bulk.insert(ActionRow, [{"id": one.id, **rows.action_values(one)} for one in given])
        values = {"outcome": "done", "reason": None, "attempts": 2, "done_at": NOW, "read_back_ok": True}
        nothing = {"outcome": None, "reason": "service.down", "attempts": 1, "done_at": None, "read_back_ok": None}
        bulk.update(ActionRow, [{"id": "a1", **values}, {"id": "a2", **nothing}])
    for one, is_now in zip(bulk.select(ActionRow, ("id",), case_id=case), (values, nothing), strict=True):
        assert {name: getattr(one, name) for name in is_now} == is_now


def test_rows_that_are_not_there_are_not_counted(case: str) -> None:
    with transaction.atomic():
        bulk.insert(TaskRow, tasks(1))
        assert bulk.update(TaskRow, [{"id": f"t{number:04}", "reason": "service.refused"} for number in range(3)]) == 1
        assert bulk.update(TaskRow, []) == 0
    assert case


def test_known_rows_stay_and_the_others_of_the_statement_are_added(case: str) -> None:
    with transaction.atomic():
        bulk.insert(TaskRow, tasks(1))
        bulk.insert(TaskRow, [row | {"reason": "again"} for row in tasks(3)], known_stay=True)
    assert [row.reason for row in bulk.select(TaskRow, ("id",), case_id=case)] == ["service.down", "again", "again"]


def test_a_row_that_breaks_a_rule_is_refused_with_all_of_its_statement(case: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(TaskRow, [*tasks(2), *tasks(1)])
    assert bulk.select(TaskRow, case_id=case) == []


def test_many_rows_are_one_statement(case: str) -> None:
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        bulk.insert(TaskRow, tasks(20))
    assert len([one for one in asked.captured_queries if one["sql"].startswith("INSERT")]) == 1
    assert case


def test_a_moment_of_another_zone_is_the_same_moment(empty: DjangoCaseStore) -> None:
    there = NOW.astimezone(JAPAN)
    with transaction.atomic():
        bulk.insert(CaseRow, [{"id": "c9", **rows.case_values(a_case("c9", "9"))} | {"opened_at": there}])
    (row,) = bulk.select(CaseRow, id="c9")
    assert row.opened_at == NOW == CaseRow.objects.get(id="c9").opened_at
    assert row.opened_at.tzinfo is UTC
    assert isinstance(row.opened_at, datetime)
    assert empty.case("c9") is not None
