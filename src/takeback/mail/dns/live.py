"""What does the DNS say now? Asked of the machine's own resolver, through dnspython, with a cache in front.

Every question ends within its time, whatever the other side does: says nothing, answers with errors, truncates and
then lets the TCP connection hang. Nothing here raises.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from takeback.mail.dns.port import NO_NAME, UNREACHABLE, Answer, AnswerState, plain, sendable

LIFETIME = 2.0  # seconds for one question, all tries and servers together
TRY = 0.8  # seconds for one packet
SHORTEST, LONGEST = 30.0, 3600.0  # seconds that an answer is kept, whatever its own TTL says
NOTHING_KEPT = 300.0  # seconds at most that "there is none" is kept
FAILURE_KEPT = 5.0  # seconds: a verdict that is asked for again soon may find the DNS back
ENTRIES = 4096
RECORDS = 100  # of one answer; an honest one has a handful
UDP_PAYLOAD = 1232  # octets that pass unfragmented nearly everywhere (DNS flag day 2020)


class Cache:
    """Answers, each until its time is over; the longest unused goes first. Safe to share between threads."""

    def __init__(self, entries: int, clock: Callable[[], float]) -> None:
        self._entries = entries
        self._clock = clock
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, str], tuple[float, Answer]] = OrderedDict()

    def get(self, question: tuple[str, str]) -> Answer | None:
        """The answer, if it still holds."""
        with self._lock:
            held = self._held.get(question)
            if held is None:
                return None
            if held[0] <= self._clock():
                del self._held[question]
                return None
            self._held.move_to_end(question)
            return held[1]

    def put(self, question: tuple[str, str], answer: Answer, seconds: float) -> None:
        """Keep the answer for `seconds`."""
        with self._lock:
            self._held[question] = (self._clock() + seconds, answer)
            self._held.move_to_end(question)
            while len(self._held) > self._entries:
                self._held.popitem(last=False)


class LiveResolver:
    """The DNS as this machine sees it, or through `servers` (IP addresses) and `port`."""

    def __init__(
        self,
        servers: Sequence[str] = (),
        port: int = 53,
        *,
        lifetime: float = LIFETIME,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lifetime = lifetime
        self._cache = Cache(ENTRIES, clock)
        self._dns = _configured(servers, port)

    def ask(self, name: str, kind: str) -> Answer:
        """As `Resolver.ask`, in at most `lifetime` seconds."""
        return self.ask_within(name, kind, self._lifetime)

    def ask_within(self, name: str, kind: str, seconds: float) -> Answer:
        """As `ask`, in at most `seconds`."""
        name, kind = plain(name), kind.upper()
        if not sendable(name):
            return NO_NAME
        held = self._cache.get((name, kind))
        if held is not None:
            return held
        full = seconds >= self._lifetime
        answer, kept = self._look_up(name, kind, min(seconds, self._lifetime))
        if full or answer.state is not AnswerState.UNREACHABLE:  # being in a hurry says nothing about the DNS
            self._cache.put((name, kind), answer, kept)
        return answer

    def _look_up(self, name: str, kind: str, seconds: float) -> tuple[Answer, float]:
        """The answer, and for how many seconds it may be kept."""
        if self._dns is None:
            return UNREACHABLE, FAILURE_KEPT
        try:
            found = self._dns.resolve(
                dns.name.from_text(name), kind, lifetime=seconds, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN as none:
            return Answer(state=AnswerState.NO_NAME, secure=_secure(_response(none))), NOTHING_KEPT
        except dns.resolver.YXDOMAIN:
            return NO_NAME, NOTHING_KEPT
        except (dns.exception.DNSException, OSError, ValueError):
            return UNREACHABLE, FAILURE_KEPT
        ttl = max(SHORTEST, min(LONGEST, found.expiration - time.time()))
        records = tuple(_texts(found))
        if not records:
            return Answer(state=AnswerState.EMPTY, secure=_secure(found.response)), min(ttl, NOTHING_KEPT)
        return Answer(records, AnswerState.FOUND, _secure(found.response)), ttl


def _configured(servers: Sequence[str], port: int) -> dns.resolver.Resolver | None:
    """The resolver of dnspython; None where this machine has no DNS set up at all."""
    try:
        resolver = dns.resolver.Resolver(configure=not servers)
    except (dns.exception.DNSException, OSError):
        return None
    if servers:
        resolver.nameservers = list(servers)
        resolver.port = port
    resolver.timeout = TRY
    resolver.use_edns(0, 0, UDP_PAYLOAD)
    resolver.flags = dns.flags.RD | dns.flags.AD  # AD asks the resolver to say whether it checked (RFC 6840, 5.7)
    return resolver


def _response(none: dns.resolver.NXDOMAIN) -> dns.message.Message | None:
    responses: list[dns.message.Message] = list((none.kwargs.get("responses") or {}).values())
    return responses[0] if responses else None


def _secure(response: dns.message.Message | None) -> bool | None:
    return None if response is None else bool(response.flags & dns.flags.AD)


def _texts(found: dns.resolver.Answer) -> Iterator[str]:
    for record in list(found.rrset or ())[:RECORDS]:
        if isinstance(record, TXT):
            yield b"".join(record.strings).decode("utf-8", "replace")
        elif isinstance(record, MX):
            yield f"{record.preference} {record.exchange.to_text(omit_final_dot=True)}"
        else:
            yield record.to_text().removesuffix(".")
