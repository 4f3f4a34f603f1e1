"""What may the ledger tell whom? Of an order, only those it belongs to; of a Message-ID, whoever has the mail.

A Message-ID is known to those alone who have the mail. An order number can be guessed, and the row of somebody else's
order would tell that there is one, and a part of the address it went to. So rows are found by order only among those of
the accounts that the one who asks has been shown to own.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from takeback.casework.ports import SentBook
from takeback.core.authenticity.facts import Ledgered, Sent
from takeback.core.authenticity.ledger import LedgerBook, bare_id


class KeptLedger(LedgerBook):
    """The ledger as the store keeps it, for one mail and for one who may see the rows of `accounts`."""

    def __init__(self, book: SentBook, accounts: Iterable[str] = ()) -> None:
        super().__init__(row for account in accounts for row in book.of_account(account))
        self._book = book
        self._text = ""

    def orders_in(self, text: str) -> tuple[str, ...]:
        """The order numbers of those accounts that a text names."""
        self._text = text
        return super().orders_in(text)

    def look_up(
        self, message_id: str, recipients: Sequence[str], received: datetime | None, orders: Sequence[str]
    ) -> Ledgered:
        """What the ledger says of the mail."""
        rows = self._with_id(message_id)
        named = LedgerBook(rows).orders_in(self._text)  # by now the mail is known to be about these
        return LedgerBook([*rows, *self._others(rows)]).look_up(message_id, recipients, received, [*orders, *named])

    def _with_id(self, message_id: str) -> tuple[Sent, ...]:
        plain = bare_id(message_id)
        return self._book.with_id(plain) if plain else ()

    def _others(self, rows: Sequence[Sent]) -> list[Sent]:
        return [row for kept in self._by_order.values() for row in kept if row not in rows]
