"""Did Takeback take these events? One signed POST of lines; on a refusal, halves, until it is known which it was."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import httpx
from standardwebhooks import Webhook

from takeback_oscar.conf import conf

# These say something about the connection (secret, address, load) and nothing about an event: they are tried again.
NOT_THE_EVENTS_FAULT = frozenset({401, 403, 404, 405, 407, 408, 421, 425, 426, 429})


@dataclass(frozen=True)
class Verdict:
    """On one event. Neither delivered nor refused: try again later."""

    delivered: bool = False
    refused: bool = False
    problem: str = ""


def deliver(events: list[dict[str, Any]]) -> list[Verdict]:
    """A verdict on each of `events` (CloudEvents), in their order."""
    status, problem = _post(events)
    if 200 <= status < 300:
        return [Verdict(delivered=True)] * len(events)
    if not 400 <= status < 500 or status in NOT_THE_EVENTS_FAULT:
        return [Verdict(problem=problem)] * len(events)
    if len(events) == 1:
        return [Verdict(refused=True, problem=problem)]
    half = len(events) // 2
    first = deliver(events[:half])
    if not all(verdict.delivered or verdict.refused for verdict in first):
        # Order is kept: nothing overtakes what has to be tried again.
        return first + [Verdict(problem=problem)] * (len(events) - half)
    return first + deliver(events[half:])


def _post(events: list[dict[str, Any]]) -> tuple[int, str]:
    """The status and what to write down about it; status 0 when there was no answer."""
    body = "".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n" for event in events)
    message, now = "msg_" + uuid.uuid4().hex, datetime.now(tz=UTC)
    headers = {
        "content-type": "application/x-ndjson",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(conf().secret).sign(message, now, body),
    }
    try:
        response = _connection().post(f"{conf().url}/v1/events", content=body.encode(), headers=headers)
    except httpx.HTTPError as error:
        return 0, f"no answer ({type(error).__name__})"
    return response.status_code, f"{response.status_code} {response.text[:200]}".strip()


@lru_cache(maxsize=1)
def _connection() -> httpx.Client:
    """Kept open between batches. `trust_env` off: an event goes to Takeback and by no proxy of the environment's."""
    return httpx.Client(timeout=conf().timeout_seconds, trust_env=False)
