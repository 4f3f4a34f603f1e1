"""How much may one client ask? A count for each client in a span of time, kept in this process and bounded.

A limit guards the machine and the mailboxes, never the door: a report that is one too many for its client is refused
with `429`, which says nothing of any account. For an account there is no such count. Reports on one account within ten
seconds are one report, a report that finds signs stops the account whatever came before it, and the mails that a
report leads to are limited for each case (`casework.proof`); so a flood of reports stops nobody's own.
"""

from collections import OrderedDict
from functools import lru_cache
from ipaddress import ip_address, ip_network
from threading import Lock
from time import monotonic

from django.http import HttpRequest

MOST_CLIENTS = 50_000


class Limit:
    """At most `most` in `seconds` for each client. Safe to share between threads."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self.seconds = most, seconds
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def allows(self, client: str) -> bool:
        """Count one more; False when it is too many."""
        now = monotonic()
        with self._lock:
            began, count = self._counts.pop(client, (now, 0))
            if now - began >= self.seconds:
                began, count = now, 0
            self._counts[client] = (began, count + 1)
            while len(self._counts) > MOST_CLIENTS:
                self._counts.popitem(last=False)
            return count < self._most

    def is_spent(self, client: str) -> bool:
        """True when `allows` would say no. Counts nothing."""
        with self._lock:
            began, count = self._counts.get(client, (0.0, 0))
            return count >= self._most and monotonic() - began < self.seconds

    def __bool__(self) -> bool:
        """True when anything has been counted: else nobody can be over the limit."""
        return bool(self._counts)


def client_of(request: HttpRequest) -> str:
    """Where a request comes from, as `client_at` has it."""
    return client_at(request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""))


@lru_cache(maxsize=4096)
def client_at(address: str, forwarded: str) -> str:
    """The address, or the /64 that one IPv6 customer has to himself.

    Behind a proxy on this machine it is the address that the proxy saw, the last of `X-Forwarded-For`; what comes from
    anywhere else is not believed about itself.
    """
    try:
        parsed = ip_address(address)
        if parsed.is_loopback and (told := forwarded.rpartition(",")[2].strip()):
            parsed = ip_address(told)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
