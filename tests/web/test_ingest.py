"""Are events taken from those who may send them, whole or not at all?"""

import io
import logging
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from standardwebhooks import Webhook

from takeback.bootstrap import House, move_into
from takeback.casework import keying
from takeback.casework.keys import Scope
from takeback.web.door.verdict import MOST_FAULTS, MOST_TOLD
from takeback.web.ingest import BATCH, LARGEST_BODY, LARGEST_EVENT, LINES, STRUCTURED
from tests.conftest import SHOP_SECRET, VIDEO_SECRET, event_text
from tests.web.posting import BODY, Post, bearing, post, refusals, signed, stored

__all__ = ["post"]


def test_one_event_is_stored(post: Post, house: House) -> None:
    answer = post(event_text())
    assert (answer.status_code, answer.json()) == (200, {"stored": 1, "repeated": 0})
    assert stored(house) == ["ev1"]


def test_an_account_whose_events_show_a_takeover_is_noticed(post: Post, house: House) -> None:
    story = Path(__file__).parents[1] / "stories" / "the-night" / "events.ndjson"
    events = [msgspec.json.decode(line) for line in story.read_bytes().splitlines() if b'"/shops/oscar"' in line]
    times = [datetime.fromisoformat(event["time"]) for event in events]
    later = datetime.now(UTC) - timedelta(hours=1) - max(times)  # the night was this one: an old oddity is no sign
    told = [event | {"time": (at + later).isoformat()} for event, at in zip(events, times, strict=True)]
    assert post(b"\n".join(msgspec.json.encode(event) for event in told), LINES).status_code == 200
    move_into(house)  # the watch has finished its work by then
    assert [sign.account for sign in house.cases.signs("42")]


def test_a_batch_is_stored(post: Post, house: House) -> None:
    body = b"[" + event_text(id="1") + b", " + event_text(id="2") + b"]"
    answer = post(body, BATCH)
    assert (answer.status_code, answer.json()) == (200, {"stored": 2, "repeated": 0})
    assert stored(house) == ["1", "2"]


def test_lines_are_stored_and_blank_ones_passed_over(post: Post, house: House) -> None:
    answer = post(event_text(id="1") + b"\r\n\n" + event_text(id="2") + b"\n", LINES)
    assert (answer.status_code, answer.json()) == (200, {"stored": 2, "repeated": 0})
    assert stored(house) == ["1", "2"]


def test_a_content_type_may_name_its_character_set(post: Post) -> None:
    assert post(event_text(), f"{STRUCTURED}; charset=utf-8").status_code == 200


def test_the_same_request_twice_stores_once_and_says_so(post: Post, house: House) -> None:
    post(event_text())
    assert post(event_text()).json() == {"stored": 0, "repeated": 1}
    assert stored(house) == ["ev1"]


@pytest.mark.parametrize(("body", "content_type"), [(b"[]", BATCH), (b"\n", LINES)])
def test_no_events_are_no_fault(post: Post, body: bytes, content_type: str) -> None:
    assert post(body, content_type).json() == {"stored": 0, "repeated": 0}


FOREIGN = "whsec_" + b64encode(b"a secret that nobody here knows").decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(BODY, FOREIGN),
        signed(BODY, of=event_text(id="other")),
        signed(BODY) | {"webhook-id": "msg_2"},
        signed(BODY) | {"webhook-signature": "v1,%%%"},
        signed(BODY) | {"webhook-signature": "rubbish"},
        signed(BODY) | {"webhook-signature": "v1,ｂ"},
        signed(BODY) | {"webhook-timestamp": "yesterday"},
        signed(BODY, at=datetime.now(UTC) - timedelta(hours=1)),
        signed(BODY, at=datetime.now(UTC) + timedelta(hours=1)),
    ],
    ids=[
        "none",
        "of a stranger",
        "of another body",
        "of another id",
        "not base64",
        "of no version",
        "not ASCII",
        "with a bad time",
        "too old",
        "too new",
    ],
)
def test_a_wrong_signature_is_refused_and_nothing_else_is_said(
    post: Post, house: House, headers: dict[str, str]
) -> None:
    answer = post(BODY, headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"type": "about:blank", "title": "Unauthorized", "status": 401}
    assert stored(house) == []


def test_what_the_library_of_standard_webhooks_signs_is_taken(post: Post) -> None:
    now = datetime.now(UTC)
    headers = signed(BODY, at=now)
    assert headers["webhook-signature"] == Webhook(SHOP_SECRET).sign("msg_1", now, BODY.decode())
    assert post(BODY, headers=headers).status_code == 200


def test_one_of_several_signatures_is_enough(post: Post) -> None:
    headers = signed(BODY)
    headers["webhook-signature"] = f"{signed(BODY, FOREIGN)['webhook-signature']} {headers['webhook-signature']}"
    assert post(BODY, headers=headers).status_code == 200


