"""What does a story of the intruder stand on? The town of casework, with the web side in front of it."""

from collections.abc import Iterator

import pytest

from takeback.bootstrap import move_into
from takeback.web.portal import talk
from tests.casework.conftest import Town, clean, town
from tests.web.conftest import counts_from_nothing

__all__ = ["clean", "counts_from_nothing", "town"]


def _open(of: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(talk, "SAME_TIME", 0.0)  # that it is kept has a test of its own
    move_into(of.house)  # type: ignore[arg-type]  # its services are pretend ones
    yield of
    move_into(None)


@pytest.fixture
def night(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Hanako's night has happened: he has the password, a session, and has changed the address for mail to his own."""
    yield from _open(town, monkeypatch)


@pytest.fixture
def quiet(clean: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Nothing has happened to Hanako. He would like to have her locked out all the same."""
    yield from _open(clean, monkeypatch)
