"""Does every shop set right what an account is made of, and tell it? The same sentences for each of them."""

import json

import pytest

from takeback.core.events import parse_event
from takeback.core.service import Outcome

from .contract import ANOTHER_NAME, CONTAINMENT, NEW_PASSWORD, PASSWORD, Subject, new_id

# fields


def test_a_field_reads_back_and_is_told_with_the_mark(shop: Subject) -> None:
    before = shop.now().fields["name"]
    action_id = new_id()
    assert shop.do("set_field", action_id, field="name", value=ANOTHER_NAME).outcome is Outcome.DONE
    assert shop.now().fields["name"] == ANOTHER_NAME
    [event] = shop.told_by(action_id)
    data = event["data"]
    assert event["type"] == "account.field_changed"
    assert (data["actor"], data["field"], data["before"], data["after"]) == ("system", "name", before, ANOTHER_NAME)
    assert data["takeback"] == {"id": action_id, "action": "set_field"}


def test_a_field_that_is_so_already_is_already_done_and_told_by_nobody(shop: Subject) -> None:
    action_id = new_id()
    answer = shop.do("set_field", action_id, field="name", value=shop.now().fields["name"])
    assert answer.outcome is Outcome.ALREADY_DONE
    assert shop.told_by(action_id) == []


def test_every_field_that_it_offers_and_has_can_be_set_to_what_it_is(shop: Subject) -> None:
    offered = shop.service.capabilities().fields
    for field, value in shop.now().fields.items():
        if field in offered and value is not None:
            assert shop.do("set_field", field=field, value=value).outcome is Outcome.ALREADY_DONE


def test_what_the_customer_changes_is_told_without_the_mark(shop: Subject) -> None:
    assert shop.rename(shop.sign_in(PASSWORD), ANOTHER_NAME)
    change = [event for event in shop.told() if event["data"].get("after") == ANOTHER_NAME]
    assert [event["data"].get("takeback") for event in change] == [None]
    assert change[0]["data"]["actor"] == "customer"
    assert change[0]["data"]["client"]["session"]


# items


def test_an_item_that_was_added_can_be_removed_and_is_told(shop: Subject) -> None:
    shop.offers("remove_item")
    session = shop.sign_in(PASSWORD)
    for collection in shop.collections:
        item_id = shop.add_item(session, collection)
        action_id = new_id()
        assert shop.do("remove_item", action_id, collection=collection, id=item_id).outcome is Outcome.DONE
        assert item_id not in shop.now().collections.get(collection, {})
        [event] = shop.told_by(action_id)
        assert (event["type"], event["data"]["collection"]) == ("account.item_removed", collection)
        assert str(event["data"]["id"]) == item_id


def test_an_item_that_is_gone_already_is_already_done(shop: Subject) -> None:
    shop.offers("remove_item")
    for collection in shop.collections:
        assert shop.do("remove_item", collection=collection, id="987654").outcome is Outcome.ALREADY_DONE


def test_an_item_that_was_removed_comes_back_as_it_was(shop: Subject) -> None:
    shop.offers("add_item")
    session = shop.sign_in(PASSWORD)
    for collection in shop.collections:
        item_id = shop.add_item(session, collection)
        before = shop.now().collections[collection][item_id]
        value = told_of(shop, collection, item_id)
        shop.take_item(session, collection, item_id)
        action_id = new_id()
        answer = shop.do("add_item", action_id, collection=collection, id=item_id, value=value)
        assert (collection, answer.outcome, answer.reason) == (collection, Outcome.DONE, None)
        assert shop.now().collections[collection][item_id] == before
        [event] = shop.told_by(action_id)
        assert (event["type"], event["data"]["after"]) == ("account.item_added", value)


def test_a_token_that_comes_back_lets_nobody_in(shop: Subject) -> None:
    shop.offers("add_item", "remove_item")
    token = shop.make_token(shop.sign_in(PASSWORD))
    if token is None:
        pytest.skip(f"{shop.service.source} has no tokens")
    [(item_id, value)] = shop.now().collections["api_tokens"].items()
    shop.do("remove_item", collection="api_tokens", id=item_id)
    shop.do("add_item", collection="api_tokens", id=item_id, value=value)
    assert not shop.token_works(token)


# cards


def test_a_locked_card_cannot_pay_until_it_is_unlocked(shop: Subject) -> None:
    shop.offers("lock_cards", "unlock_cards")
    session = shop.sign_in(PASSWORD)
    card = shop.add_item(session, "cards")
    assert not shop.now().cards_locked
    assert shop.do("lock_cards").outcome is Outcome.DONE
    assert shop.now().cards_locked
    assert shop.place_order(session, card=card) is None
    assert shop.do("unlock_cards", cards=[card]).outcome is Outcome.DONE
    assert shop.place_order(session, card=card) is not None


def test_locking_what_is_locked_is_already_done(shop: Subject) -> None:
    shop.offers("lock_cards")
    shop.add_item(shop.sign_in(PASSWORD), "cards")
    shop.do("lock_cards")
    assert shop.do("lock_cards").outcome is Outcome.ALREADY_DONE


