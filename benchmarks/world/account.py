"""What does the shop hold of an account? Its fields, items, balances, orders and the sessions that are open."""

from dataclasses import dataclass, field
from enum import StrEnum


class Side(StrEnum):
    """Who really acted: the account's owner (and who may use it with them) or an intruder."""

    OWNER = "owner"
    INTRUDER = "intruder"


class Status(StrEnum):
    """How far an order has come."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(eq=False, slots=True)
class Order:
    """An order; `side` is who placed it."""

    id: str
    side: Side
    total: int
    address: object
    digital: bool
    status: Status = Status.PLACED


@dataclass(eq=False, slots=True)
class Session:
    """A signed-in session."""

    id: str
    born: int
    used: int
    id_since: int
    cookie: str
    open: bool = True


@dataclass(eq=False, slots=True)
class Account:
    """The account as it now is. `password_of` and `email_of` say who knows the one and reads the other;
    `keys` names the passkey that each side added last.
    """

    fields: dict[str, object] = field(default_factory=dict)
    items: dict[str, dict[str, object]] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=lambda: {"points": 0, "gift_card": 0})
    orders: dict[str, Order] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    seen_cookies: set[str] = field(default_factory=set)
    password_of: set[Side] = field(default_factory=lambda: {Side.OWNER})
    email_of: set[Side] = field(default_factory=lambda: {Side.OWNER})
    two_step: str | None = None
    keys: dict[Side, str] = field(default_factory=dict)

    def of(self, collection: str) -> dict[str, object]:
        """The items of a collection by id."""
        return self.items.setdefault(collection, {})

    def end_sessions(self, but: Session | None = None) -> None:
        """Close every session except one."""
        for session in self.sessions:
            session.open = session is but
        self.sessions = [but] if but else []
