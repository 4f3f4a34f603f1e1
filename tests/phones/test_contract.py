"""What does every sender of text messages and calls promise? The same tests for each."""

import io
import re
from collections.abc import Iterator
from typing import Protocol

import pytest

from takeback.casework.phones import Phones
from takeback.core.case import Language
from takeback.phones.console import ConsolePhones
from takeback.phones.twilio import TwilioPhones
from tests.phones.exchange import ACCOUNT, KEY, SECRET, SENDER, Exchange, exchange

HERS = "+819012345678"


class Sender(Protocol):
    """A sender, and what went out by it."""

    phones: Phones

    def texts(self) -> list[str]:
        """The text messages, oldest first."""

    def calls(self) -> list[str]:
        """What was spoken in calls, oldest first."""


class Console:
    """The one that prints."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.phones: Phones = ConsolePhones(self.out)

    def texts(self) -> list[str]:
        return re.findall(r"^SMS \S+: (.*)$", self.out.getvalue(), re.M)

    def calls(self) -> list[str]:
        return re.findall(r"^call \S+ \(\w+\): (.*)$", self.out.getvalue(), re.M)


class Twilio:
    """The one that asks Twilio."""

    def __init__(self, server: Exchange) -> None:
        self.server = server
        self.phones: Phones = TwilioPhones(
            account=ACCOUNT, key=KEY, secret=SECRET, sender=SENDER, address=server.address, timeout=2.0
        )

    def texts(self) -> list[str]:
        return [one.words for one in self.server.messages]

    def calls(self) -> list[str]:
        return [re.sub(r"<[^>]+>", "", one.words) for one in self.server.calls]


@pytest.fixture(params=["console", "twilio"])
def sender(request: pytest.FixtureRequest) -> Iterator[Sender]:
    """Each sender in its turn."""
    if request.param == "console":
        yield Console()
        return
    with exchange() as server:
        found = Twilio(server)
        yield found
        found.phones.close()


def test_a_text_message_goes_out_as_it_is(sender: Sender) -> None:
    sender.phones.text(HERS, "確認コードは 1234 5678 です", id="a")
    assert sender.texts() == ["確認コードは 1234 5678 です"]


def test_a_call_says_the_words(sender: Sender) -> None:
    sender.phones.say(HERS, "Your code is 1, 2, 3, 4.", Language.EN, id="a")
    assert sender.calls() == ["Your code is 1, 2, 3, 4."]


def test_the_same_message_twice_goes_out_once(sender: Sender) -> None:
    for _ in range(2):
        sender.phones.text(HERS, "the same", id="a")
    assert sender.texts() == ["the same"]


def test_the_same_call_twice_rings_once(sender: Sender) -> None:
    for _ in range(2):
        sender.phones.say(HERS, "the same", Language.EN, id="a")
    assert sender.calls() == ["the same"]


def test_two_messages_with_ids_of_their_own_both_go_out(sender: Sender) -> None:
    sender.phones.text(HERS, "the same", id="a")
    sender.phones.text(HERS, "the same", id="b")
    assert sender.texts() == ["the same", "the same"]