def test_a_stranger_does_not_learn_what_is_wrong_with_the_body(post: Post) -> None:
    assert post(b"\xff{", headers={}).status_code == 401
    assert post(b"{}", "text/plain", headers={}).status_code == 401


def test_a_service_speaks_for_itself_alone(post: Post, house: House) -> None:
    foreign = event_text(id="2", source="/services/video")
    answer = post(foreign)
    assert (answer.status_code, answer.json()["field"]) == (403, "source")
    answer = post(event_text(id="1") + b"\n" + foreign, LINES)
    assert answer.status_code == 207
    (fault,) = answer.json()["errors"]
    assert (fault["status"], fault["line"]) == (403, 2)
    assert fault["detail"] == "line 2, source: is not the source that this secret was given for"
    assert stored(house) == ["1"]


def test_each_service_is_known_by_its_secret(post: Post, house: House) -> None:
    body = event_text(source="/services/video")
    assert post(body, headers=signed(body, VIDEO_SECRET)).status_code == 200
    assert post(body, headers=signed(body, SHOP_SECRET)).status_code == 403
    assert stored(house) == ["ev1"]


@pytest.mark.parametrize(
    ("text", "status", "field"),
    [
        (b'{"specversion": "1.0", ', 400, None),
        (event_text(type="account.exploded"), 422, "type"),
        (event_text(subject=...), 422, "subject"),
        (event_text(data={}), 422, "data.what"),
        (event_text(time="2026-11-01T10:00:00"), 422, "time"),
        (event_text(data={"what": "cards", "note": "4111111111111111"}), 422, "data"),
        (event_text(type="account.field_changed", data={"field": "password", "after": "hunter2"}), 422, "data.after"),
        (event_text(data={"what": "x" * LARGEST_EVENT}), 422, None),
    ],
    ids=["broken", "unknown type", "no subject", "no data", "no offset", "card number", "password", "too long"],
)
@pytest.mark.parametrize("form", [STRUCTURED, BATCH, LINES])
def test_a_bad_event_is_told_with_its_place_and_field_and_keeps_no_good_one_back(
    post: Post, house: House, form: str, text: bytes, status: int, field: str | None
) -> None:
    good = event_text(id="good")
    if form == BATCH and status == 400:
        text = b"7"  # what is not JSON breaks the whole array
    body = {STRUCTURED: text, BATCH: b"[" + good + b"," + text + b"]", LINES: good + b"\n" + text}[form]
    answer = post(body, form)
    told = answer.json()
    if form == STRUCTURED:
        problem = told
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.status_code == status
    else:
        (problem,) = told["errors"]
        assert (answer.status_code, told["stored"], told["refused"]) == (207, 1, 1)
        assert (problem.get("line"), problem.get("index")) == {BATCH: (None, 1), LINES: (2, None)}[form]
        assert problem["detail"].startswith({BATCH: "event [1], ", LINES: "line 2"}[form])
    assert problem["status"] == status or form == BATCH
    assert problem.get("field") == field
    assert "\n" not in problem["detail"]
    assert "hunter2" not in answer.content.decode()
    assert "4111" not in answer.content.decode()
    assert stored(house) == ([] if form == STRUCTURED else ["good"])


@pytest.mark.parametrize("form", [BATCH, LINES])
def test_who_asks_for_all_or_nothing_gets_it(post: Post, house: House, form: str) -> None:
    good, bad = event_text(id="good"), event_text(id="bad", type="account.exploded")
    body = b"[" + good + b"," + bad + b"]" if form == BATCH else good + b"\n" + bad
    answer = post(body, form, signed(body) | {"Prefer": "respond-async, handling=strict"})
    assert (answer.status_code, answer.json()["refused"]) == (422, 1)
    assert [fault["field"] for fault in answer.json()["errors"]] == ["type"]
    assert stored(house) == []
    answer = post(good, LINES, signed(good) | {"Prefer": "handling=strict"})
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, "handling=strict")
    assert stored(house) == ["good"]


def test_of_many_faults_a_hundred_are_told_and_of_too_many_nothing_is_stored(post: Post, house: House) -> None:
    bad = b"{}\n" * (MOST_TOLD + 1)
    told = post(bad + event_text(id="1"), LINES).json()
    assert (told["stored"], told["refused"], len(told["errors"]), told["untold"]) == (1, MOST_TOLD + 1, MOST_TOLD, 1)
    answer = post(event_text(id="2") + b"\n" + b"{}\n" * (MOST_FAULTS + 1), LINES)
    assert answer.status_code == 422
    assert "none of it was stored" in answer.json()["detail"]
    assert stored(house) == ["1"]


@pytest.mark.parametrize("body", [b"{}", b"1", b"[1,", b"[" * 100_000], ids=["object", "number", "broken", "deep"])
def test_a_batch_that_is_no_array_is_a_bad_request(post: Post, body: bytes) -> None:
    answer = post(body, BATCH)
    assert (answer.status_code, answer.json()["detail"]) == (400, "the body is not a JSON array in UTF-8")


