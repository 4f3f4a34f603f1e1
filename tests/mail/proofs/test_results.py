"""Is only the configured receiver listened to, and does it say what authres too reads in its field?"""

import authres
import pytest

from takeback.core.authenticity.facts import Claim
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.results import read_claims, results
from tests.mail.proofs.making import MAIL
from tests.mail.proofs.test_received import EDGE, INSIDE, OURS, SENDERS

SAYS = b"Authentication-Results: mx.box.example; dkim=pass header.d=shop.example\r\n"
PASS = ("mx.box.example", (Claim("dkim", "pass", "shop.example"),))
NOTHING: tuple[str, tuple[Claim, ...]] = ("", ())


def read(header: bytes) -> tuple[str, tuple[Claim, ...]]:
    return results(read_message(header + MAIL), OURS)


@pytest.mark.parametrize(
    "header",
    [SAYS + EDGE + SENDERS, INSIDE + SAYS + EDGE + SENDERS, SAYS + EDGE, SAYS + SENDERS],
    ids=["above", "between its own two", "no line of the sender", "above the sender's"],
)
def test_the_configured_receiver_is_believed(header: bytes) -> None:
    assert read(header) == PASS


@pytest.mark.parametrize(
    "header",
    [EDGE + SENDERS + SAYS, SENDERS + SAYS, EDGE + EDGE + SAYS, EDGE + SAYS + SENDERS, SAYS],
    ids=[
        "below the sender's line",
        "not received by it",
        "below a second line in its name",
        "below the line with which it took the mail in",
        "not received at all",
    ],
)
def test_what_the_sender_could_have_written_is_not(header: bytes) -> None:
    assert read(header) == NOTHING


def test_another_receivers_field_is_passed_over() -> None:
    assert read(SAYS.replace(b"mx.box", b"mx.evil") + SAYS + EDGE) == PASS


def test_the_topmost_field_decides() -> None:
    assert read(SAYS.replace(b"pass", b"fail") + SAYS + EDGE)[1] == (Claim("dkim", "fail", "shop.example"),)


def test_without_a_configured_receiver_nobody_is_believed() -> None:
    assert results(read_message(SAYS + EDGE + MAIL), []) == NOTHING


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (b"m.x; none", ()),
        (b"m.x 1; dkim=pass (2048-bit; key) header.i=@shop.example", (Claim("dkim", "pass", "shop.example"),)),
        (b"m.x; spf=pass smtp.mailfrom=\r\n b@shop.example", (Claim("spf", "pass", "shop.example"),)),
        (b'm.x; dmarc=fail reason="x; dkim=pass" header.from=Shop.Example', (Claim("dmarc", "fail", "shop.example"),)),
        (b'm.x; spf=fail smtp.mailfrom="; dkim=pass header.d=a.example"@evil.top', (Claim("spf", "fail", "evil.top"),)),
        (b"m.x; spf=fail (evil) dkim=pass header.d=shop.example (x)", (Claim("spf", "fail", ""),)),
        (b"m.x; dkim=fail header.xd=shop.example xheader.d=shop.example", (Claim("dkim", "fail", ""),)),
        (b"m.x; dkim=pass header.d=evil.top header.d=shop.example", (Claim("dkim", "pass", "evil.top"),)),
        (b"m.x; dkim=pass (header.d=shop.example", ()),
        (b'm.x; dkim=pass header.d="shop.example', ()),
        (b"m.x; dkim=pass) header.d=shop.example", ()),
        (b"m.x; =pass; dkim; dkim=; ;", ()),
    ],
)  # fmt: skip
def test_a_field_is_read_strictly(text: bytes, claims: tuple[Claim, ...]) -> None:
    assert read_claims(text)[1] == claims


@pytest.mark.parametrize(
    "text",
    [
        "mx.box.example; dkim=pass (good) header.d=shop.example header.s=s1; spf=pass smtp.mailfrom=b@shop.example",
        "mx.box.example; dmarc=fail (p=reject) header.from=shop.example",
        'mx.box.example; dkim=neutral reason="no key" header.i=@shop.example; arc=none',
        "mx.box.example 1; dkim=pass header.d=a.example; dkim=fail header.d=b.example",
    ],
)
def test_it_reads_what_authres_reads(text: str) -> None:
    theirs = authres.AuthenticationResultsHeader.parse_value(text)
    server, ours = read_claims(text.encode())
    assert server == theirs.authserv_id
    assert [(claim.method, claim.result) for claim in ours] == [(one.method, one.result) for one in theirs.results]
    said = [{prop.value.rpartition("@")[2] for prop in one.properties} for one in theirs.results]
    assert all(claim.domain in values or not values for claim, values in zip(ours, said, strict=True))
