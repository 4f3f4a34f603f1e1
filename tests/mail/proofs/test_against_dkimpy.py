"""Is a mail judged as dkimpy judges it, wherever dkimpy does judge?"""

from datetime import UTC, datetime

import dkim
import pytest
from dkim.canonicalization import Relaxed, Simple
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.authenticity.facts import SignatureState
from takeback.mail.authenticity.canonical import relaxed_body, relaxed_field, simple_body
from tests.mail.proofs.making import NAMES, only, pem, record, sign, zone

BODIES = st.lists(
    st.sampled_from([b"a", b"word", b" ", b"\t", b"  \t", b"\r\n", b"\r\n\r\n", b".", "語".encode()]), max_size=40
).map(b"".join)
VALUES = st.lists(
    st.sampled_from([b"a", b"x y", b" ", b"\t", b"\r\n ", b"\r\n\t", b";", "語".encode()]), max_size=20
).map(b"".join)


def dns(name: bytes, timeout: int = 5) -> bytes | None:  # noqa: ARG001 - as dkimpy asks
    return record().encode() if name.startswith(b"s1.") else None


@given(body=BODIES.map(lambda body: body + b"\r\n") | st.just(b""))
def test_the_canonical_bodies_are_the_same(body: bytes) -> None:
    assert simple_body(body) == Simple.canonicalize_body(body)
    assert relaxed_body(body) == Relaxed.canonicalize_body(body)


@given(value=VALUES)
def test_the_canonical_fields_are_the_same(value: bytes) -> None:
    ((name, theirs),) = Relaxed.canonicalize_headers([(b"Subject", value + b"\r\n")])
    assert relaxed_field("subject", value) == name + b":" + theirs


@settings(max_examples=60, deadline=None)
@given(
    subject=VALUES.filter(lambda value: b"\n" not in value),
    body=BODIES,
    header_form=st.sampled_from([b"simple", b"relaxed"]),
    body_form=st.sampled_from([b"simple", b"relaxed"]),
    length=st.booleans(),
    spoil=st.sampled_from([b"", b"Subject", b"\r\n\r\n"]),
)
def test_what_dkimpy_signs_is_judged_as_dkimpy_judges_it(
    subject: bytes, body: bytes, header_form: bytes, body_form: bytes, length: bool, spoil: bytes
) -> None:
    mail = b"From: a@shop.example\r\nSubject:" + subject + b"\r\nTo: b@c.example\r\n\r\n" + body + b"\r\n"
    field = dkim.DKIM(mail).sign(
        b"s1",
        b"shop.example",
        pem(),
        canonicalize=(header_form, body_form),
        include_headers=[b"from", b"subject", b"to"],
        length=length,
    )
    signed = (field + mail).replace(spoil, spoil + b"x", 1) if spoil else field + mail
    try:
        theirs = dkim.DKIM(signed).verify(dnsfunc=dns)
    except dkim.ValidationError:
        theirs = False
    today = datetime.now(UTC)
    assert (only(signed, zone(), today).state is SignatureState.VALID) == theirs


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_field_is_refused_by_both(name: str) -> None:
    spoiled = sign().replace(name.title().replace("Id", "ID").encode() + b":", name.encode() + b": x", 1)
    assert only(spoiled).state is SignatureState.BROKEN
    assert dkim.DKIM(spoiled).verify(dnsfunc=dns) is False
