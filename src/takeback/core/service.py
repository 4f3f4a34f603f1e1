"""What does a service say of itself and of an account? The shop API's forms (docs/reference/shop-api.md), parsed
once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from takeback.core.events import Json, Money


class Outcome(StrEnum):
    """What became of an action at a service (docs/reference/shop-api.md)."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    IMPOSSIBLE = "impossible"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a service can do. `order_fields` are the fields of an order that `set_order_field` can set."""

    actions: frozenset[str]
    fields: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()
    balances: frozenset[str] = frozenset()
    order_fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """The account as a service holds it now (docs/reference/shop-api.md, `GET accounts/{id}`)."""

    account: str
    frozen: bool
    sessions: int
    links: int
    password: str  # "set" or "disabled"
    cards_locked: bool
    cards_masked: bool
    fields: Mapping[str, Json] = field(default_factory=dict)
    collections: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    balances: Mapping[str, Money] = field(default_factory=dict)
    orders: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """One action at one service. The same `id` twice does the thing once. `args` of `set_password` are never logged."""

    id: str
    account: str
    action: str
    args: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    """What the service said. `reason` is a key such as `order.shipped`, only with `impossible`."""

    id: str
    outcome: Outcome
    reason: str | None = None
