"""Did Takeback take these events? One signed POST of lines. Takeback stores the good ones and names each that is not
(207); where a refusal names none, halves are sent, until it is known which it was.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import httpx
from standardwebhooks import Webhook

from takeback_oscar.conf import conf

PARTLY = 207  # the good ones are stored, and `errors` says by its line which ones are not
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
    status, problem, named = _post(events)
    if status == PARTLY and named is not None:
        return _each(events, named)
    if 200 <= status < 300 and status != PARTLY:
        return [Verdict(delivered=True)] * len(events)
    if status != PARTLY and (not 400 <= status < 500 or status in NOT_THE_EVENTS_FAULT):
        return [Verdict(problem=problem)] * len(events)
    if len(events) == 1:
        return [Verdict(refused=True, problem=problem)]
    half = len(events) // 2
    first = deliver(events[:half])
    if not all(verdict.delivered or verdict.refused for verdict in first):
        # Order is kept: nothing overtakes what has to be tried again.
        return first + [Verdict(problem=problem)] * (len(events) - half)
    return first + deliver(events[half:])


@dataclass(frozen=True)
class _Named:
    """What an answer says of single events, by their place; `complete` where it names every one that was refused."""

    verdicts: dict[int, Verdict]
    complete: bool


def _each(events: list[dict[str, Any]], named: _Named) -> list[Verdict]:
    """A verdict on each. Refused ones that the answer does not name are found by sending the rest once more, which
    stores nothing twice.
    """
    rest = [place for place in range(len(events)) if place not in named.verdicts]
    others = [Verdict(delivered=True)] * len(rest) if named.complete else deliver([events[place] for place in rest])
    told = named.verdicts | dict(zip(rest, others, strict=True))
    return [told[place] for place in range(len(events))]


def _named(response: httpx.Response, many: int) -> _Named | None:
    """What a 207 says; None where it is not of that form."""
    try:
        answer = response.json()
        verdicts = {int(one["line"]) - 1: _verdict(one["status"], str(one["detail"])) for one in answer["errors"]}
        complete = not answer.get("untold", 0)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return _Named(verdicts, complete) if verdicts and all(0 <= place < many for place in verdicts) else None


def _verdict(status: int, detail: str) -> Verdict:
    return Verdict(refused=status not in NOT_THE_EVENTS_FAULT, problem=f"{status} {detail}"[:200])


def _post(events: list[dict[str, Any]]) -> tuple[int, str, _Named | None]:
    """The status, what to write down about it, and what it says of single events; status 0 when there was no answer."""
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
        return 0, f"no answer ({type(error).__name__})", None
    told = f"{response.status_code} {response.text[:200]}".strip()
    return response.status_code, told, _named(response, len(events)) if response.status_code == PARTLY else None


@lru_cache(maxsize=1)
def _connection() -> httpx.Client:
    """Kept open between batches. `trust_env` off: an event goes to Takeback and by no proxy of the environment's."""
    return httpx.Client(timeout=conf().timeout_seconds, trust_env=False)
