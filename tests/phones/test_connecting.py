"""Does click to call bring the desk and the customer together, once, and tell nobody's number?"""

import io
from collections.abc import Iterator

import pytest

from takeback.casework.phones import Connecting
from takeback.core.errors import OutsideError
from takeback.phones.console import ConsolePhones
from takeback.phones.twilio import TwilioPhones
from tests.phones.exchange import ACCOUNT, KEY, SECRET, SENDER, Exchange, Fault, exchange

OURS, HERS = "+81312345678", "+819012345678"


@pytest.fixture
def server() -> Iterator[Exchange]:
    """A Twilio that answers."""
    with exchange() as running:
        yield running


@pytest.fixture
def phones(server: Exchange) -> Iterator[TwilioPhones]:
    """What asks it."""
    made = TwilioPhones(account=ACCOUNT, key=KEY, secret=SECRET, sender=SENDER, address=server.address, timeout=2.0)
    yield made
    made.close()


def test_the_desk_rings_first_and_then_she_sees_our_number(server: Exchange, phones: TwilioPhones) -> None:
    assert isinstance(phones, Connecting)
    phones.connect(OURS, HERS, id="a")
    _, path, form = server.requests[-1]
    assert path.endswith("/Calls.json")
    assert (form["To"], form["From"]) == (OURS, SENDER)
    assert f'<Dial callerId="{SENDER}"' in form["Twiml"]
    assert f"<Number>{HERS}</Number>" in form["Twiml"]


def test_the_same_press_rings_once_also_when_the_answer_was_lost(server: Exchange, phones: TwilioPhones) -> None:
    server.faults.append(Fault.CUT_AFTER)
    with pytest.raises(OutsideError):
        phones.connect(OURS, HERS, id="a")
    phones.connect(OURS, HERS, id="a")
    assert len(server.calls) == 1
    phones.connect(OURS, HERS, id="b")
    assert len(server.calls) == 2


def test_an_error_names_neither_number(server: Exchange, phones: TwilioPhones) -> None:
    server.faults.append(400)
    with pytest.raises(OutsideError) as failed:
        phones.connect(OURS, HERS, id="a")
    assert failed.value.permanent
    assert not any(number[-4:] in str(failed.value) for number in (OURS, HERS))


def test_the_console_prints_both_masked_and_once() -> None:
    out = io.StringIO()
    phones = ConsolePhones(out)
    assert isinstance(phones, Connecting)
    for _ in range(2):
        phones.connect(OURS, HERS, id="a")
    assert out.getvalue() == "connect ***5678 with ***5678\n"
