"""Under a wave, stopping accounts goes before everything else, and nothing waits for it for ever."""

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from takeback.casework import first as module
from takeback.casework.first import MANY, First


class Rows:
    """The engine's queue of stops."""

    many = 0
    fails = False

    def list_workflows(self, **_: object) -> list[int]:
        if self.fails:
            raise OSError("away")
        return [1] * self.many


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    found = Rows()
    monkeypatch.setattr(module, "DBOS", found)
    monkeypatch.setattr(module, "LOOKED", 0.01)
    monkeypatch.setattr(module, "LONGEST", 0.3)
    return found


@pytest.fixture
def first(rows: Rows) -> Iterator[First]:
    assert rows.many == 0  # the queue is looked at as soon as it begins
    made = First()
    made.begin()
    yield made
    made.close()


def seconds(do: Callable[[], None]) -> float:
    began = monotonic()
    do()
    return monotonic() - began


def test_a_few_stops_hold_nothing_up(first: First, rows: Rows) -> None:
    rows.many = MANY - 1
    sleep(0.1)
    assert seconds(first.wait) < 0.2


def test_many_stops_hold_the_rest_up_for_a_while(first: First, rows: Rows) -> None:
    rows.many = MANY
    sleep(0.1)
    assert seconds(first.wait) > 0.25
    rows.many = 0
    sleep(0.1)
    assert seconds(first.wait) < 0.2


def test_a_queue_that_cannot_be_looked_at_holds_nothing_up(first: First, rows: Rows) -> None:
    rows.many = MANY
    sleep(0.1)
    rows.fails = True
    sleep(0.1)
    assert seconds(first.wait) < 0.2


def test_who_is_asked_to_stop_holds_nothing_up(rows: Rows) -> None:
    rows.many = MANY
    made = First()
    made.begin()
    sleep(0.1)
    made.close()
    assert seconds(made.wait) < 0.2
