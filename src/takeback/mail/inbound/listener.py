"""How does a forwarded mail come in? By SMTP: for one address alone, of bounded size, in bounded time and memory.

A mail is acknowledged (250) only when all that is to be done with it has been done: its answer was handed on, or it is
one that gets none. Ended in between, the sender's mail server sends it again. Nothing of a mail touches the disk.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from takeback.mail.inbound.arrival import Arrival
from takeback.mail.inbound.outcome import Outcome

log = logging.getLogger("takeback.inbound")
LARGEST = 30_000_000  # octets of a mail
MOST_CONNECTIONS = 20  # each may hold a mail of the largest size
AT_ONCE = 4  # mails that are worked on
PATIENCE = 300.0  # seconds for a command, and for a whole mail with its answer (RFC 5321, section 4.5.3.2)
_ENOUGH = 2 * LARGEST  # octets of a mail that is too large which are still read, so that its sender hears why
_CHUNK = 64 * 1024
_END = b"\r\n.\r\n"

Answer = Callable[[Arrival], Outcome]
REPLIES = {
    Outcome.LATER: "451 4.7.0 Too many mails lately; please try again later",
    Outcome.FAILED: "451 4.3.0 Not done; please try again later",
}


class Handler:
    """What aiosmtpd asks of us."""

    def __init__(self, address: str, answer: Answer, pool: Executor) -> None:
        self._address, self._answer, self._pool = address.lower(), answer, pool
        self.host = self._address.rpartition("@")[2]  # how it calls itself

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take mail for the one address and no other: nothing is passed on from here."""
        if address.lower() != self._address:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Work on a mail. What fails is asked to come again; why it failed is ours to know."""
        peer = str(session.peer[0]) if session.peer else ""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        sender = (envelope.mail_from or "").strip("<>")  # <> is nobody's, and aiosmtpd leaves it as it is
        arrival = Arrival(content, sender, peer, session.host_name or "")
        envelope.content = None
        try:
            outcome = await asyncio.get_running_loop().run_in_executor(self._pool, self._answer, arrival)
        except Exception as error:  # whatever it was, the mail is not lost: it comes again
            log.warning("a mail could not be worked on: %s", type(error).__name__)
            outcome = Outcome.FAILED
        return REPLIES.get(outcome, "250 2.0.0 Taken")


class Door(SMTP):
    """One connection. Its own reading of DATA: aiosmtpd's keeps an object for each line, thirty times a mail's size
    for a mail of empty lines, and all of a line that never ends.
    """

    _open = 0  # connections of this process

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count a connection; one too many is told so and closed."""
        super().connection_made(transport)
        Door._open += 1
        if Door._open > MOST_CONNECTIONS and isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Busy; please try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """One less."""
        Door._open -= 1
        super().connection_lost(error)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Read a mail up to the line with a lone dot (RFC 5321, section 4.1.1.4), then have it worked on."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None  # noqa: S101 - there is one on every connection
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._content()
        if content is None:
            self._forget()
            await self.push(f"552 5.3.4 A mail is at most {LARGEST // 1_000_000} MB")
            return
        self.envelope.content = content
        status = await self._call_handler_hook("DATA")
        self._forget()
        await self.push(status)

    def _forget(self) -> None:
        """The next mail of this connection starts anew."""
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd's

    async def _content(self) -> bytes | None:
        """The mail, its dots unstuffed; None when it is too large. One that goes on for ever ends the connection."""
        kept, length = bytearray(b"\r\n"), 0  # so that a lone dot in the first line is found as any other
        while not kept.endswith(_END):
            try:
                part = await self._reader.readuntil(b"\n")
            except asyncio.LimitOverrunError as long:
                part = await self._reader.read(max(long.consumed, 1))
            length += len(part)
            if length > _ENOUGH:
                self._writer.close()
                raise asyncio.CancelledError
            kept += part
            if length > LARGEST + len(_END):
                del kept[: -len(_END)]
        if length > LARGEST + len(_END):
            return None
        return bytes(kept[: -len(b".\r\n")].replace(b"\r\n.", b"\r\n")[2:])


async def listen(
    host: str, port: int, address: str, answer: Answer, *, ready: Callable[[str, int], None] = lambda *_: None
) -> None:
    """Serve until SIGTERM or SIGINT. Mails that are being worked on are finished, at most for as long as a mail takes.

    `OSError` when the address cannot be listened on.
    """
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="inbound") as pool:
        server = await open_door(host, port, Handler(address, answer, pool))
        async with server:
            bound: Any = server.sockets[0].getsockname()
            ready(bound[0], bound[1])
            await stop.wait()


async def open_door(host: str, port: int, handler: Handler) -> asyncio.Server:
    """Begin to listen. `OSError` when that cannot be done."""
    loop = asyncio.get_running_loop()

    def door() -> Door:
        return Door(
            handler,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname=handler.host,
            ident="Takeback",
            timeout=PATIENCE,
            loop=loop,
        )

    return await loop.create_server(door, host=host, port=port)
