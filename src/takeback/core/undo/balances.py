"""How much of a balance did the intruder take that nobody has given back yet?

What an order that he placed refunds by itself is his event too, and counts. What staff gave back counts where it names
his order, or says that it makes good; it is never taken away again, also where it was more than he took.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from takeback.core.account import AccountState, BalanceKey, OrderKey
from takeback.core.events import BalanceChanged, Event, Who
from takeback.core.undo.look import Look
from takeback.core.undo.plan import Kept
from takeback.core.undo.touched import Touched

MAKES_GOOD = re.compile(
    r"\b(compensat\w*|goodwill|reimburse\w*|restor\w+|revers\w+|chargeback|fraud\w*|takeover|unauthori[sz]ed)\b"
    r"|補償|補填|返還|不正",
    re.IGNORECASE,
)  # of a reason's words; a plain "refund" without an order may be for the owner's own goods


def compensated(
    events: Sequence[Event], his: AbstractSet[str], by: Touched, gone: AbstractSet[OrderKey]
) -> dict[BalanceKey, list[Event]]:
    """By balance, what staff or the shop gave back (or took back) for his acts, outside of what follows from them."""
    found: dict[BalanceKey, list[Event]] = {}
    orders = set(gone)
    taken: dict[BalanceKey, Decimal] = {}
    for event in events:
        data = event.data
        if not isinstance(data, BalanceChanged):
            continue
        key = (event.source, data.balance, data.change.currency)
        if event.id in his:
            taken[key] = taken.get(key, Decimal(0)) + data.change.value
            if data.order is not None:
                orders.add((event.source, data.order))
        elif data.actor is not Who.CUSTOMER and data.takeback is None and key in by.balances and key in taken:
            about = (event.source, data.order) in orders if data.order is not None else _makes_good(data.reason)
            if about and taken[key] * data.change.value < 0:
                found.setdefault(key, []).append(event)
    return found


def owed(
    key: BalanceKey, now: AccountState, clean: AccountState, given: Iterable[Event], refunded: Decimal | None
) -> Decimal:
    """What is still to be given back (or, below zero, taken back); never more than he took, never the other way."""
    nothing = Decimal(0)
    change = clean.balances.get(key, nothing) - now.balances[key]
    back = sum((e.data.change.value for e in given if isinstance(e.data, BalanceChanged)), refunded or nothing)
    if change > 0:
        return max(change - max(back, nothing), nothing)
    return min(change - min(back, nothing), nothing)


def refunded(
    looks: Mapping[str, Look], his: Iterable[Event], now: AccountState, unlogged: AbstractSet[OrderKey]
) -> dict[BalanceKey, Decimal]:
    """What orders have refunded that only the service knows to be cancelled.

    It is believed where the balance that the service shows is higher than the log's by just what these orders had cost.
    """
    cost: dict[BalanceKey, Decimal] = {}
    for event in his if unlogged else ():
        data = event.data
        if isinstance(data, BalanceChanged) and (event.source, data.order) in unlogged:
            key = (event.source, data.balance, data.change.currency)
            cost[key] = cost.get(key, Decimal(0)) - data.change.value
    found = {}
    for key, amount in cost.items():
        seen = looks[key[0]].account.balances.get(key[1])
        if seen is not None and seen.currency == key[2] and seen.value - now.balances[key] == amount:
            found[key] = amount
    return found


def kept_balances(given: Mapping[BalanceKey, Sequence[Event]]) -> list[Kept]:
    """What staff made good already, said beside the rest that stays."""
    return [
        Kept(
            f"balance:{balance}",
            f"{who.value}.compensated",
            tuple(event.id for event in events if event.data.actor is who),
        )
        for (_, balance, _), events in given.items()
        for who in sorted({event.data.actor for event in events})
    ]


def _makes_good(reason: str | None) -> bool:
    return reason is not None and MAKES_GOOD.search(reason.replace("_", " ")) is not None
