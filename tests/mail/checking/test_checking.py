"""Is a mail judged in time, whatever it and the DNS are, and is a forwarded one told from the one that carries it?

Which trick gets which verdict is the business of `tests/mail/table`.
"""

import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from takeback.core.authenticity.facts import Form, SpfState
from takeback.core.authenticity.ledger import LedgerBook
from takeback.core.authenticity.reasons import Ground
from takeback.core.authenticity.shop import Shop
from takeback.core.authenticity.verdict import Judgement, NextStep
from takeback.mail.authenticity.checking import BUDGET, Checked, check_forwarded, check_mail
from takeback.mail.dns.port import UNREACHABLE, Answer, Resolver
from tests.mail.table import genuine, hostile
from tests.mail.table.asking import resolver
from tests.mail.table.making import EVIL, RECEIVED, File, Letter, Mail, Row, arrived, ours, sent, signed, strange
from tests.mail.table.zone import SHOP as DOMAIN

NOW = RECEIVED + timedelta(hours=2)
SHOP = Shop((DOMAIN,), ("Example Shop", "例のお店"), ("mx.mailbox.example",))
DNS = resolver(Mail(b""))
GENUINE = ours().raw


def check(raw: bytes, dns: Resolver = DNS, **more: object) -> Checked:
    usual = {"received": RECEIVED, "now": NOW}
    return check_mail(raw, SHOP, dns, **{**usual, **more})  # type: ignore[arg-type]  # a test's own words, passed on


class Slow:
    """A DNS of which every answer takes a second and says nothing, and which can be hurried."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, name: str, kind: str) -> Answer:
        return self.ask_within(name, kind, 10.0)

    def ask_within(self, name: str, kind: str, seconds: float) -> Answer:
        self.asked.append((name, kind))
        time.sleep(min(seconds, 1.0))
        return UNREACHABLE


class Counting:
    """A DNS that keeps what it was asked."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def ask(self, name: str, kind: str) -> Answer:
        self.names.append(name)
        return DNS.ask(name, kind)


class Breaking:
    """A DNS that does what no port may do."""

    def ask(self, name: str, kind: str) -> Answer:
        raise RuntimeError(f"a secret of {name} {kind}")


# Time


def test_a_dns_that_answers_nothing_costs_less_than_five_seconds_and_the_verdict_asks_to_try_again() -> None:
    many = GENUINE
    for place in range(12):
        many = signed(many, f"service{place}.example")
    slow, start = Slow(), time.monotonic()
    verdict = check(many, slow, in_full=True).verdict
    assert time.monotonic() - start < BUDGET + 1
    assert (verdict.verdict, verdict.next_step) == (Judgement.UNKNOWN, NextStep.TRY_AGAIN)
    assert len(slow.asked) > 1


def test_what_cannot_change_the_verdict_is_not_asked_for() -> None:
    counting, everything = Counting(), Counting()
    assert check(GENUINE, counting).facts.spf.state is SpfState.NOT_CHECKED
    assert check(GENUINE, everything, in_full=True).facts.spf.state is SpfState.PASS
    assert len(counting.names) < len(everything.names)


@pytest.mark.parametrize("row", [*hostile.ROWS, *genuine.ROWS], ids=lambda row: row.name)
def test_what_is_left_out_does_not_change_the_verdict(row: Row) -> None:
    mail = row.make()
    shop = Shop(mail.shop.domains, mail.shop.names, mail.shop.receivers, mail.shop.sealers)
    ledger = None if mail.ledger is None else LedgerBook(mail.ledger)
    short, full = (
        check_mail(
            mail.raw, shop, resolver(mail), received=mail.received, now=mail.now, ledger=ledger, form=mail.form,
            in_full=in_full,
        ).verdict
        for in_full in (False, True)
    )  # fmt: skip
    assert (short.verdict, short.reasons[0], short.next_step) == (full.verdict, full.reasons[0], full.next_step)


# Whatever the bytes


