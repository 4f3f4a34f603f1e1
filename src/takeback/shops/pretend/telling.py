"""How do the pretend shop's events reach Takeback? A thread sends what it has told, in order, until it has been taken.

It begins anew with its process and sends everything again: Takeback counts a repeat and does not store it.
"""

import hashlib
import logging
import threading
from datetime import UTC, datetime

import httpx
import msgspec
from standardwebhooks import Webhook

from takeback.shops.pretend.shop import PretendShop

BATCH = 500
LOOK_AGAIN = 0.05

log = logging.getLogger(__name__)


class Telling(threading.Thread):
    """`sent` counts the events that Takeback has taken."""

    def __init__(self, shop: PretendShop, takeback_url: str, secret: str) -> None:
        super().__init__(name="telling", daemon=True)
        self._shop, self._url, self._signer = shop, f"{takeback_url.rstrip('/')}/v1/events", Webhook(secret)
        self._ended = threading.Event()
        self.sent = 0

    def end(self) -> None:
        """Stops after the batch on the way."""
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Send, wait a moment, send."""
        with httpx.Client(timeout=10) as client:
            wait = LOOK_AGAIN
            while not self._ended.wait(wait):
                try:
                    while self._send(client):
                        pass
                    wait = LOOK_AGAIN
                except httpx.HTTPError as error:
                    wait = min(wait * 2, 5.0)
                    log.warning("Events could not be sent (%s).", type(error).__name__)

    def _send(self, client: httpx.Client) -> bool:
        with self._shop.lock:
            batch = self._shop.events[self.sent : self.sent + BATCH]
        if not batch:
            return False
        body, now = b"".join(msgspec.json.encode(event) + b"\n" for event in batch), datetime.now(UTC)
        message_id = f"batch_{hashlib.sha256(body).hexdigest()[:32]}"
        headers = {
            "content-type": "application/x-ndjson",
            "prefer": "handling=strict",  # all of it or nothing
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message_id, now, body.decode()),
        }
        client.post(self._url, content=body, headers=headers).raise_for_status()
        self.sent += len(batch)
        return True
