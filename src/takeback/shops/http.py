"""How is a service reached over the network? By the contract's addresses, signed, asked once; casework tries again.

The form of requests and answers is docs/reference/shop-api.md. What a service writes into a body never gets into a
message.
"""

import re
import secrets
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from msgspec import Struct
from standardwebhooks import Webhook

from takeback import tracing
from takeback.core.errors import OutsideError, SettingsError
from takeback.core.events import Money
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Capabilities, Outcome

LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes. An account with tens of thousands of orders fits; a service that never stops talking does not."""

_REASON = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_TRY_AGAIN = {408, 425, 429}


class _Capabilities(Struct, frozen=True):
    actions: list[str]
    fields: list[str] = []
    collections: list[str] = []
    balances: list[str] = []
    order_fields: list[str] = []


class _Account(Struct, frozen=True):
    account: str
    frozen: bool
    sessions: int
    links: int
    password: Literal["set", "disabled"]
    cards_locked: bool
    cards_masked: bool
    fields: dict[str, Any] = {}
    collections: dict[str, dict[str, Any]] = {}
    balances: dict[str, Money] = {}
    orders: dict[str, "_Order"] = {}


class _Order(Struct, frozen=True):
    status: Literal["placed", "shipped", "delivered", "cancelled"]


class _Orders(Struct, frozen=True):
    orders: dict[str, dict[str, Any]] = {}


class _Answer(Struct, frozen=True):
    id: str
    outcome: Outcome
    reason: str | None = None


_Form = TypeVar("_Form", _Capabilities, _Account, _Orders, _Answer)


class HttpService:
    """A service that speaks the contract over HTTP; meets `casework.ports.Service`. Safe to share between threads.

    `source` is the source of its events, `base_url` its address, `secret` a Standard Webhooks secret (`whsec_` and
    base64), `timeout` seconds for a whole exchange. Every method raises `OutsideError`: `permanent` is False for what
    may go by (no connection, no answer in time, 408, 425, 429, 5xx), True for what a person has to look at.
    """

    def __init__(self, source: str, base_url: str, secret: str, timeout: float = 10.0) -> None:
        self._source = source
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        try:
            self._signer = Webhook(secret)
        except Exception as error:
            raise SettingsError(
                f"the secret of {source} is not a Standard Webhooks secret: whsec_ and base64"
            ) from error
        self._http = httpx.Client(
            timeout=timeout, headers={"accept": "application/json", "accept-encoding": "identity"}
        )

    @property
    def source(self) -> str:
        """The `source` of its events."""
        return self._source

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def capabilities(self) -> Capabilities:
        """What it can do."""
        with tracing.span("shop.capabilities", source=self._source):
            _, body = self._ask("GET", "/capabilities")
        told = self._read(body, _Capabilities)
        return Capabilities(
            actions=frozenset(told.actions),
            fields=frozenset(told.fields),
            collections=frozenset(told.collections),
            balances=frozenset(told.balances),
            order_fields=frozenset(told.order_fields),
        )

    def account(self, account: str) -> AccountSnapshot | None:
        """The account as it now is, or None where it has no such account."""
        with tracing.span("shop.account", source=self._source):
            status, body = self._ask("GET", f"/accounts/{quote(account, safe='')}", missing=True)
        if status == 404:
            return None
        told = self._read(body, _Account)
        if told.account != account:
            raise OutsideError(f"{self._source} answered with another account than was asked for.", permanent=True)
        return AccountSnapshot(
            account=told.account,
            frozen=told.frozen,
            sessions=told.sessions,
            links=told.links,
            password=told.password,
            cards_locked=told.cards_locked,
            cards_masked=told.cards_masked,
            fields=told.fields,
            collections=told.collections,
            balances=told.balances,
            orders=self._read(body, _Orders).orders,
        )

    def act(self, request: ActionRequest) -> ActionAnswer:
        """Send one action, under its own id."""
        sent = {"id": request.id, "account": request.account, "action": request.action, "args": dict(request.args)}
        with tracing.span("shop.act", source=self._source, action=request.action) as span:
            _, body = self._ask("POST", "/actions", body=msgspec.json.encode(sent), message_id=request.id)
            answer = self._answer(body, request.id)
            span.note("outcome", answer.outcome.value)
        return answer

    def outcome(self, action_id: str) -> ActionAnswer:
        """What became of an action that was `accepted`."""
        with tracing.span("shop.outcome", source=self._source) as span:
            _, body = self._ask("GET", f"/actions/{quote(action_id, safe='')}")
            answer = self._answer(body, action_id)
            span.note("outcome", answer.outcome.value)
        return answer

    def _answer(self, body: bytes, action_id: str) -> ActionAnswer:
        told = self._read(body, _Answer)
        if told.id != action_id:
            raise OutsideError(f"{self._source} answered for another action than was sent.", permanent=True)
        if told.outcome is not Outcome.IMPOSSIBLE:
            return ActionAnswer(told.id, told.outcome)
        # A reason is a key that templates put into words; free text of a service is not let in.
        named = told.reason is not None and len(told.reason) <= 80 and _REASON.fullmatch(told.reason)
        return ActionAnswer(told.id, told.outcome, told.reason if named else "reason.unreadable")

    def _ask(
        self, method: str, path: str, *, body: bytes = b"", message_id: str = "", missing: bool = False
    ) -> tuple[int, bytes]:
        message_id = message_id or f"read_{secrets.token_hex(12)}"
        now = datetime.now(UTC)
        signed = body.decode() if body else f"{method} {path}"
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message_id, now, signed),
            **({"content-type": "application/json"} if body else {}),
        }
        try:
            with self._http.stream(method, self._base_url + path, content=body or None, headers=headers) as answer:
                if answer.status_code == 404 and missing:
                    return 404, b""
                if not answer.is_success:
                    raise self._refused(answer)
                return answer.status_code, self._all_of(answer)
        except httpx.TimeoutException as error:
            raise OutsideError(f"{self._source} did not answer within {self._timeout:g} s.", permanent=False) from error
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError) as error:
            raise OutsideError(f"{self._source} cannot be reached.", permanent=False) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OutsideError(f"{self._source} cannot be asked: {type(error).__name__}.", permanent=True) from error

    def _all_of(self, answer: httpx.Response) -> bytes:
        until, parts, size = time.monotonic() + self._timeout, [], 0
        for part in answer.iter_bytes():
            size += len(part)
            parts.append(part)
            if size > LARGEST_ANSWER:
                raise OutsideError(f"{self._source} answered with more than {LARGEST_ANSWER} bytes.", permanent=True)
            if time.monotonic() > until:  # the client's own limit is for each part, and a slow drip never reaches it
                raise OutsideError(f"{self._source} did not finish within {self._timeout:g} s.", permanent=False)
        return b"".join(parts)

    def _refused(self, answer: httpx.Response) -> OutsideError:
        status = answer.status_code
        if status in _TRY_AGAIN or status >= 500:
            return OutsideError(
                f"{self._source} answered {status}.", permanent=False, retry_after=_seconds(answer.headers)
            )
        why = {
            400: "says that the request is not of the contract's form (400)",
            401: "does not accept our signature (401): compare the secret and the clock on both sides",
            404: "has nothing at this address (404): compare the base address",
        }
        return OutsideError(f"{self._source} {why.get(status, f'answered {status}')}.", permanent=True)

    def _read(self, body: bytes, form: type[_Form]) -> _Form:
        try:
            return msgspec.json.decode(body, type=form)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # The cause is left out on purpose: a decoder may quote from the body.
            raise OutsideError(
                f"{self._source} gave an answer that is not of the contract's form.", permanent=True
            ) from None


def _seconds(headers: httpx.Headers) -> float | None:
    """`Retry-After` in seconds (RFC 9110, 10.2.3: seconds or a date), at most an hour; None where it is not told."""
    told = headers.get("retry-after", "").strip()
    if told.isdecimal():
        return min(float(told), 3600.0)
    try:
        return min(max((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds(), 0.0), 3600.0)
    except (TypeError, ValueError):
        return None
