"""What is the most that can be had over HTTP? A bare ASGI application: decode, insert, answer; nothing is checked.

No key, no secrets, no contact index: the same decoder, the same table with the same sync, and one thread that takes all
that waits into one commit. Served by granian: `python -m benchmarks.peers.bare_asgi FILE PORT`.
"""

import asyncio
import os
import sys
import threading
from pathlib import Path
from queue import Empty, SimpleQueue
from sqlite3 import Connection
from typing import Any

import msgspec
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from benchmarks.ingest import INSERT
from takeback.core.events import Event, read_event
from takeback.store.eventfile import open_for_writing

Batch = list[tuple[Event, bytes]]
FILE = "BARE_ASGI_FILE"
LARGEST_GROUP = 2_000  # events, as the event log has it
_array = msgspec.json.Decoder(list[msgspec.Raw])
_waiting: SimpleQueue[tuple[Batch, "asyncio.Future[None]"]] = SimpleQueue()
_starting = threading.Lock()
_started: list[threading.Thread] = []


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if body:
        events = [(read_event(text), text) for text in _texts(dict(scope["headers"])[b"content-type"], body)]
        stored = asyncio.get_running_loop().create_future()
        _begin()
        _waiting.put((events, stored))
        await stored
        told = b'{"stored": %d, "repeated": 0}' % len(events)
    else:
        told = b"{}"
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": told})


def _texts(content_type: bytes, body: bytes) -> list[bytes]:
    if content_type == b"application/x-ndjson":
        return body.splitlines()
    if content_type == b"application/cloudevents-batch+json":
        return [bytes(text) for text in _array.decode(body)]
    return [body]


def _begin() -> None:
    with _starting:
        if not _started:
            _started.append(threading.Thread(target=_write, daemon=True))
            _started[0].start()


def _write() -> None:
    connection, seq = open_for_writing(Path(os.environ[FILE])), 0
    while True:
        group = [_waiting.get()]
        size = len(group[0][0])
        while size < LARGEST_GROUP:
            try:
                group.append(_waiting.get_nowait())
            except Empty:
                break
            size += len(group[-1][0])
        seq = _insert(connection, [one for events, _ in group for one in events], seq)
        futures = [future for _, future in group]
        futures[0].get_loop().call_soon_threadsafe(_answer, futures)


def _insert(connection: Connection, events: Batch, seq: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    rows = [
        (event.account, int(event.time.timestamp() * 1e6), seq + place, event.source, event.id, text)
        for place, (event, text) in enumerate(events)
    ]
    connection.executemany(INSERT, rows)
    connection.execute("COMMIT")
    return seq + len(events)


def _answer(futures: list["asyncio.Future[None]"]) -> None:
    for future in futures:
        future.set_result(None)


if __name__ == "__main__":
    os.environ[FILE] = sys.argv[1]
    open_for_writing(Path(sys.argv[1])).close()
    Server(
        "benchmarks.peers.bare_asgi:app",
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.ASGINL,
        workers=1,
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()
