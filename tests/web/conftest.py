"""What does a test of the web side stand on? Counts of what a client asked that begin at nothing."""

import importlib
import pkgutil
from collections import OrderedDict

import pytest

from takeback.web import portal
from takeback.web.door.sender import FAILURES
from takeback.web.limits import Limit


@pytest.fixture(autouse=True)
def counts_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test be refused for what another one asked: a limit lives as long as its process."""
    for found in pkgutil.iter_modules(portal.__path__):
        module = importlib.import_module(f"{portal.__name__}.{found.name}")
        for limit in vars(module).values():
            if isinstance(limit, Limit):
                monkeypatch.setattr(limit, "_counts", OrderedDict())
    monkeypatch.setattr(FAILURES, "_counts", OrderedDict())