@settings(max_examples=120)
@given(st.binary(max_size=400), st.sampled_from(Form), st.booleans())
@example(b"", Form.RAW, True)
@example(b"From: " + b"<" * 5000 + b"\r\n\r\n", Form.RAW, True)
@example(b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n", Form.ATTACHED, True)
def test_no_bytes_make_it_raise(raw: bytes, form: Form, in_full: bool) -> None:
    told = check(raw, form=form, in_full=in_full).verdict
    assert told.verdict is not Judgement.GENUINE
    assert Ground.READING_FAILED not in {one.key for one in told.reasons}


@settings(max_examples=120)
@given(st.integers(0, len(GENUINE)), st.integers(0, 40), st.binary(max_size=30))
def test_no_piece_taken_out_or_put_in_makes_it_raise(place: int, length: int, put: bytes) -> None:
    told = check(GENUINE[:place] + put + GENUINE[place + length :], in_full=True).verdict
    assert Ground.READING_FAILED not in {one.key for one in told.reasons}


def test_a_failure_of_our_own_is_cannot_tell_and_the_log_has_its_kind_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        verdict = check(GENUINE, Breaking()).verdict
    assert (verdict.verdict, verdict.reasons[0].key) == (Judgement.UNKNOWN, Ground.READING_FAILED)
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


# The time of receipt


def test_an_old_mail_is_judged_at_the_time_at_which_it_came() -> None:
    years_later = NOW + timedelta(days=900)
    expiring = ours(expires=RECEIVED + timedelta(days=1)).raw
    verdict = check(expiring, now=years_later).verdict
    assert verdict.verdict is Judgement.GENUINE
    assert [one.key for one in verdict.reasons] == [Ground.SIGNED_BY_SHOP, Ground.SIGNED_EXPIRED_SINCE]


def test_without_a_time_of_receipt_it_is_judged_as_of_now() -> None:
    bare = signed(Letter())
    assert check(bare, received=None).verdict.verdict is Judgement.GENUINE
    late = check(bare, received=None, now=NOW + timedelta(days=900))
    assert (late.verdict.verdict, late.verdict.reasons[0].key) == (Judgement.UNKNOWN, Ground.SIGNED_LONG_AGO)
    assert late.facts.received_trusted is False


def test_a_received_line_of_the_future_that_nobody_vouches_for_is_not_believed() -> None:
    ahead = arrived(signed(Letter()), at=NOW + timedelta(days=400), by="mx.nobody.example")
    assert check(ahead, received=None).facts.received == NOW


# Mail inside mail, and text


def forwards(inside: bytes, **more: object) -> bytes:
    outer = Letter(sender="Hanako <hanako@mailbox.example>", to=f"check@{DOMAIN}", subject="Fwd", text="Is it you?\n")
    return arrived(replace(outer, files=(File("mail.eml", inside, "message/rfc822"),), **more).raw())


def forwarded(raw: bytes, **more: object) -> Checked | None:
    return check_forwarded(raw, SHOP, DNS, received=RECEIVED, now=NOW, **more)  # type: ignore[arg-type]  # a test's own words, passed on


def test_the_mail_inside_is_judged_and_not_the_one_that_carries_it() -> None:
    inside = forwarded(forwards(GENUINE))
    assert inside is not None
    assert (inside.verdict.verdict, inside.facts.form) == (Judgement.GENUINE, Form.ATTACHED)
    forged = strange(Letter()).raw
    carried = forwarded(arrived(signed(replace(Letter(), files=(File("m.eml", forged, "message/rfc822"),)))))
    assert carried is not None
    assert carried.verdict.verdict is not Judgement.GENUINE


def test_a_genuine_mail_inside_a_forged_one_does_not_make_that_genuine() -> None:
    carrier = strange(replace(Letter(), files=(File("m.eml", GENUINE, "message/rfc822"),))).raw
    assert check(carrier).verdict.verdict is Judgement.FORGED


def test_a_mail_that_forwards_nothing_has_no_verdict_of_what_it_forwards() -> None:
    assert forwarded(GENUINE) is None
    assert forwarded(b"") is None


def test_what_was_forwarded_as_text_is_text() -> None:
    text = "Is it you?\n\n---------- Forwarded message ---------\nFrom: Example Shop <order@example-shop.jp>\nPay.\n"
    inside = forwarded(Letter(text=text).raw())
    assert inside is not None
    assert (inside.facts.form, inside.verdict.next_step) == (Form.INLINE, NextStep.SEND_THE_MAIL)


def test_copied_text_is_known_by_its_order_or_by_the_message_id_copied_with_it() -> None:
    ledger = LedgerBook([sent()])
    for text, because in (
        ("ご注文番号 1043 を承りました。", Ground.LEDGER_KNOWS_ORDER),
        (f"Message-ID: <order-1043.7f@{DOMAIN}>\n\nYour order 1043 is on its way.", Ground.LEDGER_KNOWN),
    ):
        verdict = check(text.encode(), received=None, form=Form.PASTED, ledger=ledger).verdict
        assert (verdict.verdict, verdict.reasons[0].key) == (Judgement.GENUINE, because)
    elsewhere = f"ご注文番号 1043 です。 https://{EVIL}/"
    told = check(elsewhere.encode(), received=None, form=Form.PASTED, ledger=ledger).verdict
    assert (told.verdict, told.next_step) == (Judgement.UNKNOWN, NextStep.SEND_THE_MAIL)


def test_the_recipient_is_the_one_to_whom_it_was_delivered_not_the_one_in_to() -> None:
    again = arrived(signed(Letter()), to="victim@mailbox.example")
    verdict = check(again, ledger=LedgerBook([sent()])).verdict
    assert (verdict.verdict, verdict.reasons[0].key) == (Judgement.UNKNOWN, Ground.LEDGER_OTHER_RECIPIENT)


UNSIGNED = replace(Letter(), sender="Books <order@example-books.jp>", text="Thank you for your order 1043.\n")
BOOKS = Shop(("example-books.jp",), (), ("mx.mailbox.example",))
TO_HANAKO = b"Delivered-To: hanako@mailbox.example\r\n"
FOR_HANAKO = b"for <hanako@mailbox.example>"


def known(raw: bytes) -> Judgement:
    """The verdict on an unsigned mail whose Message-ID the ledger has for Hanako."""
    checked = check_mail(raw, BOOKS, DNS, received=RECEIVED, now=NOW, ledger=LedgerBook([sent()]))
    return checked.verdict.verdict


@pytest.mark.parametrize("gone", [b"", TO_HANAKO, FOR_HANAKO], ids=["both", "for alone", "delivered-to alone"])
def test_the_last_servers_say_for_whom_it_was(gone: bytes) -> None:
    assert known(arrived(UNSIGNED.raw()).replace(gone, b"", 1)) is Judgement.GENUINE


def test_for_whom_it_was_is_not_taken_from_what_its_sender_wrote() -> None:
    neither = arrived(UNSIGNED.raw()).replace(TO_HANAKO, b"").replace(FOR_HANAKO, b"")
    assert known(neither) is Judgement.UNKNOWN
    assert known(neither.replace(b"From: ", TO_HANAKO + b"From: ", 1)) is Judgement.UNKNOWN
    assert known(neither.replace(b"From: ", b"Received: by x " + FOR_HANAKO + b"; x\r\nFrom: ", 1)) is Judgement.UNKNOWN
