"""An intruder cannot hide behind a card number: what he does is told, with the number cut down."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from takeback.core.events import parse_event
from tests.oscar.running_shop import PASSWORD
from tests.oscar.subject import OscarSubject
from tests.oscar.test_recorder import ADDRESS, told

ROOT = Path(__file__).parents[2]
CARD = "4242 4242 4242 4242"


def load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["plugins/oscar/takeback_oscar/redaction.py", "examples/video/redaction.py"])
def redaction(request: pytest.FixtureRequest) -> ModuleType:
    return load(request.param)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (CARD, "XXXX-4242"),
        ("青葉1-2-3 4242-4242-4242-4242 号", "青葉1-2-3 XXXX-4242 号"),
        ({"line1": [CARD, 7]}, {"line1": ["XXXX-4242", 7]}),
        (5555555555554444, "XXXX-4444"),
        ("378282246310005", "XXXX-0005"),
        ("4242 4242 4242 4242 5555 5555 5555 4444 12", "XXXX-4242 XXXX-4444 12"),
    ],
)
def test_a_card_number_is_cut_down_wherever_it_stands(redaction: ModuleType, value: object, told: object) -> None:
    assert redaction.redacted(value) == told


@pytest.mark.parametrize(
    "value",
    [
        "4901234567894",
        "4242424242424241",
        "2026-11-21 02:13:00",
        "090-1234-5678",
        "a4242424242424242b",
        "<179539533622.25782.4411000317225159089@midori.example>",
        "",
        42,
        None,
        True,
    ],
)
def test_other_numbers_stay(redaction: ModuleType, value: object) -> None:
    assert redaction.redacted(value) == value


@pytest.mark.parametrize(
    "number",
    [
        CARD,
        "5555555555554444",
        "3530-1113-3330-0000",
        "6011 1111 1111 1117",
        "2223003122003222",
        "1-2-3 4242 4242 4242 4242",
    ],
)
def test_what_takeback_would_refuse_is_cut_down(redaction: ModuleType, number: str) -> None:
    head = '{"specversion":"1.0","id":"1","source":"/s","type":"account.viewed","subject":"42"'
    event = head + ',"time":"2026-01-01T00:00:00Z","data":{"what":"%s"}}'
    with pytest.raises(Exception, match="card number"):
        parse_event((event % number).encode())
    parse_event((event % redaction.redacted(number)).encode())


def test_an_address_with_a_card_number_in_it_is_told(subject: OscarSubject) -> None:
    session = subject.sign_in(PASSWORD)
    address = session.add_address({**ADDRESS, "line1": f"南港北 {CARD}"})
    [added] = told(subject, "account.item_added", collection="addresses", id=address)
    assert added["data"]["after"]["line1"] == "南港北 XXXX-4242"


def test_a_browser_that_calls_itself_a_card_number_is_told(subject: OscarSubject) -> None:
    with subject.shop.browser(user_agent=f"Mozilla/5.0 {CARD}") as browser:
        assert browser.sign_in(subject.email, PASSWORD)
    agents = [event["data"]["client"]["user_agent"] for event in told(subject, "account.signed_in")]
    assert "Mozilla/5.0 XXXX-4242" in agents
