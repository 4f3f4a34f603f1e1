"""What does one strand say by itself? Where it came from, how it got in, and what it did, against her own past."""

from datetime import timedelta

import pytest

from takeback.core.events import Client, EventType, Money, Order, OrderPlaced
from takeback.core.investigate.findings import Actor
from tests.core.making import (
    COMPUTER,
    DAY,
    EVENING,
    INTRUDER,
    PHONE,
    Log,
    a_life,
    actor,
    changed,
    look,
    loud,
    on_the_way,
    reasons,
)

STRANGER = changed(INTRUDER, country="JP", ip="192.0.2.77", asn=4713)


def why(log: Log, client: Client, **more: str) -> dict[str, float]:
    """The reasons about a sign-in with a client after that life."""
    log.by(changed(client, session="n"))
    return reasons(look(log.sign_in(**more)), "n")


def at_home(_: int) -> Client:
    return PHONE


def test_a_known_device_speaks_for_her_and_a_new_one_against() -> None:
    assert why(a_life(), PHONE)["device.known"] < 0
    assert why(a_life(), changed(PHONE, device="new"))["device.never_seen"] > 0


def test_a_new_network_says_more_of_who_always_comes_from_one_line() -> None:
    def travels(visit: int) -> Client:
        return changed(PHONE, ip=f"192.{visit}.2.9", asn=50000 + visit)

    new = changed(PHONE, ip="198.51.100.7", asn=64500)
    settled, restless = why(a_life(at_home), new), why(a_life(travels), new)
    assert settled["network.never_seen"] > restless.get("network.never_seen", 0)


def test_a_new_device_says_more_of_who_has_had_one_for_a_year() -> None:
    def another(visit: int) -> Client:
        return changed(PHONE, device=f"d{visit // 4}")

    new = changed(PHONE, device="new", ip="198.51.100.7", asn=64500)
    assert why(a_life(at_home), new)["device.never_seen"] > why(a_life(another), new)["device.never_seen"]


def test_a_value_says_more_of_who_has_a_past() -> None:
    new = why(a_life(days=6), INTRUDER), why(a_life(days=360), INTRUDER)
    for key in ("device.never_seen", "network.never_seen", "country.never_seen"):
        assert new[0][key] < new[1][key]


def test_a_new_account_has_nothing_that_was_never_seen() -> None:
    assert not [key for key in why(Log(), INTRUDER) if key.endswith("never_seen")]


def test_an_address_of_a_day_is_not_yet_hers_as_one_of_months_is() -> None:
    line = changed(PHONE, ip="192.0.2.9", asn=4713)
    log = a_life(at_home)
    for hour in range(6):
        log.visit(line, at=EVENING + timedelta(hours=hour))
    day = why(log, line)["network.known"]
    assert why(a_life(at_home), PHONE)["network.known"] < day <= 0


def test_it_backs_off_from_the_block_to_the_network_to_the_country() -> None:
    def two_blocks(visit: int) -> Client:
        return changed(PHONE, ip=f"203.0.{visit % 2}.20")

    block = why(a_life(two_blocks), changed(PHONE, ip="203.0.1.99"))
    network = why(a_life(two_blocks), changed(PHONE, ip="203.0.99.9"))
    country = why(a_life(two_blocks), changed(PHONE, ip="192.0.2.9", asn=4713))
    nothing = why(a_life(two_blocks), changed(PHONE, ip="192.0.2.9", asn=3215, country="FR"))
    assert "network.known" in block
    assert "network.near_known" in network
    assert {"network.never_seen", "country.known"} <= country.keys()
    assert {"network.never_seen", "country.never_seen"} <= nothing.keys()
    sums = [sum(w for key, w in one.items() if key.split(".")[0] in ("network", "country")) for one in (block, nothing)]
    assert sums[0] < sums[1]


def test_her_exact_address_says_more_than_her_neighbourhood() -> None:
    exact, beside = (
        why(a_life(at_home, on_the_way, on_the_way), changed(PHONE, ip=ip))["network.known"]
        for ip in (PHONE.ip, "203.0.113.99")
    )
    assert exact < beside < 0


def test_a_devices_cookie_on_another_system_was_copied() -> None:
    copied = why(a_life(), changed(PHONE, user_agent="Chrome/130 Windows"))
    assert copied["device.copied"] > 0
    assert "device.copied" not in why(a_life(), changed(PHONE, user_agent="Chrome/130 iPhone"))


def test_a_copied_cookie_with_his_acts_is_not_hers() -> None:
    copy = changed(PHONE, user_agent="Chrome/130 Windows", ip="192.0.2.77", asn=4713)
    assert actor(look(loud(a_life().visit(copy, session="n"))), "n") is not Actor.OWNER


