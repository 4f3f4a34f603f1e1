"""Is the pretend shop a shop? It refuses what a real one refuses, and has the troubles that one asks it to have."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from takeback.core.errors import OutsideError
from takeback.core.events import parse_event
from takeback.core.service import ActionRequest, Outcome
from takeback.shops.pretend import EVERYTHING, PretendShop, ShopRefused
from takeback.shops.pretend.log import START

ME = {"session": "s1", "device": "d1", "ip": "203.0.113.7", "country": "JP"}
YEN = {"amount": "5980", "currency": "JPY"}


@pytest.fixture
def shop() -> PretendShop:
    shop = PretendShop()
    shop.register("42", START, {"email": "hanako@example.jp", "name": "花子"}, password="correct horse")
    shop.sign_in("42", START, ME, password="correct horse")
    return shop


def at(minutes: int) -> Any:
    return START + timedelta(minutes=minutes)


def do(shop: PretendShop, action: str, action_id: str = "a1", **args: Any) -> tuple[Outcome, str | None]:
    answer = shop.act(ActionRequest(action_id, "42", action, args))
    return answer.outcome, answer.reason


def refusal(act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(ShopRefused) as raised:
        act(*args, **more)
    return raised.value.key


def test_an_act_is_told_at_its_time_from_its_client(shop: PretendShop) -> None:
    event = shop.change_field("42", at(5), ME, "phone", "+81-3-0000-0000")
    assert event["time"] == at(5).isoformat()
    assert event["data"] == {
        "actor": "customer",
        "field": "phone",
        "before": None,
        "after": "+81-3-0000-0000",
        "client": ME,
    }


def test_nobody_acts_without_a_session(shop: PretendShop) -> None:
    assert refusal(shop.change_field, "42", at(1), {"session": "s9"}, "name", "x") == "session.ended"


def test_a_signed_out_session_is_over(shop: PretendShop) -> None:
    shop.sign_out("42", at(1), ME)
    assert refusal(shop.view, "42", at(2), ME, "cards") == "session.ended"


def test_a_new_password_is_told_without_values_and_lets_in(shop: PretendShop) -> None:
    event = shop.change_password("42", at(1), ME, "another horse")
    assert event["data"] == {"actor": "customer", "field": "password", "client": ME}
    assert shop.sign_in("42", at(2), {"session": "s2"}, password="another horse")["type"] == "account.signed_in"


def test_a_passkey_lets_in_until_it_is_removed(shop: PretendShop) -> None:
    shop.add_item("42", at(1), ME, "passkeys", "pk1", {"name": "phone"})
    way = {"method": "passkey", "credential": "pk1"}
    assert shop.sign_in("42", at(2), {"session": "s2"}, **way)["type"] == "account.signed_in"
    do(shop, "remove_item", collection="passkeys", id="pk1")
    assert shop.sign_in("42", at(3), {"session": "s3"}, **way)["type"] == "account.sign_in_failed"


def test_a_pending_email_change_expires_with_the_links(shop: PretendShop) -> None:
    shop.add_item("42", at(1), ME, "pending_email_changes", "p1", {"email": "x@example.org"})
    assert shop.accounts["42"].snapshot().links == 1
    do(shop, "expire_links")
    assert refusal(shop.confirm_email, "42", at(2), ME, "p1") == "link.void"
    assert shop.accounts["42"].snapshot().fields["email"] == "hanako@example.jp"


def test_a_confirmed_email_change_changes_the_field(shop: PretendShop) -> None:
    shop.add_item("42", at(1), ME, "pending_email_changes", "p1", {"email": "x@example.org"})
    event = shop.confirm_email("42", at(2), {}, "p1")
    assert (event["data"]["before"], event["data"]["after"]) == ("hanako@example.jp", "x@example.org")


def test_a_shipped_order_can_be_neither_changed_nor_cancelled(shop: PretendShop) -> None:
    shop.place_order("42", at(1), ME, {"id": "1043", "total": YEN, "address": {"line1": "1"}})
    shop.ship("42", at(2), "1043", "JP-1")
    assert refusal(shop.change_order, "42", at(3), ME, "1043", "address", {"line1": "2"}) == "order.shipped"
    assert refusal(shop.cancel_order, "42", at(3), ME, "1043") == "order.shipped"


def test_a_cancelled_order_is_not_shipped(shop: PretendShop) -> None:
    shop.place_order("42", at(1), ME, {"id": "1043", "total": YEN})
    do(shop, "cancel_order", order="1043")
    assert refusal(shop.ship, "42", at(2), "1043") == "order.cancelled"


def test_a_parcel_on_the_road_is_intercepted_and_one_that_arrived_is_not(shop: PretendShop) -> None:
    for order in ("1", "2"):
        shop.place_order("42", at(1), ME, {"id": order, "total": YEN})
        shop.ship("42", at(2), order)
    shop.deliver("42", at(3), "2")
    assert do(shop, "intercept_order", "a1", order="1") == (Outcome.DONE, None)
    assert do(shop, "intercept_order", "a2", order="2") == (Outcome.IMPOSSIBLE, "order.delivered")


def test_what_a_cancelled_order_took_from_points_comes_back_once(shop: PretendShop) -> None:
    shop.earn("42", at(1), "points", "1200")
    shop.place_order("42", at(2), ME, {"id": "1043", "total": YEN})
    shop.spend("42", at(2), ME, "points", "1000", order="1043")
    do(shop, "cancel_order", "a1", order="1043")
    do(shop, "cancel_order", "a2", order="1043")
    assert shop.accounts["42"].balances["points"].amount == "1200"
    [refund] = [event for event in shop.events if event["data"].get("reason") == "refund"]
    assert refund["data"]["takeback"] == {"id": "a1", "action": "cancel_order"}


def test_nobody_spends_what_is_not_there(shop: PretendShop) -> None:
    assert refusal(shop.spend, "42", at(1), ME, "points", "1") == "balance.too_low"
    assert do(shop, "adjust_balance", balance="points", change={"amount": "-1", "currency": "JPY"}) == (
        Outcome.IMPOSSIBLE,
        "balance.too_low",
    )


def test_every_field_of_the_contract_can_be_set(shop: PretendShop) -> None:
    for field in sorted(EVERYTHING.fields):
        assert do(shop, "set_field", f"a-{field}", field=field, value="x") == (Outcome.DONE, None)


def test_every_event_is_one_that_takeback_accepts(shop: PretendShop) -> None:
    shop.place_order("42", at(1), ME, {"id": "1", "total": YEN, "lines": [{"sku": "A", "quantity": 2, "price": YEN}]})
    shop.earn("42", at(2), "points", "10")
    shop.send_message("42", at(3), {"message_id": "m1", "channel": "mail", "to": "h***@example.jp"})
    shop.ship("42", at(4), "1", "JP-1")
    assert [parse_event(msgspec.json.encode(event)).account for event in shop.events] == ["42"] * len(shop.events)


def test_a_shop_that_fails_does_nothing_and_recovers(shop: PretendShop) -> None:
    shop.trouble.fail = 2
    for _ in range(2):
        with pytest.raises(OutsideError) as raised:
            do(shop, "freeze")
        assert not raised.value.permanent
    assert do(shop, "freeze") == (Outcome.DONE, None)
    assert (shop.received["a1"], shop.effects["a1"]) == (3, 1)


def test_a_shop_that_is_down_hears_nothing(shop: PretendShop) -> None:
    shop.trouble.down = True
    with pytest.raises(OutsideError):
        do(shop, "freeze")
    with pytest.raises(OutsideError):
        shop.account("42")
    assert shop.received["a1"] == 0


def test_a_shop_can_be_made_to_say_impossible(shop: PretendShop) -> None:
    shop.trouble.impossible["cancel_order"] = "order.shipped"
    assert do(shop, "cancel_order", order="1") == (Outcome.IMPOSSIBLE, "order.shipped")


def test_what_a_shop_lacks_is_impossible() -> None:
    shop = PretendShop(can=replace(EVERYTHING, actions=EVERYTHING.actions - {"mask_cards"}))
    shop.register("42", START, {"name": "花子"}, password="x")
    assert do(shop, "mask_cards") == (Outcome.IMPOSSIBLE, "action.unsupported")


def test_one_id_for_two_actions_is_refused(shop: PretendShop) -> None:
    do(shop, "freeze", "a1")
    assert do(shop, "unfreeze", "a1") == (Outcome.IMPOSSIBLE, "action.id_reused")
    assert shop.accounts["42"].frozen


def test_it_imports_neither_framework_nor_other_adapter() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, takeback.shops.pretend; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"django", "dbos", "httpx", "takeback.shops.http", "takeback.store"} & set(told)
