"""Does Takeback hear what happens in the shop? Everything here is done through the shop's own pages."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from examples.shop.customer import ADDRESS, ShopRefused

from .running_shop import PASSWORD, RunningShop, wait_for
from .subject import OscarSubject

JST = timezone(timedelta(hours=9))


def told(subject: OscarSubject, kind: str, **data: object) -> list[dict[str, Any]]:
    """The events of a type whose data has these values."""
    return [
        event
        for event in subject.told()
        if event["type"] == kind and all(event["data"].get(key) == value for key, value in data.items())
    ]


def clients(events: list[dict[str, Any]], key: str) -> set[str | None]:
    return {event["data"].get("client", {}).get(key) for event in events}


def test_an_account_opens_with_its_fields_before_null_in_the_session_that_follows(subject: OscarSubject) -> None:
    opening = told(subject, "account.field_changed", before=None)
    assert {event["data"]["field"] for event in opening} == {"email", "language", "name"}
    [signed_in] = told(subject, "account.signed_in")
    assert clients(opening, "session") == {signed_in["data"]["client"]["session"]}


def test_the_session_keeps_its_id_when_a_new_password_cycles_its_key(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    key = session.session_cookie
    session.change_password(PASSWORD, "the-owner-wants-another")
    assert session.session_cookie != key
    session.view_orders()
    [viewed] = told(subject, "account.viewed", what="orders")
    [_, signed_in] = told(subject, "account.signed_in")
    assert viewed["data"]["client"]["session"] == signed_in["data"]["client"]["session"]
    assert subject.now().sessions == 1


def test_a_new_password_is_told_without_values(subject: OscarSubject) -> None:
    subject.sign_in(PASSWORD).change_password(PASSWORD, "the-owner-wants-another")
    [event] = told(subject, "account.field_changed", field="password")
    assert not {"before", "after"} & set(event["data"])
    assert "the-owner-wants-another" not in json.dumps(subject.told())


def test_each_sign_in_is_a_session_of_its_own(subject: OscarSubject) -> None:
    browser = subject.sign_in(PASSWORD)
    browser.sign_out()
    browser.sign_in(subject.email, PASSWORD)
    signed_in = told(subject, "account.signed_in")
    assert len(clients(signed_in, "session")) == 3
    assert len(told(subject, "account.signed_out")) == 2


def test_the_device_outlives_the_session_and_is_another_in_another_browser(subject: OscarSubject) -> None:
    browser = subject.sign_in(PASSWORD)
    browser.sign_out()
    browser.sign_in(subject.email, PASSWORD)
    subject.sign_in(PASSWORD)
    devices = [event["data"]["client"]["device"] for event in told(subject, "account.signed_in")[1:]]
    assert devices[0] == devices[1] != devices[2]


def test_the_device_cookie_is_out_of_reach_of_scripts_and_of_readers_of_events(subject: OscarSubject) -> None:
    browser = subject.shop.browser()
    cookie = browser.http.get("/accounts/login/").headers.get_list("set-cookie")
    [device] = [text for text in cookie if text.startswith("takeback_device=")]
    assert "HttpOnly" in device
    assert "SameSite=Lax" in device
    assert f"Max-Age={400 * 86400}" in device
    browser.sign_in(subject.email, PASSWORD)
    assert browser.http.cookies["takeback_device"] not in json.dumps(subject.told())


def test_a_failed_sign_in_is_told_of_the_account_whose_address_was_typed(subject: OscarSubject) -> None:
    assert not subject.shop.browser().sign_in(subject.email.upper(), "a guess")
    [failed] = told(subject, "account.sign_in_failed")
    assert failed["data"]["reason"] == "password"
    assert "session" not in failed["data"]["client"]
    assert "a guess" not in json.dumps(subject.told())


def test_a_failed_sign_in_to_an_address_that_was_changed_is_of_nobody(subject: OscarSubject) -> None:
    subject.sign_in(PASSWORD).change_email(f"new-{subject.email}")
    subject.shop.browser().sign_in(subject.email, PASSWORD)
    assert told(subject, "account.sign_in_failed") == []


def test_an_address_is_told_as_it_comes_changes_and_goes(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    address = session.add_address()
    session._post(f"/accounts/addresses/{address}/", {**ADDRESS, "line1": "青葉9-9"})
    session.remove_address(address)
    [added] = told(subject, "account.item_added", collection="addresses", id=address)
    [changed] = told(subject, "account.item_changed", collection="addresses", id=address)
    [removed] = told(subject, "account.item_removed", collection="addresses", id=address)
    assert added["data"]["after"] == changed["data"]["before"] == ADDRESS
    assert changed["data"]["after"] == removed["data"]["before"] == {**ADDRESS, "line1": "青葉9-9"}


def test_a_default_address_is_told_by_its_id_and_goes_with_the_address(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    first, second = session.add_address(), session.add_address({**ADDRESS, "line1": "若葉4-5-6"})
    for address in (first, second):
        session.http.get(f"/accounts/addresses/{address}/default_for_shipping/")
    session.remove_address(second)
    changes = told(subject, "account.field_changed", field="default_address")
    assert [(event["data"]["before"], event["data"]["after"]) for event in changes] == [
        (None, first),
        (first, second),
        (second, None),
    ]


def test_what_checkout_counts_in_an_address_is_no_change_of_it(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    address = session.add_address()
    for _ in range(2):
        session.place_order(["TEA-SENCHA"], "konbini", address)
    [[counted]] = subject.shop.ask(
        "SELECT num_orders_as_shipping_address FROM address_useraddress WHERE id = ?", address
    )
    assert counted == 2
    assert len([event for event in subject.told() if event["data"].get("collection") == "addresses"]) == 1


def test_an_order_by_card_is_told_whole_and_without_the_cards_reference(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    card = session.add_card()
    number = session.place_order(["TEA-SENCHA", "MUG-BLUE"], "card", ADDRESS)
    [placed] = told(subject, "order.placed")
    order = placed["data"]["order"]
    assert (order["id"], order["card"], order["payment"], order["digital"]) == (number, card, "card", False)
    assert order["total"] == {"amount": "2930", "currency": "JPY"}
    assert [(line["sku"], line["quantity"], line["price"]["amount"]) for line in order["lines"]] == [
        ("TEA-SENCHA", 1, "1280"),
        ("MUG-BLUE", 1, "1650"),
    ]
    assert order["address"] == ADDRESS
    [[reference]] = subject.shop.ask("SELECT partner_reference FROM payment_bankcard WHERE id = ?", card)
    assert reference
    assert reference not in json.dumps(subject.told())
    assert "4242424242424242" not in json.dumps(subject.told())


def test_an_order_at_the_convenience_store_has_no_card(subject: OscarSubject) -> None:
    subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], "konbini", ADDRESS)
    [placed] = told(subject, "order.placed")
    assert (placed["data"]["order"]["card"], placed["data"]["order"]["payment"]) == (None, "konbini")


def test_a_download_is_digital(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    session._post(f"/basket/add/{session._product('EBOOK-TEA')}/", {"quantity": "1"})
    session.http.get("/checkout/shipping-method/")
    session._post("/checkout/preview/", {"action": "place_order", "payment": "konbini"})
    [placed] = told(subject, "order.placed")
    assert placed["data"]["order"]["digital"] is True


def test_a_parcel_is_told_with_its_number_as_the_warehouses_doing(subject: OscarSubject) -> None:
    order = subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], "konbini", ADDRESS)
    tracking = subject.shop.manage("ship_order", order)
    [shipped] = told(subject, "order.shipped")
    assert (shipped["data"]["order"], shipped["data"]["tracking"], shipped["data"]["actor"]) == (
        order,
        tracking,
        "staff",
    )


def test_what_staff_change_in_the_dashboard_is_told_as_theirs(subject: OscarSubject) -> None:
    order = subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], "konbini", ADDRESS)
    _, address = subject.shop.customer()
    subject.shop.write("UPDATE members_user SET is_staff = 1, is_superuser = 1 WHERE email = ?", address)
    staff = subject.shop.browser()
    staff.sign_in(address, PASSWORD)
    staff._post(f"/dashboard/orders/{order}/shipping-address/", {**ADDRESS, "line1": "若葉4-5-6"})
    [changed] = told(subject, "order.changed", field="address")
    assert (changed["data"]["actor"], changed["data"]["order"]) == ("staff", order)
    assert changed["data"]["before"] == ADDRESS
    assert changed["data"]["after"]["line1"] == "若葉4-5-6"


def test_a_mail_is_told_by_the_id_that_it_carries(subject: OscarSubject) -> None:
    order = subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], "konbini", ADDRESS)
    [sent] = told(subject, "message.sent", template="order_placed")
    wait_for(lambda: len(subject.shop.mailbox.to(subject.email)) == 2, "the mail did not come")
    mail = subject.shop.mailbox.to(subject.email)[-1]
    assert sent["data"]["message_id"] == mail["Message-ID"]
    assert mail["Message-ID"].endswith("@midori.example>")
    assert sent["data"]["order"] == order
    assert sent["data"]["to"] == f"{subject.email[0]}***@example.jp"
    assert order in mail["Subject"]


def test_a_request_for_a_reset_link_is_told_with_the_address_masked(subject: OscarSubject) -> None:
    subject.shop.reset_link(subject.email)
    [asked] = told(subject, "account.reset_requested")
    assert (asked["data"]["channel"], asked["data"]["to"]) == ("mail", f"{subject.email[0]}***@example.jp")


@pytest.mark.parametrize(("page", "what"), [("cards", "cards"), ("orders", "orders"), ("addresses", "addresses")])
def test_looking_at_something_personal_is_told(subject: OscarSubject, page: str, what: str) -> None:
    getattr(subject.sign_in(PASSWORD), f"view_{page}")()
    assert len(told(subject, "account.viewed", what=what)) == 1


def test_where_a_request_comes_from_is_told_as_the_network_says(subject: OscarSubject) -> None:
    browser = subject.shop.browser(ip="198.51.100.9", country="VN", asn="AS64500", user_agent="Lynx")
    browser.sign_in(subject.email, PASSWORD)
    client = told(subject, "account.signed_in")[-1]["data"]["client"]
    assert {key: client[key] for key in ("ip", "country", "asn", "user_agent")} == {
        "ip": "198.51.100.9",
        "country": "VN",
        "asn": "AS64500",
        "user_agent": "Lynx",
    }


def test_in_the_demo_an_event_has_the_time_that_the_request_claims(subject: OscarSubject) -> None:
    browser = subject.shop.browser(clock=datetime(2025, 4, 1, 20, 15, tzinfo=JST))
    browser.sign_in(subject.email, PASSWORD)
    order = browser.place_order(["TEA-SENCHA"], "konbini", ADDRESS)
    [placed] = told(subject, "order.placed")
    assert datetime.fromisoformat(placed["time"]) == browser.clock
    [[date]] = subject.shop.ask("SELECT date_placed FROM order_order WHERE number = ?", order)
    assert date == "2025-04-01 11:15:00"


def test_a_page_that_is_refused_was_not_seen(
    oscar_service: tuple[RunningShop, Any, Any], subject: OscarSubject
) -> None:
    with pytest.raises(ShopRefused):
        oscar_service[0].browser().view_orders()
    assert told(subject, "account.viewed") == []
