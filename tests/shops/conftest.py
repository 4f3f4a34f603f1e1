"""Which shops does the contract run against? Each is started once; each test gets a customer of its own in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from takeback.shops.http import HttpService
from takeback.shops.pretend import PretendShop
from takeback.shops.pretend.server import served
from tests.oscar.running_shop import SECRET as OSCAR_SECRET
from tests.oscar.running_shop import SOURCE as OSCAR_SOURCE
from tests.oscar.running_shop import RunningShop, shop_and_receiver
from tests.oscar.subject import OscarSubject

from .contract import Door, Subject
from .receiver import Receiver, receiving
from .subjects import SECRET, PretendSubject, VideoProcess, VideoSubject, client_of


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[VideoProcess, HttpService, Receiver]]:
    with receiving(SECRET) as receiver:
        process = VideoProcess(tmp_path_factory.mktemp("video"), receiver.url)
        process.start()
        try:
            with client_of("/services/video", f"{process.url}/takeback") as service:
                yield process, service, receiver
        finally:
            process.end()


@pytest.fixture(scope="session")
def pretend_over_http() -> Iterator[tuple[PretendShop, HttpService, Door]]:
    shop = PretendShop()
    with served(shop, SECRET) as server, client_of(shop.source, server.base_url) as service:
        yield shop, service, Door(server.base_url, SECRET)


@pytest.fixture(scope="session")
def oscar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningShop, HttpService, Receiver]]:
    with shop_and_receiver(tmp_path_factory.mktemp("oscar")) as (running, receiver):
        service = HttpService(OSCAR_SOURCE, running.base_url, OSCAR_SECRET, timeout=20)
        yield running, service, receiver
        service.close()


@pytest.fixture
def a_pretend() -> Callable[[], Subject]:
    def make() -> Subject:
        shop = PretendShop()
        return PretendSubject(shop, shop)

    return make


@pytest.fixture
def a_pretend_over_http(pretend_over_http: Any) -> Callable[[], Subject]:
    return lambda: PretendSubject(*pretend_over_http)


@pytest.fixture
def a_video(video: Any) -> Callable[[], Subject]:
    return lambda: VideoSubject(*video)


@pytest.fixture
def an_oscar(oscar: Any) -> Callable[[], Subject]:
    return lambda: OscarSubject(*oscar)


@pytest.fixture(params=["a_pretend", "a_pretend_over_http", "a_video", "an_oscar"])
def shop(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Every shop there is, one after the other, each with a customer whom nothing has happened to yet."""
    make: Callable[[], Subject] = request.getfixturevalue(request.param)
    subject = make()
    yield subject
    subject.leave()


@pytest.fixture(params=["a_pretend_over_http", "a_video", "an_oscar"])
def reached(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Every shop that is reached over HTTP."""
    make: Callable[[], Subject] = request.getfixturevalue(request.param)
    subject = make()
    yield subject
    subject.leave()


@pytest.fixture
def video_alone(tmp_path: Path) -> Iterator[VideoProcess]:
    """A video service of the test's own, not started yet."""
    process = VideoProcess(tmp_path)
    yield process
    process.end()
