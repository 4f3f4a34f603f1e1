"""What does the service tell Takeback? CloudEvents by the contract, written in the transaction of what they tell of."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .redaction import redacted
from .settings import SOURCE


class EventType(StrEnum):
    SIGNED_IN = "account.signed_in"
    SIGN_IN_FAILED = "account.sign_in_failed"
    SIGNED_OUT = "account.signed_out"
    RESET_REQUESTED = "account.reset_requested"
    FIELD_CHANGED = "account.field_changed"
    ITEM_ADDED = "account.item_added"
    ITEM_CHANGED = "account.item_changed"
    ITEM_REMOVED = "account.item_removed"


@dataclass(frozen=True)
class Teller:
    """Who did it, when and from where: a visitor with a `client`, or Takeback with its `mark`."""

    at: datetime
    client: Mapping[str, str] = field(default_factory=dict)
    actor: str = "customer"
    mark: Mapping[str, str] | None = None

    def tell(self, db: sqlite3.Connection, type_: EventType, subject: str, **data: Any) -> None:
        """Puts one event into the outbox; call it inside the transaction that changes what it tells of."""
        event_id = f"v{secrets.token_hex(12)}"
        payload: dict[str, Any] = {"actor": self.actor, **data}
        if self.client:
            payload["client"] = dict(self.client)
        if self.mark:
            payload["takeback"] = dict(self.mark)
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": SOURCE,
            "type": type_.value,
            "subject": subject,
            "time": self.at.isoformat(),
            "data": redacted(payload),
        }
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        db.execute("INSERT INTO outbox (id, line) VALUES (?, ?)", (event_id, line))


def by_system(at: datetime) -> Teller:
    """The service itself, with nobody in front of it: a registration by the command line."""
    return Teller(at=at, actor="system")


def by_takeback(at: datetime, action_id: str, action: str) -> Teller:
    """Takeback's own doing, marked so that an investigation tells the repair from the damage."""
    return Teller(at=at, actor="system", mark={"id": action_id, "action": action})
