"""Was this message really sent? What keeping the ledger of it needs, as a protocol."""

from typing import Protocol

from takeback.core.authenticity.facts import Sent


class SentBook(Protocol):
    """The ledger of what was really sent: every `message.sent` of a service, and every letter of Takeback's own."""

    def with_id(self, message_id: str) -> tuple[Sent, ...]:
        """The rows of this Message-ID, whosever account they are of, oldest first; at most fifty."""

    def of_account(self, account: str) -> tuple[Sent, ...]:
        """The newest 500 rows of this account, newest first."""

    def record(self, letter: str, sent: Sent) -> None:
        """Write the row of a letter of Takeback's own, durably; one that is there gets the later time."""
