"""Is a shop asked within its limits, and what stops an account before everything else?"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from takeback.casework import pace as pace_module
from takeback.casework.pace import Pace, urgently
from takeback.core.errors import OutsideError
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Capabilities, Outcome
from takeback.shops.paced import PacedService
from takeback.shops.pretend.shop import EVERYTHING


@dataclass
class Shop:
    """Counts how many ask it at once, and in which order they came."""

    takes: float = 0.02
    source: str = "/shops/counting"
    at_once: int = 0
    most: int = 0
    asked: list[str] = field(default_factory=list)
    retry_after: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _ask(self, what: str) -> None:
        with self.lock:
            self.asked.append(what)
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(self.takes)
        with self.lock:
            self.at_once -= 1
        if self.retry_after is not None:
            raise OutsideError("503", permanent=False, retry_after=self.retry_after)

    def capabilities(self) -> Capabilities:
        self._ask("capabilities")
        return EVERYTHING

    def account(self, account: str) -> AccountSnapshot | None:
        self._ask(account)
        return None

    def act(self, request: ActionRequest) -> ActionAnswer:
        self._ask(request.action)
        return ActionAnswer(request.id, Outcome.DONE)

    def outcome(self, action_id: str) -> ActionAnswer:
        return ActionAnswer(action_id, Outcome.DONE)


@pytest.fixture
def many() -> Iterator[ThreadPoolExecutor]:
    """A worker's threads."""
    with ThreadPoolExecutor(24) as pool:
        yield pool


def test_no_more_requests_are_under_way_than_the_shop_can_take(many: ThreadPoolExecutor) -> None:
    shop = Shop()
    service = PacedService(shop, Pace(at_once=3))
    list(many.map(service.account, map(str, range(30))))
    assert shop.most == 3
    assert len(shop.asked) == 30


def test_no_more_requests_begin_in_a_second_than_the_shop_can_take(many: ThreadPoolExecutor) -> None:
    shop = Shop(takes=0.0)
    service = PacedService(shop, Pace(a_second=50))
    begun = time.monotonic()
    list(many.map(service.account, map(str, range(20))))
    assert time.monotonic() - begun >= 19 / 50


def test_what_stops_an_account_goes_before_what_was_there_first(many: ThreadPoolExecutor) -> None:
    shop = Shop(takes=0.05)
    service = PacedService(shop, Pace(at_once=1))
    waiting = [many.submit(service.act, ActionRequest(f"u{n}", "1", "cancel_order", {})) for n in range(6)]
    while len(shop.asked) < 2:
        time.sleep(0.005)
    waiting.append(many.submit(service.act, ActionRequest("f", "1", "freeze", {})))
    for one in waiting:
        one.result()
    assert shop.asked.index("freeze") < 6


def test_the_reads_of_a_freeze_go_first_as_well(many: ThreadPoolExecutor) -> None:
    shop = Shop(takes=0.05)
    service = PacedService(shop, Pace(at_once=1))
    waiting = [many.submit(service.account, f"u{n}") for n in range(6)]
    while len(shop.asked) < 2:
        time.sleep(0.005)
    with urgently():
        service.account("frozen")
    for one in waiting:
        one.result()
    assert shop.asked.index("frozen") < 6


def test_a_shop_that_says_when_to_come_again_is_left_alone_by_everybody_until_then() -> None:
    shop = Shop(takes=0.0, retry_after=0.2)
    service = PacedService(shop, Pace())
    with pytest.raises(OutsideError):
        service.account("1")
    shop.retry_after = None
    begun = time.monotonic()
    service.account("2")
    assert time.monotonic() - begun >= 0.15


def test_where_that_is_long_nobody_waits_for_it_in_a_thread() -> None:
    shop = Shop(takes=0.0, retry_after=3600.0)
    service = PacedService(shop, Pace())
    for _ in range(2):
        with pytest.raises(OutsideError) as caught:
            service.account("1")
        assert not caught.value.permanent
        assert caught.value.retry_after is not None
    assert len(shop.asked) == 1


def test_a_turn_that_never_comes_is_a_failure_that_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "WAITS", 0.05)
    pace = Pace(at_once=1)
    with pace.turn(), ThreadPoolExecutor(1) as other:

        def ask() -> None:
            with pace.turn():
                pass

        failed = other.submit(ask).exception()
    assert isinstance(failed, OutsideError)
    assert not failed.permanent
    with pace.turn():
        pass
