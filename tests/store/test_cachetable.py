"""Do all web machines remember the same of a sign-in, and does one of several at once get what only one may have?"""

from pathlib import Path

import pytest
from django.db import connection

from takeback.store.cachetable import CacheTable
from tests.store.test_cases import at_once

pytestmark = pytest.mark.on_store("postgres")


@pytest.fixture
def table(cases_path: Path) -> CacheTable:
    assert cases_path.parent.is_dir()
    return CacheTable("", {"OPTIONS": {"MAX_ENTRIES": 10}})


def test_what_was_remembered_is_there_for_everybody_until_it_is_over(table: CacheTable) -> None:
    other = CacheTable("", {})
    table.set("tries", [1.5, 2.5], 60)
    assert other.get("tries") == [1.5, 2.5]
    assert other.touch("tries", 0)
    assert table.get("tries", "none") == "none"
    table.set("always", "y", None)
    assert table.has_key("always")
    assert table.delete("always")
    assert not table.delete("always")


def test_of_many_who_add_at_once_one_does_and_again_when_it_is_over(table: CacheTable) -> None:
    assert sorted(at_once(lambda _: table.add("code", "y", 60))) == [False] * 7 + [True]
    table.touch("code", -1)
    assert sorted(at_once(lambda _: table.add("code", "y", 60))) == [False] * 7 + [True]


def test_a_key_of_a_stranger_may_hold_anything_and_a_value_runs_nothing(table: CacheTable) -> None:
    table.set("a\0b\udc80", "y", 60)
    assert table.get("a\0b\udc80") == "y"
    with pytest.raises(TypeError):
        table.set("object", object(), 60)


def test_it_does_not_grow_for_ever_and_forgets_first_what_ends_first(
    table: CacheTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takeback.store.cachetable._SWEPT", 1.0)
    for number in range(30):
        table.set(f"k{number}", number, 100 + number)
    table.set("over", 1, -1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_cache")
        assert cursor.fetchone() == (10,)
    assert (table.get("k29"), table.get("k0")) == (29, None)
