"""From where? `data.client`: our session id, the device, the address as far as trusted proxies vouch for it."""

import ipaddress
import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from takeback_oscar.conf import Conf, conf
from takeback_oscar.context import Visit

SESSION = "_takeback_session"
_COOKIE = re.compile(r"[A-Za-z0-9_-]{22,64}")
_DAYS_400 = 400 * 24 * 3600


def open_visit(request: HttpRequest) -> Visit:
    """The visit of this request, with the cookie of its device or a new one."""
    cookie = request.COOKIES.get(conf().device_cookie, "")
    return Visit(request, cookie if _COOKIE.fullmatch(cookie) else secrets.token_urlsafe(24))


def remember_device(visit: Visit, response: HttpResponse) -> None:
    """Gives the device its cookie. 400 days is the most that browsers keep one."""
    name = conf().device_cookie
    if visit.request.COOKIES.get(name) != visit.device:
        response.set_cookie(
            name, visit.device, max_age=_DAYS_400, httponly=True, samesite="Lax", secure=visit.request.is_secure()
        )


def describe(visit: Visit) -> dict[str, str]:
    """`data.client` of the contract; what is not known is left out."""
    request, settings = visit.request, conf()
    facts: dict[str, str | None] = {
        "session": session_id(visit),
        # A digest: whoever reads the events cannot put the cookie into a browser of their own.
        "device": "d_" + salted_hmac("takeback.device", visit.device, algorithm="sha256").hexdigest()[:24],
        "ip": address(request, settings),
        "user_agent": request.headers.get("User-Agent", "")[:300],
    }
    if _is_trusted(request.META.get("REMOTE_ADDR", ""), settings):
        facts["country"] = request.headers.get(settings.country_header or "", "")[:8]
        facts["asn"] = request.headers.get(settings.asn_header or "", "")[:16]
    return {key: value for key, value in facts.items() if value}


def session_id(visit: Visit) -> str | None:
    """Our own id of the signed-in session. Django's key will not do: changing the password cycles it."""
    session: Any = getattr(visit.request, "session", None)
    if session is not None and (kept := session.get(SESSION)):
        return str(kept)
    return visit.fresh_session if visit.use_fresh_session else None


def address(request: HttpRequest, settings: Conf) -> str | None:
    """The nearest address that no trusted proxy of the shop's has; a header from anybody else counts for nothing."""
    hop: str = request.META.get("REMOTE_ADDR", "")
    for said in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not _is_trusted(hop, settings):
            break
        try:
            hop = str(ipaddress.ip_address(said.strip()))
        except ValueError:
            break
    return hop or None


def _is_trusted(text: str, settings: Conf) -> bool:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(found in network for network in settings.trusted_proxies)
