"""The pretend shop can begin with the accounts of a history, as its events leave them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from takeback.core.events import Event, parse_event
from takeback.core.service import ActionRequest, Outcome
from takeback.shops.pretend.alike import fill
from takeback.shops.pretend.journal import Journal
from takeback.shops.pretend.shop import PretendShop

NIGHT = Path(__file__).parents[1] / "stories" / "the-night" / "events.ndjson"


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return [parse_event(line) for line in NIGHT.read_bytes().splitlines()]


@pytest.fixture
def shop(events: list[Event]) -> PretendShop:
    made = PretendShop("/shops/oscar")
    assert fill(made, events) == 1
    return made


def test_the_account_stands_as_the_intruder_left_it(shop: PretendShop, events: list[Event]) -> None:
    account = shop.account("42")
    assert account is not None
    assert account.fields["name"] == "山田太郎"
    assert {item["name"] for item in account.collections["addresses"].values() if isinstance(item, dict)} >= {
        "山田太郎"
    }
    placed = [event.data.order.id for event in events if event.type == "order.placed"]  # type: ignore[union-attr]  # by its type
    assert set(account.orders) >= set(placed)
    assert account.orders["1043"]["status"] == "shipped"
    assert account.orders["1053"]["status"] == "placed"
    assert account.sessions == 1
    assert not account.frozen


def test_it_can_be_stopped_and_taken_back(shop: PretendShop) -> None:
    for action, args in (("freeze", {}), ("end_sessions", {}), ("cancel_order", {"order": "1053"})):
        assert shop.act(ActionRequest(action, "42", action, args)).outcome is Outcome.DONE
    account = shop.account("42")
    assert account is not None
    assert (account.frozen, account.sessions, account.orders["1053"]["status"]) == (True, 0, "cancelled")


def test_an_account_that_it_has_stays_as_it_is(shop: PretendShop, events: list[Event]) -> None:
    shop.act(ActionRequest("f", "42", "freeze", {}))
    assert fill(shop, events) == 0
    assert shop.accounts["42"].frozen


def test_another_services_accounts_are_not_its_own(events: list[Event]) -> None:
    assert fill(PretendShop("/services/music"), events) == 0


def test_what_happens_next_is_later_and_all_of_it_outlives_the_process(
    shop: PretendShop, events: list[Event], tmp_path: Path
) -> None:
    assert shop.log.next_moment() > max(event.time for event in events if event.source == shop.source)
    Journal(tmp_path / "shop.db").save(shop)
    again = PretendShop("/shops/oscar", clock=lambda: datetime.now(UTC))
    Journal(tmp_path / "shop.db").load(again)
    assert again.account("42") == shop.account("42")
