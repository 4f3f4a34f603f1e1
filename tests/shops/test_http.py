"""What does the client do with a service that misbehaves? One kind of failure, which says whether to try again."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from takeback.core.errors import OutsideError, SettingsError
from takeback.core.service import ActionAnswer, ActionRequest, Outcome
from takeback.shops.http import LARGEST_ANSWER, HttpService
from takeback.shops.pretend import PretendShop
from takeback.shops.pretend.server import served

from .subjects import SECRET, client_of, free_port

FREEZE = ActionRequest("a1", "42", "freeze", {})
ACCOUNT = (
    b'{"account": "42", "frozen": false, "sessions": 0, "links": 0, "password": "set", "cards_locked": true,'
    b' "cards_masked": true, "orders": {"7": {"status": "placed", "address": {"line1": "1"}}}}'
)


@contextmanager
def answering(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Iterator[HttpService]:
    """A client of a service that gives this answer to whatever it is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", "0")))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - the standard library's name

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        with client_of("/shops/x", f"http://127.0.0.1:{server.server_address[1]}", timeout=5) as service:
            yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silent() -> Iterator[str]:
    """The address of a service that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def failure(ask: Callable[[], Any]) -> OutsideError:
    with pytest.raises(OutsideError) as raised:
        ask()
    return raised.value


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_go_by_is_not_permanent(status: int) -> None:
    with answering(status) as service:
        assert not failure(lambda: service.act(FREEZE)).permanent


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 405, 409, 413])
def test_what_a_person_has_to_look_at_is_permanent(status: int) -> None:
    with answering(status) as service:
        assert failure(lambda: service.act(FREEZE)).permanent


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7.0), ("99999999", 3600.0), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)]
)
def test_a_service_says_when_to_try_again(told: str, seconds: float | None) -> None:
    with answering(429, headers={"retry-after": told}) as service:
        assert failure(lambda: service.act(FREEZE)).retry_after == seconds


def test_no_service_at_the_address_is_not_permanent() -> None:
    with client_of("/shops/x", f"http://127.0.0.1:{free_port()}") as service:
        assert not failure(service.capabilities).permanent


def test_silence_is_not_permanent_and_ends_in_time() -> None:
    with silent() as address, client_of("/shops/x", address, timeout=0.2) as service:
        error = failure(service.capabilities)
    assert not error.permanent
    assert "0.2 s" in str(error)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"id": "a1"}',
        b'{"id": "a1", "outcome": "perhaps"}',
        b'{"id": "a2", "outcome": "done"}',
        b'{"id": "a1", "outcome": "done"} {"id": "a1", "outcome": "done"}',
        b'\xff{"id": "a1", "outcome": "done"}',
    ],
)
def test_an_answer_of_another_form_is_permanent(body: bytes) -> None:
    with answering(200, body) as service:
        assert failure(lambda: service.act(FREEZE)).permanent


def test_an_answer_without_end_is_given_up() -> None:
    with answering(200, b" " * (LARGEST_ANSWER + 10)) as service:
        assert failure(service.capabilities).permanent


def test_what_a_service_writes_gets_into_no_message() -> None:
    with answering(400, b'{"error": "the password hunter2 is wrong"}') as service:
        request = ActionRequest("a1", "42", "set_password", {"password": "hunter2-secret"})
        assert "hunter2" not in str(failure(lambda: service.act(request)))


def test_a_message_never_carries_the_secret() -> None:
    with pytest.raises(SettingsError) as raised:
        HttpService("/shops/x", "http://127.0.0.1:1", "whsec_hunter2hunter")
    assert "hunter2" not in str(raised.value)


def test_free_text_as_a_reason_is_not_let_in() -> None:
    with answering(200, b'{"id": "a1", "outcome": "impossible", "reason": "<b>call 0120-000</b>"}') as service:
        assert service.act(FREEZE) == ActionAnswer("a1", Outcome.IMPOSSIBLE, "reason.unreadable")


def test_an_account_other_than_the_one_asked_for_is_refused() -> None:
    with answering(200, ACCOUNT) as service:
        assert failure(lambda: service.account("43")).permanent


def test_an_account_with_the_smallest_form_is_read() -> None:
    with answering(200, ACCOUNT) as service:
        snapshot = service.account("42")
    assert snapshot is not None
    assert snapshot.orders == {"7": {"status": "placed", "address": {"line1": "1"}}}
    assert (snapshot.fields, snapshot.collections, snapshot.balances) == ({}, {}, {})


def test_an_order_with_a_state_nobody_knows_is_refused() -> None:
    with answering(200, ACCOUNT.replace(b"placed", b"Pending")) as service:
        assert failure(lambda: service.account("42")).permanent


def test_accepted_is_an_outcome_and_the_end_can_be_asked_for() -> None:
    shop = PretendShop()
    shop.register("42", shop.log.last, {"name": "花子"}, password="x")
    shop.trouble.later = 2
    with served(shop, SECRET) as server, client_of(shop.source, server.base_url) as service:
        assert service.act(FREEZE).outcome is Outcome.ACCEPTED
        assert service.outcome("a1").outcome is Outcome.ACCEPTED
        assert service.outcome("a1").outcome is Outcome.DONE
    assert shop.effects["a1"] == 1


def test_a_lost_answer_is_not_permanent_and_the_second_try_does_nothing_twice() -> None:
    shop = PretendShop()
    shop.register("42", shop.log.last, {"name": "花子"}, password="x")
    shop.trouble.lose_answer, shop.trouble.hang = 1, 0
    with served(shop, SECRET) as server, client_of(shop.source, server.base_url) as service:
        assert not failure(lambda: service.act(FREEZE)).permanent
        assert service.act(FREEZE).outcome is Outcome.ALREADY_DONE
    assert (shop.received["a1"], shop.effects["a1"]) == (2, 1)


def test_a_wrong_secret_is_told_as_such() -> None:
    with served(PretendShop(), SECRET) as server:
        service = HttpService("/shops/x", server.base_url, "whsec_b3RoZXIgc2VjcmV0")
        error = failure(service.capabilities)
        service.close()
    assert error.permanent
    assert "secret" in str(error)
