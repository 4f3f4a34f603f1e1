"""How does a test hand events in? To the door of `takeback serve`, and to the view for other servers."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from takeback import measures
from takeback.bootstrap import House
from takeback.web.ingest import STRUCTURED
from tests.conftest import SHOP_SECRET, event_text
from tests.web.over_asgi import ask

BODY = event_text()
Post = Callable[..., Any]  # the test client's answer, which has a json() that its stubs do not know


def signed(
    body: bytes, secret: str = SHOP_SECRET, *, at: datetime | None = None, of: bytes | None = None
) -> dict[str, str]:
    """The headers of Standard Webhooks for a body; `of` is what is signed instead of it."""
    at = at or datetime.now(UTC)
    stamped = f"msg_1.{int(at.timestamp())}.".encode() + (body if of is None else of)  # the library signs text alone
    signature = f"v1,{b64encode(hmac.digest(b64decode(secret.removeprefix('whsec_')), stamped, 'sha256')).decode()}"
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


@pytest.fixture(params=["door", "django"])
def post(request: pytest.FixtureRequest, house: House) -> Post:
    """Posts a body to the events' address, signed by the shop unless headers are given: to the door of `takeback
    serve`, and to the view for other servers, which answer the same.
    """
    assert house.services
    client = Client(raise_request_exception=True)

    def send(body: bytes, content_type: str = STRUCTURED, headers: dict[str, str] | None = None) -> Any:
        headers = signed(body) if headers is None else headers
        if request.param == "door":
            return ask("POST", "/v1/events", body, {"content-type": content_type, **headers})
        return client.generic("POST", "/v1/events", body, content_type, headers=headers)

    return send


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refusals() -> dict[str, float]:
    """How many requests were refused so far, by the reason under which they are counted."""
    (metric,) = measures.instruments().refused.collect()
    return {one.labels["why"]: one.value for one in metric.samples if one.name.endswith("_total")}


def stored(house: House, account: str = "42") -> list[str]:
    return [event.id for event in house.event_log.account(account)]
