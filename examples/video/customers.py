"""Who is a customer here, and what may be changed about one?"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from werkzeug.security import check_password_hash, generate_password_hash

from .database import transaction
from .events import EventType, Teller, by_system

FIELDS = ("email", "name", "language")
LANGUAGES = ("ja", "en")
SHORTEST_PASSWORD = 8
# Compared with when the address is nobody's, so that the time of the answer does not tell who is a customer.
NOBODY = generate_password_hash("nobody has this password")


class ValueRefused(Exception):
    """A value that a field cannot take; `reason` is a key, the sentence is for people."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True)
class Customer:
    id: str
    email: str
    name: str
    language: str
    password_hash: str | None
    frozen: bool
    epoch: int

    def has_password(self, password: str) -> bool:
        """Always takes the time of one comparison; never true where the password is disabled."""
        return check_password_hash(self.password_hash or NOBODY, password) and self.password_hash is not None


def compare_with_nobody(password: str) -> None:
    """Takes the time of a comparison where there is no customer to compare with."""
    check_password_hash(NOBODY, password)


def by_id(db: sqlite3.Connection, customer_id: str) -> Customer | None:
    return _customer(db.execute("SELECT * FROM customers WHERE id = ?", (customer_id,)).fetchone())


def by_email(db: sqlite3.Connection, email: str) -> Customer | None:
    return _customer(db.execute("SELECT * FROM customers WHERE email = ?", (email.strip(),)).fetchone())


def create_customer(
    db: sqlite3.Connection, *, customer_id: str, email: str, password: str, name: str, language: str, at: datetime
) -> None:
    """Registers a customer under the number that all services share; raises `ValueRefused`."""
    if not customer_id or len(customer_id) > 64:
        raise ValueRefused("id.invalid", "A customer number has 1 to 64 characters.")
    values = {"email": email, "name": name, "language": language}
    values = {field: checked(field, value) for field, value in values.items()}
    hashed = hash_password(password)
    with transaction(db):
        if by_id(db, customer_id):
            raise ValueRefused("id.taken", f"There is a customer {customer_id} already.")
        _refuse_taken_email(db, customer_id, values["email"])
        db.execute(
            "INSERT INTO customers (id, email, name, language, password_hash) VALUES (?, ?, ?, ?, ?)",
            (customer_id, values["email"], values["name"], values["language"], hashed),
        )
        for field in FIELDS:
            by_system(at).tell(db, EventType.FIELD_CHANGED, customer_id, field=field, before=None, after=values[field])


def change_field(db: sqlite3.Connection, teller: Teller, customer: Customer, field: str, value: object) -> bool:
    """Inside a transaction: writes and tells; False where it already was so. Raises `ValueRefused`."""
    after = checked(field, value)
    before = getattr(customer, field)
    if after == before:
        return False
    if field == "email":
        _refuse_taken_email(db, customer.id, after)
    db.execute(f"UPDATE customers SET {field} = ? WHERE id = ?", (after, customer.id))  # noqa: S608 - one of FIELDS
    teller.tell(db, EventType.FIELD_CHANGED, customer.id, field=field, before=before, after=after)
    return True


def change_password(db: sqlite3.Connection, teller: Teller, customer_id: str, hashed: str) -> None:
    """Inside a transaction; the event carries no values. Open sessions stay, as they do in many a real service."""
    db.execute("UPDATE customers SET password_hash = ? WHERE id = ?", (hashed, customer_id))
    teller.tell(db, EventType.FIELD_CHANGED, customer_id, field="password")


def hash_password(password: object) -> str:
    """Slow on purpose, so call it outside a transaction; raises `ValueRefused`."""
    if not isinstance(password, str) or not SHORTEST_PASSWORD <= len(password) <= 1024:
        raise ValueRefused("password.invalid", f"A password has at least {SHORTEST_PASSWORD} characters.")
    return generate_password_hash(password)


def checked(field: str, value: object) -> str:
    """The value as it is stored; raises `ValueRefused`."""
    if field not in FIELDS:
        raise ValueRefused("field.unsupported", f"There is no field {field[:40]} here.")
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise ValueRefused("value.invalid", f"The field {field} takes 1 to 200 characters.")
    value = value.strip()
    if field == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise ValueRefused("value.invalid", "That is not an e-mail address.")
    if field == "language" and value not in LANGUAGES:
        raise ValueRefused("value.invalid", f"The language is one of {', '.join(LANGUAGES)}.")
    return value


def _refuse_taken_email(db: sqlite3.Connection, customer_id: str, email: str) -> None:
    other = by_email(db, email)
    if other and other.id != customer_id:
        raise ValueRefused("email.taken", "This e-mail address cannot be used.")


def _customer(row: sqlite3.Row | None) -> Customer | None:
    return None if row is None else Customer(**{**dict(row), "frozen": bool(row["frozen"])})
