"""What lets somebody in? Sessions, and beside them `televisions` and `links`. All of them live within an epoch.

Each row carries the epoch of its customer at the time. Ending all of them is one number that moves on: nothing that was
being made in the same moment, by whatever path, survives, and nothing revives when the account is opened again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import customers
from .customers import Customer
from .database import transaction
from .events import EventType
from .visit import Visit

LASTS = timedelta(days=30)
LASTS_ON_A_TRUSTED_DEVICE = timedelta(days=400)


@dataclass(frozen=True)
class Session:
    id: str
    customer: Customer


@dataclass(frozen=True)
class NotLetIn:
    """A sign-in that failed. `reason` goes into the event; the visitor reads one sentence whatever it is."""

    reason: str


def sign_in(db: sqlite3.Connection, visit: Visit, email: str, password: str, *, trust: bool) -> str | NotLetIn:
    """A new session's token, or why there is none; either is told as an event, where the address is a customer's."""
    customer = customers.by_email(db, email)
    if customer is None:
        customers.compare_with_nobody(password)
        return NotLetIn("account.unknown")
    right = customer.has_password(password)
    with transaction(db):
        # Epoch and password are those of before the slow comparison: a freeze in between voids this sign-in.
        reason = _moved_on(db, customer) or (None if right else "password")
        if reason:
            visit.teller().tell(db, EventType.SIGN_IN_FAILED, customer.id, reason=reason)
            return NotLetIn(reason)
        return open_session(db, visit, customer, method="password", trust=trust)


def open_session(db: sqlite3.Connection, visit: Visit, customer: Customer, *, method: str, trust: bool = False) -> str:
    """Inside a transaction: a session in the customer's epoch, told as a sign-in; `trust` remembers the device."""
    token, session_id = secrets.token_urlsafe(32), f"vs{secrets.token_hex(8)}"
    teller = visit.teller(session_id)
    teller.tell(db, EventType.SIGNED_IN, customer.id, method=method, second_factor="none")
    if trust:
        value = {"name": visit.user_agent[:120], "added": visit.now.isoformat()}
        added = db.execute(
            "INSERT OR IGNORE INTO trusted_devices (customer, id, value) VALUES (?, ?, ?)",
            (customer.id, visit.device, json.dumps(value, ensure_ascii=False)),
        ).rowcount
        if added:
            teller.tell(
                db, EventType.ITEM_ADDED, customer.id, collection="trusted_devices", id=visit.device, after=value
            )
    trusted = db.execute(
        "SELECT 1 FROM trusted_devices WHERE customer = ? AND id = ?", (customer.id, visit.device)
    ).fetchone()
    expires = visit.now + (LASTS_ON_A_TRUSTED_DEVICE if trusted else LASTS)
    db.execute(
        "INSERT INTO sessions (id, customer, token_hash, epoch, expires) VALUES (?, ?, ?, ?, ?)",
        (session_id, customer.id, token_hash(token), customer.epoch, expires.isoformat()),
    )
    return token


def session_of(db: sqlite3.Connection, token: str, now: datetime) -> Session | None:
    """The live session of a cookie; None for a frozen account, another epoch, a past expiry or no such token."""
    row = db.execute(
        "SELECT s.id, s.customer, s.expires FROM sessions s JOIN customers c ON c.id = s.customer"
        " WHERE s.token_hash = ? AND s.epoch = c.epoch AND NOT c.frozen",
        (token_hash(token),),
    ).fetchone()
    if row is None or datetime.fromisoformat(row["expires"]) <= now:
        return None
    customer = customers.by_id(db, row["customer"])
    return Session(id=row["id"], customer=customer) if customer else None


def sign_out(db: sqlite3.Connection, visit: Visit, session: Session) -> None:
    """Inside a transaction."""
    db.execute("DELETE FROM sessions WHERE id = ?", (session.id,))
    visit.teller(session.id).tell(db, EventType.SIGNED_OUT, session.customer.id)


def token_hash(token: str) -> str:
    """How tokens are stored: they are 256 random bits, so a plain hash cannot be turned back and needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _moved_on(db: sqlite3.Connection, before: Customer) -> str | None:
    now = customers.by_id(db, before.id)
    if now is None or now.frozen:
        return "frozen"
    return "password" if (now.epoch, now.password_hash) != (before.epoch, before.password_hash) else None
