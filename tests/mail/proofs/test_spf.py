"""Is SPF asked only of what a believed line says, and each thread's own DNS?"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from takeback.core.authenticity.facts import Spf, SpfState
from takeback.mail.authenticity.received import Receipt
from takeback.mail.authenticity.spf import spf
from takeback.mail.dns.port import UNREACHABLE, Answer
from takeback.mail.dns.zone import ZoneResolver
from tests.mail.proofs.making import AT

RECEIPT = Receipt(AT, True, "192.0.2.7", "out.shop.example", "bounce@shop.example")


def check(record: str, receipt: Receipt = RECEIPT, **more: list[str]) -> Spf:
    held = {name.replace("__", " ").replace("_", "."): texts for name, texts in more.items()}
    return spf(receipt, ZoneResolver({"shop.example TXT": [record], **held}))


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", SpfState.PASS),
        ("v=spf1 ip4:198.51.100.0/24 -all", SpfState.FAIL),
        ("v=spf1 ~all", SpfState.SOFTFAIL),
        ("v=spf1 ?all", SpfState.NEUTRAL),
        ("unrelated", SpfState.NONE),
        ("v=spf1 nonsense:x -all", SpfState.MALFORMED),
        ("v=spf1 include:shop.example -all", SpfState.MALFORMED),
        ("v=spf1 " + "ip4:198.51.100.1 " * 2_000 + "-all", SpfState.FAIL),
    ],
)
def test_the_record_decides(record: str, state: SpfState) -> None:
    assert check(record) == Spf(state, "shop.example", "192.0.2.7")


def test_a_host_is_followed() -> None:
    assert check("v=spf1 a:out.shop.example -all", out_shop_example__A=["192.0.2.7"]).state is SpfState.PASS


def test_a_mail_server_is_followed() -> None:
    found = check("v=spf1 mx -all", shop_example__MX=["10 mx.shop.example"], mx_shop_example__A=["192.0.2.7"])
    assert found.state is SpfState.PASS


def test_an_address_of_the_longer_kind_is_checked() -> None:
    receipt = RECEIPT._replace(ip="2001:db8::7")
    assert check("v=spf1 ip6:2001:db8::/32 -all", receipt).state is SpfState.PASS


@pytest.mark.parametrize("receipt", [Receipt(), RECEIPT._replace(ip=""), RECEIPT._replace(mail_from="", helo="")])
def test_without_a_believed_line_it_is_not_checked(receipt: Receipt) -> None:
    assert check("v=spf1 +all", receipt) == Spf()


def test_a_bounce_is_checked_by_the_name_of_the_machine() -> None:
    receipt = RECEIPT._replace(mail_from="", helo="shop.example")
    assert check("v=spf1 ip4:192.0.2.7 -all", receipt).state is SpfState.PASS


def test_a_dns_that_does_not_answer_is_told() -> None:
    class Dead:
        def ask(self, name: str, kind: str) -> Answer:  # noqa: ARG002 - it answers nothing
            return UNREACHABLE

    assert spf(RECEIPT, Dead()).state is SpfState.UNREACHABLE


def test_every_thread_asks_its_own_dns() -> None:
    zones = [ZoneResolver({"shop.example TXT": [record]}) for record in ("v=spf1 +all", "v=spf1 -all")]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: spf(RECEIPT, zones[number % 2]).state, range(60)))
    assert found == [SpfState.PASS, SpfState.FAIL] * 30
