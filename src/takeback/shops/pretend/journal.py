"""What of a served pretend shop outlives its process? All of it: one SQLite file, written before each answer."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from takeback.core.events import Money
from takeback.core.service import ActionRequest
from takeback.shops.pretend.account import Account, Order
from takeback.shops.pretend.shop import PretendShop, Seen

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), json BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS actions (id TEXT PRIMARY KEY, received INTEGER NOT NULL, effects INTEGER NOT NULL);
"""


class Journal:
    """Not for two processes at once. `path` is a file that may not exist yet."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA}")

    def save(self, shop: PretendShop) -> None:
        """Call under the shop's lock."""
        state = {
            "accounts": list(shop.accounts.values()),
            "events": shop.log.events,
            "last": shop.log.last,
            "seen": shop.seen,
            "waiting": shop.waiting,
        }
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("INSERT OR REPLACE INTO state VALUES (1, ?)", (msgspec.json.encode(state),))
        self._db.executemany(
            "INSERT OR REPLACE INTO actions VALUES (?, ?, ?)",
            [(action_id, count, shop.effects[action_id]) for action_id, count in shop.received.items()],
        )
        self._db.execute("COMMIT")

    def load(self, shop: PretendShop) -> None:
        """Puts the shop as it was at its last `save`; does nothing for a new file."""
        row = self._db.execute("SELECT json FROM state").fetchone()
        if row is None:
            return
        state = msgspec.json.decode(row[0])
        shop.accounts = {one["id"]: _account(one) for one in state["accounts"]}
        shop.log.events[:] = state["events"]
        shop.log.last = datetime.fromisoformat(state["last"])
        shop.seen = {action_id: msgspec.convert(seen, Seen) for action_id, seen in state["seen"].items()}
        shop.waiting = {action_id: ActionRequest(**asked) for action_id, asked in state["waiting"].items()}
        counts = self._db.execute("SELECT id, received, effects FROM actions").fetchall()
        shop.received = Counter({action_id: received for action_id, received, _ in counts})
        shop.effects = Counter({action_id: effects for action_id, _, effects in counts})


def counts(path: Path) -> dict[str, tuple[int, int]]:
    """For each action id, how often it was received and how often it took effect; readable while the shop is served."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {row[0]: (row[1], row[2]) for row in db.execute("SELECT id, received, effects FROM actions")}
    finally:
        db.close()


def _account(kept: Mapping[str, Any]) -> Account:
    orders = {
        order_id: Order(order["status"], order["fields"], _moneys(order["spent"]))
        for order_id, order in kept["orders"].items()
    }
    sets = {name: set(kept[name]) for name in ("sessions", "live_tokens", "links", "locked_cards", "unlisted", "flows")}
    return Account(**{**kept, **sets, "orders": orders, "balances": _moneys(kept["balances"])})


def _moneys(kept: Mapping[str, Any]) -> dict[str, Money]:
    return {name: Money(**money) for name, money in kept.items()}
