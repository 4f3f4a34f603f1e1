"""Does nothing come back? What the contract's suite asks of every shop it asks of this one too; here is Oscar's own."""

from typing import Any

import pytest

from examples.shop.customer import ADDRESS, ShopRefused
from takeback.core.service import Outcome

from .running_shop import PASSWORD
from .subject import OscarSubject

NEW = "owner-chose-this-one"


def session_row(subject: OscarSubject, key: str) -> tuple[Any, ...]:
    [row] = subject.shop.ask(
        "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = ?", key
    )
    return row


def test_a_session_row_that_is_restored_after_unfreeze_is_dead(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    row = session_row(subject, session.session_cookie)
    for action in ("freeze", "end_sessions", "unfreeze"):
        subject.do(action)
    subject.shop.write("INSERT INTO django_session VALUES (?, ?, ?)", *row)
    assert not session.is_signed_in()
    assert subject.sign_in(PASSWORD) is not None


def test_a_session_from_before_the_plugin_ends_too(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    subject.shop.write("DELETE FROM takeback_oscar_accountsession WHERE account = ?", subject.account)
    assert subject.now().sessions == 0
    subject.do("end_sessions")
    assert not session.is_signed_in()


def test_a_frozen_account_that_something_made_active_again_stays_shut(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    subject.do("freeze")
    subject.shop.write("UPDATE members_user SET is_active = 1 WHERE id = ?", subject.account)
    assert not session.is_signed_in()
    browser = subject.shop.browser()
    browser.sign_in(subject.email, PASSWORD)
    assert not browser.is_signed_in()
    assert subject.now().sessions == 0


def test_an_account_that_staff_had_closed_stays_closed_after_unfreeze(subject: OscarSubject) -> None:
    subject.shop.write("UPDATE members_user SET is_active = 0 WHERE id = ?", subject.account)
    subject.do("freeze")
    subject.do("unfreeze")
    assert subject.sign_in(PASSWORD) is None


def test_a_reset_link_does_not_open_a_frozen_account(subject: OscarSubject) -> None:
    link = subject.make_link(None)
    subject.do("freeze")
    assert not subject.link_works(link)
    assert subject.sign_in("somebody-chose-this-one") is None


def test_the_forgotten_password_mail_still_comes_after_hand_back(subject: OscarSubject) -> None:
    for action in ("freeze", "disable_password", "unfreeze"):
        subject.do(action)
    assert subject.link_works(subject.make_link(None))
    assert subject.now().password == "set"
    assert subject.sign_in("somebody-chose-this-one") is not None


def test_staff_cannot_change_a_frozen_account_either(subject: OscarSubject) -> None:
    subject.do("freeze")
    change = (
        f"from shop.members.models import User; u = User.objects.get(pk={subject.account}); u.email='x@y.jp'; u.save()"
    )
    assert "AccountFrozen" in subject.shop.manage("shell", "--no-imports", "-c", change, check=False)
    assert subject.now().fields["email"] == subject.email


def test_an_order_that_was_under_way_when_the_freeze_came_is_refused(subject: OscarSubject) -> None:
    subject.do("freeze")
    order = (
        "from oscar.core.loading import get_model; from django.db import transaction\n"
        f"order = get_model('order', 'Order')(number='late', user_id={subject.account})\n"
        "order.total_incl_tax = order.total_excl_tax = 1\n"
        "with transaction.atomic(): order.save()"
    )
    assert "UnableToPlaceOrder" in subject.shop.manage("shell", "--no-imports", "-c", order, check=False)
    assert subject.now().orders == {}


def test_an_order_that_was_cancelled_gives_back_stock_and_money(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    session.add_card()
    allocated = "SELECT num_allocated FROM partner_stockrecord WHERE partner_sku = 'WATCH-SPORT'"
    before = subject.shop.ask(allocated)[0][0] or 0
    order = session.place_order(["WATCH-SPORT"], "card", ADDRESS)
    assert subject.shop.ask(allocated)[0][0] == before + 1
    subject.do("cancel_order", order=order)
    assert subject.shop.ask(allocated)[0][0] == before
    [[debited, refunded]] = subject.shop.ask(
        "SELECT amount_debited, amount_refunded FROM payment_source s JOIN order_order o ON o.id = s.order_id"
        " WHERE o.number = ?",
        order,
    )
    assert debited == refunded == 27500


def test_an_order_that_was_cancelled_cannot_be_shipped(subject: OscarSubject) -> None:
    order = subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], "konbini", ADDRESS)
    subject.do("cancel_order", order=order)
    assert "cannot be shipped" in subject.shop.manage("ship_order", order, check=False)
    assert subject.now().orders[order]["status"] == "cancelled"


def test_another_accounts_order_cannot_be_cancelled(subject: OscarSubject) -> None:
    order = subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], "konbini", ADDRESS)
    subject.account, _ = subject.shop.customer()
    answer = subject.do("cancel_order", order=order)
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "order.unknown")


