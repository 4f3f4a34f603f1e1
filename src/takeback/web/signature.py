"""Who sent this? The service whose secret signed the body (Standard Webhooks)."""

from collections.abc import Iterable

from django.http import HttpRequest
from standardwebhooks import Webhook, WebhookVerificationError

from takeback.configuration import ServiceAddress

_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def signer(request: HttpRequest, body: bytes, services: Iterable[ServiceAddress]) -> ServiceAddress | None:
    """The service that signed `body`, or None. Every secret is tried: the time taken does not tell which one fitted."""
    headers = {name: request.headers.get(name, "") for name in _HEADERS}
    found = None
    for service in services:
        if _is_signed(service.secret, body, headers):
            found = service
    return found


def _is_signed(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        Webhook(str(secret)).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: a signature or a body that cannot be decoded
        return False
    return True
