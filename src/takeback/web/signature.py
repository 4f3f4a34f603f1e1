"""Who sent this? The service whose secret signed the body (Standard Webhooks)."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from hmac import digest

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


class _OfBytes(Webhook):
    """The library signs text in UTF-8 alone; a mail may hold any bytes. It gets them here one character each."""

    def sign(self, msg_id: str, timestamp: datetime, data: str) -> str:
        """The signature of the bytes that `data` stands for."""
        stamped = f"{msg_id}.{int(timestamp.timestamp())}.".encode()
        return f"v1,{b64encode(digest(self._whsecret, stamped + data.encode('latin-1'), sha256)).decode()}"


def _is_signed(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        _OfBytes(str(secret)).verify(body.decode("latin-1"), headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: a signature or a body that cannot be decoded
        return False
    return True
