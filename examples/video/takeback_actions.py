"""What can Takeback have done here? Each action of the contract that this service knows, and what it does to the rows.

A function gets a `Deed` inside the transaction that also records the action's id: effect, event and record are one
commit.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from . import customers, links, televisions
from .customers import Customer, ValueRefused
from .events import EventType, Teller

COLLECTIONS = (televisions.COLLECTION, "trusted_devices")


class Outcome(StrEnum):
    DONE = "done"
    ALREADY_DONE = "already_done"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    reason: str | None = None


@dataclass(frozen=True)
class Deed:
    """`hashed` is the new password's hash, made before the transaction because making it is slow."""

    db: sqlite3.Connection
    teller: Teller
    customer: Customer
    action: str
    args: Mapping[str, Any]
    hashed: str = ""

    def contain(self, changed: bool) -> Answer:
        """Records the containment where something changed; it already was so where nothing did."""
        if not changed:
            return Answer(Outcome.ALREADY_DONE)
        self.teller.tell(
            self.db,
            EventType.FIELD_CHANGED,
            self.customer.id,
            field="containment",
            before=None,
            after=self.action,
        )
        return Answer(Outcome.DONE)

    def update(self, assignment: str) -> None:
        self.db.execute(f"UPDATE customers SET {assignment} WHERE id = ?", (self.customer.id,))  # noqa: S608 - literals


def freeze(deed: Deed) -> Answer:
    deed.update("frozen = 1")
    return deed.contain(not deed.customer.frozen)


def unfreeze(deed: Deed) -> Answer:
    """Opens an empty house: whatever let anybody in before is ended here too, should nobody have asked for it yet."""
    if deed.customer.frozen:
        _end_everything(deed)
        links.expire_all(deed.db, deed.customer.id)
    deed.update("frozen = 0")
    return deed.contain(deed.customer.frozen)


def end_sessions(deed: Deed) -> Answer:
    return deed.contain(_end_everything(deed))


def expire_links(deed: Deed) -> Answer:
    return deed.contain(links.expire_all(deed.db, deed.customer.id) > 0)


def disable_password(deed: Deed) -> Answer:
    deed.update("password_hash = NULL")
    return deed.contain(deed.customer.password_hash is not None)


def set_password(deed: Deed) -> Answer:
    customers.change_password(deed.db, deed.teller, deed.customer.id, deed.hashed)
    return Answer(Outcome.DONE)


def set_field(deed: Deed) -> Answer:
    try:
        changed = customers.change_field(deed.db, deed.teller, deed.customer, deed.args["field"], deed.args["value"])
    except ValueRefused as refused:
        return Answer(Outcome.IMPOSSIBLE, refused.reason)
    return Answer(Outcome.DONE if changed else Outcome.ALREADY_DONE)


def add_item(deed: Deed) -> Answer:
    """Writes the item as it was. A television set is listed again, but has to be paired anew: its token stays void."""
    collection, item_id, value = deed.args["collection"], deed.args["id"], deed.args["value"]
    if collection not in COLLECTIONS:
        return Answer(Outcome.IMPOSSIBLE, "collection.unsupported")
    before = _item(deed, collection, item_id)
    if before == value:
        return Answer(Outcome.ALREADY_DONE)
    row = (deed.customer.id, item_id, json.dumps(value, ensure_ascii=False))
    if collection == televisions.COLLECTION:
        deed.db.execute(
            "INSERT OR REPLACE INTO api_tokens (customer, id, value, epoch) VALUES (?, ?, ?, ?)",
            (*row, deed.customer.epoch),
        )
    else:
        deed.db.execute("INSERT OR REPLACE INTO trusted_devices (customer, id, value) VALUES (?, ?, ?)", row)
    told = {"collection": collection, "id": item_id, "after": value}
    if before is None:
        deed.teller.tell(deed.db, EventType.ITEM_ADDED, deed.customer.id, **told)
    else:
        deed.teller.tell(deed.db, EventType.ITEM_CHANGED, deed.customer.id, **told, before=before)
    return Answer(Outcome.DONE)


def remove_item(deed: Deed) -> Answer:
    collection, item_id = deed.args["collection"], deed.args["id"]
    if collection not in COLLECTIONS:
        return Answer(Outcome.IMPOSSIBLE, "collection.unsupported")
    before = _item(deed, collection, item_id)
    if before is None:
        return Answer(Outcome.ALREADY_DONE)
    deed.db.execute(
        f"DELETE FROM {collection} WHERE customer = ? AND id = ?",  # noqa: S608 - one of COLLECTIONS
        (deed.customer.id, item_id),
    )
    deed.teller.tell(
        deed.db, EventType.ITEM_REMOVED, deed.customer.id, collection=collection, id=item_id, before=before
    )
    return Answer(Outcome.DONE)


ACTIONS: Mapping[str, Callable[[Deed], Answer]] = {
    act.__name__: act
    for act in (
        freeze,
        unfreeze,
        end_sessions,
        expire_links,
        disable_password,
        set_password,
        set_field,
        add_item,
        remove_item,
    )
}


def account(db: sqlite3.Connection, customer: Customer, now: str) -> dict[str, Any]:
    """The account as the tables have it at this moment, in the form of `GET accounts/{id}`."""

    def count(question: str) -> int:
        return int(db.execute(question, {"id": customer.id, "epoch": customer.epoch, "now": now}).fetchone()[0])

    live = "WHERE customer = :id AND epoch = :epoch"
    return {
        "account": customer.id,
        "frozen": customer.frozen,
        "sessions": count(f"SELECT count(*) FROM sessions {live} AND expires > :now")  # noqa: S608 - literals
        + count(f"SELECT count(*) FROM api_tokens {live} AND token_hash IS NOT NULL"),  # noqa: S608 - literals
        "links": count(f"SELECT count(*) FROM sign_in_links {live} AND expires > :now"),  # noqa: S608 - literals
        "password": "disabled" if customer.password_hash is None else "set",
        "cards_locked": True,
        "cards_masked": True,
        "fields": {field: getattr(customer, field) for field in customers.FIELDS},
        "collections": {collection: _items(db, collection, customer.id) for collection in COLLECTIONS},
        "balances": {},
        "orders": {},
    }


def _end_everything(deed: Deed) -> bool:
    sessions = deed.db.execute("DELETE FROM sessions WHERE customer = ?", (deed.customer.id,)).rowcount
    tokens = televisions.end_all(deed.db, deed.customer.id)
    # The epoch moves on even where there is nothing to end: a sign-in may be half finished at this moment.
    deed.update("epoch = epoch + 1")
    return sessions + tokens > 0


def _item(deed: Deed, collection: str, item_id: str) -> Any:
    return _items(deed.db, collection, deed.customer.id).get(item_id)


def _items(db: sqlite3.Connection, collection: str, customer_id: str) -> dict[str, Any]:
    rows = db.execute(
        f"SELECT id, value FROM {collection} WHERE customer = ? ORDER BY id",  # noqa: S608 - one of COLLECTIONS
        (customer_id,),
    )
    return {row["id"]: json.loads(row["value"]) for row in rows}