def test_an_unknown_content_type_is_refused(post: Post, house: House) -> None:
    answer = post(event_text(), "application/json")
    assert answer.status_code == 415
    assert STRUCTURED in answer.json()["detail"]
    assert stored(house) == []


def test_a_body_that_is_too_large_is_refused(post: Post) -> None:
    answer = post(b"x" * (LARGEST_BODY + 1), LINES, {})
    assert answer.status_code == 413
    assert answer.json()["detail"] == "the body is larger than 16 MiB; send it in parts"


def test_the_largest_body_is_taken(post: Post) -> None:
    line = event_text().ljust(LARGEST_EVENT - 1) + b"\n"
    assert post(line * 16, LINES).json() == {"stored": 1, "repeated": 15}


@pytest.mark.usefixtures("house")
def test_only_post_is_taken() -> None:
    answer = Client().get("/v1/events")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_key_lets_its_own_source_in(post: Post, house: House) -> None:
    key, token = keying.add(house, "cli:me", "/shops/oscar", [Scope.EVENTS])
    assert post(BODY, STRUCTURED, bearing(token)).json() == {"stored": 1, "repeated": 0}
    assert post(event_text(source="/services/video"), STRUCTURED, bearing(token)).status_code == 403
    assert keying.of(house, key.id).digest not in token


def test_a_key_that_opens_nothing_is_refused_in_one_way_and_counted(post: Post, house: House) -> None:
    now = house.clock.now()
    good, token = keying.add(house, "cli:me", "/shops/oscar", [Scope.EVENTS])
    revoked, old = keying.add(house, "cli:me", "/shops/oscar", [Scope.EVENTS])
    keying.revoke(house, "cli:me", revoked.id)
    expired, late = keying.add(house, "cli:me", "/shops/oscar", [Scope.EVENTS])
    house.keys.expire(expired.id, now - timedelta(seconds=1))
    before = refusals()
    for wrong in (
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.replace(good.id, revoked.id),
        old,
        late,
        "tbk_x",
    ):
        answer = post(BODY, STRUCTURED, bearing(wrong))
        assert answer.json() == {"type": "about:blank", "title": "Unauthorized", "status": 401}
        assert answer.headers["Www-Authenticate"] == 'Bearer realm="takeback"'
    counted = {why: count - before.get(why, 0) for why, count in refusals().items()}
    assert (counted["wrong_key"], counted["old_key"]) == (3, 2)
    assert stored(house) == []


def test_a_key_is_good_for_what_it_was_made_for(post: Post, house: House) -> None:
    _, token = keying.add(house, "cli:me", "/shops/oscar", [Scope.CHECK_MAIL])
    assert post(BODY, STRUCTURED, bearing(token)).status_code == 403
    answer = Client().generic("POST", "/v1/check-mail", b"x", "text/plain", headers=bearing(token))
    assert answer.status_code == 415  # past the door: it is only no mail


def test_the_use_of_a_key_is_noted(post: Post, house: House) -> None:
    key, token = keying.add(house, "cli:me", "/shops/oscar", [Scope.EVENTS])
    post(BODY, STRUCTURED, bearing(token))
    end = time.monotonic() + 10
    while keying.of(house, key.id).used_at is None and time.monotonic() < end:
        time.sleep(0.01)
    assert keying.of(house, key.id).used_at is not None


def test_who_fails_too_often_waits_and_a_good_key_still_opens(post: Post, house: House) -> None:
    _, token = keying.add(house, "cli:me", "/shops/oscar", [Scope.EVENTS])
    for _ in range(60):
        assert post(BODY, STRUCTURED, bearing("tbk_none_" + "x" * 43)).status_code == 401
    answer = post(BODY, STRUCTURED, bearing("tbk_none_" + "x" * 43))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert post(BODY, STRUCTURED, signed(BODY)).status_code == 429
    assert post(BODY, STRUCTURED, bearing(token)).status_code == 200


@pytest.mark.usefixtures("house")
def test_an_unknown_host_is_refused() -> None:
    assert Client(headers={"host": "evil.example"}).get("/healthz").status_code == 400


@pytest.mark.usefixtures("house")
def test_a_healthy_process_says_so() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.usefixtures("house")
def test_the_log_does_not_repeat_the_address_of_a_page() -> None:
    (handler,) = (found for found in logging.getLogger("django").handlers if type(found) is logging.StreamHandler)
    before = handler.setStream(io.StringIO())
    try:
        assert Client().get("/a-secret-token").status_code == 404
    finally:
        written = handler.setStream(before)
    assert isinstance(written, io.StringIO)
    assert written.getvalue().endswith("WARNING django.request: Not Found: an unknown page\n")
