"""To whom is never answered? Everything that a program sent, that loops, or that is not for this address."""

import pytest

from takeback.mail.inbound.arrival import Arrival, plain_address
from takeback.mail.inbound.silence import Silence, why_silent

CHECK = "check@shop.example"
OWN = frozenset({CHECK, "help@shop.example"})


def why(
    *fields: str, sender: str = "Hanako <hanako@customer.example>", mail_from: str | None = "x@y.example"
) -> object:
    """Why a mail with these fields gets no answer."""
    named = {field.partition(":")[0].lower() for field in fields}
    usual = [f"From: {sender}", f"To: Check <{CHECK}>"]
    lines = [*(one for one in usual if one.partition(":")[0].lower() not in named), *fields]
    raw = "\r\n".join([*lines, "", "Is this mail from you?", ""]).encode()
    return why_silent(Arrival(raw, mail_from), inbound=CHECK, own=OWN)


def test_a_customers_mail_is_answered() -> None:
    assert why() is None
    assert why("Auto-Submitted: no", "Precedence: first-class") is None
    assert why(f"To: friend@x.example, {CHECK.upper()}") is None
    assert why("To: friend@x.example", f"Cc: {CHECK}") is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (["Auto-Submitted: auto-replied"], Silence.AUTOMATIC),
        (["Auto-Submitted: Auto-Generated; x=y"], Silence.AUTOMATIC),
        (["X-Auto-Response-Suppress: DR, AutoReply"], Silence.AUTOMATIC),
        (["X-Autoreply: yes"], Silence.AUTOMATIC),
        (["Precedence: bulk"], Silence.LIST),
        (["List-Id: <shop.lists.example>"], Silence.LIST),
        (["List-Unsubscribe: <mailto:x@y.example>"], Silence.LIST),
        (['Content-Type: multipart/report; boundary="x"'], Silence.BOUNCE),
        (["Received: from a by b"] * 51, Silence.LOOP),
        (["To: hanako@customer.example"], Silence.NOT_FOR_US),
        (["To: undisclosed-recipients:;"], Silence.NOT_FOR_US),
        (["From: a@x.example", "From: b@y.example"], Silence.NO_WRITER),
        (["X: y"] * 2000, Silence.NOT_READ),
    ],
)
def test_what_is_no_customers_own_mail_is_not(fields: list[str], reason: Silence) -> None:
    assert why(*fields) is reason


@pytest.mark.parametrize("sender", ["", "<>"])
def test_a_mail_of_nobody_is_not_answered(sender: str) -> None:
    assert why(mail_from=sender) is Silence.BOUNCE
    assert why("Return-Path: <>", mail_from=None) is Silence.BOUNCE
    assert why("Return-Path: <hanako@customer.example>", mail_from=None) is None


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("mailer-daemon@customer.example", Silence.AUTOMATIC),
        ("No-Reply@customer.example", Silence.AUTOMATIC),
        ("news-bounces@customer.example", Silence.AUTOMATIC),
        ("HELP@shop.example", Silence.OURS),
        ("check@Shop.example", Silence.OURS),
        ("a@x.example, b@y.example", Silence.NO_WRITER),
        ('"b@y.example" <a@x.example>', None),
        ('"a@x.example" b@y.example', Silence.NO_WRITER),
        ("a@x.example (b@y.example)", Silence.NO_WRITER),
        ("<a@x.example> <b@y.example>", Silence.NO_WRITER),
        ("group: a@x.example;", Silence.NO_WRITER),
        ("a b@x.example", Silence.NO_WRITER),
        ("a@localhost", Silence.NO_WRITER),
        ("=?utf-8?B?6Iqx5a2Q?= <a@x.example>", None),
        ('"Sato, Hanako" <a@x.example>', None),
        ("<a@x.example>", None),
    ],
)
def test_a_sender_is_answered_only_where_all_readers_see_the_same_person(sender: str, reason: Silence | None) -> None:
    assert why(sender=sender) is reason


@pytest.mark.parametrize(
    "text", ["a@x.example\nBcc: b", "a@x", "@x.example", "a@-x.example", "a@x..example", "あ@x.example"]
)
def test_what_two_programs_may_read_differently_is_no_address(text: str) -> None:
    assert plain_address(text) is None


def test_an_address_has_its_domain_in_lower_case() -> None:
    assert plain_address("Hanako.S+x@Customer.EXAMPLE") == "Hanako.S+x@customer.example"
