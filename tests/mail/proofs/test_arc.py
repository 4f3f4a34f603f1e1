"""Is a chain of seals followed to its end, and are only trusted sealers listened to?"""

import dkim
import pytest

from takeback.core.authenticity.facts import Arc, ArcState, Claim
from takeback.mail.authenticity.arc import arc
from takeback.mail.authenticity.message import read_message
from takeback.mail.dns.port import UNREACHABLE, Answer
from takeback.mail.dns.zone import ZoneResolver
from tests.mail.proofs.making import MAIL, pem, record

ZONE = ZoneResolver(
    {f"s._domainkey.{name} TXT": [record()] for name in ("list.example", "box.example", "third.example")}
)
SAID = b"Authentication-Results: %s; arc=%s; dkim=pass header.d=shop.example; dmarc=pass header.from=shop.example\r\n"


def seal(mail: bytes, sealer: str, found: bytes = b"pass") -> bytes:
    """The mail as dkimpy seals it, with what the sealer says that it saw."""
    host = b"mx." + sealer.encode()
    found = found if b"ARC-Seal" in mail else b"none"
    return b"".join(dkim.arc_sign(SAID % (host, found) + mail, b"s", sealer.encode(), pem(), host)) + mail


def judge(mail: bytes, *sealers: str, zone: ZoneResolver = ZONE) -> Arc:
    return arc(read_message(mail), zone, sealers)


CHAIN = seal(seal(seal(MAIL, "list.example"), "third.example"), "box.example")


def test_a_mail_without_seals_has_no_chain() -> None:
    assert judge(MAIL) == Arc()


def test_a_chain_is_told_oldest_hop_first() -> None:
    found = judge(CHAIN, "box.example")
    assert found.state is ArcState.VALID
    assert [(hop.instance, hop.sealer, hop.trusted) for hop in found.sets] == [
        (1, "list.example", False),
        (2, "third.example", False),
        (3, "box.example", True),
    ]


def test_line_ends_of_the_file_make_no_difference() -> None:
    assert judge(CHAIN.replace(b"\r\n", b"\n")).state is ArcState.VALID


def test_only_a_trusted_sealer_is_listened_to() -> None:
    one, two, three = judge(CHAIN, "box.example").sets
    assert one.claims == two.claims == ()
    assert Claim("dkim", "pass", "shop.example") in three.claims
    assert Claim("dmarc", "pass", "shop.example") in three.claims


def test_a_domain_under_a_trusted_one_is_not_trusted() -> None:
    assert not any(hop.trusted for hop in judge(CHAIN, "example").sets)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"It is on its way", b"It is held back!"),
        (b"Subject: Your order", b"Subject: Your money"),
        (b"header.d=shop.example", b"header.d=evil.example"),
        (b"cv=none", b"cv=pass"),
    ],
)
def test_a_change_after_sealing_breaks_it(old: bytes, new: bytes) -> None:
    assert judge(CHAIN.replace(old, new), "box.example").state is ArcState.BROKEN


def test_a_set_that_was_taken_out_breaks_it() -> None:
    lines = CHAIN.split(b"ARC-")
    assert judge(b"ARC-".join(lines[:4] + lines[7:])).state is ArcState.BROKEN


def test_a_field_that_stands_twice_breaks_it() -> None:
    assert judge(b"ARC-Authentication-Results: i=3; mx.box.example; none\r\n" + CHAIN).state is ArcState.BROKEN


def test_a_chain_that_its_last_sealer_found_broken_stays_broken() -> None:
    broken = seal(CHAIN.replace(b"Your order", b"Your money"), "box.example", b"fail")
    assert b"cv=fail" in broken
    assert judge(broken, "box.example").state is ArcState.BROKEN


def test_a_sealer_whose_key_is_gone_breaks_it() -> None:
    assert judge(CHAIN, zone=ZoneResolver({})).state is ArcState.BROKEN


def test_a_dns_that_does_not_answer_is_told() -> None:
    class Dead:
        def ask(self, name: str, kind: str) -> Answer:  # noqa: ARG002 - it answers nothing
            return UNREACHABLE

    assert arc(read_message(CHAIN), Dead(), ()).state is ArcState.UNREACHABLE


@pytest.mark.parametrize("mail", [seal(MAIL, "list.example"), CHAIN, CHAIN.replace(b"on its way", b"held back!")])
def test_it_is_judged_as_dkimpy_judges_it(mail: bytes) -> None:
    def dns(name: bytes, timeout: int = 5) -> bytes:  # noqa: ARG001 - as dkimpy asks
        return record().encode()

    assert (judge(mail).state is ArcState.VALID) == (dkim.arc_verify(mail, dnsfunc=dns)[0] == b"pass")
