"""Who stands before the service, when and from where?

Address and geography are taken from headers only when the request came over the loopback, that is from the proxy in
front; anybody else could write what they like into them. The same holds for the demo's clock, which must be switched on
besides.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Request

from .events import Teller

DEVICE_COOKIE = "video_device"
PROXY = "127.0.0.1"


class WrongClock(Exception):
    """X-Demo-Clock must be an RFC 3339 time with an offset."""


@dataclass(frozen=True)
class Visit:
    """`device_cookie` is the browser's secret; `device` is the name of it that may be stored, shown and sent."""

    now: datetime
    device_cookie: str
    ip: str
    user_agent: str
    country: str
    asn: str

    @property
    def device(self) -> str:
        return device_name(self.device_cookie)

    def teller(self, session: str | None = None) -> Teller:
        """The events of this visit; `session` is our own id of it, never its cookie."""
        client = {
            "session": session or "",
            "device": self.device,
            "ip": self.ip,
            "user_agent": self.user_agent,
            "country": self.country,
            "asn": self.asn,
        }
        return Teller(at=self.now, client={key: value for key, value in client.items() if value})


def device_name(cookie: str) -> str:
    return f"d{hashlib.sha256(cookie.encode()).hexdigest()[:20]}"


def visit_of(request: Request, *, demo_clock: bool) -> Visit:
    """Raises `WrongClock` for a demo clock that is no time."""
    by_proxy = request.remote_addr == PROXY
    headers = dict(request.headers) if by_proxy else {}
    forwarded = headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return Visit(
        now=_now(headers.get("X-Demo-Clock", "") if demo_clock else ""),
        device_cookie=request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(24),
        ip=forwarded or request.remote_addr or "",
        user_agent=(request.user_agent.string or "")[:300],
        country=headers.get("X-Geo-Country", "")[:8],
        asn=headers.get("X-Geo-Asn", "")[:32],
    )


def _now(clock: str) -> datetime:
    if not clock:
        return datetime.now(UTC)
    try:
        told = datetime.fromisoformat(clock)
    except ValueError as error:
        raise WrongClock(WrongClock.__doc__) from error
    if told.tzinfo is None:
        raise WrongClock(WrongClock.__doc__)
    return told.astimezone(UTC)