def test_a_data_centre_speaks_against_and_a_line_for_living_does_not() -> None:
    assert why(a_life(), changed(STRANGER, asn=14061))["network.hosting"] > 0
    assert "network.hosting" not in why(a_life(), STRANGER)


def test_a_data_centre_that_she_always_comes_from_is_hers() -> None:
    work = changed(COMPUTER, asn=14061)
    assert "network.hosting" not in why(a_life(lambda _: work), work)


def test_a_network_number_is_the_same_with_and_without_its_letters() -> None:
    assert "network.known" in why(a_life(at_home), changed(PHONE, asn="AS2527"))


def test_her_usual_hour_speaks_for_her_and_the_opposite_one_against() -> None:
    late = a_life()
    late.at = EVENING + timedelta(hours=11)
    assert why(a_life(), STRANGER)["hour.usual"] < 0
    assert why(late, STRANGER)["hour.unusual"] > 0


def test_an_ordinary_visit_is_told_by_where_it_came_from_and_no_more() -> None:
    assert set(why(a_life(), PHONE)) == {"device.known", "network.known"}


def test_a_client_that_tells_no_device_where_hers_always_do_is_odd() -> None:
    assert why(a_life(), changed(STRANGER, device=None))["client.untold"] > 0
    shy = a_life(lambda _: changed(PHONE, device=None))
    assert "client.untold" not in why(shy, changed(PHONE, device=None))


def test_a_second_factor_speaks_for_her_a_passkey_most() -> None:
    passed = [why(a_life(), STRANGER, second_factor=name)["sign_in.second_factor"] for name in ("sms", "totp")]
    passkey = why(a_life(), STRANGER, method="passkey")["sign_in.second_factor"]
    assert passkey < min(passed)
    assert max(passed) < 0


def test_a_credential_that_she_used_before_speaks_for_her() -> None:
    log = a_life()
    log.by(changed(PHONE, session="before")).sign_in(method="passkey", credential="pk1")
    assert why(log, STRANGER, method="passkey", credential="pk1")["credential.known"] < 0


def test_a_credential_that_a_stranger_used_before_is_not_known() -> None:
    log = a_life()
    log.by(changed(INTRUDER, session="before")).sign_in(credential="pk1")
    assert "credential.known" not in why(log, STRANGER, credential="pk1")


def test_looking_at_cards_says_less_of_who_often_does() -> None:
    often = a_life()
    for visit in range(40):
        often.visit(PHONE, at=EVENING + visit * DAY).viewed("cards")
    seldom = reasons(look(a_life().visit(STRANGER, session="n").viewed("cards")), "n")
    usual = reasons(look(often.visit(STRANGER, session="n").viewed("cards")), "n")
    assert seldom["viewed.cards"] > usual.get("viewed.cards", 0)


ACTS = {
    "contact.changed": lambda log: log.field("email", "a@example.jp", "b@example.net"),
    "password.changed": lambda log: log.field("password", None, None).field("password", "x", "y"),
    "name.changed": lambda log: log.field("name", "花子", "John"),
    "notices.muted": lambda log: log.field("notifications", True, False),
    "credential.added": lambda log: log.item("passkeys", "p", None, {"name": "key"}),
    "second_factor.removed": lambda log: log.field("two_step", True, False),
    "orders.hidden": lambda log: log.item("hidden_orders", "1", None, {}),
    "viewed.export": lambda log: log.viewed("export"),
    "viewed.everything": lambda log: log.viewed("cards").viewed("addresses"),
    "balance.spent": lambda log: log.balance(-5000),
    "order.digital": lambda log: log.order("1", digital=True),
    "order.to_new_address": lambda log: log.order("1", address="elsewhere"),
    "payment.redirected": lambda log: log.item("sellers_payouts", "p", None, {"bank": "x"}),
}


@pytest.mark.parametrize("key", ACTS)
def test_what_intruders_do_more_than_owners_speaks_against(key: str) -> None:
    log = a_life().visit(STRANGER, session="n")
    ACTS[key](log)
    assert reasons(look(log), "n")[key] > 0


def test_a_second_factor_that_is_set_up_is_a_credential_added() -> None:
    found = reasons(look(a_life().visit(STRANGER, session="n").field("two_step", False, True)), "n")
    assert "credential.added" in found
    assert "second_factor.removed" not in found


def test_a_first_telephone_number_says_less_than_a_changed_one() -> None:
    first, other = (
        reasons(look(a_life().visit(STRANGER, session="n").field("recovery_phone", before, "+812")), "n")
        for before in (None, "+811")
    )
    assert "contact.changed" not in first
    assert first.get("contact.added", 0) < other["contact.changed"]


