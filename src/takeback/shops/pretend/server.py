"""How is the pretend shop reached over HTTP? By the shop API of docs/reference/shop-api.md, and by two doors more.

Signed like the rest, for tests and trials that live in another process: `POST /life` with `{"call", "args"}` lets
somebody live in the shop (`life.Life`; times are RFC 3339), and `POST /trouble` with fields of `trouble.Trouble` makes
it misbehave.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct
from standardwebhooks import Webhook

from takeback.core.events import Json
from takeback.core.service import ActionAnswer, ActionRequest, Outcome
from takeback.shops.pretend.account import ShopRefused
from takeback.shops.pretend.form import complaint
from takeback.shops.pretend.journal import Journal
from takeback.shops.pretend.shop import PretendShop
from takeback.shops.pretend.trouble import Down, Failed, NoAnswer, Trouble

LARGEST_BODY = 1024 * 1024
LIVES = frozenset(
    {
        *("register", "sign_in", "is_signed_in", "sign_out", "request_link", "use_link", "view", "change_field"),
        *("change_password", "add_item", "change_item", "remove_item", "confirm_email", "earn", "spend"),
        *("place_order", "change_order", "cancel_order", "ship", "deliver", "send_message", "begin_sign_in"),
        *("finish_sign_in", "text_code", "sessions_shown", "keep_token", "refresh", "access_token", "accepts_offline"),
        *("answer_question", "sign_in_by_provider", "set_up_second_step", "tells_security_events", "card_shown"),
        *("charge", "buy_with_one_click", "order_by_voice", "renew", "pay_out", "pay_return", "collect"),
        *("public_page", "transfer", "confirm_contact"),
    }
)


class _Action(Struct, frozen=True):
    id: str
    account: str
    action: str
    args: dict[str, Any] = {}


class _Life(Struct, frozen=True):
    call: str
    args: dict[str, Any] = {}


class _Refusal(Exception):
    """An answer other than 200, with one sentence or nothing."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class PretendServer(ThreadingHTTPServer):
    """Serves `shop` at `base_url`, under `secret`; with a `journal`, everything is on disk before it is answered."""

    daemon_threads = True

    def __init__(self, shop: PretendShop, secret: str, *, port: int = 0, journal: Journal | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.shop, self.signer, self.journal = shop, Webhook(secret), journal
        self.base_url = f"http://127.0.0.1:{self.server_address[1]}/takeback"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that goes in the middle of a request is no error here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def answer(self, method: str, path: str, body: bytes, message_id: str) -> tuple[int, Json]:
        """Status and body of one request whose signature is right; raises `_Refusal`."""
        door = (method, path.partition("/")[0])
        rest = unquote(path.partition("/")[2])
        with self.shop.lock:
            try:
                if door == ("GET", "capabilities") and not rest:
                    can = msgspec.to_builtins(self.shop.capabilities())
                    return 200, {name: sorted(listed) for name, listed in can.items()}
                if door == ("GET", "accounts") and rest:
                    found = self.shop.account(rest)
                    return (200, msgspec.to_builtins(found)) if found else _gone("There is no such account here.")
                if door == ("GET", "actions") and rest:
                    if rest not in self.shop.seen:
                        return _gone("No action of this id has come here.")
                    return _answered(self.shop.outcome(rest))
                if door == ("POST", "actions") and not rest:
                    return _answered(self.shop.act(_request(body, message_id)))
                if door == ("POST", "life") and not rest:
                    return self._live(body)
                if door == ("POST", "trouble") and not rest:
                    self.shop.trouble = msgspec.json.decode(body, type=Trouble)
                    return 200, {}
            finally:
                if self.journal and method == "POST":
                    self.journal.save(self.shop)
        return _gone("There is nothing at this address.")

    def _live(self, body: bytes) -> tuple[int, Json]:
        told = msgspec.json.decode(body, type=_Life)
        if told.call not in LIVES:
            raise _Refusal(400, "There is no such act in the shop.")
        args = {name: datetime.fromisoformat(value) if name == "at" else value for name, value in told.args.items()}
        try:
            return 200, getattr(self.shop, told.call)(**args)
        except ShopRefused as refused:
            return 409, {"error": refused.key}


@contextmanager
def served(shop: PretendShop, secret: str, *, journal: Journal | None = None) -> Iterator[PretendServer]:
    """The shop over HTTP in a thread, for as long as the block lasts."""
    server = PretendServer(shop, secret, journal=journal)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for the acknowledgement of its head
    server: PretendServer

    def do_GET(self) -> None:
        """Reads."""
        self._serve(b"")

    def do_POST(self) -> None:
        """Actions, and the two doors."""
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(413, {"error": f"The body must have a length of at most {LARGEST_BODY} bytes."})
            return
        self._serve(self.rfile.read(int(length)))

    def _serve(self, body: bytes) -> None:
        try:
            base, _, path = self.path.partition("?")[0].partition("/takeback/")
            signed = body or f"{self.command} /{path}".encode()
            self._check_signature(signed)
            status, answer = self.server.answer(
                self.command, path if not base else "", body, self.headers["webhook-id"]
            )
        except _Refusal as refusal:
            status, answer = refusal.status, {"error": refusal.sentence} if refusal.sentence else None
        except Failed:
            status, answer = 500, {"error": "Something went wrong here."}
        except (Down, NoAnswer) as trouble:
            if isinstance(trouble, NoAnswer):
                time.sleep(self.server.shop.trouble.hang)
            self.close_connection = True
            return
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError, ValueError) as error:
            status, answer = 400, {"error": f"The body is not of the form: {error}."}
        self._send(status, answer)

    def _check_signature(self, signed: bytes) -> None:
        try:
            self.server.signer.verify(signed, dict(self.headers), json_parse=False)
        except Exception:
            # The verifier has many ways to fail on a hostile header; every one of them means: not signed.
            raise _Refusal(401) from None

    def _send(self, status: int, answer: Json) -> None:
        body = b"" if answer is None else msgspec.json.encode(answer)
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True  # the caller has gone, as callers with a time limit do

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Says nothing: a test's output is the test's."""


def _request(body: bytes, message_id: str) -> ActionRequest:
    told = msgspec.json.decode(body, type=_Action)
    request = ActionRequest(told.id, told.account, told.action, told.args)
    wrong = complaint(request)
    if not wrong and told.id != message_id:
        wrong = "`id` is not the `webhook-id` that was signed."
    if wrong:
        raise _Refusal(400, f"The body is not an action: {wrong}")
    return request


def _answered(answer: ActionAnswer) -> tuple[int, Json]:
    status = 202 if answer.outcome is Outcome.ACCEPTED else 200
    return status, {"id": answer.id, "outcome": answer.outcome.value, "reason": answer.reason}


def _gone(sentence: str) -> tuple[int, Json]:
    return 404, {"error": sentence}
