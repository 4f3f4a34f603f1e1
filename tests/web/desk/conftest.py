"""What does a test of the desk stand on? A house that its views live in, and limits that begin at nothing."""

from collections import OrderedDict
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from takeback.bootstrap import House, move_into
from takeback.web.desk import entry
from tests.casework.conftest import Town, clean, town

__all__ = ["clean", "town"]


@pytest.fixture(autouse=True)
def nobody_tried_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test be refused for what another one asked."""
    monkeypatch.setattr(entry.tries, "_counts", OrderedDict())
    cache.clear()


@pytest.fixture
def desk_town(town: Town) -> Iterator[Town]:
    """The town of `tests.casework`, in whose house the views live: shops, a clock to turn, a case to report."""
    move_into(town.house)
    yield town
    move_into(None)


@pytest.fixture
def desk_house(house: House) -> House:
    """A house without any shop that answers, in which the views live."""
    return house
