"""An event is parsed once, and what is wrong with it is said in one sentence with the field."""

import json

import pytest

from takeback.core.errors import InputError, SecretRefused
from takeback.core.events import DATA_OF, EventType, OrderPlaced, parse_event

GOOD = {
    "specversion": "1.0",
    "id": "ev1",
    "source": "/shops/oscar",
    "type": "order.placed",
    "subject": "42",
    "time": "2026-11-21T02:13:00+09:00",
    "data": {"client": {"session": "s1"}, "order": {"id": "1043", "total": {"amount": "5980", "currency": "JPY"}}},
}


def text(**changes: object) -> bytes:
    event = {**GOOD, **changes}
    return json.dumps({key: value for key, value in event.items() if value is not ...}, ensure_ascii=False).encode()


def test_an_order_is_parsed_into_its_form() -> None:
    event = parse_event(text())
    assert event.type is EventType.ORDER_PLACED
    assert isinstance(event.data, OrderPlaced)
    assert event.data.order.total.value == 5980
    assert event.time.isoformat() == "2026-11-21T02:13:00+09:00"


def test_every_type_of_the_contract_has_a_form() -> None:
    assert set(DATA_OF) == set(EventType)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (text(subject=...), "subject: is missing"),
        (text(id=...), "id: is missing"),
        (text(time="2026-11-21T02:13:00"), "time: must have an offset, such as +09:00 or Z (RFC 3339)"),
        (text(time="yesterday"), "time: invalid RFC3339 encoded datetime"),
        (text(type="order.eaten"), "type: unknown event type 'order.eaten'"),
        (text(specversion="0.3"), 'specversion: must be "1.0"'),
        (text(data={"order": {}}), "data.order.id: is missing"),
        (text(data={}), "data.order: is missing"),
        (text(time="0001-01-01T00:00:00+14:00"), "time: must lie between 1900 and 9000"),
        (
            text(data={"order": {"id": "1", "address": "@"}}).replace(b'"@"', b"[" * 99999 + b"]" * 99999),
            "is nested too deeply",
        ),
        (text(data=[]), "data: expected `object`, got `array`"),
        (text()[:-9], "is not a JSON object in UTF-8"),
        (b"", "is not a JSON object in UTF-8"),
        (b'{"specversion": "1.0", "id": "\xff"}', "is not a JSON object in UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(broken: bytes, says: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_event(broken)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    "data",
    [
        {"order": {"id": "1", "card": "4242 4242 4242 4242"}},
        {"order": {"id": "1", "card": "4242-4242-4242-4242"}},
        {"order": {"id": "1", "card": {"number": 5555555555554444}}},
        {"order": {"id": "1", "payment": "JCB 3530111333300000"}},
        {"order": {"id": "1", "address": "1-2-3 4242 4242 4242 4242 5"}},
        {"order": {"id": "1", "card": {"cvv": "123"}}},
        {"order": {"id": "1"}, "password": "hunter2"},
    ],
)
def test_a_secret_is_refused_and_never_repeated(data: dict) -> None:
    with pytest.raises(SecretRefused) as refused:
        parse_event(text(data=data))
    for secret in ("4242", "5555", "3530", "123", "hunter2"):
        assert secret not in str(refused.value)


@pytest.mark.parametrize("field", ["password", "two_step_secret"])
def test_a_secret_field_carries_no_values(field: str) -> None:
    with pytest.raises(SecretRefused):
        parse_event(text(type="account.field_changed", data={"field": field, "after": "x"}))
    assert parse_event(text(type="account.field_changed", data={"field": field})).data.field == field


@pytest.mark.parametrize(
    "harmless",
    [
        "4901234567894",
        "1Z999AA10123456784",
        "9400110200881234567890",
        "2026-11-21 02:13:00.000000",
        "4242424242424241",
        "203.0.113.20",
    ],
)
def test_numbers_that_are_no_cards_pass(harmless: str) -> None:
    parse_event(text(data={"order": {"id": harmless, "address": harmless}}))
