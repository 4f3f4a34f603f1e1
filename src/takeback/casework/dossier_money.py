"""How much money is at risk in a case? The intruder's orders by what became of them, and what he spent of balances."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from takeback.casework.dossier_account import ThenAndNow
from takeback.casework.investigate import Inquiry
from takeback.core.account import OrderStatus
from takeback.core.events import EventType, Money, OrderPlaced, OrderStep
from takeback.core.history import of_types
from takeback.core.investigate.findings import UNKNOWN


@dataclass(frozen=True, slots=True)
class Stake:
    """`standing`: what his orders are worth that are neither cancelled nor delivered: the money at risk, as the queue
    counts it. `leaving` of them can still be stopped, `gone` are on the road. `lost`: the delivered ones. `spent`: what
    he took from balances and is not back. `saved`: what was cancelled. `untold` orders of his have no total. `doubted`
    orders, worth `doubtful`, are nobody knows whose, and not cancelled.
    """

    standing: tuple[Money, ...] = ()
    spent: tuple[Money, ...] = ()
    saved: tuple[Money, ...] = ()
    lost: tuple[Money, ...] = ()
    leaving: int = 0
    gone: int = 0
    cancelled: int = 0
    delivered: int = 0
    untold: int = 0
    doubtful: tuple[Money, ...] = ()
    doubted: int = 0

    @property
    def not_cancelled(self) -> tuple[Money, ...]:
        """What orders of his are worth that nobody cancelled, delivered or not; one sum a currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for money in (*self.standing, *self.lost):
            sums[money.currency] += money.value
        return _told(sums)


def stake_of(inquiry: Inquiry, account: ThenAndNow) -> Stake:
    """What hangs on the case."""
    standing: dict[str, Decimal] = defaultdict(Decimal)
    saved: dict[str, Decimal] = defaultdict(Decimal)
    lost: dict[str, Decimal] = defaultdict(Decimal)
    counts: Counter[OrderStatus] = Counter()
    untold = 0
    for event in account.his:
        if not isinstance(event.data, OrderPlaced):
            continue
        order = event.data.order
        status = account.replays.now.orders.get((event.source, order.id), OrderStatus.PLACED)
        counts[status] += 1
        if order.total is None:
            untold += status is not OrderStatus.CANCELLED
            continue
        sums = {OrderStatus.CANCELLED: saved, OrderStatus.DELIVERED: lost}.get(status, standing)
        sums[order.total.currency] += order.total.value
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for key in account.by.balances:
        missing = account.replays.clean.balances[key] - account.replays.now.balances[key]
        spent[key[2]] += max(missing, Decimal(0))
    doubtful, doubted = _doubtful(inquiry)
    return Stake(
        standing=_told(standing),
        spent=_told(spent),
        saved=_told(saved),
        lost=_told(lost),
        leaving=counts[OrderStatus.PLACED],
        gone=counts[OrderStatus.SHIPPED],
        cancelled=counts[OrderStatus.CANCELLED],
        delivered=counts[OrderStatus.DELIVERED],
        untold=untold,
        doubtful=doubtful,
        doubted=doubted,
    )


def _doubtful(inquiry: Inquiry) -> tuple[tuple[Money, ...], int]:
    """Orders of which it is not known whose they are, as long as nobody cancelled them."""
    steps = of_types(inquiry.events, EventType.ORDER_CANCELLED)
    off = {(event.source, event.data.order) for event in steps if isinstance(event.data, OrderStep)}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    count = 0
    for event in of_types(inquiry.events, EventType.ORDER_PLACED):
        if inquiry.findings.events.get(event.id) is not UNKNOWN or not isinstance(event.data, OrderPlaced):
            continue
        order = event.data.order
        if (event.source, order.id) not in off:
            count += 1
            if order.total is not None:
                sums[order.total.currency] += order.total.value
    return _told(sums), count


def _told(sums: dict[str, Decimal]) -> tuple[Money, ...]:
    return tuple(
        Money(format(sums[currency].normalize(), "f"), currency) for currency in sorted(sums) if sums[currency]
    )
