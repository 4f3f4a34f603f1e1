"""What is an action made of? What it needs, what it answers, and the account that it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from takeback_oscar import outbox, shapes


class Outcome(StrEnum):
    """`outcome` of the shop API."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    IMPOSSIBLE = "impossible"


class Impossible(Exception):
    """It cannot be done; `reason` is a key such as `order.shipped`. Whatever was begun is rolled back."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Asked:
    """One action on one account. `user` is the locked row."""

    action: str
    user: Any
    args: Mapping[str, Any]

    @property
    def account(self) -> str:
        return shapes.account_of(self.user)

    def contain(self, changed: bool) -> Outcome:
        """Records the containment where something changed; where nothing did, it already was so."""
        if not changed:
            return Outcome.ALREADY_DONE
        outbox.contained(self.account, self.action)
        return Outcome.DONE


@dataclass(frozen=True)
class Deed:
    """An action of the contract's, the arguments it needs with their types, and the hook it needs, if any."""

    do: Callable[[Asked], Outcome]
    args: Mapping[str, type | tuple[type, ...]] = field(default_factory=dict)
    hook: str | None = None
