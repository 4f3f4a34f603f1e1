"""Where does the service keep what it knows? One SQLite file; a write takes the lock before it reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    password_hash TEXT,                 -- NULL: no password whatever lets anyone in
    frozen INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 0    -- a session, token or link lives only as long as its epoch is this one
);
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customers(id),
    token_hash TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL,
    expires TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_customer ON sessions(customer);
CREATE TABLE IF NOT EXISTS api_tokens (
    customer TEXT NOT NULL REFERENCES customers(id),
    id TEXT NOT NULL,
    token_hash TEXT UNIQUE,             -- NULL: listed again after an undo, but has to be paired anew
    epoch INTEGER NOT NULL,
    value TEXT NOT NULL,
    seen_from TEXT,
    PRIMARY KEY (customer, id)
);
CREATE TABLE IF NOT EXISTS trusted_devices (
    customer TEXT NOT NULL REFERENCES customers(id),
    id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (customer, id)
);
CREATE TABLE IF NOT EXISTS sign_in_links (
    token_hash TEXT PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customers(id),
    epoch INTEGER NOT NULL,
    expires TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    line BLOB NOT NULL,
    refused TEXT                        -- why Takeback would not take it; such a line is kept for an engineer to read
);
CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox(seq) WHERE refused IS NULL;
CREATE TABLE IF NOT EXISTS actions (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT
);
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection for one thread; `synchronous=FULL` because an action that was answered `done` must stay done."""
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    return db


def create(path: Path) -> None:
    """Makes the file and its tables; does nothing where they are already there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(connect(path)) as db:
        db.executescript(SCHEMA)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing; the write lock is taken first, so that what is read inside stays true until the commit."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
