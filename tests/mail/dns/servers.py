"""A DNS server on this machine's loopback that behaves as badly as a test asks it to."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Reply = Callable[[dns.message.Message], bytes | None]


def answering(*records: str, kind: str = "TXT", ttl: int = 300, secure: bool = False, wait: float = 0.0) -> Reply:
    """Gives these records to every question, after `wait` seconds."""

    def reply(query: dns.message.Message) -> bytes:
        time.sleep(wait)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA | (dns.flags.AD if secure else 0)
        if records:
            response.answer.append(dns.rrset.from_text(query.question[0].name, ttl, "IN", kind, *records))
        return response.to_wire(max_size=4096)

    return reply


def failing(code: dns.rcode.Rcode) -> Reply:
    """Gives this error to every question."""

    def reply(query: dns.message.Message) -> bytes:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        response.set_rcode(code)
        return response.to_wire()

    return reply


def truncating(query: dns.message.Message) -> bytes:
    """Says that the answer is too long for UDP."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC | dns.flags.RA
    return response.to_wire()


def silent(_: dns.message.Message) -> None:
    """Says nothing at all."""


def garbling(query: dns.message.Message) -> bytes:
    """Answers with the right number and nonsense behind it."""
    return query.to_wire()[:2] + b"\xff" * 40


@contextmanager
def serving(reply: Reply, *, mute_tcp: bool = False) -> Iterator[tuple[int, list[str]]]:
    """A server with this reply; its port, and the questions as they come. `mute_tcp`: takes TCP and says nothing."""
    asked: list[str] = []
    ended = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))  # first: of the two kinds of ports these are the ones that others here use
        udp.bind(tcp.getsockname())
        udp.settimeout(0.05)
        if mute_tcp:
            tcp.listen()

        def serve() -> None:
            while not ended.is_set():
                try:
                    packet, client = udp.recvfrom(4096)
                except TimeoutError:
                    continue
                query = dns.message.from_wire(packet)
                asked.append(query.question[0].to_text())
                sent = reply(query)
                if sent is not None:
                    udp.sendto(sent, client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield udp.getsockname()[1], asked
        finally:
            ended.set()
            thread.join()
