"""Is every item that the real shop has undone there, and does it say of every other that it cannot?"""

from collections.abc import Iterator

import pytest

from takeback.core.service import Outcome
from takeback.shops.http import HttpService
from takeback.words import LANGUAGES, known
from tests.checklist.oscar_night import OscarNight
from tests.checklist.oscar_rows import COVERED, MISSING, OUTSIDE, ROWS, OscarRow
from tests.checklist.rows import ITEMS
from tests.oscar.running_shop import SECRET, SOURCE, RunningShop, shop_and_receiver
from tests.shops.receiver import Receiver

Running = tuple[RunningShop, HttpService, Receiver]


@pytest.fixture(scope="module")
def oscar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One running shop for all rows."""
    with shop_and_receiver(tmp_path_factory.mktemp("oscar")) as (shop, receiver):
        service = HttpService(SOURCE, shop.base_url, SECRET, 20)
        yield shop, service, receiver
        service.close()


@pytest.fixture
def night(oscar: Running) -> Iterator[OscarNight]:
    yield OscarNight(*oscar)
    oscar[0].close_browsers()


@pytest.fixture(scope="module")
def somebody(oscar: Running) -> OscarNight:
    """A customer who is only asked about."""
    return OscarNight(*oscar)


def test_every_item_has_its_place() -> None:
    places = [*(row.number for row in ROWS), *MISSING, *COVERED, *OUTSIDE]
    assert sorted(places) == list(range(1, ITEMS + 1))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_undone_in_the_real_shop_and_her_own_change_is_still_there(row: OscarRow, night: OscarNight) -> None:
    row.before(night)
    night.enter()
    row.plant(night)
    row.later(night)
    night.again()
    row.again(night)
    night.contain()
    assert row.held(night)
    night.undo()
    assert night.refused == row.refused
    assert row.lost <= night.lost
    assert [reason for reason in night.refused if not all(known(of, f"task.{reason}") for of in LANGUAGES)] == []
    night.hand_back()
    assert row.gone(night)
    assert row.still_there(night)


@pytest.mark.parametrize("number", MISSING)
def test_what_it_has_not_it_says_and_there_are_words_for_it(number: int, somebody: OscarNight) -> None:
    action, args = MISSING[number]
    can = somebody.service.capabilities()
    assert not set(args.values() if action != "adjust_balance" else ["points"]) & (
        can.fields | can.collections | can.balances
    )
    answer = somebody.act(action, args)
    assert answer.outcome is Outcome.IMPOSSIBLE
    for language in LANGUAGES:
        assert known(language, f"task.{answer.reason}")
        for name, kind in (("collection", "collection"), ("field", "field"), ("balance", "balance")):
            assert name not in args or known(language, f"{kind}.{args[name]}")


@pytest.mark.parametrize("number", COVERED)
def test_what_ends_or_is_set_right_with_the_rest_is_offered(number: int, somebody: OscarNight) -> None:
    can = somebody.service.capabilities()
    assert COVERED[number] in can.actions
    assert number != 37 or "language" in can.fields
    assert number != 45 or "address" in can.order_fields


@pytest.mark.parametrize("number", OUTSIDE)
def test_what_lies_outside_has_words_in_both_languages(number: int) -> None:
    assert all(known(language, OUTSIDE[number]) for language in LANGUAGES)
