"""How does Twilio send a text message or make a call? Its REST API of 2010-04-01, resources Messages and Calls.

Twilio knows no idempotency key. So whatever may have gone out already (an answer that was lost, a process that ended)
is first looked up among what went from our number to this one since: a message by its text, a call by its time.
"""

import time
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any, TypeVar
from xml.sax.saxutils import escape

import httpx
import msgspec

from takeback.core.case import Language
from takeback.core.errors import OutsideError

LARGEST_ANSWER = 1024 * 1024  # bytes
RINGS_FOR = 20  # seconds; ends before most voicemail boxes answer, where a code would lie for whoever opens them
EARLIER = timedelta(minutes=1)  # that Twilio's clock may be behind ours
MOST_REMEMBERED = 10_000  # ids of late; what is older is known to the ledger
_TRY_AGAIN = {401, 403, 408, 425, 429}  # a refused key: the message is good, and goes once the settings are
_NOT_GONE = {"failed", "undelivered", "canceled", "busy", "no-answer"}
_SPOKEN = {Language.JA: "ja-JP", Language.EN: "en-US"}


class _Item(msgspec.Struct, frozen=True):
    """A message or a call as Twilio lists it."""

    status: str = ""
    body: str = ""
    date_created: str | None = None


class _Messages(msgspec.Struct, frozen=True):
    messages: list[_Item]


class _Calls(msgspec.Struct, frozen=True):
    calls: list[_Item]


_Form = TypeVar("_Form", _Messages, _Calls)


class TwilioPhones:
    """Meets `casework.phones.Phones`. Safe to share between threads.

    `account` is the account SID, `key` and `secret` an API key, `sender` our number (E.164), `timeout` seconds for a
    whole exchange. Raises `OutsideError`: `permanent` where this number or text will never do.
    """

    def __init__(
        self,
        *,
        account: str,
        key: str,
        secret: str,
        sender: str,
        address: str = "https://api.twilio.com",
        timeout: float = 10.0,
    ) -> None:
        self._sender, self._timeout = sender, timeout
        self._address = f"{address.rstrip('/')}/2010-04-01/Accounts/{account}"
        self._http = httpx.Client(auth=(key, secret), timeout=timeout, headers={"accept-encoding": "identity"})
        self._tried: OrderedDict[str, datetime] = OrderedDict()
        self._trying = Lock()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def text(self, to: str, body: str, *, id: str, since: datetime | None = None) -> None:  # noqa: A002 - the port's word
        """Send a text message, once for each id."""
        first = self._first(id, since)
        if first is None or not self._message_went(to, body, first):
            self._post("/Messages.json", {"To": to, "From": self._sender, "Body": body})

    def say(self, to: str, words: str, language: Language, *, id: str, since: datetime | None = None) -> None:  # noqa: A002 - as above
        """Call and speak these words, once for each id."""
        first = self._first(id, since)
        if first is not None and self._call_went(to, first):
            return
        spoken = f'<Say language="{_SPOKEN[language]}">{escape(words)}</Say>'
        twiml = f'<Response><Pause length="1"/>{spoken}<Pause length="1"/></Response>'
        self._post("/Calls.json", {"To": to, "From": self._sender, "Twiml": twiml, "Timeout": str(RINGS_FOR)})

    def connect(self, agent: str, customer: str, *, id: str) -> None:  # noqa: A002 - as above
        """Ring the agent and, when that is taken, the customer, once for each id. A call that may have begun is not
        begun again: the agent hears whether it rings.
        """
        first = self._first(id, None)
        if first is not None and self._call_went(agent, first):
            return
        dial = (
            f'<Dial callerId="{escape(self._sender)}" timeout="{RINGS_FOR}"><Number>{escape(customer)}</Number></Dial>'
        )
        form = {"To": agent, "From": self._sender, "Twiml": f"<Response>{dial}</Response>", "Timeout": str(RINGS_FOR)}
        self._post("/Calls.json", form)

    def _first(self, message: str, since: datetime | None) -> datetime | None:
        """When this id was first tried; None where this is the first time."""
        with self._trying:
            known = self._tried.get(message)
            self._tried[message] = known or since or datetime.now(UTC)
            while len(self._tried) > MOST_REMEMBERED:
                self._tried.popitem(last=False)
        times = [at for at in (known, since) if at is not None]
        return min(times) if times else None

    def _message_went(self, to: str, body: str, first: datetime) -> bool:
        asked = {"To": to, "From": self._sender, "DateSent>": _day(first), "PageSize": "200"}
        listed = self._read(self._get("/Messages.json", asked), _Messages).messages
        return any(one.body == body and one.status not in _NOT_GONE and _since(one, first) for one in listed)

    def _call_went(self, to: str, first: datetime) -> bool:
        asked = {"To": to, "From": self._sender, "StartTime>": _day(first), "PageSize": "200"}
        listed = self._read(self._get("/Calls.json", asked), _Calls).calls
        return any(one.status not in _NOT_GONE and _since(one, first) for one in listed)

    def _post(self, path: str, form: dict[str, str]) -> None:
        self._ask("POST", path, data=form)

    def _get(self, path: str, query: dict[str, str]) -> bytes:
        return self._ask("GET", path, params=query)

    def _ask(self, method: str, path: str, **what: Any) -> bytes:  # as httpx takes them
        try:
            with self._http.stream(method, self._address + path, **what) as answer:
                body = self._all_of(answer)
                if answer.is_success:
                    return body
                raise _refused(answer)
        except httpx.TimeoutException as error:
            raise OutsideError(f"Twilio did not answer within {self._timeout:g} s.", permanent=False) from error
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError) as error:
            raise OutsideError("Twilio cannot be reached.", permanent=False) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OutsideError(f"Twilio cannot be asked: {type(error).__name__}.", permanent=True) from error

    def _all_of(self, answer: httpx.Response) -> bytes:
        until, parts, size = time.monotonic() + self._timeout, [], 0
        for part in answer.iter_bytes():
            size += len(part)
            parts.append(part)
            if size > LARGEST_ANSWER:
                raise OutsideError(f"Twilio answered with more than {LARGEST_ANSWER} bytes.", permanent=False)
            if time.monotonic() > until:  # the client's own limit is for each part
                raise OutsideError(f"Twilio did not finish within {self._timeout:g} s.", permanent=False)
        return b"".join(parts)

    def _read(self, body: bytes, form: type[_Form]) -> _Form:
        try:
            return msgspec.json.decode(body, type=form)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # The cause is left out on purpose: a decoder may quote from the body, which holds codes.
            raise OutsideError("Twilio gave an answer that is not of its form.", permanent=False) from None


def _refused(answer: httpx.Response) -> OutsideError:
    """Only the status is told: what Twilio writes repeats the number."""
    status = answer.status_code
    again = status in _TRY_AGAIN or status >= 500
    told = answer.headers.get("retry-after", "").strip()
    wait = min(float(told), 3600.0) if again and told.isascii() and told.isdecimal() else None
    return OutsideError(f"Twilio answered {status}.", permanent=not again, retry_after=wait)


def _day(first: datetime) -> str:
    """Twilio looks things up by days, in UTC."""
    return (first - EARLIER).astimezone(UTC).date().isoformat()


def _since(one: _Item, first: datetime) -> bool:
    """True for what was made since; where Twilio does not say when, it is taken to be ours: one message too few can be
    asked for again.
    """
    try:
        return one.date_created is None or parsedate_to_datetime(one.date_created) >= first - EARLIER
    except ValueError:
        return True
