"""What may a page do, and what may a log say? As little as it needs."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)


class StrictPages:
    """Middleware: nothing from elsewhere runs in a page, and nobody keeps a page unless its view says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response of the view, with the headers."""
        response = self._get_response(request)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def is_foreign(request: HttpRequest) -> bool:
    """True for what another site's page sent off, as far as the browser says (`Sec-Fetch-Site`, `Origin`)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


class NoAddresses(logging.Filter):
    """Keeps the address of a page, which may hold a case's secret, out of the log; names the page instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the record no longer tells the address."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            match = request.resolver_match
            page = f"/{match.route}" if match else "an unknown page"
            record.args = tuple(page if argument == request.path else argument for argument in record.args)
        return True
