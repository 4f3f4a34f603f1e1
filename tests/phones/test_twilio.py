"""Does the line to Twilio hold when it is cut, refused or slow, and does nothing go out twice?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from takeback.core.case import Language
from takeback.core.errors import OutsideError
from takeback.phones.twilio import TwilioPhones
from tests.phones.exchange import ACCOUNT, KEY, SECRET, SENDER, Exchange, Fault, exchange

HERS = "+819012345678"


@pytest.fixture
def server() -> Iterator[Exchange]:
    """Twilio, on this machine."""
    with exchange() as running:
        yield running


@pytest.fixture
def phones(server: Exchange) -> Iterator[TwilioPhones]:
    """Our side of it."""
    made = phones_of(server)
    yield made
    made.close()


def phones_of(server: Exchange, secret: str = SECRET) -> TwilioPhones:
    return TwilioPhones(account=ACCOUNT, key=KEY, secret=secret, sender=SENDER, address=server.address, timeout=0.5)


def error_of(phones: TwilioPhones, message: str = "a") -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        phones.text(HERS, "1234 5678", id=message)
    return caught.value


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.SLOW])
def test_a_message_whose_answer_was_lost_is_not_sent_again(
    server: Exchange, phones: TwilioPhones, fault: Fault
) -> None:
    server.faults.append(fault)
    assert not error_of(phones).permanent
    phones.text(HERS, "1234 5678", id="a")
    assert len(server.messages) == 1


def test_a_call_whose_answer_was_lost_does_not_ring_again(server: Exchange, phones: TwilioPhones) -> None:
    server.faults.append(Fault.CUT_AFTER)
    with pytest.raises(OutsideError):
        phones.say(HERS, "one, two", Language.EN, id="a")
    phones.say(HERS, "one, two", Language.EN, id="a")
    assert len(server.calls) == 1


def test_a_message_that_never_left_is_sent_when_it_is_tried_again(server: Exchange, phones: TwilioPhones) -> None:
    server.faults.append(Fault.CUT_BEFORE)
    assert not error_of(phones).permanent
    phones.text(HERS, "1234 5678", id="a")
    assert [one.words for one in server.messages] == ["1234 5678"]


def test_another_process_is_told_when_it_was_first_tried_and_looks_before_it_sends(server: Exchange) -> None:
    first, second = phones_of(server), phones_of(server)
    first.text(HERS, "1234 5678", id="a")
    second.text(HERS, "1234 5678", id="a", since=datetime.now(UTC) - timedelta(seconds=5))
    second.text(HERS, "8765 4321", id="b", since=datetime.now(UTC) - timedelta(seconds=5))
    first.close()
    second.close()
    assert [one.words for one in server.messages] == ["1234 5678", "8765 4321"]


def test_the_same_words_of_an_earlier_day_are_not_taken_for_this_message(
    server: Exchange, phones: TwilioPhones
) -> None:
    phones.text(HERS, "nothing more is sent here", id="a")
    server.messages[0].at -= timedelta(days=1)
    phones.text(HERS, "nothing more is sent here", id="b", since=datetime.now(UTC))
    assert len(server.messages) == 2


def test_a_message_that_failed_at_twilio_is_sent_again(server: Exchange, phones: TwilioPhones) -> None:
    phones.text(HERS, "1234 5678", id="a")
    server.messages[0].status = "failed"
    phones.text(HERS, "1234 5678", id="a")
    assert len(server.messages) == 2


def test_nothing_is_sent_while_it_cannot_be_looked_up(server: Exchange, phones: TwilioPhones) -> None:
    server.faults.append(Fault.CUT_AFTER)
    error_of(phones)
    server.list_faults += [500, Fault.GARBAGE]
    assert not error_of(phones).permanent
    assert not error_of(phones).permanent
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (404, True), (401, False), (408, False), (429, False), (500, False)]
)
def test_what_may_go_by_is_told_from_what_will_not(
    server: Exchange, phones: TwilioPhones, status: int, permanent: bool
) -> None:
    server.faults.append(status)
    assert error_of(phones).permanent is permanent


def test_the_wait_that_twilio_asks_for_is_handed_on(server: Exchange, phones: TwilioPhones) -> None:
    server.retry_after = "7"
    server.faults.append(429)
    assert error_of(phones).retry_after == 7.0


def test_a_key_that_is_refused_may_be_right_tomorrow(server: Exchange) -> None:
    phones = phones_of(server, secret="another")
    assert not error_of(phones).permanent
    phones.close()


def test_an_error_names_neither_the_number_nor_the_code_nor_the_key(server: Exchange, phones: TwilioPhones) -> None:
    server.faults += [400, 500, Fault.CUT_BEFORE]
    told = "".join(str(error_of(phones, name)) for name in "abc")
    assert told
    assert not any(secret in told for secret in (HERS, HERS[-4:], "1234", SECRET, KEY, ACCOUNT))


def test_a_call_speaks_in_the_customers_language_and_rings_not_for_long(server: Exchange, phones: TwilioPhones) -> None:
    phones.say(HERS, "1、2 & <3>", Language.JA, id="a")
    _, path, form = server.requests[-1]
    assert path.endswith("/Calls.json")
    assert '<Say language="ja-JP">1、2 &amp; &lt;3&gt;</Say>' in form["Twiml"]
    assert int(form["Timeout"]) <= 20


def test_nobody_answering_is_no_error_for_ever() -> None:
    phones = TwilioPhones(
        account=ACCOUNT, key=KEY, secret=SECRET, sender=SENDER, address="http://127.0.0.1:9", timeout=0.5
    )
    assert not error_of(phones).permanent
    phones.close()
