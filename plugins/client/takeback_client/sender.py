"""How do events get to Takeback? In batches, each sent until it was answered, so that each event is there once."""

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx

from takeback_client.answers import Event, Refused, Sent
from takeback_client.errors import NotAllowed, NotSent, Problem
from takeback_client.signing import by_key, by_secret
from takeback_client.waiting import Patience

MOST, LARGEST = 500, 8 * 1024 * 1024  # events and bytes of a batch; Takeback takes 16 MiB
LONGEST = 1.0  # seconds that an event waits for others
TOLD = 100  # faults that one answer tells at most
LATER = frozenset({408, 425, 429})  # as with 5xx, the same may be taken later


class Sender:
    """Sends events of one `source` to the Takeback at `url`, with a `key` or signed with the service's `secret`.

    An event is a dict of the contract; what it leaves out of `specversion`, `id`, `source` and `time` is filled in.
    `patience` is how many seconds a batch is tried for, `timeout` how many one try may take. Use one for each thread.
    """

    def __init__(
        self,
        url: str,
        *,
        source: str,
        key: str | None = None,
        secret: str | None = None,
        patience: float = 60.0,
        timeout: float = 30.0,
    ) -> None:
        if (key is None) == (secret is None):
            raise ValueError("give either a key or a secret")
        self._sign = by_key(key) if key is not None else by_secret(str(secret))
        self._url, self._source, self._patience = f"{url.rstrip('/')}/v1/events", source, patience
        # trust_env off: an event goes to Takeback, by no proxy of the environment's.
        self._client = httpx.Client(timeout=timeout, trust_env=False, headers={"user-agent": "takeback-client/0.1"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def send(self, event: Mapping[str, Any]) -> Sent:
        """Send one event: it is stored for good on return, or in `refused`. `NotAllowed` and `NotSent` as they say."""
        return self.send_many([event])

    def send_many(self, events: Iterable[Mapping[str, Any]]) -> Sent:
        """Send all of these, in their order, in batches of up to 500 and 8 MiB.

        They may come slowly, from a generator: when one comes, and the first that waits has waited for a second, they
        are sent. `NotAllowed` and `NotSent` hold, as `left`, the events of the batch that did not arrive, and as `sent`
        what became of those before it. Of what comes after it nothing was taken from `events`.
        """
        sent = Sent()
        for batch in _batches(self._whole(event) for event in events):
            try:
                sent.add(self._deliver(batch))
            except Problem as problem:
                sent.add(problem.sent)
                problem.sent = sent
                raise
        return sent

    def _whole(self, event: Mapping[str, Any]) -> Event:
        given: Event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": self._source}
        return {**given, "time": datetime.now(UTC).isoformat(timespec="milliseconds"), **event}

    def _deliver(self, events: Sequence[Event]) -> Sent:
        answer = self._post(events)
        if answer.status_code == 413:  # too large together, or alone
            if len(events) == 1:
                return Sent(refused=[Refused(events[0], 413, _detail(answer))])
            return self._in_parts(events, (len(events) + 1) // 2)
        told = _object(answer)
        if not answer.is_success or "stored" not in told:
            raise NotSent(f"Takeback answered {answer.status_code}: {_detail(answer)}", events)
        faults = told.get("errors", [])
        if told.get("refused", 0) > len(faults):
            return self._in_parts(events, TOLD)  # each part's faults are all told; what is stored counts as a repeat
        refused = [_refused(events, fault) for fault in faults]
        return Sent(int(told["stored"]), int(told["repeated"]), refused)

    def _in_parts(self, events: Sequence[Event], size: int) -> Sent:
        sent = Sent()
        for start in range(0, len(events), size):
            try:
                sent.add(self._deliver(events[start : start + size]))
            except Problem as problem:
                sent.add(problem.sent)
                problem.sent, problem.left = sent, tuple(events[start:])
                raise
        return sent

    def _post(self, events: Sequence[Event]) -> httpx.Response:
        """The answer to these events, tried until there is one that says what became of them."""
        body = b"".join(map(_line, events))
        patience, said = Patience(self._patience), ""
        while True:
            retry_after = None
            try:
                headers = {"content-type": "application/x-ndjson", **self._sign(body)}
                answer = self._client.post(self._url, content=body, headers=headers)
            except httpx.TransportError as error:
                said = f"Takeback did not answer ({type(error).__name__})"
            else:
                if answer.status_code == 401:
                    raise NotAllowed("Takeback does not know this key or signature, or it is no longer good", events)
                if answer.status_code not in LATER and answer.status_code < 500:
                    return answer
                said, retry_after = f"Takeback answered {answer.status_code}", answer.headers.get("retry-after")
            if not patience.wait(retry_after):
                raise NotSent(f"{said}, and it was tried for {self._patience:.0f} s", events)


def _batches(events: Iterable[Event]) -> Iterator[list[Event]]:
    batch, size, since = list[Event](), 0, 0.0
    for event in events:
        length = len(_line(event))
        if batch and size + length > LARGEST:
            yield batch
            batch, size = [], 0
        since = since if batch else time.monotonic()
        batch.append(event)
        size += length
        if len(batch) == MOST or time.monotonic() - since >= LONGEST:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _line(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _detail(answer: httpx.Response) -> str:
    told = _object(answer)
    return str(told.get("detail") or told.get("title") or answer.reason_phrase)[:300]


def _refused(events: Sequence[Event], fault: Mapping[str, Any]) -> Refused:
    line = fault.get("line")
    place = int(line) - 1 if line is not None else int(fault["index"])
    return Refused(events[place], int(fault["status"]), str(fault["detail"]), fault.get("field"))
