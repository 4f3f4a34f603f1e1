"""Does every shop that is reached over HTTP keep its door? Signatures, forms, and one sentence for what is wrong."""

import json
import time
from datetime import timedelta

import pytest

from .contract import Door, Subject, new_id

OTHER_SECRET = "whsec_b3RoZXIgc2VjcmV0LCBub3QgdGhlIHNob3Ancw=="


def action(shop: Subject, **changes: object) -> dict[str, object]:
    whole = {"id": new_id(), "account": shop.account, "action": "freeze", "args": {}} | changes
    return {name: value for name, value in whole.items() if value is not ...}


def door_of(shop: Subject) -> Door:
    assert shop.door is not None
    return shop.door


@pytest.mark.parametrize("path", ["/capabilities", "/accounts/42", "/actions/a1"])
def test_a_read_without_a_signature_is_refused_and_told_nothing(reached: Subject, path: str) -> None:
    answer = door_of(reached).ask("GET", path, headers={})
    assert answer.status_code == 401
    assert reached.account not in answer.text


def test_an_action_without_a_signature_is_refused(reached: Subject) -> None:
    body = json.dumps(action(reached)).encode()
    assert door_of(reached).ask("POST", "/actions", body, headers={}).status_code == 401
    assert not reached.now().frozen


def test_an_action_under_another_secret_is_refused(reached: Subject) -> None:
    body = json.dumps(action(reached)).encode()
    assert door_of(reached).ask("POST", "/actions", body, secret=OTHER_SECRET).status_code == 401
    assert not reached.now().frozen


def test_an_action_that_was_changed_on_the_way_is_refused(reached: Subject) -> None:
    signed = json.dumps(action(reached, account="1")).encode()
    sent = json.dumps(action(reached)).encode()
    assert door_of(reached).ask("POST", "/actions", sent, sign=signed).status_code == 401
    assert not reached.now().frozen


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_signature_out_of_its_time_is_refused(reached: Subject, age: timedelta) -> None:
    assert door_of(reached).ask("GET", "/capabilities", age=age).status_code == 401


def test_a_signature_for_one_account_reads_no_other(reached: Subject) -> None:
    path = f"/accounts/{reached.account}"
    assert door_of(reached).ask("GET", path, sign="GET /accounts/1").status_code == 401
    assert door_of(reached).ask("GET", path, sign="GET /capabilities").status_code == 401
    assert door_of(reached).ask("GET", path).status_code == 200


@pytest.mark.parametrize("signature", ["", "v1", "v1,", "v1,%%%", "v1,a b,c", "v2,AAAA", ",,,"])
def test_a_signature_that_is_none_is_refused(reached: Subject, signature: str) -> None:
    headers = {"webhook-id": "a", "webhook-timestamp": str(int(time.time())), "webhook-signature": signature}
    assert door_of(reached).ask("GET", "/capabilities", headers=headers).status_code == 401


@pytest.mark.parametrize("stamp", ["", "now", "1e400", "-1", "9" * 40])
def test_a_signature_with_a_time_that_is_none_is_refused(reached: Subject, stamp: str) -> None:
    headers = {"webhook-id": "a", "webhook-timestamp": stamp, "webhook-signature": "v1,AAAA"}
    assert door_of(reached).ask("GET", "/capabilities", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"account": ...},
        {"action": ...},
        {"account": 42},
        {"action": None},
        {"args": []},
        {"args": "all"},
        {"action": "set_field", "args": {"field": "name"}},
        {"action": "set_field", "args": {"field": 7, "value": "x"}},
        {"action": "set_password", "args": {"password": 12345678}},
        {"action": "remove_item", "args": {"collection": "api_tokens"}},
    ],
    ids=lambda changes: json.dumps({key: "missing" if value is ... else value for key, value in changes.items()}),
)
def test_a_body_of_another_form_is_400_with_one_sentence(reached: Subject, changes: dict[str, object]) -> None:
    answer = door_of(reached).send(action(reached, **changes))
    assert answer.status_code == 400
    sentence = answer.json()["error"]
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "12345678" not in sentence


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"freeze"', b"null", b"[" * 20000, '{"id": "é'.encode("latin-1")])
def test_a_body_that_is_no_action_at_all_does_nothing(reached: Subject, body: bytes) -> None:
    # What is not UTF-8 cannot have been signed in the form of the standard, hence the other status.
    expected = 401 if b"\xe9" in body else 400
    answer = door_of(reached).ask("POST", "/actions", body, sign=body.decode("utf-8", "replace") or None)
    assert answer.status_code == expected


def test_a_missing_id_is_400(reached: Subject) -> None:
    assert door_of(reached).send(action(reached, id=...)).status_code == 400
    assert door_of(reached).send(action(reached, id="")).status_code == 400


def test_an_id_other_than_the_one_that_was_signed_is_400(reached: Subject) -> None:
    body = json.dumps(action(reached)).encode()
    assert door_of(reached).ask("POST", "/actions", body, message_id="another").status_code == 400
    assert not reached.now().frozen


def test_the_outcome_of_an_action_that_never_came_is_404(reached: Subject) -> None:
    assert door_of(reached).ask("GET", "/actions/never").status_code == 404


def test_an_unknown_account_is_404(reached: Subject) -> None:
    assert door_of(reached).ask("GET", "/accounts/999999999").status_code == 404


def test_a_body_without_end_is_refused(reached: Subject) -> None:
    huge = json.dumps(action(reached, args={"x": "y" * 3_000_000})).encode()
    assert door_of(reached).ask("POST", "/actions", huge).status_code in {400, 413}
    assert not reached.now().frozen


def test_an_answer_has_the_form_of_the_contract(reached: Subject) -> None:
    message = action(reached)
    answer = door_of(reached).send(message)
    assert answer.status_code == 200
    assert answer.json() == {"id": message["id"], "outcome": "done", "reason": None}
