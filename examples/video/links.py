"""How does a browser without a keyboard sign in? By a one-time link, which an intruder may make and keep as well."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import datetime, timedelta

from . import customers
from .database import transaction
from .events import EventType
from .sessions import Session, open_session, token_hash
from .visit import Visit

LASTS = timedelta(minutes=15)


def make_link(db: sqlite3.Connection, visit: Visit, session: Session) -> str:
    """Inside a transaction: the token of a link, shown on the page, that signs another browser in once."""
    token, customer = secrets.token_urlsafe(32), session.customer
    db.execute(
        "INSERT INTO sign_in_links (token_hash, customer, epoch, expires) VALUES (?, ?, ?, ?)",
        (token_hash(token), customer.id, customer.epoch, (visit.now + LASTS).isoformat()),
    )
    visit.teller(session.id).tell(db, EventType.RESET_REQUESTED, customer.id, channel="page")
    return token


def use_link(db: sqlite3.Connection, visit: Visit, token: str) -> str | None:
    """A session's token for a live link, which is used up by it; None for any other."""
    with transaction(db):
        row = db.execute(
            "SELECT l.customer, l.expires FROM sign_in_links l JOIN customers c ON c.id = l.customer"
            " WHERE l.token_hash = ? AND l.epoch = c.epoch AND NOT c.frozen",
            (token_hash(token),),
        ).fetchone()
        if row is None or datetime.fromisoformat(row["expires"]) <= visit.now:
            return None
        db.execute("DELETE FROM sign_in_links WHERE token_hash = ?", (token_hash(token),))
        customer = customers.by_id(db, row["customer"])
        return open_session(db, visit, customer, method="link") if customer else None


def expire_all(db: sqlite3.Connection, customer_id: str) -> int:
    """Inside a transaction: no link signs anybody in any more; how many there were."""
    return db.execute("DELETE FROM sign_in_links WHERE customer = ?", (customer_id,)).rowcount
