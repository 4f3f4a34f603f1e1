"""Does every event arrive? Also when Takeback is away, says no, or the shop is ended in the middle."""

import signal
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.shop.customer import ShopRefused
from tests.shops.receiver import Receiver, receiving

from .running_shop import PASSWORD, SECRET, RunningShop, free_port, running_shop, shop_and_receiver, wait_for


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningShop, Receiver]]:
    """A shop of this module's own, for what is said to its receiver and done to its tables would trouble others."""
    with shop_and_receiver(tmp_path_factory.mktemp("outbox")) as pair:
        yield pair


@pytest.fixture
def pair(running: tuple[RunningShop, Receiver]) -> Iterator[tuple[RunningShop, Receiver]]:
    """The shop with nothing left to tell, its receiver with nothing left to answer but yes."""
    shop, receiver = running
    yield running
    shop.close_browsers()
    shop.all_told()
    assert not receiver.answers
    assert shop.ask("SELECT count(*) FROM takeback_oscar_outboxevent WHERE state = 'dead'") == [(0,)]


def test_an_event_arrives_within_a_fifth_of_a_second(pair: tuple[RunningShop, Receiver]) -> None:
    shop, receiver = pair
    _, address = shop.customer()
    browser = shop.browser()
    browser.sign_in(address, PASSWORD)
    shop.all_told()
    seconds = []
    for _ in range(9):
        heard = len(receiver.events)
        browser.view_orders()
        answered = time.monotonic()
        wait_for(lambda heard=heard: len(receiver.events) > heard, "the event did not come")
        seconds.append(time.monotonic() - answered)
    assert statistics.median(seconds) < 0.2


def test_what_could_not_be_delivered_comes_later_in_order(pair: tuple[RunningShop, Receiver]) -> None:
    shop, receiver = pair
    _, address = shop.customer()
    shop.all_told()
    receiver.answers.extend([503, 500, 429, 401])
    browser = shop.browser()
    browser.sign_in(address, PASSWORD)
    browser.view_orders()
    browser.view_cards()
    shop.all_told()
    assert not receiver.answers
    assert [event["type"] for event in receiver.events[-3:]] == [
        "account.signed_in",
        "account.viewed",
        "account.viewed",
    ]
    assert [event["data"]["what"] for event in receiver.events[-2:]] == ["orders", "cards"]


def test_the_shop_goes_on_while_takeback_is_down_and_tells_it_all_afterwards(shop_dir: Path) -> None:
    with running_shop(shop_dir, f"http://127.0.0.1:{free_port()}") as shop:
        account, address = shop.customer()
        assert shop.browser().sign_in(address, PASSWORD)
        waiting = shop.waiting()
        assert waiting > 3
        shop.end(signal.SIGKILL)
        with receiving(SECRET) as receiver:
            shop.takeback_url = receiver.url
            shop.start()
            shop.all_told()
            assert len(receiver.of(account)) == waiting


def test_an_event_that_is_refused_is_kept_with_the_reason_and_holds_up_nobody(
    pair: tuple[RunningShop, Receiver],
) -> None:
    shop, receiver = pair
    _, address = shop.customer()
    browser = shop.browser()
    browser.sign_in(address, PASSWORD)
    shop.all_told()
    receiver.answers.append(400)
    browser.view_orders()
    shop.all_told()
    browser.view_cards()
    shop.all_told()
    assert receiver.events[-1]["data"]["what"] == "cards"
    [(problem, kind)] = shop.ask("SELECT problem, type FROM takeback_oscar_outboxevent WHERE state = 'dead'")
    assert problem.startswith("400")
    assert kind == "account.viewed"
    assert "refused 0" in shop.manage("takeback_send", "--retry-dead")
    assert receiver.events[-1]["data"]["what"] == "orders"


@pytest.mark.parametrize("most_named", [100, 1], ids=["all named", "one named"])
def test_of_a_batch_only_the_events_that_are_refused_stay_behind(shop_dir: Path, most_named: int) -> None:
    with running_shop(shop_dir, f"http://127.0.0.1:{free_port()}") as shop:
        account, _ = shop.customer()
        shop.end()
        rows = shop.ask("SELECT event FROM takeback_oscar_outboxevent WHERE account = ? ORDER BY id", account)
        events = [event for (event,) in rows]
        with receiving(SECRET) as receiver:
            receiver.refused_ids, receiver.most_named = {events[0], events[2]}, most_named
            shop.takeback_url = receiver.url
            printed = shop.manage("takeback_send")
            assert [event["id"] for event in receiver.of(account)] == [events[1], *events[3:]]
            assert "refused 2" in printed
            assert events[2] in printed
            assert receiver.requests == (1 if most_named == 100 else 2)


def test_a_command_says_when_takeback_is_away(shop_dir: Path) -> None:
    with running_shop(shop_dir, f"http://127.0.0.1:{free_port()}", start=False) as shop:
        shop.manage("create_customer", "--email", "a@example.jp", "--password", PASSWORD, "--name", "佐藤 花子")
        printed = shop.manage("takeback_send", check=False)
        assert "could not be reached" in printed
        assert shop.waiting() > 0


def test_a_change_that_cannot_be_told_is_not_made(pair: tuple[RunningShop, Receiver]) -> None:
    shop, receiver = pair
    account, address = shop.customer()
    browser = shop.browser()
    browser.sign_in(address, PASSWORD)
    shop.all_told()
    shop.write("ALTER TABLE takeback_oscar_outboxevent RENAME TO elsewhere")
    with pytest.raises(ShopRefused, match="500"):
        browser.change_name("佐藤 はな子")
    shop.write("ALTER TABLE elsewhere RENAME TO takeback_oscar_outboxevent")
    assert shop.ask("SELECT last_name FROM members_user WHERE id = ?", account) == [("佐藤花子",)]
    browser.change_name("佐藤 はな子")
    shop.all_told()
    assert receiver.events[-1]["data"]["after"] == "佐藤 はな子"