def test_a_card_that_was_removed_comes_back_able_to_pay(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    card = session.add_card()
    session.remove_card(card)
    subject.do("add_item", collection="cards", id=card, value={"brand": "Visa", "last4": "4242"})
    assert session.place_order(["TEA-SENCHA"], f"card:{card}", ADDRESS)


def test_a_card_that_comes_back_into_a_frozen_account_is_locked(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    card = session.add_card()
    session.remove_card(card)
    subject.do("freeze")
    subject.do("add_item", collection="cards", id=card, value={"brand": "Visa", "last4": "4242"})
    subject.do("unfreeze")
    assert subject.now().cards_locked
    with pytest.raises(ShopRefused, match="ご利用になれません"):
        subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], f"card:{card}", ADDRESS)
    subject.do("unlock_cards")
    assert subject.sign_in(PASSWORD).place_order(["TEA-SENCHA"], f"card:{card}", ADDRESS)


def test_a_card_that_was_never_here_cannot_come_back(subject: OscarSubject) -> None:
    answer = subject.do("add_item", collection="cards", id="987654", value={"brand": "Visa", "last4": "4242"})
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "card.not_kept")


def test_a_full_number_is_masked_down_to_four_digits(subject: OscarSubject) -> None:
    card = subject.sign_in(PASSWORD).add_card()
    subject.shop.write("UPDATE payment_bankcard SET number = '4242424242424242' WHERE id = ?", card)
    assert not subject.now().cards_masked
    assert subject.do("mask_cards").outcome is Outcome.DONE
    assert subject.now().cards_masked
    assert subject.shop.ask("SELECT number FROM payment_bankcard WHERE id = ?", card) == [("XXXX-XXXX-XXXX-4242",)]


def test_a_name_comes_back_divided_as_it_was(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    session._post(
        "/accounts/profile/edit/", {"email": subject.email, "last_name": "van Beethoven", "first_name": "Ludwig"}
    )
    name = subject.now().fields["name"]
    session.change_name("Evil Guy")
    subject.do("set_field", field="name", value=name)
    row = subject.shop.ask("SELECT last_name, first_name FROM members_user WHERE id = ?", subject.account)
    assert row == [("van Beethoven", "Ludwig")]


def test_an_address_that_another_account_has_taken_is_not_given_twice(subject: OscarSubject) -> None:
    _, other = subject.shop.customer()
    answer = subject.do("set_field", field="email", value=other.upper())
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "field.taken")


@pytest.mark.parametrize("value", [None, "", "no address", 7, ["a@b.jp"]])
def test_a_value_that_is_no_address_is_not_written(subject: OscarSubject, value: object) -> None:
    answer = subject.do("set_field", field="email", value=value)
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "value.invalid")
    assert subject.now().fields["email"] == subject.email


def test_a_default_address_is_set_back_by_its_id(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    address = session.add_address()
    assert subject.do("set_field", field="default_address", value=address).outcome is Outcome.DONE
    assert subject.now().fields["default_address"] == address
    assert subject.do("set_field", field="default_address", value=None).outcome is Outcome.DONE
    assert subject.now().fields["default_address"] is None


def test_the_new_password_is_in_no_log_and_no_record(subject: OscarSubject) -> None:
    subject.do("set_password", password=NEW)
    dump = "\n".join(str(row) for row in subject.shop.ask("SELECT * FROM takeback_oscar_actionrecord"))
    dump += "\n".join(str(row) for row in subject.shop.ask("SELECT payload FROM takeback_oscar_outboxevent"))
    assert NEW not in dump
