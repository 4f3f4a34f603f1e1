"""What would the event log say if it knew places? A log whose events are filled in as they are read.

What is stored stays as it came: a newer file fills in what it knows, and without a file nothing is different.
"""

from collections.abc import Sequence

from takeback.casework.ports import Accepted, EventLog, SentBook
from takeback.core.events import Event
from takeback.places.lookup import Places


class PlacedEventLog:
    """An `EventLog` in front of another one."""

    def __init__(self, log: EventLog, places: Places) -> None:
        self._log, self._places = log, places

    @property
    def sent(self) -> SentBook:
        """As the log has it."""
        return self._log.sent

    def append(self, events: Sequence[tuple[Event, bytes]]) -> Accepted:
        """Store them as they are."""
        return self._log.append(events)

    def account(self, account: str) -> list[Event]:
        """The account's events, each with its place."""
        return [self._places.fill(event) for event in self._log.account(account)]

    def as_read(self, event: Event) -> Event:
        """An event that has just come in, with its place: as `account` will give it."""
        return self._places.fill(event)

    def accounts_with_contact(self, value: str) -> list[str]:
        """As the log has it."""
        return self._log.accounts_with_contact(value)

    def accounts(self) -> list[str]:
        """As the log has it."""
        return self._log.accounts()

    def close(self) -> None:
        """Let go of the log and of the files."""
        self._log.close()
        self._places.close()
