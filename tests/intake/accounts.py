"""The small event stories behind the ladder: what an account shows while its customer writes."""

from collections.abc import Callable
from datetime import timedelta

from takeback.core.events import EventType, Who
from takeback.core.investigation import investigate
from takeback.core.triage import Evidence, evidence
from tests.core.making import (
    COMPUTER,
    EVENING,
    INTRUDER,
    PHONE,
    Log,
    a_life,
    changed,
    loud,
    on_the_way,
)

ELSEWHERE = changed(INTRUDER, session=None)
AT = EVENING + timedelta(days=1)
HOME = {"line1": "桜ヶ丘2-3-4"}


def _visited(session: str = "x") -> Log:
    """A year of hers, then a visit from abroad."""
    return a_life().visit(ELSEWHERE, session=session)


def night_abroad() -> Log:
    log = _visited().viewed("cards").viewed("addresses").field("name", "花子", "山田")
    for number in range(12):
        log.order(f"x{number}", address="elsewhere")
    return log


def mail_swapped() -> Log:
    log = _visited().viewed("cards")
    return log.field("email", "hanako@example.jp", "t@example.net").order("x1", address="elsewhere")


def gift_codes() -> Log:
    log = _visited().viewed("cards")
    for number in range(5):
        log.order(f"g{number}", digital=True)
    return log


def points_spent() -> Log:
    return _visited().balance(-40000).order("x1", address="elsewhere", digital=True)


def new_address() -> Log:
    log = _visited().item("addresses", "91", None, {"line1": "Dorpsstraat 1"})
    return log.order("x1", address="elsewhere").order("x2", address="elsewhere")


def password_taken() -> Log:
    return _visited().field("password", None, None).field("phone", "+819012345678", "+31612345678").viewed("cards")


def passkey_planted() -> Log:
    return _visited().item("passkeys", "k1", None, {"name": "Pixel"}).viewed("cards")


def stolen_cookie() -> Log:
    log = a_life().visit(PHONE, session="shared").viewed("orders")
    log.client = changed(ELSEWHERE, session="shared")
    return loud(log)


def notices_muted() -> Log:
    return _visited().field("notifications", "all", "none").order("x1", address="elsewhere", digital=True)


def orders_hidden() -> Log:
    log = _visited().order("x1", address="elsewhere").order("x2", address="elsewhere")
    return log.item("hidden_orders", "x1", None, {"order": "x1"})


def name_and_phone() -> Log:
    log = _visited().field("name", "花子", "Viktor").field("phone", "+819012345678", "+31612345678")
    return log.viewed("addresses").viewed("cards")


def five_parcels_shipped() -> Log:
    log = loud(_visited())
    log.by(Who.SYSTEM)
    for number in range(5):
        log.step(EventType.ORDER_SHIPPED, f"{200 + number}")
    return log


def second_factor_off() -> Log:
    return _visited().field("two_step", True, False).viewed("cards").viewed("addresses")


def data_exported() -> Log:
    return _visited().viewed("export").viewed("addresses").viewed("cards")


def card_of_another() -> Log:
    log = _visited().item("cards", "8", None, {"brand": "Visa", "last4": "7731"})
    return log.order("x1", address="elsewhere").order("x2", address="elsewhere", digital=True)


def delegate_added() -> Log:
    return _visited().item("delegates", "m1", None, {"name": "Mike"}).order("x1", address="elsewhere")


def subscription_started() -> Log:
    log = _visited().item("subscriptions", "b1", None, {"name": "pet food"})
    return log.order("x1", address="elsewhere").viewed("cards")


def refund_diverted() -> Log:
    return _visited().item("sellers_payouts", "p1", None, {"bank": "NL00"}).viewed("cards").viewed("orders")


def reset_then_in() -> Log:
    log = a_life()
    log.by(ELSEWHERE).failed(4).reset()
    return loud(log.visit(ELSEWHERE, session="x").field("password", None, None))


def weeks_of_lurking() -> Log:
    log = a_life(until=EVENING - timedelta(days=21))
    for week in range(3):
        log.visit(ELSEWHERE, at=EVENING - timedelta(days=21 - 7 * week), session=f"x{week}").viewed("cards")
    return loud(log.visit(ELSEWHERE, at=EVENING, session="x3"))


def phished_yesterday() -> Log:
    log = a_life().visit(PHONE, session="her").viewed("orders")
    return loud(log.visit(ELSEWHERE, at=EVENING + timedelta(hours=3), session="x"))


def ex_husband() -> Log:
    log = a_life()
    his = changed(COMPUTER, device="his", ip="203.0.114.9", asn=17676, user_agent="Firefox Linux")
    return loud(log.visit(his, session="x"))


def mothers_account() -> Log:
    return loud(a_life(on_the_way, days=300, every=10).visit(ELSEWHERE, session="x"))


def locker() -> Log:
    log = a_life().visit(PHONE, session="her").order("500")
    log.visit(ELSEWHERE, at=EVENING + timedelta(hours=2), session="x")
    log.change_order("500", "address", "home", "locker").item("pickup_codes", "c1", None, {"order": "500"})
    return log.viewed("addresses")


def shop_and_mailbox() -> Log:
    return loud(_visited().field("recovery_email", "h@example.jp", "t@example.org"), after="t@example.net")


def television() -> Log:
    return _visited().viewed("cards").order("tv", address="elsewhere").item("addresses", "91", None, HOME)


def unknown_visit() -> Log:
    return a_life().visit(changed(COMPUTER, device="hotel", ip="198.51.100.80", asn=17676)).viewed("orders")


def unknown_order() -> Log:
    return a_life().visit(changed(PHONE, device="phone2", ip="198.51.100.81")).order("hp", address="office")


def unknown_address() -> Log:
    visited = a_life().visit(changed(PHONE, device="phone2", ip="198.51.100.81"))
    return visited.item("addresses", "77", None, {"line1": "Kita 1"})


def unknown_looks() -> Log:
    return a_life().visit(changed(PHONE, device="phone2", ip="198.51.100.82", asn=17676)).viewed("cards")


def unknown_reset() -> Log:
    log = a_life()
    log.by(changed(COMPUTER, device="pc4", ip="198.51.100.83", asn=17676)).reset()
    return log


def clean() -> Log:
    return a_life().visit(PHONE, session="today").viewed("orders").order("901")


ACCOUNTS: dict[str, Callable[[], Log]] = {
    made.__name__: made
    for made in (
        night_abroad,
        mail_swapped,
        gift_codes,
        points_spent,
        new_address,
        password_taken,
        passkey_planted,
        stolen_cookie,
        notices_muted,
        orders_hidden,
        name_and_phone,
        five_parcels_shipped,
        second_factor_off,
        data_exported,
        card_of_another,
        delegate_added,
        subscription_started,
        refund_diverted,
        reset_then_in,
        weeks_of_lurking,
        phished_yesterday,
        ex_husband,
        mothers_account,
        locker,
        shop_and_mailbox,
        television,
        unknown_visit,
        unknown_order,
        unknown_address,
        unknown_looks,
        unknown_reset,
        clean,
    )
}


def shown(log: Log) -> Evidence:
    """What the account shows a day after."""
    return evidence(investigate("42", log.events, now=AT).findings, log.events, AT)
