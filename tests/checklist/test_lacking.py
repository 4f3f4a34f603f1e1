"""What of a shop that cannot undo an item? It becomes a task, and the customer is told: never silence."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.configuration import Configuration
from takeback.core.service import ActionRequest, Capabilities, Outcome
from takeback.core.undo.plan import ActionKind
from takeback.shops.pretend import EVERYTHING, PretendShop
from takeback.words import LANGUAGES, known, say
from tests.architecture.tree import ROOT, SOURCE, calls, modules
from tests.checklist.night import Night
from tests.checklist.row import Row
from tests.checklist.rows import ROWS
from tests.checklist.running import Office, live, looked_into, open_office, stop, take_back

NEEDED = frozenset({"freeze", "unfreeze", "end_sessions", "disable_password", "set_password"})
LACKING = {
    "nothing but the stop": Capabilities(actions=NEEDED),
    "no field and no item": Capabilities(actions=EVERYTHING.actions - {"cancel_order", "intercept_order"}),
}
TARGETS = {"field": "field", "collection": "collection", "balance": "balance"}
TOGETHER = (8, 20, 25, 29, 34, 36, 43, 44, 45, 48)  # rows that one night has room for


@pytest.fixture(params=list(LACKING.values()), ids=list(LACKING))
def lacking(request: pytest.FixtureRequest) -> Capabilities:
    can: Capabilities = request.param
    return can


@pytest.fixture
def office(configuration: Configuration, cases_path: Path, lacking: Capabilities) -> Iterator[Office]:
    opened = open_office(configuration, cases_path, lacking)
    yield opened
    opened.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_it_cannot_undo_it_says_and_there_are_words_for_it(row: Row, lacking: Capabilities) -> None:
    night = live(row, PretendShop(can=lacking), beside=False)
    for todo in looked_into(night).plan.undoing:
        answer = night.shop.act(ActionRequest(todo.id, night.account, todo.action.value, todo.args))
        assert answer.outcome is Outcome.IMPOSSIBLE
        for language in LANGUAGES:
            assert known(language, f"task.{answer.reason}")
            assert known(language, f"undone.{todo.action.value}")
            for name, kind in TARGETS.items():
                if name in todo.args and todo.action is not ActionKind.SET_ORDER_FIELD:
                    assert known(language, f"{kind}.{todo.args[name]}")


def test_in_a_case_each_becomes_a_task_and_a_sentence_in_both_languages(office: Office) -> None:
    night = several(office)
    plan = stop(office, night).plan
    result = take_back(office)
    undone = {row.action for row in office.house.cases.actions(office.known_case.id, "undo")}
    assert undone == {todo.action.value for todo in plan.undoing}
    not_done = [row for row in office.house.cases.actions(office.known_case.id, "undo") if not row.read_back_ok]
    assert len(not_done) == len(plan.undoing) >= 12
    assert len([task for task in result.tasks if task.reason.endswith("unsupported")]) >= len(not_done)
    for language in LANGUAGES:
        text = office.texts[language].casefold()
        for todo in plan.undoing:
            for name, kind in TARGETS.items():
                if name in todo.args and "order" not in todo.args:
                    assert say(language, f"{kind}.{todo.args[name]}").casefold() in text
            if todo.action is not ActionKind.SET_ORDER_FIELD:
                assert str(todo.args.get("order", "")) in text


def test_every_reason_that_a_shop_can_give_has_words() -> None:
    given = set()
    for path in modules(SOURCE / "shops", ROOT / "plugins"):
        for name in ("impossible", "Impossible"):
            found = (call.args[0] for call in calls(path, name))
            given |= {str(reason.value) for reason in found if isinstance(reason, ast.Constant)}
    assert given >= {"order.unknown", "card.not_kept", "collection.unsupported", "balance.too_low"}
    assert [(of, key) for of in LANGUAGES for key in sorted(given) if not known(of, f"task.{key}")] == []


def several(office: Office) -> Night:
    """A night on which he did many things."""
    chosen = [row for row in ROWS if row.number in TOGETHER]
    assert len(chosen) == len(TOGETHER)
    night = live(chosen[0], office.shop, beside=False)
    for row in chosen[1:]:
        row.before(night)
        row.plant(night)
    return night
