"""What did the services tell? `POST /v1/events` as an ASGI application: events, stored for good when the answer comes.

The order is that of what a step costs whom: the length and the key before anything is read, the signature before
anything is unpacked, everything read before anything is stored.
"""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from itertools import islice
from typing import TypeVar

from takeback import measures, tracing
from takeback.bootstrap import house
from takeback.casework.keys import Scope
from takeback.casework.ports import Accepted, House
from takeback.web.door.arriving import Gone, Receive, Send, body_of, headers_of, length_of
from takeback.web.door.arriving import Scope as Connection
from takeback.web.door.forms import LARGEST_BODY, form_of, items
from takeback.web.door.gathering import Gathering
from takeback.web.door.passing import pass_on
from takeback.web.door.refusal import Refusal, Told, problem_of
from takeback.web.door.room import Room
from takeback.web.door.saying import say
from takeback.web.door.sender import guard
from takeback.web.door.unpack import TOO_LARGE, encoding_of, unpack
from takeback.web.door.verdict import STRICT, Read, is_strict
from takeback.web.limits import client_at

log = logging.getLogger("takeback.web.door")

AT_A_TIME = 200  # items read before others have their turn
LONG = 256 * 1024  # bytes: what takes longer to check than to hand to another thread
KEYED_ROOM = 64 * 1024 * 1024  # bytes on their way from those whose key is known to be good
SIGNED_ROOM = 64 * 1024 * 1024  # and from those whose signature is yet to be checked, half of it for one client

Answer = TypeVar("Answer")


class Door:
    """The door of one house, in one event loop."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.loop = asyncio.get_running_loop()
        self._gathering = Gathering(house.event_log.append, pass_on)
        self._keyed, self._signed = Room(KEYED_ROOM), Room(SIGNED_ROOM, SIGNED_ROOM // 2)

    async def answer(self, scope: Connection, receive: Receive) -> tuple[HTTPStatus, Told, dict[str, str]]:
        """Status, body and headers of the answer. `Refusal`, or `Gone` when there is nobody to answer."""
        if scope["method"] != "POST":
            detail = "events come by POST"
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, detail, why="unsupported", headers={"Allow": "POST"})
        headers = headers_of(scope)
        length = length_of(headers, LARGEST_BODY, TOO_LARGE)
        client = client_at((scope.get("client") or ("",))[0], headers.get(b"x-forwarded-for", b"").decode("latin-1"))
        here = guard()
        if b"authorization" in headers and here.ring.is_stale:
            await self.loop.run_in_executor(None, here.ring.read)
        source = here.by_key(headers, client, Scope.EVENTS)
        self._gathering.must_fit()
        room = self._signed if source is None else self._keyed
        room.must_fit(length)
        with room.held(client) as held:
            body = await body_of(receive, held, LARGEST_BODY, TOO_LARGE)
            if source is None:
                source = await self._aside(len(body), here.by_signature, headers, body, client)
            if encoding := encoding_of(headers.get(b"content-encoding", b"").decode("latin-1")):
                body = await self._aside(LONG, unpack, body, encoding)  # a small one may become large
                held.more(len(body))
            read = await self._read(headers, body, source)
            strict = is_strict(headers.get(b"prefer", b"").decode("latin-1"))
            if strict:
                read.must_be_whole()
            accepted = await self._gathering.store(read.events) if read.events else Accepted(0, 0)
        measures.events(source, accepted.stored, accepted.repeated)
        return *read.answer(accepted.stored, accepted.repeated), {"Preference-Applied": STRICT} if strict else {}

    async def _aside(self, size: int, work: Callable[..., Answer], *arguments: object) -> Answer:
        """Done in another thread where it would keep others waiting."""
        return work(*arguments) if size < LONG else await self.loop.run_in_executor(None, work, *arguments)

    async def _read(self, headers: dict[bytes, bytes], body: bytes, source: str) -> Read:
        """What the body says, read a little at a time so that a long one keeps nobody waiting."""
        read = Read(form_of(headers.get(b"content-type", b"").decode("latin-1")))
        reading = items(read.form, body, source)
        while part := list(islice(reading, AT_A_TIME)):
            read.take(part)
            if len(part) == AT_A_TIME:
                await asyncio.sleep(0)
        return read


_door: Door | None = None


def door() -> Door:
    """The door of this process's house and of the loop that runs."""
    global _door
    here = house()
    if _door is None or _door.house is not here or _door.loop is not asyncio.get_running_loop():
        _door = Door(here)
    return _door


async def take(scope: Connection, receive: Receive, send: Send) -> None:
    """The ASGI application."""
    with tracing.span("door.events") as span:
        answer = await _answered(scope, receive)
        span.note("status", answer[0].value if answer is not None else 0)
    if answer is not None:
        await say(send, *answer)


async def _answered(scope: Connection, receive: Receive) -> tuple[HTTPStatus, Told, dict[str, str]] | None:
    """Status, body and headers of the answer; None where there is nobody to answer."""
    try:
        return await door().answer(scope, receive)
    except Refusal as refusal:
        if refusal.why:
            measures.refused(refusal.why)
        return refusal.status, refusal.told, refusal.headers
    except Gone:
        return None
    except Exception as error:  # whatever it was, nothing was acknowledged: it comes again
        log.error("events could not be stored: %s", type(error).__name__)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return status, problem_of(status, "the events could not be stored; send them again"), {"Retry-After": "5"}
