"""How do events reach Takeback? One daemon thread sends what the outbox holds, in order, until it has been taken.

The outbox is written in the transaction of what it tells of, so nothing is told that did not happen and nothing that
happened is lost. Where several worker processes serve the site, a lock on a file lets one of them send; the kernel
drops the lock with the process.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import httpx

from .database import connect
from .settings import Settings

BATCH = 500
LOOK_AGAIN = 0.25
LONGEST_WAIT = 30.0
# What Takeback says about the events themselves; everything else (401, 404, 429, 5xx) may be different the next time.
REFUSED = {400, 413, 415, 422}

log = logging.getLogger(__name__)


class Outbox(threading.Thread):
    """Call `wake` after a commit to send at once instead of at the next look."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="outbox", daemon=True)
        self._settings = settings
        self._signer = settings.webhook()
        self._woken = threading.Event()
        self._failures = 0

    def wake(self) -> None:
        self._woken.set()

    def run(self) -> None:
        lock = (self._settings.data_dir / "outbox.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closing(connect(self._settings.database)) as db, httpx.Client(timeout=10) as client:
            while True:
                self._woken.wait(LOOK_AGAIN)
                self._woken.clear()
                try:
                    while self._send_batch(db, client, BATCH):
                        pass
                    self._failures = 0
                except (_TryAgain, httpx.HTTPError, sqlite3.Error) as error:
                    self._rest(error)

    def _rest(self, error: Exception) -> None:
        self._failures += 1
        asked = error.after if isinstance(error, _TryAgain) else 0.0
        wait = max(asked, min(LONGEST_WAIT, 0.25 * 2 ** min(self._failures, 10)))
        log.warning("Events could not be sent (%s); trying again in %.1f seconds.", type(error).__name__, wait)
        time.sleep(wait)

    def _send_batch(self, db: sqlite3.Connection, client: httpx.Client, size: int) -> bool:
        rows = db.execute(
            "SELECT seq, id, line FROM outbox WHERE refused IS NULL ORDER BY seq LIMIT ?", (size,)
        ).fetchall()
        if not rows:
            return False
        status = self._post(client, b"".join(row["line"] + b"\n" for row in rows))
        if status in REFUSED and len(rows) > 1:
            # One of them is at fault: send them one by one, so that it does not keep the others back.
            for _ in rows:
                self._send_batch(db, client, 1)
            return True
        if status in REFUSED:
            log.error("Takeback refused event %s with status %d; it is kept in the outbox.", rows[0]["id"], status)
            db.execute("UPDATE outbox SET refused = ? WHERE seq = ?", (f"status {status}", rows[0]["seq"]))
            return True
        db.execute("DELETE FROM outbox WHERE refused IS NULL AND seq <= ?", (rows[-1]["seq"],))
        return True

    def _post(self, client: httpx.Client, body: bytes) -> int:
        now = datetime.now(UTC)
        message_id = f"batch_{hashlib.sha256(body).hexdigest()[:32]}"
        answer = client.post(
            f"{self._settings.takeback_url}/v1/events",
            content=body,
            headers={
                "content-type": "application/x-ndjson",
                "prefer": "handling=strict",  # all of it or nothing
                "webhook-id": message_id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": self._signer.sign(message_id, now, body.decode()),
            },
        )
        if answer.is_success or answer.status_code in REFUSED:
            return answer.status_code
        after = answer.headers.get("retry-after", "")
        raise _TryAgain(answer.status_code, min(float(after), 300.0) if after.isdigit() else 0.0)


class _TryAgain(Exception):
    def __init__(self, status: int, after: float) -> None:
        super().__init__(f"status {status}")
        self.after = after
