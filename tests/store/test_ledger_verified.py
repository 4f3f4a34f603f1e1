"""Does it show when somebody altered the ledger of actions: what was done, at which service, to what, and whether?"""

import pytest

from takeback.casework.ledger import Part
from takeback.casework.ports import ActionRecord
from takeback.casework.verifying import Wrong
from takeback.core.case import Case
from takeback.core.undo.plan import ActionKind
from tests.casework.conftest import Town, clean, town
from tests.store.inhand import in_hand

__all__ = ["clean", "town"]


@pytest.fixture
def case(town: Town) -> Case:
    """A case whose plan was carried out, and which waits in its hold."""
    found = town.report()
    assert found is not None
    town.prove(found)
    return found


def row_of(town: Town, case: Case, kind: ActionKind) -> ActionRecord:
    """A row of the ledger."""
    part = Part.FREEZE if kind is ActionKind.FREEZE else Part.UNDO
    return next(row for row in town.house.cases.actions(case.id, part.value) if row.action == kind)


def alter(town: Town, statement: str, *values: object) -> None:
    """As somebody would who has the database in hand."""
    with in_hand(town.house.configuration) as hand:
        assert hand.run(statement, values) == 1


def wrong(town: Town) -> list[Wrong]:
    """What verifying says."""
    return [trouble.what for trouble in town.house.verifier.verify().troubles]


def test_a_ledger_that_nobody_touched_is_good(town: Town, case: Case) -> None:
    assert len(town.house.cases.actions(case.id)) > 12
    assert wrong(town) == []


@pytest.mark.parametrize(
    "change",
    [
        "outcome = 'impossible'",
        "outcome = NULL",
        "source = '/services/video'",
        "action = 'intercept_order'",
        "undoes = '[]'",
        'args = \'{"order": "another"}\'',
        "args = 'this is no JSON'",
        "phase = 'hand_back', action = 'unfreeze'",
    ],
)
def test_an_altered_row_is_found(town: Town, case: Case, change: str) -> None:
    row = row_of(town, case, ActionKind.CANCEL_ORDER)
    alter(town, f"UPDATE store_action SET {change} WHERE id = ?", row.id)  # noqa: S608 - the test's own words
    assert wrong(town) == [Wrong.LEDGER]


def test_a_removed_row_is_found(town: Town, case: Case) -> None:
    row = row_of(town, case, ActionKind.CANCEL_ORDER)
    alter(town, "DELETE FROM store_action WHERE id = ?", row.id)
    assert wrong(town) == [Wrong.LEDGER_GONE]


def test_two_rows_whose_contents_changed_places_are_found(town: Town, case: Case) -> None:
    one, other = row_of(town, case, ActionKind.CANCEL_ORDER), row_of(town, case, ActionKind.SET_FIELD)
    for row, name in ((one, "kept aside"), (other, one.id)):
        alter(town, "UPDATE store_action SET id = ? WHERE id = ?", name, row.id)
    alter(town, "UPDATE store_action SET id = ? WHERE id = ?", other.id, "kept aside")
    assert wrong(town) == [Wrong.LEDGER, Wrong.LEDGER]


def test_a_row_that_was_put_in_is_found(town: Town, case: Case) -> None:
    row = row_of(town, case, ActionKind.CANCEL_ORDER)
    names = "case_id, phase, source, action, args, undoes, position, outcome, attempts"
    put = f"INSERT INTO store_action (id, {names}) SELECT 'made up', {names} FROM store_action WHERE id = ?"  # noqa: S608 - the test's own words
    alter(town, put, row.id)
    assert wrong(town) == [Wrong.LEDGER]


def test_what_was_erased_in_its_time_is_nothing_wrong(town: Town, case: Case) -> None:
    row = row_of(town, case, ActionKind.CANCEL_ORDER)
    alter(town, "UPDATE store_action SET args = '{}' WHERE id = ?", row.id)
    assert wrong(town) == []


def test_of_a_frozen_account_nobody_can_say_that_it_was_not(town: Town, case: Case) -> None:
    row = row_of(town, case, ActionKind.FREEZE)
    alter(town, "UPDATE store_action SET outcome = 'impossible' WHERE id = ?", row.id)
    assert wrong(town) == [Wrong.LEDGER]
