"""What do the tests of the plugin stand on? One real shop for all of them, and a customer of its own for each."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from takeback.shops.http import HttpService
from tests.shops.receiver import Receiver

from .running_shop import SECRET, SOURCE, RunningShop, shop_and_receiver
from .subject import OscarSubject

if find_spec("takeback_oscar") is None:
    # The plugin is a distribution of its own; a checkout in which it has not been installed tests it all the same.
    sys.path.append(str(Path(__file__).resolve().parents[2] / "plugins" / "oscar"))


@pytest.fixture(scope="session")
def oscar_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningShop, HttpService, Receiver]]:
    """The shop (`.base_url`), a client of its API, the receiver of its events; the secret is `running_shop.SECRET`."""
    with shop_and_receiver(tmp_path_factory.mktemp("oscar")) as (shop, receiver):
        service = HttpService(SOURCE, shop.base_url, SECRET, 20)
        yield shop, service, receiver
        service.close()


@pytest.fixture
def subject(oscar_service: tuple[RunningShop, HttpService, Receiver]) -> Iterator[OscarSubject]:
    """A customer to whom nothing has happened yet."""
    living = OscarSubject(*oscar_service)
    yield living
    living.leave()


@pytest.fixture
def shop_dir(tmp_path: Path) -> Path:
    """Where a shop of the test's own keeps its data."""
    return tmp_path / "shop"