def test_masked_cards_read_back_as_masked(shop: Subject) -> None:
    shop.offers("mask_cards")
    shop.add_item(shop.sign_in(PASSWORD), "cards")
    assert shop.do("mask_cards").outcome in {Outcome.DONE, Outcome.ALREADY_DONE}
    assert shop.now().cards_masked


# orders and balances


def test_an_order_that_has_not_shipped_is_cancelled_once_and_told(shop: Subject) -> None:
    shop.offers("cancel_order")
    order = shop.place_order(shop.sign_in(PASSWORD))
    action_id = new_id()
    assert shop.now().orders[str(order)]["status"] == "placed"
    assert shop.do("cancel_order", action_id, order=order).outcome is Outcome.DONE
    assert shop.now().orders[str(order)]["status"] == "cancelled"
    assert [event["type"] for event in shop.told_by(action_id)] == ["order.cancelled"]
    assert shop.do("cancel_order", order=order).outcome is Outcome.ALREADY_DONE


def test_an_order_that_has_shipped_cannot_be_cancelled(shop: Subject) -> None:
    shop.offers("cancel_order")
    order = shop.place_order(shop.sign_in(PASSWORD))
    shop.ship(str(order))
    answer = shop.do("cancel_order", order=order)
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "order.shipped")
    assert shop.now().orders[str(order)]["status"] == "shipped"


def test_an_order_nobody_knows_is_impossible(shop: Subject) -> None:
    shop.offers("cancel_order")
    answer = shop.do("cancel_order", order="0")
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "order.unknown")


def test_an_order_that_is_still_in_the_house_cannot_be_intercepted(shop: Subject) -> None:
    shop.offers("intercept_order")
    order = shop.place_order(shop.sign_in(PASSWORD))
    answer = shop.do("intercept_order", order=order)
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "order.not_on_the_road")


def test_an_orders_address_is_set_right_until_it_ships(shop: Subject) -> None:
    shop.offers("set_order_field")
    order = str(shop.place_order(shop.sign_in(PASSWORD)))
    address = shop.now().orders[order]["address"]
    assert isinstance(address, dict)
    changed = {**address, "line1": "2-2-2"}
    action_id = new_id()
    answer = shop.do("set_order_field", action_id, order=order, field="address", value=changed)
    assert answer.outcome is Outcome.DONE
    assert shop.now().orders[order]["address"] == changed
    assert [event["type"] for event in shop.told_by(action_id)] == ["order.changed"]
    shop.ship(order)
    answer = shop.do("set_order_field", order=order, field="address", value=address)
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "order.shipped")


def test_a_balance_is_adjusted_once_for_each_id(shop: Subject) -> None:
    shop.offers("adjust_balance")
    action_id, change = new_id(), {"amount": "500", "currency": "JPY"}
    for _ in range(3):
        shop.do("adjust_balance", action_id, balance="points", change=change)
    assert shop.now().balances["points"].amount == "500"
    assert [event["type"] for event in shop.told_by(action_id)] == ["balance.changed"]


# what is told


@pytest.mark.parametrize("action", CONTAINMENT)
def test_containment_is_told_with_the_mark(shop: Subject, action: str) -> None:
    session = shop.sign_in(PASSWORD)
    if action == "expire_links" and shop.make_link(session) is None:
        pytest.skip(f"{shop.service.source} shows the test no link")
    action_id = new_id()
    shop.do(action, action_id)
    told = [event["data"] for event in shop.told_by(action_id)]
    contained = [data for data in told if data.get("field") == "containment"]
    assert [(data["actor"], data["after"]) for data in contained] == [("system", action)]
    assert contained[0]["takeback"] == {"id": action_id, "action": action}


def test_a_new_password_is_told_without_values(shop: Subject) -> None:
    action_id = new_id()
    shop.do("set_password", action_id, password=NEW_PASSWORD)
    [data] = [event["data"] for event in shop.told_by(action_id)]
    assert data["field"] == "password"
    assert data.get("before") is None
    assert data.get("after") is None


def test_a_failed_sign_in_is_told(shop: Subject) -> None:
    assert shop.sign_in("not-her-password") is None
    assert [event["type"] for event in shop.told()][-1] == "account.sign_in_failed"


def test_everything_it_tells_is_an_event_of_the_contract_without_secrets(shop: Subject) -> None:

    session = shop.sign_in(PASSWORD)
    shop.rename(session, "別の名前")
    shop.contain()
    shop.do("set_password", password=NEW_PASSWORD)
    shop.do("unfreeze")
    told = shop.told()
    for event in told:
        text = json.dumps(event)
        assert parse_event(text.encode()).account == shop.account
        assert PASSWORD not in text
        assert NEW_PASSWORD not in text
    assert len(told) >= 8


def told_of(shop: Subject, collection: str, item_id: str) -> object:
    """What the shop told when the item was added."""
    of_this = [data for data in (event["data"] for event in shop.told()) if data.get("collection") == collection]
    [value] = [data["after"] for data in of_this if str(data["id"]) == item_id and "after" in data]
    return value
