"""Is a body taken whole, whatever it was packed with, and is one that is too much refused in time?"""

import asyncio
import gzip
import tracemalloc
from typing import Any

import pytest
import zstandard

from takeback.bootstrap import House
from takeback.casework import keying
from takeback.web.asgi import application
from takeback.web.door import arriving
from takeback.web.door.refusal import Refusal
from takeback.web.door.room import Room
from takeback.web.ingest import LARGEST_BODY, LINES, STRUCTURED
from tests.conftest import event_text
from tests.web.over_asgi import ask
from tests.web.posting import BODY, Post, bearing, post, signed, stored

__all__ = ["post"]


def packed(body: bytes, encoding: str) -> bytes:
    return gzip.compress(body) if encoding == "gzip" else zstandard.ZstdCompressor().compress(body)


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_packed_body_is_unpacked_for_who_has_signed_it_as_it_came(post: Post, house: House, encoding: str) -> None:
    body = packed(event_text(), encoding)
    how = {"Content-Encoding": encoding}
    assert post(body, STRUCTURED, signed(body, of=event_text()) | how).status_code == 401
    assert post(body, STRUCTURED, signed(body) | how).json() == {"stored": 1, "repeated": 0}
    two = packed(event_text(id="a") + b"\n", encoding) + packed(event_text(id="b") + b"\n", encoding)
    assert post(two, LINES, signed(two) | how).json() == {"stored": 2, "repeated": 0}
    assert stored(house) == ["ev1", "a", "b"]


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_bomb_is_refused_before_it_has_gone_off(post: Post, house: House, encoding: str) -> None:
    body = packed(b"\n" * (20 * LARGEST_BODY), encoding)
    assert len(body) < 1024 * 1024
    tracemalloc.start()
    answer = post(body, LINES, signed(body) | {"Content-Encoding": encoding})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 413
    assert most < 4 * LARGEST_BODY
    assert stored(house) == []


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_half_of_what_was_packed_is_not_taken_for_the_whole(post: Post, house: House, encoding: str) -> None:
    lines = b"".join(event_text(id=f"{number:x}" * 20) + b"\n" for number in range(5_000))
    for body in (packed(lines, encoding)[:-9], b"", b"no packing at all", packed(b"", encoding) * 100):
        answer = post(body, LINES, signed(body) | {"Content-Encoding": encoding})
        assert (answer.status_code, answer.json()["detail"]) == (400, f"the body is not {encoding}")
    assert stored(house) == []


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
def test_another_packing_is_refused_and_the_right_ones_are_named(post: Post, encoding: str) -> None:
    answer = post(BODY, STRUCTURED, signed(BODY) | {"Content-Encoding": encoding})
    assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "gzip, zstd")


def test_a_body_of_unknown_length_is_bounded_too(house: House) -> None:
    headers = {"content-type": LINES, **bearing(keying.add(house, "cli:me", "/shops/oscar", [])[1])}
    assert ask("POST", "/v1/events", [event_text()[:9], event_text()[9:]], headers).json()["stored"] == 1
    answer = ask("POST", "/v1/events", [b"\n" * 1024 * 1024] * 17, headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")


def test_a_body_that_does_not_come_is_not_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "LONGEST", 0.05)
    headers = {"content-type": STRUCTURED, **signed(BODY), "content-length": "500"}
    assert house.services

    class Slow:
        async def __call__(self) -> dict[str, Any]:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

    assert asyncio.run(status_of(headers, Slow())) == 408


async def status_of(headers: dict[str, str], receive: Any) -> int:
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    told = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/v1/events", "client": ("127.0.0.1", 1), "headers": told}
    await application(scope, receive, send)
    return int(said[0]["status"])


def test_room_is_taken_by_what_has_come_and_given_back() -> None:
    room = Room(100, 60)
    with room.held("a") as one, room.held("b") as other:
        one.more(60)
        with pytest.raises(Refusal, match="too much is on its way") as refused:
            one.more(1)
        assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "1"})
        other.more(40)
        with pytest.raises(Refusal):
            room.must_fit(1)
    assert room.taken == 0
    room.must_fit(100)
