"""Does every event arrive once, whatever becomes of the connection and the server, and is each refusal told?"""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from takeback_client import NotAllowed, NotSent, Sender

from takeback.demo.processes import free_port
from tests.client.conftest import SOURCE, Served, scripted
from tests.conftest import SHOP_SECRET, VIDEO_SECRET

Event = dict[str, Any]


def viewed(account: str, number: int, **changes: Any) -> Event:
    event = {"id": f"{account}-{number:04}", "type": "account.viewed", "subject": account, "data": {"what": "orders"}}
    return event | changes


def many(account: str, count: int) -> list[Event]:
    return [viewed(account, number) for number in range(count)]


def ids(events: list[Event]) -> list[str]:
    return sorted(event["id"] for event in events)


@pytest.fixture
def sender(served: Served) -> Iterator[Sender]:
    with Sender(served.url, secret=SHOP_SECRET, source=SOURCE) as opened:
        yield opened


def test_an_event_is_stored_when_send_returns_and_a_repeat_is_counted(served: Served, sender: Sender) -> None:
    event = viewed("one", 1)
    assert sender.send(event).stored == 1
    assert served.stored("one") == ["one-0001"]
    again = sender.send(event)
    assert (again.stored, again.repeated, again.refused) == (0, 1, [])


def test_what_an_event_leaves_out_is_filled_in(served: Served, sender: Sender) -> None:
    sent = sender.send_many([{"type": "account.viewed", "subject": "bare", "data": {"what": "cards"}}] * 2)
    assert (sent.stored, sent.repeated) == (2, 0)
    assert len(served.stored("bare")) == 2


def test_many_events_arrive_in_batches(served: Served, sender: Sender) -> None:
    events = many("many", 1_234)
    assert sender.send_many(iter(events)).stored == 1_234
    assert served.stored("many") == ids(events)


def test_a_refused_event_is_told_and_the_others_are_stored(served: Served, sender: Sender) -> None:
    eaten, foreign = viewed("mixed", 1, type="order.eaten"), viewed("mixed", 2, source="/services/other")
    secret = viewed("mixed", 3, data={"what": "cards", "note": "4242 4242 4242 4242"})
    sent = sender.send_many([viewed("mixed", 0), eaten, foreign, secret, viewed("mixed", 4)])
    assert sent.stored == 2
    assert [(one.event["id"], one.status, one.field) for one in sent.refused] == [
        ("mixed-0001", 422, "type"),
        ("mixed-0002", 403, "source"),
        ("mixed-0003", 422, "data"),
    ]
    assert served.stored("mixed") == ["mixed-0000", "mixed-0004"]


def test_every_refusal_is_told_where_one_answer_cannot_tell_them_all(served: Served, sender: Sender) -> None:
    events = [viewed("worse", number, **({"type": "order.eaten"} if number % 2 else {})) for number in range(300)]
    sent = sender.send_many(events)
    assert ids([one.event for one in sent.refused]) == ids(events[1::2])
    assert served.stored("worse") == ids(events[::2])


def test_a_key_is_as_good_as_the_secret_until_it_is_revoked(served: Served) -> None:
    key = next(word for word in served.run("keys", "add", "--source", SOURCE).split() if word.startswith("tbk_"))
    with Sender(served.url, key=key, source=SOURCE) as sender:
        assert sender.send(viewed("keyed", 1)).stored == 1


def test_who_is_not_known_is_told_at_once_and_has_everything_left(served: Served) -> None:
    events = many("stranger", 3)
    with Sender(served.url, secret=VIDEO_SECRET, source=SOURCE) as stranger, pytest.raises(NotAllowed) as refused:
        stranger.send_many(events)
    assert ids([*refused.value.left]) == ids(events)
    assert served.stored("stranger") == []


def test_when_the_server_is_killed_and_comes_back_every_event_is_there_once(served: Served) -> None:
    events = many("killed", 4_000)
    told: list[int] = []

    def send(part: list[Event]) -> None:
        with Sender(served.url, secret=SHOP_SECRET, source=SOURCE) as sender:
            for start in range(0, len(part), 50):
                sent = sender.send_many(part[start : start + 50])
                told.append(sent.stored + sent.repeated)

    senders = [threading.Thread(target=send, args=(events[start::4],)) for start in range(4)]
    for one in senders:
        one.start()
    for _ in range(2):
        before, until = len(told), time.monotonic() + 30
        while len(told) < before + 5:
            assert time.monotonic() < until
            time.sleep(0.005)
        served.kill()
        served.start()
    for one in senders:
        one.join(timeout=60)
    assert sum(told) == len(events)
    assert served.stored("killed") == ids(events)


def test_the_same_events_are_sent_again_after_as_long_as_the_server_asks() -> None:
    with scripted((429, {"retry-after": "1"}, {}), (503, {}, {}), (200, {}, {"stored": 1, "repeated": 1})) as server:
        with Sender(server.url, key="tbk_a_b", source=SOURCE) as sender:
            begun = time.monotonic()
            sent = sender.send_many([{"type": "account.signed_out", "subject": "42"}] * 2)
        assert (sent.stored, sent.repeated) == (1, 1)
        assert server.came[0] == server.came[1] == server.came[2]
        assert time.monotonic() - begun >= 1


def test_who_waited_long_enough_is_told_what_is_left_and_what_was_sent() -> None:
    busy = (429, {"retry-after": "30"}, {})
    with scripted((200, {}, {"stored": 500, "repeated": 0}), busy) as server:
        with Sender(server.url, key="tbk_a_b", source=SOURCE, patience=1) as sender, pytest.raises(NotSent) as told:
            sender.send_many(many("42", 700))
        assert ids([*told.value.left]) == [f"42-{number:04}" for number in range(500, 700)]
        assert told.value.sent.stored == 500


def test_a_server_that_is_not_there_is_told_without_the_key() -> None:
    with (
        Sender(f"http://127.0.0.1:{free_port()}", key="tbk_a_b", source=SOURCE, patience=0.3) as sender,
        pytest.raises(NotSent, match=r"^Takeback did not answer \(ConnectError\), and it was tried for 0 s$") as told,
    ):
        sender.send(viewed("42", 1))
    assert "tbk_" not in repr(told.value)


def test_a_batch_that_is_too_large_is_sent_in_parts() -> None:
    large = (413, {}, {"detail": "the body is too large"})
    with scripted(large, (200, {}, {"stored": 2, "repeated": 0}), large) as server:
        with Sender(server.url, key="tbk_a_b", source=SOURCE) as sender:
            sent = sender.send_many(many("42", 3))
        assert [len(events) for events in server.came] == [3, 2, 1]
        assert sent.stored == 2
        assert [(one.event["id"], one.status, one.detail) for one in sent.refused] == [
            ("42-0002", 413, "the body is too large")
        ]


def test_events_that_come_slowly_are_not_kept_waiting_for_a_batch_to_fill() -> None:
    def slowly() -> Iterator[Event]:
        yield viewed("42", 0)
        time.sleep(1.1)
        yield viewed("42", 1)
        yield viewed("42", 2)

    with scripted((200, {}, {"stored": 2, "repeated": 0}), (200, {}, {"stored": 1, "repeated": 0})) as server:
        with Sender(server.url, key="tbk_a_b", source=SOURCE) as sender:
            assert sender.send_many(slowly()).stored == 3
        assert [len(events) for events in server.came] == [2, 1]


def test_a_sender_wants_a_key_or_a_secret_and_not_both() -> None:
    with pytest.raises(ValueError, match="either a key or a secret"):
        Sender("http://127.0.0.1", source=SOURCE)
