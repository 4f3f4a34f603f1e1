"""What does the pretend shop tell? CloudEvents by the contract, in the order in which they came about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from takeback.core.events import EventType, Json, Mark, Who

START = datetime(2026, 1, 1, tzinfo=UTC)
"""When the shop's time begins, as long as nobody has done anything in it."""

Told = dict[str, Any]
"""One event as a JSON object."""


@dataclass
class Log:
    """`events` grows and is never rewritten; `last` is the latest time that anything has happened; `hear` is called
    with each event as it comes about.
    """

    source: str
    events: list[Told] = field(default_factory=list)
    last: datetime = START
    hear: Callable[[Told], None] = lambda _: None

    def next_moment(self) -> datetime:
        """One second after the latest event."""
        return self.last + timedelta(seconds=1)

    def tell(
        self,
        kind: EventType,
        account: str,
        at: datetime,
        data: Mapping[str, Json],
        *,
        client: Mapping[str, Json] | None = None,
        actor: Who = Who.CUSTOMER,
        mark: Mark | None = None,
    ) -> Told:
        """Record one event and return it."""
        full: dict[str, Json] = {"actor": actor.value, **data}
        if client:
            full["client"] = dict(client)
        if mark:
            full["takeback"] = {"id": mark.id, "action": mark.action}
        event: Told = {
            "specversion": "1.0",
            "id": f"p{len(self.events) + 1}",
            "source": self.source,
            "type": kind.value,
            "subject": account,
            "time": at.isoformat(),
            "data": full,
        }
        self.events.append(event)
        self.last = max(self.last, at)
        self.hear(event)
        return event
