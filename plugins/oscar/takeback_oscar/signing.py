"""Is this request Takeback's? Standard Webhooks; a request without a body signs `METHOD SP PATH`."""

from django.http import HttpRequest
from standardwebhooks import Webhook

from takeback_oscar.conf import conf


def is_genuine(request: HttpRequest, path: str, body: bytes) -> bool:
    """True for a fresh and right signature. `path` is relative to the base, e.g. `/accounts/42`.

    A request without a body signs what it asks for, so that a signature that was overheard reads one address only.
    """
    signed = body or f"{request.method} {path}".encode()
    try:
        Webhook(conf().secret).verify(signed, dict(request.headers), json_parse=False)
    except Exception:
        return False
    return True
