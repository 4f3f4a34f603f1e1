"""Which page was asked for, and how long did it take? A span for each request, named by the page's pattern alone: an
address may hold a secret.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from takeback import tracing


class TracedPages:
    """Middleware: a span around each request, where spans are sent anywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response of the view."""
        with tracing.span("page", method=request.method or "") as span:
            response = self._get_response(request)
            match = request.resolver_match
            span.note("page", f"/{match.route}" if match else "unknown")
            span.note("status", response.status_code)
        return response
