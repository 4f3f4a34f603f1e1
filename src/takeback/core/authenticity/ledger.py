"""Was this mail really sent? The ledger is every `message.sent` event, found by Message-ID and by order.

A row's recipient is masked (`o***@example.jp`), so a fit means "could be", and a misfit means "no". Sign-in codes are
in the ledger as everything else is.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from takeback.core.authenticity.facts import Ledgered, Sent
from takeback.core.contacts import masked
from takeback.core.events import Event, MessageSent

EARLIEST = timedelta(minutes=10)  # clocks differ: a mail may seem to have come so long before it was sent
LATEST = timedelta(days=5)  # how long mail servers keep trying (RFC 5321, section 4.5.4.1)
SHORTEST_ORDER = 3  # characters: a shorter order number stands in any text by chance
WORDS_AT_MOST = 20_000  # words of a text that are looked up
BY_ORDER_AT_MOST = 20  # rows of an order that are told
MAIL = "mail"

_WORD = re.compile(r"[^\W_][\w./-]{0,511}")
_PART = re.compile(r"[0-9A-Za-z][0-9A-Za-z_/-]*")
_END = "./-_"


class LedgerBook:
    """The ledger, indexed. Built once, asked for each mail."""

    def __init__(self, rows: Iterable[Sent] = ()) -> None:
        self._by_id: dict[str, list[Sent]] = {}
        self._by_order: dict[str, list[Sent]] = {}
        for row in rows:
            self.add(row)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "LedgerBook":
        """The ledger of an event log; other events are passed over."""
        return cls(row for row in map(sent_by, events) if row is not None)

    def add(self, row: Sent) -> None:
        """Enter one more."""
        if row.message_id:
            self._by_id.setdefault(row.message_id, []).append(row)
        if len(row.order) >= SHORTEST_ORDER:
            self._by_order.setdefault(row.order, []).append(row)

    def orders_in(self, text: str) -> tuple[str, ...]:
        """The ledger's order numbers that a text names, in the order in which it does."""
        if not self._by_order:
            return ()
        found: dict[str, None] = {}
        for place, word in enumerate(_WORD.finditer(text)):
            if place >= WORDS_AT_MOST:
                break
            for order in _readings(word[0]):
                if order in self._by_order:
                    found[order] = None
        return tuple(found)

    def look_up(
        self, message_id: str, recipients: Sequence[str], received: datetime | None, orders: Sequence[str]
    ) -> Ledgered:
        """What the ledger says of a mail with this Message-ID, these recipients, and these orders in its text.

        Of several rows with the same Message-ID, the one that fits best is compared, and stands first.
        """
        by_id = [row for row in self._by_id.get(bare_id(message_id), ()) if row.channel in ("", MAIL)]
        by_order = tuple(
            row
            for order in dict.fromkeys(orders)
            for row in self._by_order.get(order, ())
            if row.channel in ("", MAIL)
            and _recipient_fits(row, recipients) is not False
            and time_fits(row, received) is not False
        )[:BY_ORDER_AT_MOST]
        if not by_id:
            return Ledgered(by_order=by_order)

        def fits(row: Sent) -> tuple[bool | None, bool | None, bool | None]:
            return _recipient_fits(row, recipients), _order_fits(row, orders), time_fits(row, received)

        by_id.sort(key=lambda row: sum(map(_weight, fits(row))), reverse=True)
        return Ledgered(tuple(by_id), by_order, *fits(by_id[0]))


def sent_by(event: Event) -> Sent | None:
    """The row that an event is; None for what is not `message.sent`."""
    data = event.data
    if not isinstance(data, MessageSent):
        return None
    return Sent(
        message_id=bare_id(data.message_id or ""),
        channel=data.channel or "",
        to=data.to or "",
        time=event.time,
        template=data.template or "",
        order=data.order or "",
        account=event.account,
        source=event.source,
    )


def bare_id(message_id: str) -> str:
    """A Message-ID without its angle brackets and the space round them."""
    return message_id.strip().removeprefix("<").removesuffix(">").strip()


def time_fits(row: Sent, received: datetime | None) -> bool | None:
    """Did a mail come within the time that mail takes? None where no time is known."""
    return None if received is None else row.time - EARLIEST <= received <= row.time + LATEST


def _recipient_fits(row: Sent, recipients: Sequence[str]) -> bool | None:
    if not row.to or not recipients:
        return None
    return any(masked("email", one).casefold() == row.to.casefold() for one in recipients)


def _order_fits(row: Sent, orders: Sequence[str]) -> bool | None:
    return row.order in orders if len(row.order) >= SHORTEST_ORDER else None


def _weight(fit: bool | None) -> int:
    return 0 if fit is None else 1 if fit else -4


def _readings(word: str) -> Iterable[str]:
    """The word as it stands, without what may end a sentence, and each part of it: `注文1043/2` and `1043-a.`."""
    yield word
    yield word.rstrip(_END)
    if not word.isascii():
        yield from _PART.findall(unicodedata.normalize("NFKC", word))
