"""Is every item of the checklist undone in a shop that can do everything, and the owner's own later change left?"""

import pytest

from takeback.core.service import AccountSnapshot
from takeback.shops.pretend import PretendShop
from tests.architecture.tree import ROOT
from tests.checklist.row import Row
from tests.checklist.rows import ITEMS, ROWS
from tests.checklist.running import live, undo_alone

each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def test_every_item_has_a_row() -> None:
    assert [row.number for row in ROWS] == list(range(1, ITEMS + 1))


def test_every_item_is_described() -> None:
    told = (ROOT / "docs" / "reference" / "checklist.md").read_text(encoding="utf-8")
    lines = [line.split("|")[1:-1] for line in told.splitlines() if line.startswith("| ")]
    numbered = {int(cells[0]): cells for cells in lines if cells[0].strip().isdecimal()}
    assert sorted(numbered) == list(range(1, ITEMS + 1))
    assert [number for number, cells in numbered.items() if not all(cell.strip() for cell in cells)] == []


@pytest.mark.parametrize("row", [row for row in ROWS if not row.for_good], ids=lambda row: row.name)
def test_before_the_case_what_he_planted_works(row: Row) -> None:
    night = live(row, PretendShop(), beside=False)
    assert not row.gone(night)


@each
def test_undone_the_account_is_as_it_was_before_him(row: Row) -> None:
    night = live(row, PretendShop(), beside=False)
    before = night.kept["before"]
    undo_alone(row, night)
    after = night.shop.account(night.account)
    assert after is not None
    assert shapes(after, before) == shapes(before, before)
    assert night.kept["left"] == ()
    assert row.gone(night)


@each
def test_undone_the_owners_own_later_change_is_still_there(row: Row) -> None:
    night = live(row, PretendShop(), beside=True)
    found = undo_alone(row, night)
    assert found.findings.compromised
    assert night.kept["left"] == ()
    assert row.lost <= night.kept["lost"]
    assert row.gone(night)
    assert row.still_there(night)


def shapes(of: AccountSnapshot, before: AccountSnapshot) -> dict[str, object]:
    """The four shapes, without what is empty, and without the orders that were not there before."""
    return {
        "fields": {name: value for name, value in of.fields.items() if value is not None},
        "collections": {name: dict(items) for name, items in of.collections.items() if items},
        "balances": {name: money.value for name, money in of.balances.items() if money.value},
        "orders": {number: order for number, order in of.orders.items() if number in before.orders},
    }
