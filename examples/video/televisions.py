"""Which television sets may play without a sign-in? Those with an API token of the customer's present epoch."""

from __future__ import annotations

import json
import secrets
import sqlite3

from . import customers
from .customers import Customer
from .database import transaction
from .events import EventType
from .sessions import Session, token_hash
from .visit import Visit

COLLECTION = "api_tokens"


def add_television(db: sqlite3.Connection, visit: Visit, session: Session, name: str) -> str:
    """Inside a transaction: a token for a television set, shown once and stored only as its hash."""
    token, token_id = secrets.token_urlsafe(32), f"tv{secrets.token_hex(8)}"
    value = {"name": name.strip()[:60] or "テレビ", "created": visit.now.isoformat()}
    customer = session.customer
    db.execute(
        "INSERT INTO api_tokens (customer, id, token_hash, epoch, value) VALUES (?, ?, ?, ?, ?)",
        (customer.id, token_id, token_hash(token), customer.epoch, json.dumps(value, ensure_ascii=False)),
    )
    visit.teller(session.id).tell(
        db, EventType.ITEM_ADDED, customer.id, collection=COLLECTION, id=token_id, after=value
    )
    return token


def television_of(db: sqlite3.Connection, visit: Visit, token: str) -> Customer | None:
    """Whose television set this token is; its first use from an address is told as a sign-in by token."""
    row = _live(db, token)
    if row is None:
        return None
    if row["seen_from"] == visit.ip:
        return customers.by_id(db, row["customer"])
    with transaction(db):
        row = _live(db, token)
        if row is None:
            return None
        db.execute("UPDATE api_tokens SET seen_from = ? WHERE token_hash = ?", (visit.ip, token_hash(token)))
        visit.teller(row["id"]).tell(
            db, EventType.SIGNED_IN, row["customer"], method="token", second_factor="none", credential=row["id"]
        )
        return customers.by_id(db, row["customer"])


def end_all(db: sqlite3.Connection, customer_id: str) -> int:
    """Inside a transaction: no token plays any more; how many there were. The sets stay listed, to be paired anew."""
    return db.execute(
        "UPDATE api_tokens SET token_hash = NULL WHERE customer = ? AND token_hash IS NOT NULL", (customer_id,)
    ).rowcount


def _live(db: sqlite3.Connection, token: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT t.id, t.customer, t.seen_from FROM api_tokens t JOIN customers c ON c.id = t.customer"
        " WHERE t.token_hash = ? AND t.epoch = c.epoch AND NOT c.frozen",
        (token_hash(token),),
    ).fetchone()
    return row
