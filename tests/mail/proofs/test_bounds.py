"""Does a mail that is made to take long, or to break things, take short and break nothing?"""

import time
import tracemalloc
from collections.abc import Callable

import dkim
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from takeback.core.authenticity.facts import SignatureState
from takeback.mail.authenticity.arc import arc
from takeback.mail.authenticity.canonical import Body, relaxed_body, simple_body
from takeback.mail.authenticity.message import read_message
from takeback.mail.authenticity.received import received
from takeback.mail.authenticity.results import read_claims, results
from takeback.mail.authenticity.signatures import signatures
from takeback.mail.dns.zone import ZoneResolver
from tests.mail.proofs.making import AT, MAIL, record, sign, zone

BLANKS = 400_000


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def everything(raw: bytes, resolver: ZoneResolver) -> None:
    message = read_message(raw)
    body = Body(message)
    signatures(message, resolver, AT, AT, body)
    arc(message, resolver, {"shop.example"}, body)
    results(message, ["mx.shop.example"])
    received(message, ["mx.shop.example"], None)


def test_a_mail_of_25_megabytes_with_many_signatures_takes_a_second_and_its_own_size_a_few_times() -> None:
    line = b"A line of  text with\tblanks, as  long as most lines of a mail are in the end \r\n"
    mail = sign(MAIL + line * (25_000_000 // len(line)))
    field = mail[: mail.index(b"From: ")]
    several = b"".join(field.replace(b"d=shop", b"l=%d; d=shop" % (length * 1_000_000)) for length in range(1, 20))
    message = read_message(several + mail)
    tracemalloc.start()
    begun = time.process_time()
    found = signatures(message, zone(), AT, AT)
    taken = time.process_time() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[-1].state is SignatureState.VALID
    assert len(found) == 20
    assert taken < 2
    assert peak < 150_000_000


def test_it_costs_no_more_than_dkimpy_over_the_same_signatures() -> None:
    text = b"<p>A line of  a mail in markup,\tas long as these lines are in life</p> \r\n" * 400
    past = {"t": "1700000000"}  # dkimpy knows only today, and would stop at a signature of tomorrow
    raw = sign(sign(MAIL + text, tags=past), form="relaxed/simple", tags=past)
    resolver = zone()

    def dns(name: bytes, timeout: int = 5) -> bytes:  # noqa: ARG001 - as dkimpy asks
        return record().encode()

    def theirs() -> None:
        checked = dkim.DKIM(raw)
        assert all(checked.verify(idx=number, dnsfunc=dns) for number in range(2))

    pairs = [(seconds(lambda: signatures(read_message(raw), resolver, AT, AT)), seconds(theirs)) for _ in range(30)]
    ours, dkimpys = (sorted(times)[len(times) // 2] for times in zip(*pairs, strict=True))
    assert {one.state for one in signatures(read_message(raw), resolver, AT, AT)} == {SignatureState.VALID}
    assert ours <= dkimpys


@pytest.mark.parametrize("form", ["simple/simple", "relaxed/relaxed"])
@pytest.mark.parametrize(
    "body",
    [b" " * BLANKS + b"x", b"\t \t" * BLANKS, b" \r\n" * BLANKS, b"\r\n" * BLANKS, b"\r" * BLANKS, b"x \r" * BLANKS],
    ids=["blanks", "tabs", "blank lines", "empty lines", "carriage returns", "mixed"],
)
def test_a_body_of_blanks_costs_what_any_body_costs(form: str, body: bytes) -> None:
    field = sign(form=form)[: -len(MAIL)]
    mail = read_message(field + MAIL + body)
    assert seconds(lambda: signatures(mail, zone(), AT, AT)) < 0.5


@pytest.mark.parametrize("tag", ["b=", "h=", "bh=", "d=", "x", "; b", "i="])
def test_a_signature_of_blanks_costs_what_any_signature_costs(tag: str) -> None:
    field = b"DKIM-Signature: v=1; " + tag.encode() + b"\t " * 8_000 + b"x" + b"\r\n"
    mail = read_message(field * 10 + MAIL)
    assert seconds(lambda: signatures(mail, zone(), AT, AT)) < 0.3


def test_a_chain_of_a_thousand_seals_is_not_followed() -> None:
    seals = b"".join(
        b"ARC-Seal: i=%d; a=rsa-sha256; cv=pass; d=shop.example; s=s1; b=abcd\r\n" % at for at in range(1, 1000)
    )
    mail = read_message(seals + MAIL)
    assert seconds(lambda: arc(mail, zone(), ())) < 0.3


@pytest.mark.parametrize(
    "text", [b"(" * 30_000, b'"' * 30_000, b"; dkim=pass" * 2_500, b"; dkim" + b" " * 30_000, b"\\" * 30_000]
)
def test_results_that_are_made_to_take_long_do_not(text: bytes) -> None:
    assert seconds(lambda: read_claims(b"mx.shop.example" + text)) < 0.3


@pytest.mark.parametrize("text", [b"(" * 4_000, b"from " * 800, b"[" * 4_000, b" " * 4_000 + b"by", b"<" * 4_000])
def test_received_lines_that_are_made_to_take_long_do_not(text: bytes) -> None:
    mail = read_message((b"Received: " + text + b"\r\n") * 200 + MAIL)
    assert seconds(lambda: received(mail, ["shop.example"], None)) < 0.5


HEADERS = [
    b"DKIM-Signature",
    b"DKIM-Signature ",
    b"ARC-Seal",
    b"ARC-Message-Signature",
    b"ARC-Authentication-Results",
    b"Authentication-Results",
    b"Received",
    b"Return-Path",
    b"From",
]
PIECES = st.sampled_from(
    [
        b"v=1;", b"a=rsa-sha256;", b"a=ed25519-sha256;", b"d=shop.example;", b"s=s1;", b"h=from:from;", b"bh=abcd;",
        b"b=abcd;", b"l=3;", b"t=99999999999;", b"x=1;", b"i=1;", b"cv=none;", b"c=simple;", b"mx.shop.example;",
        b"dkim=pass", b"header.d=", b'"', b"(", b")", b"\\", b" ", b"\r\n\t", b"from a by mx.shop.example; ",
        b"[1.2.3.4]", b"Fri, 20 Nov 2026 18:00:00 +9999", b"\x00", b"\xff", b"\r", "é".encode(),
    ]
)  # fmt: skip
FIELDS = st.tuples(st.sampled_from(HEADERS), st.lists(PIECES | st.binary(max_size=12), max_size=20))
MAILS = st.builds(
    lambda fields, rest: (
        b"".join(name + b": " + b"".join(pieces) + b"\r\n" for name, pieces in fields) + b"\r\n" + rest
    ),
    st.lists(FIELDS, max_size=8),
    st.binary(max_size=60),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=MAILS | st.binary(max_size=200), text=st.text(max_size=60))
@example(raw=b"", text="")
def test_no_bytes_and_no_record_make_it_raise(raw: bytes, text: str) -> None:
    everything(raw, zone())
    everything(raw, zone(s1=[text, "v=DKIM1; k=rsa; p=" + text]))
    everything(sign(), zone(s1=[record()[: len(text) * 5] + text]))


@given(body=st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"\r", b"  ", b"x y"]), max_size=30).map(b"".join))
def test_the_canonical_forms_do_not_change_when_made_again(body: bytes) -> None:
    for form in (simple_body, relaxed_body):
        assert form(form(body)) == form(body)