def test_points_that_come_in_say_nothing() -> None:
    assert "balance.spent" not in reasons(look(a_life().visit(STRANGER, session="n").balance(100)), "n")


def test_an_address_and_then_an_order_says_more_than_an_order_and_then_an_address() -> None:
    def address(log: Log) -> Log:
        return log.item("addresses", "a2", None, {"city": "Kobe"})

    then = reasons(look(address(a_life().visit(STRANGER, session="n")).order("1", address="a2")), "n")
    before = reasons(look(address(a_life().visit(STRANGER, session="n").order("1", address="a2"))), "n")
    assert then["address.added_then_ordered"] > 0
    assert "address.added_then_ordered" not in before


def test_a_contact_changed_and_then_an_order_says_more() -> None:
    then = reasons(look(loud(a_life().visit(STRANGER, session="n"))), "n")
    assert then["contact.changed_then_ordered"] > 0


def test_a_parcel_to_her_own_door_speaks_for_her() -> None:
    home = reasons(look(a_life().visit(STRANGER, session="n").order("1")), "n")
    assert home["order.to_known_address"] < 0
    assert "order.to_new_address" not in home


def test_a_code_by_mail_goes_to_nobodys_door() -> None:
    digital = reasons(look(a_life().visit(STRANGER, session="n").order("1", digital=True)), "n")
    assert "order.to_known_address" not in digital


def test_many_orders_at_once_and_a_large_one_speak_against() -> None:
    many = a_life().visit(STRANGER, session="n")
    for order in range(6):
        many.order(f"1{order}", address="elsewhere")
    assert reasons(look(many), "n")["orders.many_at_once"] > 0
    large = a_life().visit(STRANGER, session="n")
    dear = Order(id="1", total=Money("500000", "JPY"), address="elsewhere")
    large.add(EventType.ORDER_PLACED, OrderPlaced(order=dear, client=large.client))
    assert reasons(look(large), "n")["order.larger_than_usual"] > 0


def test_a_new_account_has_no_habits_to_break() -> None:
    new, old = loud(Log().visit(PHONE, session="n")), loud(a_life().visit(PHONE, session="n"))
    heavy = [sum(w for w in reasons(look(log), "n").values() if w > 0) for log in (new, old)]
    assert heavy[0] < heavy[1]
    assert actor(look(new), "n") is Actor.OWNER


def test_a_visit_in_which_nothing_unusual_happened_speaks_for_her() -> None:
    quiet = reasons(look(a_life().visit(STRANGER, session="n").viewed("orders")), "n")
    assert quiet["acts.nothing_unusual"] < 0
    assert "acts.nothing_unusual" not in reasons(look(a_life().visit(STRANGER, session="n").viewed("export")), "n")


def test_many_failures_and_then_in_speak_against_and_one_does_not() -> None:
    once, often = (a_life().by(STRANGER).failed(times).visit(STRANGER, session="n") for times in (1, 5))
    assert "sign_in.after_failures" not in reasons(look(once), "n")
    assert reasons(look(often), "n")["sign_in.after_failures"] > 0


def test_in_by_a_link_that_was_asked_for_speaks_against_a_stranger() -> None:
    log = a_life().by(changed(STRANGER, session="n")).reset().sign_in()
    assert reasons(look(log), "n")["sign_in.after_reset"] > 0


def test_after_a_long_absence_what_is_new_says_less() -> None:
    away = a_life()
    away.at = EVENING + 500 * DAY
    assert why(away, STRANGER)["device.never_seen"] < why(a_life(), STRANGER)["device.never_seen"]


def test_every_reason_names_events_of_its_own_account() -> None:
    log = loud(a_life().by(STRANGER).failed(4).visit(STRANGER, session="n"))
    there = {event.id for event in log.events}
    for session in look(log).findings.sessions:
        for reason in session.reasons:
            assert reason.events
            assert set(reason.events) <= there


def test_what_nobody_told_says_nothing() -> None:
    log = Log()
    for visit in range(60):
        log.by(Client(session=f"h{visit}")).at = EVENING - (60 - visit) * 3 * DAY
        log.sign_in().viewed("orders")
    log.at = EVENING
    found = why(log, Client())
    assert not [key for key in found if key.split(".")[0] in ("device", "browser", "network", "country", "client")]


def test_on_the_way_says_less_for_her_than_at_home() -> None:
    home, way = (sum(why(a_life(), client).values()) for client in (PHONE, on_the_way(300)))
    assert home < way < 0
