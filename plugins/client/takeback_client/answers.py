"""What became of the events that were sent?"""

from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True)
class Refused:
    """An event that Takeback does not take, and why: it was not stored, and sending it again cannot help.

    `status` is what it would have been answered by itself (RFC 9110), `field` the part of it that is wrong.
    """

    event: Event
    status: int
    detail: str
    field: str | None = None


@dataclass
class Sent:
    """What became of some events: how many were stored, how many were there already, and which were refused."""

    stored: int = 0
    repeated: int = 0
    refused: list[Refused] = field(default_factory=list)

    def add(self, other: "Sent") -> None:
        """Count these as well."""
        self.stored += other.stored
        self.repeated += other.repeated
        self.refused += other.refused
